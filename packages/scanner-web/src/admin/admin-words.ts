import type { Language } from '../words/language.ts';
import { ADMIN_CHINESE } from './admin-chinese.ts';
import { ADMIN_ENGLISH } from './admin-english.ts';
import type { AdminWords } from './admin-vocabulary.ts';

export type { AdminWords, Outcome, Section, StatusChange, ToldFailure } from './admin-vocabulary.ts';

const WORDS: Readonly<Record<Language, AdminWords>> = { 'zh-CN': ADMIN_CHINESE, en: ADMIN_ENGLISH };

/** The words of one language. */
export function adminWordsOf(language: Language): AdminWords {
  return WORDS[language];
}
