import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { renderQr } from '@zhengma/credential-core/qr';
import { beforeAll, expect, test } from 'vitest';
import { type CodeReader, createCodeReader } from '../src/engine/code-reader.ts';
import { cropCentre, type PixelImage, toGrey, toPixels } from '../src/engine/pixels.ts';
import { upscaleSharp } from '../src/engine/upscale.ts';

const TEXT = 'ZM1:6BFOXN%TSMAHN-H7ZM.Q0 DWJU $5/*+';
const blank: PixelImage = { data: new Uint8ClampedArray(640 * 480 * 4).fill(255), width: 640, height: 480 };
let reader: CodeReader;

beforeAll(async () => {
  const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  reader = await createCodeReader({ bytes: new Uint8Array(wasm).buffer });
});

test('reads a rendered code at once, from a frame and from a still', async () => {
  const image = await drawCode(TEXT, 4);
  expect(await reader.readFrame(image)).toEqual({ texts: [TEXT], attempt: 'first' });
  expect(await reader.readStill(image)).toEqual({ texts: [TEXT], attempt: 'first' });
});

test('reads light on dark, faint and small codes', async () => {
  expect((await reader.readStill(await drawCode(TEXT, 4, { dark: 255, light: 0 })))?.texts).toEqual([TEXT]);
  expect((await reader.readStill(await drawCode(TEXT, 3, { dark: 110, light: 140 })))?.texts).toEqual([TEXT]);
  expect((await reader.readStill(await drawCode(TEXT, 2)))?.texts).toEqual([TEXT]);
});

test('reads every code of a picture', async () => {
  const [left, right] = [await drawCode('ZM1:LEFT', 4), await drawCode('https://example.org/', 4)];
  expect([...((await reader.readStill(besideEachOther(left, right)))?.texts ?? [])].sort()).toEqual([
    'ZM1:LEFT',
    'https://example.org/',
  ]);
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
  expect(await reader.readStill(dots)).toEqual({ texts: [TEXT], attempt: 'denoise' });
});

test('doubling keeps flat areas flat, edges where they are, and the size doubles', () => {
  const grey = { data: new Uint8ClampedArray([0, 0, 0, 200, 200, 200]), width: 6, height: 1 };
  const doubled = upscaleSharp(grey);
  expect([doubled.width, doubled.height]).toEqual([12, 2]);
  const row = [...doubled.data.subarray(0, 12)];
  expect(row.slice(0, 2)).toEqual([0, 0]);
  expect(row.slice(5, 7).map((shade) => shade > 100)).toEqual([false, true]);
  expect(row.slice(10)).toEqual([200, 200]);
});

test('the centre of a picture is its centre, and a smaller picture stays whole', () => {
  const grey = { data: Uint8ClampedArray.from({ length: 25 }, (_, index) => index), width: 5, height: 5 };
  expect([...cropCentre(grey, 3).data]).toEqual([6, 7, 8, 11, 12, 13, 16, 17, 18]);
  expect(cropCentre(grey, 9).data).toEqual(grey.data);
});

test('grey and back is grey', () => {
  const grey = { data: new Uint8ClampedArray([0, 127, 255, 3]), width: 2, height: 2 };
  expect(toGrey(toPixels(grey))).toEqual(grey);
});

function besideEachOther(left: PixelImage, right: PixelImage): PixelImage {
  const width = left.width + right.width;
  const height = Math.max(left.height, right.height);
  const data = new Uint8ClampedArray(width * height * 4).fill(255);
  for (const [image, column] of [[left, 0] as const, [right, left.width] as const]) {
    for (let row = 0; row < image.height; row++) {
      const pixels = image.data.subarray(row * image.width * 4, (row + 1) * image.width * 4);
      data.set(pixels, (row * width + column) * 4);
    }
  }
  return { data, width, height };
}

/** Draws the modules of the core's own SVG, which is made of horizontal runs. */
async function drawCode(text: string, scale: number, { dark = 0, light = 255, gap = 0 } = {}): Promise<PixelImage> {
  const svg = await renderQr(text, { format: 'svg' });
  const side = Number(/viewBox="0 0 (\d+)/.exec(svg)?.[1]) * scale;
  const grey = { data: new Uint8ClampedArray(side * side).fill(light), width: side, height: side };
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1/g)) {
    for (let module = 0; module < Number(length); module++) {
      for (let row = 0; row < scale - gap; row++) {
        const start = (Number(y) * scale + row) * side + (Number(x) + module) * scale;
        grey.data.fill(dark, start, start + scale - gap);
      }
    }
  }
  return toPixels(grey);
}
