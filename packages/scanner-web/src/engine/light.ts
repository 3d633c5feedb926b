import type { PixelImage } from './pixels.ts';

/** How much light there is: `black` is a covered lens, `dim` too little to read by. */
export type Light = 'black' | 'dim' | 'enough';

/** Shades of 255. A sensor in the dark gives noise of up to some twenty. */
const BLACK_SHADE = 28;
const DIM_SHADE = 45;
/** A phone that shines in a dark room is read all the same. */
const BRIGHT_SHADE = 110;

/** A grid of pixels says as much of the light as all of them: a phone at arm's length covers some dozens of its places. */
const [COLUMNS, ROWS] = [64, 36];

/** Judges by the shades of a grid of pixels. */
export function judgeLight({ data, width, height }: PixelImage): Light {
  let [sum, brightest] = [0, 0];
  for (let row = 0; row < ROWS; row++) {
    const y = Math.floor(((row + 0.5) * height) / ROWS);
    for (let column = 0; column < COLUMNS; column++) {
      const at = 4 * (y * width + Math.floor(((column + 0.5) * width) / COLUMNS));
      const shade = (306 * (data[at] ?? 0) + 601 * (data[at + 1] ?? 0) + 117 * (data[at + 2] ?? 0)) >> 10;
      sum += shade;
      brightest = Math.max(brightest, shade);
    }
  }
  if (brightest <= BLACK_SHADE) return 'black';
  return sum / (COLUMNS * ROWS) < DIM_SHADE && brightest < BRIGHT_SHADE ? 'dim' : 'enough';
}
