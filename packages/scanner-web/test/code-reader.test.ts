import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { beforeAll, expect, test } from 'vitest';
import { type CodeReader, createCodeReader } from '../src/engine/code-reader.ts';
import { cropCentre, type PixelImage, toGrey, toPixels } from '../src/engine/pixels.ts';
import { listTexts, type UnreadCode } from '../src/engine/reading.ts';
import { upscaleSharp } from '../src/engine/upscale.ts';
import { drawCode, square } from './code-drawing.ts';

const TEXT = 'ZM1:6BFOXN%TSMAHN-H7ZM.Q0 DWJU $5/*+';
const blank: PixelImage = { data: new Uint8ClampedArray(640 * 480 * 4).fill(255), width: 640, height: 480 };
let reader: CodeReader;

beforeAll(async () => {
  reader = await openReader();
});

test('reads a rendered code at once, from a frame and from a still', async () => {
  const image = await drawCode(TEXT, 4);
  for (const reading of [await reader.readFrame(image), await reader.readStill(image)]) {
    expect([listTexts(reading), reading?.attempt]).toEqual([[TEXT], 'first']);
  }
});

test('reads light on dark, faint and small codes', async () => {
  expect(listTexts(await reader.readStill(await drawCode(TEXT, 4, { dark: 255, light: 0 })))).toEqual([TEXT]);
  expect(listTexts(await reader.readStill(await drawCode(TEXT, 3, { dark: 110, light: 140 })))).toEqual([TEXT]);
  expect(listTexts(await reader.readStill(await drawCode(TEXT, 2)))).toEqual([TEXT]);
});

test('reads every code of a picture', async () => {
  const [left, right] = [await drawCode('ZM1:LEFT', 4), await drawCode('https://example.org/', 4)];
  expect(listTexts(await reader.readStill(besideEachOther(left, right))).sort()).toEqual([
    'ZM1:LEFT',
    'https://example.org/',
  ]);
});

test('says where a code is and how large its modules are, whichever way it was found', async () => {
  // Version 2 is 25 modules wide, and the light border 4.
  const [code] = (await reader.readStill(await drawCode(TEXT, 4)))?.codes ?? [];
  expect(code).toEqual({ text: TEXT, corners: square(16, 16, 100), modulePixels: 4 });

  // Too small for the reader as it stands, and off the middle that is cut out and upscaled.
  const small = shrink(await drawCode(TEXT, 5), 4);
  const reading = await reader.readStill(placeOn(2000, 1900, small, 610, 450));
  expect(reading).toMatchObject({ codes: [{ text: TEXT }], attempt: 'upscale' });
  const [found] = reading?.codes ?? [];
  for (const [at, corner] of square(615, 455, 31.25).entries()) {
    expect(Math.abs((found?.corners[at]?.x ?? 0) - corner.x)).toBeLessThanOrEqual(1);
    expect(Math.abs((found?.corners[at]?.y ?? 0) - corner.y)).toBeLessThanOrEqual(1);
  }
  expect(found?.modulePixels).toBeCloseTo(1.25, 1);
});

test('a code that is found and cannot be read is told, with the size of its modules', async () => {
  const found: UnreadCode[] = [];
  const noting = await openReader((codes) => found.push(...codes));
  // Half covered: its three marks are there, and too little of what it says.
  const covered = await drawCode(TEXT, 4);
  for (let y = 46; y < 116; y++) covered.data.fill(255, (y * covered.width + 46) * 4, (y * covered.width + 116) * 4);
  await noting.readFrame(covered);
  expect(found).toHaveLength(1);
  expect(found[0]?.modulePixels).toBeCloseTo(4, 0);

  found.length = 0;
  await noting.readFrame(await drawCode(TEXT, 4));
  await noting.readFrame(blank);
  expect(found).toEqual([]);
});

test('the corners of a turned code begin at its own upper left', async () => {
  const upright = await drawCode(TEXT, 4);
  const upsideDown = { ...upright, data: turnAround(upright.data) };
  const [code] = (await reader.readStill(upsideDown))?.codes ?? [];
  const [a, b, c, d] = square(16, 16, 100);
  expect(code?.corners).toEqual([c, d, a, b]);
});

test('a scene without a code gives nothing, however often it is looked at', async () => {
  for (let frame = 0; frame < 4; frame++) expect(await reader.readFrame(blank)).toBeNull();
  expect(await reader.readStill(blank)).toBeNull();
});

