import type { Language } from '../words/language.ts';
import { WORKPLACE_CHINESE } from './workplace-chinese.ts';
import { WORKPLACE_ENGLISH } from './workplace-english.ts';
import type { WorkplaceWords } from './workplace-vocabulary.ts';

export type { WorkplaceWords } from './workplace-vocabulary.ts';

const WORDS: Readonly<Record<Language, WorkplaceWords>> = { 'zh-CN': WORKPLACE_CHINESE, en: WORKPLACE_ENGLISH };

/** The words of one language. */
export function workplaceWordsOf(language: Language): WorkplaceWords {
  return WORDS[language];
}
