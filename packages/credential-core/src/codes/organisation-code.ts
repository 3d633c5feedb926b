/** GB 32100-2015 §5: digits and capitals without I, O, S, V and Z; a character's value is its place. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const FORM = /^[0-9A-HJ-NP-RTUWXY]{2}\d{6}[0-9A-HJ-NP-RTUWXY]{10}$/;

/**
 * Whether this is a unified social credit code 统一社会信用代码 with a correct check character (GB 32100-2015): two characters of
 * registering authority and kind, six digits of region, nine characters of organisation, the check character.
 *
 * @param code 18 characters, letters in capitals; never throws
 */
export function isValidOrganisationCode(code: string): boolean {
  if (!FORM.test(code)) return false;
  let sum = 0;
  for (let at = 0, weight = 1; at < 17; at++, weight = (weight * 3) % 31) {
    sum += ALPHABET.indexOf(code.charAt(at)) * weight;
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31) === code.charAt(17);
}
