import { CredentialError } from '../errors.ts';

/** How many characters of an ID number stay readable: in front + at the end. */
export type IdNumberMask = '0+4' | '6+4' | '3+4' | '1+1';

/** A masked ID number as a code carries it: what stays in front, one `*` for all that is hidden, what stays at the end. */
export const MASKED_ID_NUMBER = /^[0-9A-Z]{0,6}\*[0-9A-Z]{1,4}$/;

/** GB 11643-1999 §4.1: the weights of the first 17 digits, and the check characters by remainder. */
const ID_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const ID_CHECKS = '10X98765432';

/** A name with all but its first character hidden: `张*`. Counts characters, not UTF-16 units. */
export function maskName(name: string): string {
  const [first = '', ...rest] = name;
  return first + '*'.repeat(rest.length);
}

/**
 * An ID number with its middle hidden, e.g. `*002X` for `0+4`.
 *
 * @throws CredentialError `ERR_INVALID_CONTENT` when the number is too short for the mask to hide four characters
 */
export function maskIdNumber(idNumber: string, mask: IdNumberMask): string {
  const front = Number(mask.charAt(0));
  const end = Number(mask.charAt(2));
  if (idNumber.length < front + end + 4) {
    throw new CredentialError('ERR_INVALID_CONTENT', 'the ID number is too short to be masked');
  }
  return `${idNumber.slice(0, front)}*${idNumber.slice(-end)}`;
}

/** Whether this is a resident ID number with a correct check character and a birth date that exists (GB 11643-1999). */
export function isValidIdNumber(idNumber: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(idNumber)) return false;
  const sum = ID_WEIGHTS.reduce((total, weight, at) => total + weight * Number(idNumber.charAt(at)), 0);
  if (ID_CHECKS.charAt(sum % 11) !== idNumber.charAt(17)) return false;
  const [year, month, day] = [idNumber.slice(6, 10), idNumber.slice(10, 12), idNumber.slice(12, 14)].map(Number);
  const birth = new Date(Date.UTC(year as number, (month as number) - 1, day));
  return birth.getUTCMonth() + 1 === month && birth.getUTCDate() === day;
}
