import { malformed, Refusal } from '../result.ts';

/**
 * A strict zlib reader (RFC 1950 over RFC 1951). It exists because the readers at hand differ in what they let pass:
 * bytes after the stream, a missing checksum, output without a bound. This one accepts exactly one complete stream, gives
 * the same verdict on every runtime, and never holds more than `maxBytes` of output.
 */

const MAX_CODE_LENGTH = 15;
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** The order in which RFC 1951 §3.2.7 sends the lengths of the code-length code. */
const CODE_LENGTH_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A canonical Huffman code: how many codes of each length, and the symbols in code order (RFC 1951 §3.2.2). */
interface HuffmanCode {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/**
 * Inflates one zlib stream that fills `input` to its last byte.
 *
 * @param maxBytes most bytes of output; more is refused as `too_large`
 * @returns the inflated bytes; anything else than one exact stream is refused as `malformed`
 */
export function inflateZlib(input: Uint8Array, maxBytes: number): Uint8Array {
  const [method = 0, flags = 0] = input;
  if (input.length < 6 || (method & 15) !== 8 || method >> 4 > 7) throw malformed('zlib: no deflate stream');
  if ((method * 256 + flags) % 31 !== 0) throw malformed('zlib: the header check is wrong');
  if ((flags & 32) !== 0) throw malformed('zlib: preset dictionaries are not used');

  const reader = new BitReader(input, 2, input.length - 4);
  const output = new Output(maxBytes);
  for (let last = false; !last; ) {
    last = reader.bits(1) === 1;
    const kind = reader.bits(2);
    if (kind === 0) copyStored(reader, output);
    else if (kind === 1) inflateBlock(reader, output, FIXED_LENGTHS, FIXED_DISTANCES);
    else if (kind === 2) inflateDynamicBlock(reader, output);
    else throw malformed('zlib: reserved block type');
  }
  reader.alignToByte();
  if (reader.at !== input.length - 4) throw malformed('zlib: bytes after the stream');
  const bytes = output.bytes();
  if (adler32(bytes) !== new DataView(input.buffer, input.byteOffset).getUint32(input.length - 4)) {
    throw malformed('zlib: the checksum is wrong');
  }
  return bytes;
}

class BitReader {
  readonly #input: Uint8Array;
  readonly #end: number;
  #buffer = 0;
  #count = 0;
  at: number;

  constructor(input: Uint8Array, start: number, end: number) {
    this.#input = input;
    this.at = start;
    this.#end = end;
  }

  bits(need: number): number {
    while (this.#count < need) {
      this.#buffer |= this.byte() << this.#count;
      this.#count += 8;
    }
    const value = this.#buffer & ((1 << need) - 1);
    this.#buffer >>>= need;
    this.#count -= need;
    return value;
  }

