/**
 * Controls, formatting (what turns the direction of text around is among it), halves of characters, line separators, and the
 * letters of Hangul that show nothing.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u3164\uffa0]/u;

/** Of a name, masked or not. */
export const MAX_NAME_CHARACTERS = 64;

/**
 * Whether a text can stand beside a verdict: 1 to `max` characters (not UTF-16 units), at least one of them no space, none of
 * them without a look of its own or half.
 */
export function isPrintable(text: string, max: number): boolean {
  return /\S/u.test(text) && [...text].length <= max && !UNPRINTABLE.test(text);
}
