import { default as jsqr } from 'jsqr';

// The package's types describe its default export one level higher than it is at run time.
const findCode = jsqr as unknown as typeof jsqr.default;

/** Pixels as a canvas or an image decoder gives them. */
export interface Pixels {
  /** RGBA, four bytes a pixel, row by row. */
  readonly data: Uint8ClampedArray;
  /** In pixels. */
  readonly width: number;
  /** In pixels; `data` has 4 × width × height bytes. */
  readonly height: number;
}

/**
 * Reads one QR code from pixels. Small and synchronous; for camera frames and photos the scanner's engine reads far more.
 *
 * @returns the text, or null when no code is found
 * @throws TypeError when it is no picture, or the data is not four bytes a pixel
 */
export function readQr(image: Pixels): string | null {
  if (typeof image !== 'object' || image === null) {
    throw new TypeError('image must be an object with data, width and height');
  }
  const { data, width, height } = image;
  if (!(data instanceof Uint8ClampedArray)) throw new TypeError('data must be a Uint8ClampedArray');
  if (!(Number.isInteger(width) && width > 0 && height > 0 && data.length === width * height * 4))
    throw new TypeError('data must hold four bytes a pixel');
  // jsQR gives an empty string for a code whose content it could not decode.
  return findCode(data, width, height)?.data || null;
}