  byte(): number {
    if (this.at >= this.#end) throw malformed('zlib: the stream is cut off');
    return this.#input[this.at++] as number;
  }

  alignToByte(): void {
    if (this.#buffer !== 0) throw malformed('zlib: bits that are not zero before a byte boundary');
    this.#count = 0;
  }
}

class Output {
  readonly #maxBytes: number;
  #buffer: Uint8Array;
  #length = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
    this.#buffer = new Uint8Array(Math.min(1024, maxBytes));
  }

  push(byte: number): void {
    this.#reserve(this.#length + 1);
    this.#buffer[this.#length++] = byte;
  }

  /** In blocks: a list of zeros, a thousandth of its size on the wire, is nothing but repeats. */
  repeat(distance: number, length: number): void {
    const start = this.#length - distance;
    if (start < 0) throw malformed('zlib: a distance reaches before the start');
    const end = this.#length + length;
    this.#reserve(end);
    const buffer = this.#buffer;
    let at = this.#length;
    this.#length = end;
    // A block takes as long as some sixteen bytes.
    while (at < end && at - start < 16) buffer[at] = buffer[at++ - distance] as number;
    // What is repeated may run into its own copy: then all that stands there so far is repeated, in whole periods.
    while (at < end) {
      const period = at - start - ((at - start) % distance);
      const copied = Math.min(period, end - at);
      buffer.copyWithin(at, at - period, at - period + copied);
      at += copied;
    }
  }

  /** A list is held for days: not with a buffer that is mostly empty. */
  bytes(): Uint8Array {
    const isWasteful = this.#length * 2 < this.#buffer.length;
    return isWasteful ? this.#buffer.slice(0, this.#length) : this.#buffer.subarray(0, this.#length);
  }

  /** Four times as large, so that all copying together is a third of the output. */
  #reserve(length: number): void {
    if (length <= this.#buffer.length) return;
    if (length > this.#maxBytes) throw new Refusal('too_large', 'zlib: the inflated size is over the limit');
    const larger = new Uint8Array(Math.min(Math.max(this.#buffer.length * 4, length), this.#maxBytes));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

function copyStored(reader: BitReader, output: Output): void {
  reader.alignToByte();
  const length = reader.byte() | (reader.byte() << 8);
  const complement = reader.byte() | (reader.byte() << 8);
  if (length !== (complement ^ 0xffff)) throw malformed('zlib: a stored length is wrong');
  for (let i = 0; i < length; i++) output.push(reader.byte());
}

function inflateDynamicBlock(reader: BitReader, output: Output): void {
  const lengthCount = reader.bits(5) + 257;
  const distanceCount = reader.bits(5) + 1;
  const codeLengthCount = reader.bits(4) + 4;
  if (lengthCount > 286 || distanceCount > 30) throw malformed('zlib: too many codes');

  const codeLengths = new Uint8Array(19);
  for (const symbol of CODE_LENGTH_ORDER.slice(0, codeLengthCount)) codeLengths[symbol] = reader.bits(3);
  const codeLengthCode = buildHuffmanCode(codeLengths);

  const lengths = new Uint8Array(lengthCount + distanceCount);
  for (let at = 0; at < lengths.length; ) {
    const symbol = readSymbol(reader, codeLengthCode);
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    if (symbol === 16 && at === 0) throw malformed('zlib: a repeat without a length before it');
    const repeated = symbol === 16 ? (lengths[at - 1] as number) : 0;
    const times = symbol === 16 ? 3 + reader.bits(2) : symbol === 17 ? 3 + reader.bits(3) : 11 + reader.bits(7);
    if (at + times > lengths.length) throw malformed('zlib: too many code lengths');
    lengths.fill(repeated, at, at + times);
    at += times;
  }
  if (lengths[256] === 0) throw malformed('zlib: a block without an end');
  inflateBlock(
    reader,
    output,
    buildHuffmanCode(lengths.subarray(0, lengthCount), true),
    buildHuffmanCode(lengths.subarray(lengthCount), true),
  );
}

function inflateBlock(reader: BitReader, output: Output, lengthCode: HuffmanCode, distanceCode: HuffmanCode): void {
  for (;;) {
    const symbol = readSymbol(reader, lengthCode);
    if (symbol < 256) {
      output.push(symbol);
      continue;
    }
    if (symbol === 256) return;
    const lengthBase = LENGTH_BASE[symbol - 257];
    if (lengthBase === undefined) throw malformed('zlib: no such length');
    const length = lengthBase + reader.bits(LENGTH_EXTRA[symbol - 257] as number);
    const distanceSymbol = readSymbol(reader, distanceCode);
    const distanceBase = DISTANCE_BASE[distanceSymbol];
    if (distanceBase === undefined) throw malformed('zlib: no such distance');
    output.repeat(distanceBase + reader.bits(DISTANCE_EXTRA[distanceSymbol] as number), length);
  }
}

/** @param mayBeSparse RFC 1951 §3.2.7 allows a distance code of one symbol, or none; zlib a code of lengths that is the end alone, too */
function buildHuffmanCode(lengths: Uint8Array, mayBeSparse = false): HuffmanCode {
  const counts = new Uint16Array(MAX_CODE_LENGTH + 1);
  for (const length of lengths) counts[length] = (counts[length] as number) + 1;
  const used = lengths.length - (counts[0] as number);
  counts[0] = 0;

  let free = 1;
  const offsets = new Uint16Array(MAX_CODE_LENGTH + 2);
  for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
    free = free * 2 - (counts[length] as number);
    if (free < 0) throw malformed('zlib: more codes than bits allow');
    offsets[length + 1] = (offsets[length] as number) + (counts[length] as number);
  }
  if (free > 0 && !(mayBeSparse && used <= 1 && (counts[1] as number) === used)) {
    throw malformed('zlib: an incomplete code');
  }

  const symbols = new Uint16Array(used);
  lengths.forEach((length, symbol) => {
    if (length === 0) return;
    symbols[offsets[length] as number] = symbol;
    offsets[length] = (offsets[length] as number) + 1;
  });
  return { counts, symbols };
}

/** Walks the canonical code one bit at a time: no table to build, so many tiny blocks cost no more than their bits. */
function readSymbol(reader: BitReader, code: HuffmanCode): number {
  let value = 0;
  let first = 0;
  let index = 0;
  for (let length = 1; length <= MAX_CODE_LENGTH; length++) {
    value = value * 2 + reader.bits(1);
    const count = code.counts[length] as number;
    if (value - first < count) return code.symbols[index + value - first] as number;
    index += count;
    first = (first + count) * 2;
  }
  throw malformed('zlib: no such code');
}

const FIXED_LENGTHS = buildHuffmanCode(
  Uint8Array.from({ length: 288 }, (_, symbol) => (symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8)),
);
const FIXED_DISTANCES: HuffmanCode = buildHuffmanCode(new Uint8Array(32).fill(5));

function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (let i = 0; i < bytes.length; ) {
    // After 3 800 bytes b is below 2^31: a sum of small integers, which is summed twice as fast as one of floats.
    for (const end = Math.min(i + 3800, bytes.length); i < end; i++) {
      a = (a + (bytes[i] as number)) | 0;
      b = (b + a) | 0;
    }
    a %= 65_521;
    b %= 65_521;
  }
  return b * 65_536 + a;
}
