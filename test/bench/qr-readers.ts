import { scanImageData } from '@undecaf/zbar-wasm';
import { default as jsqr } from 'jsqr';
import { decodeQR } from 'qr/decode.js';
import { readBarcodes } from 'zxing-wasm/reader';
import type { PixelImage } from '../../packages/scanner-web/src/engine/pixels.ts';
import { listTexts } from '../../packages/scanner-web/src/engine/reading.ts';
import { openCodeReader } from '../qr-pictures.ts';

/** A reader of QR codes. */
export interface QrReader {
  readonly name: string;
  /** Whose search and decoding it is: two readers of one library are no witnesses for each other. */
  readonly library: 'zxing' | 'zbar' | 'qr' | 'jsQR';
  /** The texts in a picture; none of a miss. */
  read(image: PixelImage): Promise<readonly string[]>;
}

/** Ours and its peers, each as it is without options. */
export async function openQrReaders(): Promise<readonly QrReader[]> {
  const reader = await openCodeReader();
  return [
    { name: OURS, library: 'zxing', read: async (image) => listTexts(await reader.readStill(image)) },
    { name: 'ours, one frame', library: 'zxing', read: async (image) => listTexts(await reader.readFrame(image)) },
    {
      name: ALONE,
      library: 'zxing',
      read: async (image) => {
        const codes = await readBarcodes(image as ImageData, { formats: ['QRCode'], textMode: 'Plain' });
        return keepTexts(codes.filter(({ isValid }) => isValid).map(({ text }) => text));
      },
    },
    {
      name: 'zbar-wasm',
      library: 'zbar',
      read: async (image) => {
        const symbols = await scanImageData(image as ImageData);
        return keepTexts(symbols.filter(({ typeName }) => typeName === 'ZBAR_QRCODE').map((symbol) => symbol.decode()));
      },
    },
    { name: 'qr', library: 'qr', read: async (image) => keepTexts([orNothing(() => decodeQR(image))]) },
    {
      name: 'jsQR',
      library: 'jsQR',
      read: async ({ data, width, height }) => keepTexts([findCode(data, width, height)?.data]),
    },
  ];
}

export const OURS = 'ours, a still';
export const ALONE = 'zxing-wasm';

// The package's types describe its default export one level higher than it is at run time.
const findCode = jsqr as unknown as typeof jsqr.default;

/** Some readers give an empty text for what they could not decode. */
function keepTexts(texts: readonly (string | undefined)[]): string[] {
  return texts.filter((text) => text !== undefined && text !== '') as string[];
}

/** Some throw where there is no code. */
function orNothing(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
