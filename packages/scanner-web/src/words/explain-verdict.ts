import { CODE_KINDS } from '@zhengma/credential-core/codes';
import type { Verdict } from '../verdict/verdict.ts';
import { type Language, languageOfTables } from './language.ts';
import { type Explanation, wordsOf } from './words.ts';

/** Why a verdict is what it is, and what the operator does next; of a foreign code, what it is. */
export function explainVerdict({ code, foreign }: Pick<Verdict, 'code' | 'foreign'>, language: Language): Explanation {
  const words = wordsOf(language);
  if (!foreign) return words.verdict[code];
  if (foreign === 'enrolment') return words.enrolmentCode;
  const { label, advice } = CODE_KINDS[foreign];
  const spoken = languageOfTables(language);
  return { reason: label[spoken], next: advice[spoken] };
}
