/** GB 32100-2015 §5: digits and capitals without I, O, S, V and Z; a character's value is its place. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const FORM = /^[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}$/;

/** GB 11714-1997: the weights of the eight characters before the check, a letter's value being 10 for A to 35 for Z. */
const SHORT_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2];
const SHORT_CHECKS = '0X987654321';
const SHORT_FORM = /^[0-9A-Z]{8}[0-9X]$/;

/**
 * Whether this is a unified social credit code 统一社会信用代码 with a correct check character (GB 32100-2015): two characters of
 * registering authority and kind, six digits of region, nine characters of organisation, the check character. The nine have one
 * of their own, which {@link checkOrganisationCode} looks at: this does not.
 *
 * @param code 18 characters, letters in capitals; never throws
 */
export function isValidOrganisationCode(code: string): boolean {
  if (typeof code !== 'string' || !FORM.test(code)) return false;
  let sum = 0;
  for (let at = 0, weight = 1; at < 17; at++, weight = (weight * 3) % 31) {
    sum += ALPHABET.indexOf(code.charAt(at)) * weight;
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31) === code.charAt(17);
}

/** What is unusual about an organisation's code: its form, its check character, that of the organisation code inside it. */
export type OrganisationCodeWarning = 'unusual_form' | 'wrong_check' | 'wrong_inner_check';

/**
 * Looks at the code of an organisation in either of its forms: the organisation code 组织机构代码 of nine characters (GB 11714-1997),
 * or the unified social credit code of 18 (GB 32100-2015), whose characters 9 to 17 are such a code. Nothing tells whether every
 * register keeps to the inner check, so this warns, and nothing here refuses a code for it.
 *
 * @param code letters in capitals, without the hyphen that print has before the ninth character
 * @returns the warnings, none for a usual code; never throws
 */
export function checkOrganisationCode(code: string): readonly OrganisationCodeWarning[] {
  if (typeof code !== 'string') return ['unusual_form'];
  if (SHORT_FORM.test(code)) return hasShortCheck(code) ? [] : ['wrong_check'];
  if (!FORM.test(code)) return ['unusual_form'];
  const warnings: OrganisationCodeWarning[] = [];
  if (!isValidOrganisationCode(code)) warnings.push('wrong_check');
  if (!hasShortCheck(code.slice(8, 17))) warnings.push('wrong_inner_check');
  return warnings;
}

function hasShortCheck(code: string): boolean {
  const sum = SHORT_WEIGHTS.reduce((total, weight, at) => total + weight * Number.parseInt(code.charAt(at), 36), 0);
  return SHORT_CHECKS.charAt(sum % 11) === code.charAt(8);
}
