import { malformed } from '../result.ts';

/**
 * Sets of sorted integers as Rice-coded gaps (R. F. Rice, 1979): for gaps of an even spread within one per cent of what the set's
 * entropy asks for. Each integer is the gap to the one before it: the quotient by 2^k in as many 0 bits and a 1 bit, then the
 * remainder in k bits, high bits first. Zero bits fill the last byte.
 */

/** Above it a gap would be longer than the longest list. */
const MAX_K = 24;

/** How many integers lie between two that are known without counting: at most so many are read for one answer. */
const STRIDE = 16;

/** The bits are read four bytes at a time, from any place in a fifth one. */
const PADDING = 5;

/** A coded set: what {@link RiceSet} takes. */
export interface RiceCode {
  readonly k: number;
  readonly count: number;
  readonly bytes: Uint8Array;
}

/** @param sorted ascending, each once */
export function encodeRice(sorted: Uint32Array): RiceCode {
  const k = chooseK(sorted);
  const bytes = new Uint8Array(Math.ceil(countBits(sorted, k) / 8));
  let bit = 0;
  for (const gap of gapsOf(sorted)) {
    bit += Math.floor(gap / 2 ** k);
    for (let value = 2 ** k + (gap % 2 ** k), width = k; width >= 0; width--, bit++) {
      if ((value >>> width) & 1) bytes[bit >> 3] = (bytes[bit >> 3] as number) | (0x80 >> (bit & 7));
    }
  }
  return { k, count: sorted.length, bytes };
}

/** A set that answers what is in it, without being unpacked: beside the code it keeps half a byte an integer. */
export class RiceSet {
  readonly count: number;
  readonly #k: number;
  readonly #padded: Uint8Array;
  /** For every {@link STRIDE}th integer, the one before it, and where its gap begins, in bits. */
  readonly #before: Int32Array;
  readonly #bit: Uint32Array;

  /** @param size all integers are below it; a Refusal `malformed` where they are not, or the code has another length */
  constructor({ k, count, bytes }: RiceCode, size: number) {
    if (k > MAX_K || count === 0 || count > size) throw malformed('snapshot: a set in a wrong form');
    this.count = count;
    this.#k = k;
    this.#padded = new Uint8Array(bytes.length + PADDING);
    this.#padded.set(bytes);
    this.#before = new Int32Array(Math.ceil(count / STRIDE));
    this.#bit = new Uint32Array(this.#before.length);
    const end = bytes.length * 8;
    let value = -1;
    let bit = 0;
    for (let at = 0; at < count; at++) {
      if (at % STRIDE === 0) {
        this.#before[at / STRIDE] = value;
        this.#bit[at / STRIDE] = bit;
      }
      const quotient = this.#countZeros(bit, end);
      value += 1 + quotient * 2 ** k + this.#readRemainder(bit + quotient + 1);
      bit += quotient + 1 + k;
      if (value >= size || bit > end) throw malformed('snapshot: an index outside the list');
    }
    if (end - bit >= 8 || this.#countZeros(bit, end) < end - bit) throw malformed('snapshot: bits after a set');
  }

  has(integer: number): boolean {
    let low = 0;
    let high = this.#before.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#before[middle] as number) < integer) low = middle;
      else high = middle - 1;
    }
    let value = this.#before[low] as number;
    let bit = this.#bit[low] as number;
    const left = Math.min(STRIDE, this.count - low * STRIDE);
    const end = (this.#padded.length - PADDING) * 8;
    for (let at = 0; at < left && value < integer; at++) {
      const quotient = this.#countZeros(bit, end);
      value += 1 + quotient * 2 ** this.#k + this.#readRemainder(bit + quotient + 1);
      bit += quotient + 1 + this.#k;
    }
    return value === integer;
  }

  /** How many bits are 0 from here to the next 1, or to the end. */
  #countZeros(from: number, end: number): number {
    for (let bit = from; bit < end; bit += 32) {
      const zeros = Math.clz32(this.#peek(bit));
      if (zeros < 32) return bit + zeros - from;
    }
    return Math.max(0, end - from);
  }

  #readRemainder(bit: number): number {
    return this.#k === 0 ? 0 : this.#peek(bit) >>> (32 - this.#k);
  }

  /** The 32 bits from here on. */
  #peek(bit: number): number {
    const bytes = this.#padded;
    const at = bit >>> 3;
    const shift = bit & 7;
    const high =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
    return shift === 0 ? high : (high << shift) | ((bytes[at + 4] as number) >>> (8 - shift));
  }
}

function* gapsOf(sorted: Uint32Array): Generator<number> {
  let before = -1;
  for (const value of sorted) {
    yield value - before - 1;
    before = value;
  }
}

/** Near log2(ln 2 × the mean gap); the neighbours are tried because rounding decides. */
function chooseK(sorted: Uint32Array): number {
  const mean = ((sorted.at(-1) ?? 0) + 1) / Math.max(1, sorted.length);
  const near = Math.max(0, Math.floor(Math.log2(Math.max(1, mean * Math.LN2))));
  const candidates = [near - 1, near, near + 1].filter((k) => k >= 0 && k <= MAX_K);
  return candidates.reduce((best, k) => (countBits(sorted, k) < countBits(sorted, best) ? k : best));
}

function countBits(sorted: Uint32Array, k: number): number {
  let bits = sorted.length * (k + 1);
  for (const gap of gapsOf(sorted)) bits += Math.floor(gap / 2 ** k);
  return bits;
}
