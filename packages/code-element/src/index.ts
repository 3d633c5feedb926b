import { ZhengmaCode } from './zhengma-code.ts';

export type { Person } from './holding/person.ts';
export { PROBLEM_CODES, type ProblemCode } from './problem.ts';
export { ZhengmaCode, type ZhengmaCodeEvents } from './zhengma-code.ts';

/** Registers `<zhengma-code>`; once it is, this does nothing. For a page's browser side only. */
export function defineZhengmaCode(): void {
  if (!customElements.get('zhengma-code')) customElements.define('zhengma-code', ZhengmaCode);
}
