import type { GreyImage } from './pixels.ts';

/**
 * Twice the size by Catmull-Rom cubics, then an unsharp mask.
 *
 * A module of less than two pixels is lost to the reader's threshold, not to the lens: interpolating between the
 * pixels and steepening the edges brings most of them back (PEERS: 20 of 28 dense misses).
 */
export function upscaleSharp(image: GreyImage): GreyImage {
  return sharpen(transposeDoubled(transposeDoubled(image)));
}

/**
 * Doubles along the rows and hands the result back transposed, so that the second call doubles along the columns.
 * At factor two the samples fall at a quarter and three quarters: two fixed sets of four weights (out of 128).
 */
function transposeDoubled(image: GreyImage): GreyImage {
  const { data, width, height } = image;
  const doubled = new Uint8ClampedArray(width * 2 * height);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const a2 = data[row + Math.max(x - 2, 0)] ?? 0;
      const a1 = data[row + Math.max(x - 1, 0)] ?? 0;
      const centre = data[row + x] ?? 0;
      const b1 = data[row + Math.min(x + 1, width - 1)] ?? 0;
      const b2 = data[row + Math.min(x + 2, width - 1)] ?? 0;
      doubled[2 * x * height + y] = (-3 * a2 + 29 * a1 + 111 * centre - 9 * b1 + 64) >> 7;
      doubled[(2 * x + 1) * height + y] = (-9 * a1 + 111 * centre + 29 * b1 - 3 * b2 + 64) >> 7;
    }
  }
  return { data: doubled, width: height, height: width * 2 };
}

/** picture + 1.5 × (picture − its blur), the blur being a 5 × 5 binomial in two passes. */
function sharpen(image: GreyImage): GreyImage {
  const blurred = transposeBlurred(transposeBlurred(image));
  const sharp = new Uint8ClampedArray(image.data.length);
  for (let pixel = 0; pixel < sharp.length; pixel++) {
    const shade = image.data[pixel] ?? 0;
    sharp[pixel] = shade + ((3 * (shade - (blurred.data[pixel] ?? 0))) >> 1);
  }
  return { data: sharp, width: image.width, height: image.height };
}

function transposeBlurred(image: GreyImage): GreyImage {
  const { data, width, height } = image;
  const blurred = new Uint8ClampedArray(data.length);
  for (let y = 0; y < height; y++) {
    const row = y * width;
    for (let x = 0; x < width; x++) {
      const sum =
        (data[row + Math.max(x - 2, 0)] ?? 0) +
        4 * (data[row + Math.max(x - 1, 0)] ?? 0) +
        6 * (data[row + x] ?? 0) +
        4 * (data[row + Math.min(x + 1, width - 1)] ?? 0) +
        (data[row + Math.min(x + 2, width - 1)] ?? 0);
      blurred[x * height + y] = (sum + 8) >> 4;
    }
  }
  return { data: blurred, width: height, height: width };
}
