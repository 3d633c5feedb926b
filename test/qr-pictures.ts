import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import sharp from 'sharp';
import { type CodeReader, createCodeReader } from '../packages/scanner-web/src/engine/code-reader.ts';
import type { PixelImage } from '../packages/scanner-web/src/engine/pixels.ts';

/** The scanner's reader as it runs in the worker, here in Node. */
export async function openCodeReader(): Promise<CodeReader> {
  const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  return createCodeReader({ bytes: new Uint8Array(wasm).buffer });
}

/** The pictures in a folder and below, in the order of their names. */
export function listPictures(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(png|jpg|webp)$/.test(name))
    .sort()
    .map((name) => join(folder, name));
}

/** @param picture its path, or its bytes */
export async function decodePicture(picture: string | Buffer): Promise<PixelImage> {
  const { data, info } = await sharp(picture)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`${info.channels} channels in a picture`);
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
}
