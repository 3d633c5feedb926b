import { MOST_PICTURE_BYTES } from '../scanner/frame-reader.ts';
import type { CodeChoice } from '../verdict/choose-code.ts';
import { maskVerdict } from '../verdict/masking.ts';
import type { Tone, Verdict } from '../verdict/verdict.ts';
import { explainVerdict } from '../words/explain-verdict.ts';
import type { Language } from '../words/language.ts';
import { wordsOf } from '../words/words.ts';
import { intakeWordsOf, type UnreadReason } from './intake-words.ts';

/** What became of one file. */
export type FileResult =
  | { readonly kind: 'verdict'; readonly fileName: string; readonly verdict: Verdict }
  | { readonly kind: 'unread'; readonly fileName: string; readonly reason: UnreadReason };

/** What the code of a file is, and what it is worth. */
export interface FileReading {
  /** Nothing where the file is no picture. */
  readonly readPicture: (image: Blob) => Promise<CodeChoice | undefined>;
  readonly judge: (text: string) => Promise<Verdict>;
}

/** How many files are read at once. */
export const MOST_FILES = 100;

/** Reads and judges one file. Nothing is thrown: what could not be read is said. */
export async function readFile(file: File, { readPicture, judge }: FileReading): Promise<FileResult> {
  const unread = (reason: UnreadReason): FileResult => ({ kind: 'unread', fileName: file.name, reason });
  if (file.size > MOST_PICTURE_BYTES) return unread('too_large');
  const choice = await readPicture(file);
  if (!choice) return unread('no_picture');
  if (choice.kind === 'none') return unread('no_code');
  if (choice.kind === 'several') return unread('several_codes');
  return { kind: 'verdict', fileName: file.name, verdict: await judge(choice.text) };
}

/** One line of the list, in words. */
export interface ResultLine {
  /** Nothing where nothing was checked. */
  readonly tone?: Tone;
  readonly word: string;
  readonly reason: string;
  /** Masked; empty where the code says nobody. */
  readonly person: string;
}

/** What is said of a file. People are masked, whatever the code carries. */
export function describeResult(result: FileResult, language: Language): ResultLine {
  if (result.kind === 'unread') {
    return { word: '', reason: intakeWordsOf(language).files.unread[result.reason], person: '' };
  }
  const { tone, person } = maskVerdict(result.verdict);
  return {
    tone,
    word: wordsOf(language).headline[tone],
    reason: explainVerdict(result.verdict, language).reason,
    person: [person?.name, person?.idNumber].filter((part) => part !== undefined).join(' '),
  };
}

/** The list as text, a line a file and a tab between its columns. By number: names of files can be names of people. */
export function writeResults(results: readonly FileResult[], language: Language): string {
  return results
    .map((result, at) => {
      const { word, reason, person } = describeResult(result, language);
      return [at + 1, word, reason, person].join('\t');
    })
    .join('\n');
}
