/**
 * The characters of docs/characters.txt, by turns how many are left out and how many are in it, in base 36: those of the basic
 * plane that Unicode 15.0 assigns, the scripts Miao and Nushu, and the blocks of ideographs in planes 2 and 3. Extensions I and J
 * are younger, and in names: an ideograph neither combines nor decomposes, so a runtime that does not know it is of the same mind.
 */
const RUNS =
  '0 oo 2 6 4 7 1 1 1 k 1 b1 1 12 2 1e 2 3 1 1j 8 r 4 6 b 7i 1 1o 2 2t e 1n 2 1d 2 f 1 s 2 1 1 b 5 v 1 2 6 6k 1 8 2 2 2 m ' +
  '1 7 1 1 3 4 2 9 2 2 2 4 8 1 4 2 1 5 2 p 2 3 1 6 4 2 2 m 1 7 1 2 1 2 1 2 2 1 1 5 4 2 2 3 3 1 7 4 1 1 7 h a 3 1 9 1 3 1 ' +
  'm 1 7 1 2 1 5 2 a 1 3 1 3 2 1 f 4 2 c 7 7 1 3 1 8 2 2 2 m 1 7 1 2 1 5 2 9 2 2 2 3 7 3 4 2 1 5 2 i a 2 1 6 3 3 1 4 3 2 ' +
  '1 1 1 2 3 2 3 3 3 c 4 5 3 3 1 4 2 1 6 1 e l 5 d 1 3 1 n 1 g 2 9 1 3 1 4 7 2 1 3 2 1 2 4 2 a 7 m 1 3 1 n 1 a 1 5 2 9 1 ' +
  '3 1 4 7 2 6 2 1 4 2 a 1 3 c d 1 3 1 1f 1 3 1 6 4 g 2 q 1 3 1 i 3 o 1 9 1 1 2 7 3 1 4 6 1 1 1 8 6 a 2 3 c 1m 4 t 11 2 1 ' +
  '1 1 5 1 o 1 1 1 n 2 5 1 1 1 7 1 a 2 4 w 20 1 10 4 13 1 10 1 f 1 d 11 5i 1 1 5 1 2 ah 1 4 2 7 1 1 1 4 2 15 1 4 2 x 1 4 ' +
  '2 7 1 1 1 4 2 f 1 1l 1 4 2 1v 2 w 3 q 6 2e 2 6 2 il 3 2h 7 m 9 o 9 k c d 1 3 1 2 c 2m 2 a 6 a 6 q 6 2h 7 17 5 1y a v 1 ' +
  'c 4 c 4 1 3 16 2 5 b 18 4 q 6 b 3 1q 2 1t 1 t 2 b 6 a 6 e 2 v 1d 25 3 1b 1 38 8 1o 3 f 3 1o 7 17 2 b 8 17 5 eu 2 6 2 ' +
  '12 2 6 2 8 1 1 1 1 1 1 1 v 2 1h 1 f 1 e 2 6 1 j 2 3 1 9 1 2t 1 c 2 r 1 d 3 x f x f 3w 4 if p b l 1ec 2 w 1 9p 5 19 1 1 ' +
  '5 1 2 1k 7 2 e o 9 7 1 7 1 7 1 7 1 7 1 7 1 7 1 7 1 3i y q 1 2h c 5y q c 4 1s 1 2e 2 2v 5 17 1 2m 1 2c c 1b 1 mlp 3 1j ' +
  '9 9o k 54 8 5n 5 2 1 1 1 5 o 1n 3 a 6 1k 8 1y 8 c 6 38 b u 3 26 1 b 4 x 1 1j 9 e 2 a 2 2v o s a 6 2 6 2 6 9 7 1 7 1 1o ' +
  '4 3i 2 a 6 8mc c n 4 1d 1l0 57y 2 2y 12 7 c 5 5 q 1 5 1 1 1 2 1 2 1 3h g cd 2 1i 7 1 w 16 6 1f 1 j 1 4 4 5 1 3r 2 1 1 ' +
  '5a 3 6 2 6 2 6 2 3 3 7 1 7 a 5 lxe 23 4 1l 7 h d00 b0 f7o wyo w e3i 1wi f2 15u ad6';

/** Where what is in it begins and ends, by turns. */
const BOUNDS = readBounds();

/**
 * Whether every character of a text is one that each runtime knows. Of a later one the runtimes disagree whether it
 * combines with its neighbours, and so whether a text with it is in NFC; of these, NFC never changes (UAX #15 §3).
 */
export function isInRepertoire(text: string): boolean {
  for (const character of text) {
    const codePoint = character.codePointAt(0) as number;
    let [low, high] = [0, BOUNDS.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((BOUNDS[middle] as number) <= codePoint) low = middle + 1;
      else high = middle;
    }
    // After an odd number of bounds it is inside.
    if (low % 2 === 0) return false;
  }
  return true;
}

function readBounds(): Uint32Array {
  let at = 0;
  return Uint32Array.from(RUNS.split(' '), (length) => {
    at += Number.parseInt(length, 36);
    return at;
  });
}
