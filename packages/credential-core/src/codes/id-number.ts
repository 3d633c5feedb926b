/** GB 11643-1999 §4.1: the weights of the first 17 digits, and the check characters by remainder. */
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = '10X98765432';

/** Six digits of region, a year of these centuries, month, day, three digits of sequence, the check character. */
const FORM = /^[1-9]\d{5}(?:18|19|20)\d{9}[\dX]$/;

/** Whether this has the form of a resident ID number; the birth date and the check character may still be wrong. */
export function looksLikeIdNumber(text: string): boolean {
  return typeof text === 'string' && FORM.test(text);
}

/**
 * Whether this is a resident ID number with a correct check character and a birth date that exists (GB 11643-1999).
 *
 * @param idNumber 18 characters, the last a digit or `X`; the 15 digits of the first generation are not valid; never throws
 */
export function isValidIdNumber(idNumber: string): boolean {
  if (!looksLikeIdNumber(idNumber)) return false;
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(idNumber.charAt(at)), 0);
  if (CHECKS.charAt(sum % 11) !== idNumber.charAt(17)) return false;
  const [year, month, day] = [idNumber.slice(6, 10), idNumber.slice(10, 12), idNumber.slice(12, 14)].map(Number);
  // A day or a month that does not exist moves the date into another month.
  return new Date(Date.UTC(year as number, (month as number) - 1, day)).getUTCMonth() + 1 === month;
}
