import { default as jsqr, type QRCode } from 'jsqr';
import type { CodeReader } from './code-reader.ts';
import type { PixelImage } from './pixels.ts';
import { countSideModules, measureModule, type ReadCode, type Reading } from './reading.ts';

type Inversions = 'dontInvert' | 'attemptBoth';
type FindCode = (
  data: Uint8ClampedArray,
  width: number,
  height: number,
  options: { readonly inversionAttempts: Inversions },
) => QRCode | null;

// Of its default export the package's types say one thing to a bundler and another to Node; at run time it is the function.
const findCode = jsqr as unknown as FindCode;

/**
 * The reader for where WASM is not allowed. It is slower, reads fewer codes, and of several in a picture only one.
 *
 * The option is always given: the library keeps what one call was given as the default of the next.
 */
export function createPlainReader(): CodeReader {
  return {
    // Looking for light codes on dark takes as long again, and a camera has another frame to offer.
    readFrame: async (image) => findOne(image, 'dontInvert'),
    readStill: async (image) => findOne(image, 'attemptBoth'),
  };
}

function findOne({ data, width, height }: PixelImage, inversionAttempts: Inversions): Reading | null {
  const code = findCode(data, width, height, { inversionAttempts });
  // An empty text is what it gives for a code whose content it could not decode.
  if (!code?.data) return null;
  const { topLeftCorner, topRightCorner, bottomRightCorner, bottomLeftCorner } = code.location;
  const corners: ReadCode['corners'] = [topLeftCorner, topRightCorner, bottomRightCorner, bottomLeftCorner];
  const modulePixels = measureModule(corners, countSideModules(code.version));
  return { codes: [{ text: code.data, corners, modulePixels }], attempt: 'plain' };
}