test('every missed frame gets another rescue, and a still gets them all', async () => {
  // Modules printed as separate dots: only a reader that closes the gaps sees a code.
  const dots = await drawCode(TEXT, 6, { gap: 2 });
  const attempts: (string | undefined)[] = [];
  for (let frame = 0; frame < 4; frame++) attempts.push((await reader.readFrame(dots))?.attempt);
  expect([...attempts].sort()).toEqual(expect.arrayContaining(['denoise', 'global']));
  expect(attempts).toContain(undefined);
  expect(await reader.readStill(dots)).toMatchObject({ codes: [{ text: TEXT }], attempt: 'denoise' });
});

test('at an empty counter only every third frame gets a rescue, until somebody comes', async () => {
  const patient = await openReader();
  const empty = { data: new Uint8ClampedArray(32 * 32 * 4).fill(255), width: 32, height: 32 };
  for (let frame = 0; frame < 91; frame++) expect(await patient.readFrame(empty)).toBeNull();
  const dots = await drawCode(TEXT, 6, { gap: 2 });
  const attempts: (string | undefined)[] = [];
  for (let frame = 0; frame < 5; frame++) attempts.push((await patient.readFrame(dots))?.attempt);
  expect(attempts).toEqual([undefined, undefined, 'global', undefined, 'denoise']);
});

test('upscaling keeps flat areas flat, edges where they are, and the size is three times as large', () => {
  const grey = { data: new Uint8ClampedArray([0, 0, 0, 200, 200, 200]), width: 6, height: 1 };
  const tripled = upscaleSharp(grey);
  expect([tripled.width, tripled.height]).toEqual([18, 3]);
  const row = [...tripled.data.subarray(0, 18)];
  expect(row.slice(0, 3)).toEqual([0, 0, 0]);
  expect(row.slice(8, 10).map((shade) => shade > 100)).toEqual([false, true]);
  expect(row.slice(15)).toEqual([200, 200, 200]);
});

test('the centre of a picture is its centre, and a smaller picture stays whole', () => {
  const grey = { data: Uint8ClampedArray.from({ length: 25 }, (_, index) => index), width: 5, height: 5 };
  expect([...cropCentre(grey, 3).data]).toEqual([6, 7, 8, 11, 12, 13, 16, 17, 18]);
  expect(cropCentre(grey, 3)).toMatchObject({ left: 1, top: 1 });
  expect(cropCentre(grey, 9)).toEqual({ ...grey, left: 0, top: 0 });
});

test('grey and back is grey', () => {
  const grey = { data: new Uint8ClampedArray([0, 127, 255, 3]), width: 2, height: 2 };
  expect(toGrey(toPixels(grey))).toEqual(grey);
});

async function openReader(noteUnread?: (codes: readonly UnreadCode[]) => void): Promise<CodeReader> {
  const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  return createCodeReader({ bytes: new Uint8Array(wasm).buffer }, noteUnread);
}

function besideEachOther(left: PixelImage, right: PixelImage): PixelImage {
  const [width, height] = [left.width + right.width, Math.max(left.height, right.height)];
  return placeOn(width, height, right, left.width, 0, placeOn(width, height, left, 0, 0));
}

/** Puts a picture into a larger one, which is white where no other is given. */
function placeOn(
  width: number,
  height: number,
  image: PixelImage,
  left: number,
  top: number,
  below: PixelImage = { data: new Uint8ClampedArray(width * height * 4).fill(255), width, height },
): PixelImage {
  const data = below.data.slice();
  for (let row = 0; row < image.height; row++) {
    const pixels = image.data.subarray(row * image.width * 4, (row + 1) * image.width * 4);
    data.set(pixels, ((top + row) * width + left) * 4);
  }
  return { data, width, height };
}

/** Each pixel is the average of `factor` × `factor`. */
function shrink(image: PixelImage, factor: number): PixelImage {
  const grey = toGrey(image);
  const [width, height] = [Math.floor(image.width / factor), Math.floor(image.height / factor)];
  const data = Uint8ClampedArray.from({ length: width * height }, (_, pixel) => {
    const [left, top] = [(pixel % width) * factor, Math.floor(pixel / width) * factor];
    let sum = 0;
    for (let row = top; row < top + factor; row++) {
      for (let column = left; column < left + factor; column++) sum += grey.data[row * image.width + column] ?? 0;
    }
    return sum / factor ** 2;
  });
  return toPixels({ data, width, height });
}

/** By half a turn: the last pixel first. */
function turnAround(data: Uint8ClampedArray): Uint8ClampedArray {
  return new Uint8ClampedArray(new Uint32Array(data.slice().buffer).toReversed().buffer);
}
