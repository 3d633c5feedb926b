/**
 * Controls, formatting (what turns the direction of text around is among it), halves of characters, line separators; what shows
 * nothing by itself: the grapheme joiner, letters of Hangul and Khmer, variation selectors, the empty braille pattern. A mark
 * that combines has no letter before it at the beginning, and would stand on what is shown there.
 */
const UNPRINTABLE =
  /^\p{M}|\u034f|[\u180b-\u180f]|[\ufe00-\ufe0f]|[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/u;

/** Of a name, masked or not. */
export const MAX_NAME_CHARACTERS = 64;

/**
 * Whether a text can stand beside a verdict: 1 to `max` characters (not UTF-16 units), at least one of them no space, none of
 * them without a look of its own or half.
 */
export function isPrintable(text: string, max: number): boolean {
  return /\S/u.test(text) && [...text].length <= max && !UNPRINTABLE.test(text);
}
