import { Buffer } from 'node:buffer';

/** RFC 9285 §4.2, table 1. */
export const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

export function base45(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = bytes.subarray(at, at + 2);
    let value = pair.reduce((sum, byte) => sum * 256 + byte, 0);
    for (let digits = pair.length + 1; digits > 0; digits--, value = Math.floor(value / 45))
      text += ALPHABET[value % 45];
  }
  return text;
}

/** The text of a QR code that carries these bytes. */
export function qrText(bytes: Uint8Array): string {
  return `ZM1:${base45(bytes)}`;
}

/** Huffman code lengths of a deflate block. */
interface Codes {
  readonly literals: readonly number[];
  readonly distances: readonly number[];
}

/** RFC 1951 §3.2.6. */
const FIXED: Codes = {
  literals: Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
  distances: Array(30).fill(5),
};

/** Complete codes for every symbol, sent with the block: 256 of 9 bits, 28 of 6, 2 of 5; 28 of 5, 2 of 4. */
const SENT: Codes = {
  literals: Array.from({ length: 286 }, (_, symbol) => (symbol < 256 ? 9 : symbol < 284 ? 6 : 5)),
  distances: Array.from({ length: 30 }, (_, symbol) => (symbol < 28 ? 5 : 4)),
};

export const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4];

class BitWriter {
  readonly #bits: number[] = [];

  /** Least significant bit first, as all of deflate but its codes. */
  write(value: number, count: number): this {
    for (let bit = 0; bit < count; bit++) this.#bits.push((value >> bit) & 1);
    return this;
  }

  code(lengths: readonly number[], symbol: number): this {
    const { code, length } = findCode(lengths, symbol);
    for (let bit = length - 1; bit >= 0; bit--) this.#bits.push((code >> bit) & 1);
    return this;
  }

  align(padding = 0): this {
    while (this.#bits.length % 8 > 0) this.#bits.push(padding);
    return this;
  }

  bytes(): Uint8Array {
    const bytes = Buffer.alloc(Math.ceil(this.#bits.length / 8));
    this.#bits.forEach((bit, at) => {
      bytes[at >> 3] = (bytes[at >> 3] as number) | (bit << (at & 7));
    });
    return bytes;
  }
}

/** RFC 1951 §3.2.2: codes of one length are consecutive, in the order of their symbols. */
function findCode(lengths: readonly number[], symbol: number): { code: number; length: number } {
  const length = lengths[symbol] as number;
  let first = 0;
  for (let shorter = 1; shorter < length; shorter++) first = (first + lengths.filter((l) => l === shorter).length) * 2;
  return { code: first + lengths.slice(0, symbol).filter((l) => l === length).length, length };
}

/** How the stream is to be written; everything that is not said is right. */
export interface ZlibOptions {
  readonly block?: 'stored' | 'fixed' | 'sent';
  readonly header?: readonly number[];
  readonly checksum?: number;
  readonly padding?: 0 | 1;
  readonly trailing?: readonly number[];
  readonly isLast?: boolean;
}

/** A zlib stream (RFC 1950) by greedy matching. */
export function zlib(bytes: Uint8Array, options: ZlibOptions = {}): Uint8Array {
  const { block = 'fixed', header = [0x78, 0xda], checksum = adler32(bytes), padding = 0, isLast = true } = options;
  const bits = new BitWriter().write(isLast ? 1 : 0, 1);
  if (block === 'stored') {
    bits
      .write(0, 2)
      .align(padding)
      .write(bytes.length, 16)
      .write(~bytes.length & 0xffff, 16);
    for (const byte of bytes) bits.write(byte, 8);
  } else {
    bits.write(block === 'fixed' ? 1 : 2, 2);
    if (block === 'sent') writeCodes(bits);
    writeMatches(bits, bytes, block === 'fixed' ? FIXED : SENT);
  }
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(checksum);
  return Buffer.concat([Buffer.from(header), bits.align(padding).bytes(), Buffer.from(options.trailing ?? []), sum]);
}

/** A stream of so many zero bytes, in a hundredth of their number. */
export function bomb(length: number): Uint8Array {
  const bits = new BitWriter().write(1, 1).write(1, 2).code(FIXED.literals, 0);
  let rest = length - 1;
  for (; rest >= 258; rest -= 258) bits.code(FIXED.literals, 285).code(FIXED.distances, 0);
  for (; rest > 0; rest--) bits.code(FIXED.literals, 0);
  bits.code(FIXED.literals, 256).align();
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE((length % 65_521) * 65_536 + 1);
  return Buffer.concat([Buffer.of(0x78, 0xda), bits.bytes(), sum]);
}

/** A stream out of bits that are written by hand: `value` and number of bits by turns. */
export function zlibOfBits(parts: readonly (readonly [value: number, count: number])[], checksum = 1): Uint8Array {
  const bits = new BitWriter();
  for (const [value, count] of parts) bits.write(value, count);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(checksum);
  return Buffer.concat([Buffer.of(0x78, 0xda), bits.align().bytes(), sum]);
}

/** The four lengths that occur have two bits each in the code of code lengths. */
function writeCodes(bits: BitWriter): void {
  bits
    .write(SENT.literals.length - 257, 5)
    .write(SENT.distances.length - 1, 5)
    .write(CODE_LENGTH_ORDER.length - 4, 4);
  const used = new Set([4, 5, 6, 9]);
  for (const length of CODE_LENGTH_ORDER) bits.write(used.has(length) ? 2 : 0, 3);
  const code = Array.from({ length: 19 }, (_, length) => (used.has(length) ? 2 : 0));
  for (const length of [...SENT.literals, ...SENT.distances]) bits.code(code, length);
}

/** Matches of 3 to 10 bytes no more than 256 back: the symbols without, or with few, extra bits. */
function writeMatches(bits: BitWriter, bytes: Uint8Array, codes: Codes): void {
  for (let at = 0; at < bytes.length; ) {
    const { length, distance } = findMatch(bytes, at);
    if (length < 3) {
      bits.code(codes.literals, bytes[at++] as number);
      continue;
    }
    bits.code(codes.literals, 254 + length);
    writeDistance(bits, codes, distance);
    at += length;
  }
  bits.code(codes.literals, 256);
}

function findMatch(bytes: Uint8Array, at: number): { length: number; distance: number } {
  let best = { length: 0, distance: 0 };
  for (let distance = 1; distance <= Math.min(at, 256); distance++) {
    let length = 0;
    while (length < 10 && at + length < bytes.length && bytes[at + length] === bytes[at + length - distance]) length++;
    if (length > best.length) best = { length, distance };
  }
  return best;
}

/** RFC 1951 §3.2.5. */
function writeDistance(bits: BitWriter, codes: Codes, distance: number): void {
  let [symbol, base, extra] = [0, 1, 0];
  while (distance >= base + 2 ** extra) {
    base += 2 ** extra;
    symbol++;
    extra = symbol < 4 ? 0 : (symbol >> 1) - 1;
  }
  bits.code(codes.distances, symbol).write(distance - base, extra);
}

export function adler32(bytes: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const byte of bytes) {
    a = (a + byte) % 65_521;
    b = (b + a) % 65_521;
  }
  return b * 65_536 + a;
}
