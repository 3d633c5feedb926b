import { default as jsqr, type QRCode } from 'jsqr';
import type { CodeReader } from './code-reader.ts';
import { type Crop, cropCentre, toGrey, toPixels } from './pixels.ts';
import { countSideModules, measureModule, type Point, type Reading } from './reading.ts';

type Inversions = 'dontInvert' | 'attemptBoth';
type FindCode = (
  data: Uint8ClampedArray,
  width: number,
  height: number,
  options: { readonly inversionAttempts: Inversions },
) => QRCode | null;

// Of its default export the package's types say one thing to a bundler and another to Node; at run time it is the function.
const findCode = jsqr as unknown as FindCode;

/** The middle of a 720p frame, where people hold the code; this reader takes its time for every pixel. */
const FRAME_SIDE = 720;

/**
 * The reader for where WASM is not allowed. It is slower, reads fewer codes, and of several in a picture only one.
 *
 * It stumbles over the noise of a sensor: of eight noisy 720p frames it read one as they were and all eight smoothed. Small
 * modules are lost by smoothing, so that every other frame is left as it is.
 */
export function createPlainReader(): CodeReader {
  let frames = 0;
  return {
    // Looking for light codes on dark takes as long again, and a camera has another frame to offer.
    async readFrame(image) {
      const crop = cropCentre(toGrey(image), FRAME_SIDE);
      return findOne(frames++ % 2 === 0 ? smooth(crop) : crop, 'dontInvert');
    },
    async readStill(image) {
      const whole = { ...toGrey(image), left: 0, top: 0 };
      return findOne(whole, 'attemptBoth') ?? findOne(smooth(whole), 'attemptBoth');
    },
  };
}

// The option is always given: the library keeps what one call was given as the default of the next.
function findOne(image: Crop, inversionAttempts: Inversions): Reading | null {
  const code = findCode(toPixels(image).data, image.width, image.height, { inversionAttempts });
  // An empty text is what it gives for a code whose content it could not decode.
  if (!code?.data) return null;
  const { topLeftCorner, topRightCorner, bottomRightCorner, bottomLeftCorner } = code.location;
  const corners = [topLeftCorner, topRightCorner, bottomRightCorner, bottomLeftCorner].map(({ x, y }) => ({
    x: x + image.left,
    y: y + image.top,
  })) as [Point, Point, Point, Point];
  const modulePixels = measureModule(corners, countSideModules(code.version));
  return { codes: [{ text: code.data, corners, modulePixels }], attempt: 'plain' };
}

/** Every pixel becomes the average of the nine around it. */
function smooth(image: Crop): Crop {
  const { data, width, height } = image;
  const sums = new Uint16Array(data.length);
  for (let y = 0; y < height; y++) {
    const [above, row, below] = [Math.max(y - 1, 0) * width, y * width, Math.min(y + 1, height - 1) * width];
    for (let x = 0; x < width; x++)
      sums[row + x] = (data[above + x] ?? 0) + (data[row + x] ?? 0) + (data[below + x] ?? 0);
  }
  const smoothed = new Uint8ClampedArray(data.length);
  for (let row = 0; row < data.length; row += width) {
    for (let x = 0; x < width; x++) {
      const [left, right] = [Math.max(x - 1, 0), Math.min(x + 1, width - 1)];
      smoothed[row + x] = ((sums[row + left] ?? 0) + (sums[row + x] ?? 0) + (sums[row + right] ?? 0)) / 9;
    }
  }
  return { ...image, data: smoothed };
}
