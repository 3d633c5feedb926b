import { deflateZlib } from '../bytes/deflate.ts';
import { concatBytes } from '../bytes/equal.ts';

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * A two-colour PNG (ISO/IEC 15948, greyscale of depth 1). Here because `qrcode` writes PNG bytes in Node only, and a code
 * must look the same wherever it is made.
 */
export async function encodePng(
  width: number,
  height: number,
  isLight: (x: number, y: number) => boolean,
): Promise<Uint8Array> {
  const stride = 1 + Math.ceil(width / 8);
  const rows = new Uint8Array(stride * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * stride + 1 + (x >> 3);
      if (isLight(x, y)) rows[at] = (rows[at] as number) | (0x80 >> (x & 7));
    }
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header[8] = 1;
  return concatBytes([
    SIGNATURE,
    encodeChunk('IHDR', header),
    encodeChunk('IDAT', await deflateZlib(rows)),
    encodeChunk('IEND', new Uint8Array()),
  ]);
}

function encodeChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(12 + data.length);
  const view = new DataView(chunk.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i++) chunk[4 + i] = type.charCodeAt(i);
  chunk.set(data, 8);
  view.setUint32(8 + data.length, crc32(chunk.subarray(4, 8 + data.length)));
  return chunk;
}

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
