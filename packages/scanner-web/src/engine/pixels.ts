/** One picture as canvases and decoders hand it over: four bytes a pixel, rows from the top, no padding. */
export interface PixelImage {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** One picture in shades of grey: one byte a pixel. */
export interface GreyImage {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Rec. 601 luma, the weights that the reader itself uses. */
export function toGrey(image: PixelImage): GreyImage {
  const { data, width, height } = image;
  const grey = new Uint8ClampedArray(width * height);
  for (let pixel = 0, at = 0; pixel < grey.length; pixel++, at += 4) {
    grey[pixel] = (306 * (data[at] ?? 0) + 601 * (data[at + 1] ?? 0) + 117 * (data[at + 2] ?? 0) + 512) >> 10;
  }
  return { data: grey, width, height };
}

/** The reader takes RGBA only: the same shade in three channels, opaque. */
export function toPixels(image: GreyImage): PixelImage {
  const pixels = new Uint8ClampedArray(image.data.length * 4);
  const words = new Uint32Array(pixels.buffer);
  for (let pixel = 0; pixel < words.length; pixel++) words[pixel] = 0xff000000 | ((image.data[pixel] ?? 0) * 0x010101);
  return { data: pixels, width: image.width, height: image.height };
}

/** A part of a picture, and where in it the part lay. */
export interface Crop extends GreyImage {
  readonly left: number;
  readonly top: number;
}

/** The middle of a picture, at most `side` pixels wide and high. */
export function cropCentre(image: GreyImage, side: number): Crop {
  const width = Math.min(image.width, side);
  const height = Math.min(image.height, side);
  const left = (image.width - width) >> 1;
  const top = (image.height - height) >> 1;
  const data = new Uint8ClampedArray(width * height);
  for (let row = 0; row < height; row++) {
    const from = (top + row) * image.width + left;
    data.set(image.data.subarray(from, from + width), row * width);
  }
  return { data, width, height, left, top };
}
