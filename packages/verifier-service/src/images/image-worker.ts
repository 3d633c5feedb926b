import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { parentPort } from 'node:worker_threads';
import { readQr } from '@zhengma/credential-core/read';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import type { RgbaImage } from './decode-image.ts';

const MAX_SYMBOLS = 8;

// From the package's own file: by default the library asks a public CDN, which an intranet does not reach.
const wasmFile = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
const wasm = await readFile(wasmFile);
const wasmBinary = wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) as ArrayBuffer;
await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });

parentPort?.on('message', async (image: RgbaImage) => {
  parentPort?.postMessage(await findTexts(image));
});

async function findTexts(image: RgbaImage): Promise<string[]> {
  const symbols = await readBarcodes(image, {
    formats: ['QRCode'],
    tryHarder: true,
    maxNumberOfSymbols: MAX_SYMBOLS,
  });
  const texts = symbols.filter((symbol) => symbol.isValid).map((symbol) => symbol.text);
  if (texts.length > 0) return [...new Set(texts)];
  const text = readQr(image);
  return text === null ? [] : [text];
}
