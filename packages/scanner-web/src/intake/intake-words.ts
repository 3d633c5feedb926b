import type { Language } from '../words/language.ts';
import { INTAKE_CHINESE } from './intake-chinese.ts';
import { INTAKE_ENGLISH } from './intake-english.ts';
import type { IntakeWords } from './intake-vocabulary.ts';

export type { IntakeWords, UnreadReason } from './intake-vocabulary.ts';

const WORDS: Readonly<Record<Language, IntakeWords>> = { 'zh-CN': INTAKE_CHINESE, en: INTAKE_ENGLISH };

/** The words of one language. */
export function intakeWordsOf(language: Language): IntakeWords {
  return WORDS[language];
}
