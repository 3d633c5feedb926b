import type { Verdict } from '../verdict/verdict.ts';
import type { Language } from '../words/language.ts';
import { wordsOf } from '../words/words.ts';

/**
 * What is said aloud of a verdict. A hall hears it: it names nobody and no number, and accuses nobody. The person is told what to do
 * where there is something to do for them.
 */
export function sayVerdict({ tone, code }: Pick<Verdict, 'tone' | 'code'>, language: Language): string {
  const { patient } = wordsOf(language);
  const stop = language === 'en' ? '. ' : '。';
  return tone === 'valid' ? patient.headline.valid : patient.headline[tone] + stop + patient.verdict[code].next;
}
