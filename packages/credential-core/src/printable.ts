/** Controls, formatting (what turns the direction of text around is among it), halves of characters, line separators. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

/**
 * Whether a text can stand beside a verdict: 1 to `max` characters (not UTF-16 units), none of them invisible or half.
 */
export function isPrintable(text: string, max: number): boolean {
  return text.length > 0 && [...text].length <= max && !UNPRINTABLE.test(text);
}
