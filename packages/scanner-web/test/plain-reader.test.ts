import { expect, test } from 'vitest';
import type { PixelImage } from '../src/engine/pixels.ts';
import { createPlainReader } from '../src/engine/plain-reader.ts';
import { listTexts } from '../src/engine/reading.ts';
import { drawCode, square } from './code-drawing.ts';

const TEXT = 'ZM1:6BFOXN%TSMAHN-H7ZM.Q0 DWJU $5/*+';
const reader = createPlainReader();

test('without WASM a code is read too, and its place is known', async () => {
  const image = await drawCode(TEXT, 4);
  for (const reading of [await reader.readFrame(image), await reader.readStill(image)]) {
    expect(reading).toMatchObject({ codes: [{ text: TEXT }], attempt: 'plain' });
    const [code] = reading?.codes ?? [];
    for (const [at, corner] of square(16, 16, 100).entries()) {
      expect(Math.abs((code?.corners[at]?.x ?? 0) - corner.x)).toBeLessThanOrEqual(1);
      expect(Math.abs((code?.corners[at]?.y ?? 0) - corner.y)).toBeLessThanOrEqual(1);
    }
    expect(code?.modulePixels).toBeCloseTo(4, 1);
  }
});

test('noise is smoothed away in every other frame, small modules are left as they are in the others', async () => {
  const patient = createPlainReader();
  const noisy = addNoise(await drawCode(TEXT, 5, { dark: 70, light: 150 }));
  const small = await drawCode(TEXT, 1);
  const read = [];
  for (const image of [noisy, noisy, small, small]) read.push(listTexts(await patient.readFrame(image)));
  expect(read).toEqual([[TEXT], [], [], [TEXT]]);
  expect(listTexts(await patient.readStill(noisy))).toEqual([TEXT]);
});

test('light on dark is looked for in a still only, whatever was looked for before', async () => {
  const inverted = await drawCode(TEXT, 4, { dark: 255, light: 0 });
  for (let turn = 0; turn < 2; turn++) {
    expect(listTexts(await reader.readStill(inverted))).toEqual([TEXT]);
    expect(await reader.readFrame(inverted)).toBeNull();
  }
});

test('a scene without a code gives nothing', async () => {
  const blank = { data: new Uint8ClampedArray(640 * 480 * 4).fill(255), width: 640, height: 480 };
  expect(await reader.readFrame(blank)).toBeNull();
  expect(await reader.readStill(blank)).toBeNull();
});

/** Up to 55 shades up or down in every pixel, the same on every run. */
function addNoise(image: PixelImage): PixelImage {
  let state = 1;
  const data = image.data.slice();
  for (let at = 0; at < data.length; at += 4) {
    state = (state * 48_271) % 2_147_483_647;
    data.fill((data[at] ?? 0) + (state % 111) - 55, at, at + 3);
  }
  return { ...image, data };
}
