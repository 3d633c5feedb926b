import { CredentialError } from '../errors.ts';

/** The masks of one field by their name; the first is the default. */
export type Masks = Readonly<Record<string, (value: string) => string>>;

/** How a name is carried: its first character, or whole. */
export type NameMask = keyof typeof NAME_MASKS;

/** How many characters of an ID number stay readable: in front + at the end. */
export type IdNumberMask = keyof typeof ID_NUMBER_MASKS;

/** A masked ID number as a code carries it: what stays in front, one `*` for all that is hidden, what stays at the end. */
export const MASKED_ID_NUMBER = /^[0-9A-Z]{0,6}\*[0-9A-Z]{1,4}$/;

/**
 * A name with all but its first character hidden: `张*`. Counts characters, not UTF-16 units; a name of one character stays as it
 * is, since the mask hides what comes after the first.
 *
 * @throws TypeError when it is no string
 */
export function maskName(name: string): string {
  if (typeof name !== 'string') throw new TypeError('name must be a string');
  const [first = '', ...rest] = name;
  return first + '*'.repeat(rest.length);
}

/**
 * An ID number with its middle hidden, e.g. `*002X` for `0+4`; a check character in lowercase becomes uppercase.
 *
 * @throws TypeError for a mask that there is not, or a number that is no string; CredentialError `ERR_INVALID_CONTENT` when the number is too short for the
 *   mask to hide four characters
 */
export function maskIdNumber(idNumber: string, mask: IdNumberMask): string {
  if (typeof idNumber !== 'string') throw new TypeError('idNumber must be a string');
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
    // First of all: a capital may be two characters, of which one too many would be shown.
    const number = idNumber.toUpperCase();
    return `${number.slice(0, front)}*${number.slice(-end)}`;
  };
}

/** How a name may be carried: `masked`, its first character and a `*` for each other one, which is the default; or `full`. */
export const NAME_MASKS = { masked: maskName, full: (name: string) => name } as const;

/**
 * How many characters of an ID number stay readable, in front and at the end; `0+4` is the default. None carries the whole number.
 */
export const ID_NUMBER_MASKS = { '0+4': keep(0, 4), '6+4': keep(6, 4), '3+4': keep(3, 4), '1+1': keep(1, 1) } as const;
