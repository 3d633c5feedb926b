import type { Language } from '../words/language.ts';
import { DESK_CHINESE } from './desk-chinese.ts';
import { DESK_ENGLISH } from './desk-english.ts';
import type { DeskWords } from './desk-vocabulary.ts';

export type { DeskWords, Mark, ToldImport, ToldSignInProblem } from './desk-vocabulary.ts';

const WORDS: Readonly<Record<Language, DeskWords>> = { 'zh-CN': DESK_CHINESE, en: DESK_ENGLISH };

/** The words of one language. */
export function deskWordsOf(language: Language): DeskWords {
  return WORDS[language];
}

/** How long something is, about, in one unit; never less than a minute. */
export function describeLength(seconds: number, { clock }: DeskWords): string {
  const minutes = Math.max(1, Math.round(seconds / 60));
  if (minutes < 60) return clock.minutes(minutes);
  const hours = Math.round(minutes / 60);
  return hours < 24 ? clock.hours(hours) : clock.days(Math.round(hours / 24));
}
