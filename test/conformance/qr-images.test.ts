import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { readBarcodes } from 'zxing-wasm/reader';
import type { CodeReader } from '../../packages/scanner-web/src/engine/code-reader.ts';
import { listTexts } from '../../packages/scanner-web/src/engine/reading.ts';
import { decodePicture, listPictures, openCodeReader } from '../qr-pictures.ts';
import { describeVectors, VECTORS } from './vectors.ts';

const folder = join(VECTORS, 'qr-images');

/** The one sample with two codes, an inner and an outer one; its text file names the inner. */
const DOUBLE_CODE = 'qrcode-2/16.webp';

let reader: CodeReader;

beforeAll(async () => {
  reader = await openCodeReader();
});

describeVectors('qr-images', () => {
  test('reads each of the 82 zxing samples with the exact text, and nothing wrong', {
    timeout: 60_000,
  }, async () => {
    const pictures = listPictures(join(folder, 'zxing'));
    const missed: string[] = [];
    const wrong: string[] = [];
    const attempts: Record<string, number> = {};
    for (const picture of pictures) {
      const expected = await readFile(picture.replace(/\.\w+$/, '.txt'), 'utf8');
      const reading = await reader.readStill(await decodePicture(picture));
      if (reading === null) missed.push(picture);
      else if (!listTexts(reading).includes(expected)) wrong.push(picture);
      else if (reading.codes.length > 1 && !picture.endsWith(DOUBLE_CODE)) wrong.push(picture);
      else attempts[reading.attempt] = (attempts[reading.attempt] ?? 0) + 1;
    }
    const exact = pictures.length - missed.length - wrong.length;
    console.info(`zxing samples: ${exact} of ${pictures.length} exact, ${wrong.length} wrong`, attempts);
    expect(pictures).toHaveLength(82);
    expect(wrong).toEqual([]);
    expect(exact, `missed: ${missed.join(', ')}`).toBe(82);
  });

  test('reads some text in at least as many photos as zxing-wasm alone, and never another text', {
    timeout: 120_000,
  }, async () => {
    const pictures = listPictures(join(folder, 'photos'));
    const kinds: Record<string, string> = {};
    let alone = 0;
    let ours = 0;
    for (const picture of pictures) {
      const pixels = await decodePicture(picture);
      const texts = (await readBarcodes(pixels as ImageData, { formats: ['QRCode'], textMode: 'Plain' }))
        .filter((code) => code.isValid && code.text !== '')
        .map((code) => code.text);
      const reading = await reader.readStill(pixels);
      if (texts.length > 0) alone++;
      if (reading) ours++;
      kinds[relative(folder, picture)] = reading?.attempt ?? 'missed';
      if (reading && texts.length > 0) expect(texts).toEqual(expect.arrayContaining(listTexts(reading)));
    }
    console.info(`photos: ${ours} of ${pictures.length} read, zxing-wasm alone ${alone}`, kinds);
    expect(pictures).toHaveLength(26);
    expect(ours).toBeGreaterThanOrEqual(alone);
  });
});
