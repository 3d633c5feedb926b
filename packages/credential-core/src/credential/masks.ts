import { CredentialError } from '../errors.ts';

/** The masks of one field by their name; the first is the default. */
export type Masks = Readonly<Record<string, (value: string) => string>>;

/** How a name is carried: its first character, or whole. */
export type NameMask = keyof typeof NAME_MASKS;

/** How many characters of an ID number stay readable: in front + at the end. */
export type IdNumberMask = keyof typeof ID_NUMBER_MASKS;

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
 * An ID number with its middle hidden, e.g. `*002X` for `0+4`; a check character in lowercase becomes uppercase.
 *
 * @throws TypeError for a mask that there is not; CredentialError `ERR_INVALID_CONTENT` when the number is too short for the
 *   mask to hide four characters
 */
export function maskIdNumber(idNumber: string, mask: IdNumberMask): string {
  return applyMask(ID_NUMBER_MASKS, mask, idNumber);
}

/** @throws TypeError for a mask that is not among `masks`; whatever the mask throws */
export function applyMask(masks: Masks, mask: string, value: string): string {
  if (!Object.hasOwn(masks, mask)) throw new TypeError('there is no such mask');
  return (masks[mask] as (value: string) => string)(value);
}

/** Keeps `front` and `end` characters, and hides four at least. */
function keep(front: number, end: number): (idNumber: string) => string {
  return (idNumber) => {
    if (idNumber.length < front + end + 4) {
      throw new CredentialError('ERR_INVALID_CONTENT', 'the ID number is too short to be masked');
    }
    return `${idNumber.slice(0, front)}*${idNumber.slice(-end)}`.toUpperCase();
  };
}

export const NAME_MASKS = { masked: maskName, full: (name: string) => name } as const;

export const ID_NUMBER_MASKS = { '0+4': keep(0, 4), '6+4': keep(6, 4), '3+4': keep(3, 4), '1+1': keep(1, 1) } as const;

/** Whether this is a resident ID number with a correct check character and a birth date that exists (GB 11643-1999). */
export function isValidIdNumber(idNumber: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(idNumber)) return false;
  const sum = ID_WEIGHTS.reduce((total, weight, at) => total + weight * Number(idNumber.charAt(at)), 0);
  if (ID_CHECKS.charAt(sum % 11) !== idNumber.charAt(17)) return false;
  const [year, month, day] = [idNumber.slice(6, 10), idNumber.slice(10, 12), idNumber.slice(12, 14)].map(Number);
  const birth = new Date(Date.UTC(year as number, (month as number) - 1, day));
  return birth.getUTCMonth() + 1 === month && birth.getUTCDate() === day;
}
