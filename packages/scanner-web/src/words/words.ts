import { ENGLISH } from './english.ts';
import type { Language } from './language.ts';
import { SIMPLIFIED_CHINESE } from './simplified-chinese.ts';
import type { Words } from './vocabulary.ts';

export type { Explanation } from './explanation.ts';
export type { ScanNotice, Words } from './vocabulary.ts';

const WORDS: Readonly<Record<Language, Words>> = { 'zh-CN': SIMPLIFIED_CHINESE, en: ENGLISH };

/** The words of one language. */
export function wordsOf(language: Language): Words {
  return WORDS[language];
}
