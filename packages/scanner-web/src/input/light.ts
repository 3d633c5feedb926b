/** How much light there is: `black` is a covered lens, `dim` too little to read by. */
export type Light = 'black' | 'dim' | 'enough';

/** Shades of 255. A sensor in the dark gives noise of up to some twenty. */
const BLACK_SHADE = 28;
const DIM_SHADE = 45;
/** A phone that shines in a dark room is read all the same. */
const BRIGHT_SHADE = 110;

/** @param pixels a small copy of the picture, four bytes a pixel */
export function judgeLight(pixels: Uint8ClampedArray): Light {
  let [sum, brightest] = [0, 0];
  for (let at = 0; at < pixels.length; at += 4) {
    const shade = (306 * (pixels[at] ?? 0) + 601 * (pixels[at + 1] ?? 0) + 117 * (pixels[at + 2] ?? 0)) >> 10;
    sum += shade;
    brightest = Math.max(brightest, shade);
  }
  if (brightest <= BLACK_SHADE) return 'black';
  return sum / (pixels.length / 4) < DIM_SHADE && brightest < BRIGHT_SHADE ? 'dim' : 'enough';
}
