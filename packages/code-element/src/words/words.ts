import { ENGLISH } from './english.ts';
import type { Language } from './language.ts';
import { SIMPLIFIED_CHINESE } from './simplified-chinese.ts';
import type { Words } from './vocabulary.ts';

export type { ProblemWords, Words } from './vocabulary.ts';

const WORDS: Readonly<Record<Language, Words>> = { 'zh-CN': SIMPLIFIED_CHINESE, en: ENGLISH };

/** The words of one language. */
export function wordsOf(language: Language): Words {
  return WORDS[language];
}

/** The time of a day, to the second, or with the day where it is not the day of `currentDate`. */
export function describeTime(instant: Date, currentDate: Date, language: Language): string {
  const isToday = instant.toDateString() === currentDate.toDateString();
  const style = isToday ? ({ timeStyle: 'medium' } as const) : ({ dateStyle: 'medium', timeStyle: 'short' } as const);
  return new Intl.DateTimeFormat(language, { ...style, hour12: false }).format(instant);
}
