import type { ServiceErrorCode } from '../errors.ts';
import { PROBLEM_KINDS } from '../problem.ts';

/**
 * What a problem is called where people read it. Undefined for a code that this version does not name.
 *
 * @param code as in an answer
 * @param language `zh` or `en`
 */
export function titleProblem(code: string, language: 'zh' | 'en'): string | undefined {
  if (!Object.hasOwn(PROBLEM_KINDS, code)) return undefined;
  const { title, titleZh } = PROBLEM_KINDS[code as ServiceErrorCode];
  return language === 'zh' ? titleZh : title;
}
