import { isProvince } from './provinces.ts';

/** What is unusual about an institution code: its form, or a region of no province. */
export type InstitutionCodeWarning = 'unusual_form' | 'unknown_province';

/** `H` for a hospital or `P` for a pharmacy, six digits of region, five of sequence. */
const FORM = /^[HP]\d{11}$/;

/** Whether this has the form that the code of a designated institution has by the rule. */
export function looksLikeInstitutionCode(text: string): boolean {
  return typeof text === 'string' && FORM.test(text);
}

/**
 * Looks at the code of a designated institution 定点医药机构编号: `H` or `P`, a region (GB/T 2260, six digits), five digits. Codes
 * in use deviate, so this warns and nothing here refuses them.
 *
 * @returns the warnings, none for a usual code; never throws
 */
export function checkInstitutionCode(code: string): readonly InstitutionCodeWarning[] {
  if (!looksLikeInstitutionCode(code)) return ['unusual_form'];
  return isProvince(code.slice(1, 3)) ? [] : ['unknown_province'];
}
