import { concatBytes } from '../bytes/equal.ts';
import type { CborLimits } from '../limits.ts';
import { malformed, Refusal } from '../result.ts';
import { HeadReader } from './head.ts';
import { type CborKey, CborTag, type CborValue } from './value.ts';

/**
 * Decodes one well-formed CBOR item (RFC 8949 §3) that fills `bytes`, for formats whose issuers are not bound to one
 * spelling: unlike `decodeCbor` it takes indefinite lengths, heads longer than needed, keys in any order, floats, undefined
 * (as null), any tag (as a {@link CborTag}) and text in any normal form. Still refused, because two readers would differ or
 * work without end: repeated keys, keys that are not integers or text, integers beyond ±(2^53 − 1), other simple values,
 * text that is not UTF-8, and what exceeds the limits. Each chunk and each break counts as an item.
 *
 * @throws Refusal `too_large` when `bytes` is over the limit, else `malformed`
 */
export function decodeWellFormedCbor(bytes: Uint8Array, limits: CborLimits): CborValue {
  if (bytes.length > limits.bytes) throw new Refusal('too_large', 'cbor: more bytes than the limit');
  const reader = new Reader(bytes, limits);
  const value = reader.readValue(0);
  if (value === BREAK) throw malformed('cbor: a break on its own');
  reader.requireEnd();
  return value;
}

const BREAK = Symbol('break');
const INDEFINITE = 31;
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

class Reader {
  readonly #head: HeadReader;
  readonly #limits: CborLimits;
  #items = 0;

  constructor(bytes: Uint8Array, limits: CborLimits) {
    this.#head = new HeadReader(bytes);
    this.#limits = limits;
  }

  /** Recursive, no deeper than the limit on nesting. */
  readValue(depth: number): CborValue | typeof BREAK {
    const { major, info, argument } = this.#readHead();
    switch (major) {
      case 0:
      case 1:
        if (argument > Number.MAX_SAFE_INTEGER - major) throw malformed('cbor: an integer beyond 2^53 - 1');
        return major === 0 ? argument : -1 - argument;
      case 2:
        return this.#readString(2, info, argument);
      case 3:
        return this.#readText(info, argument);
      case 4:
        return this.#readArray(info, argument, this.#descend(depth));
      case 5:
        return this.#readMap(info, argument, this.#descend(depth));
      case 6:
        return new CborTag(argument, this.#readItem(this.#descend(depth)));
      default:
        return this.#readSimple(info);
    }
  }

  requireEnd(): void {
    if (this.#head.at !== this.#head.bytes.length) throw malformed('cbor: bytes after the item');
  }

  #readHead(): HeadReader {
    if (++this.#items > this.#limits.items) throw malformed('cbor: more items than the limit');
    const head = this.#head;
    head.read();
    const { major, info } = head;
    if (info > 27 && info < INDEFINITE) throw malformed('cbor: reserved head');
    if (info === INDEFINITE && (major < 2 || major === 6)) throw malformed('cbor: reserved head');
    return head;
  }

  #readItem(depth: number): CborValue {
    const value = this.readValue(depth);
    if (value === BREAK) throw malformed('cbor: a break where an item is expected');
    return value;
  }

  #readArray(info: number, count: number, depth: number): CborValue[] {
    const array: CborValue[] = [];
    while (info === INDEFINITE || array.length < count) {
      const value = this.readValue(depth);
      if (value === BREAK) {
        if (info !== INDEFINITE) throw malformed('cbor: a break where an item is expected');
        break;
      }
      array.push(value);
    }
    return array;
  }

  #readMap(info: number, count: number, depth: number): Map<CborKey, CborValue> {
    const map = new Map<CborKey, CborValue>();
    while (info === INDEFINITE || map.size < count) {
      const key = this.#readKey();
      if (key === BREAK) {
        if (info !== INDEFINITE) throw malformed('cbor: a break where an item is expected');
        break;
      }
      if (map.has(key)) throw malformed('cbor: map keys repeated');
      map.set(key, this.#readItem(depth));
    }
    return map;
  }

  #readKey(): number | string | typeof BREAK {
    const { at, bytes } = this.#head;
    const initial = bytes[at] ?? 0;
    const major = initial >> 5;
    // Decided before it is read: 1.0 and 1 are two keys in CBOR, and one in JavaScript.
    if (major === 2 || (major > 3 && initial !== 0xff)) throw malformed('cbor: a map key that is no integer or text');
    return this.readValue(0) as number | string | typeof BREAK;
  }

  #readText(info: number, length: number): string {
    const bytes = this.#readString(3, info, length);
    if (bytes.length > this.#limits.textBytes) throw malformed('cbor: a text longer than the limit');
    return decodeUtf8(bytes);
  }

  #readString(major: number, info: number, length: number): Uint8Array {
    if (info !== INDEFINITE) return this.#take(length);
    const chunks: Uint8Array[] = [];
    for (;;) {
      const head = this.#readHead();
      if (head.major === 7 && head.info === INDEFINITE) return concatBytes(chunks);
      if (head.major !== major || head.info === INDEFINITE) throw malformed('cbor: a chunk of another kind');
      const chunk = this.#take(head.argument);
      // RFC 8949 §3.2.3: no character is split between chunks.
      if (major === 3) decodeUtf8(chunk);
      chunks.push(chunk);
    }
  }

  #readSimple(info: number): CborValue | typeof BREAK {
    if (info === INDEFINITE) return BREAK;
    if (info >= 25) return this.#readFloat(2 ** (info - 24));
    if (info < 20 || info > 23) throw malformed('cbor: a simple value other than false, true, null, undefined');
    return info >= 22 ? null : info === 21;
  }

  #readFloat(width: number): number {
    const { bytes, at } = this.#head;
    const view = new DataView(bytes.buffer, bytes.byteOffset + at - width, width);
    if (width === 8) return view.getFloat64(0);
    if (width === 4) return view.getFloat32(0);
    return decodeHalf(view.getUint16(0));
  }

  #take(length: number): Uint8Array {
    const { at, bytes } = this.#head;
    if (length > bytes.length - at) throw malformed('cbor: cut off');
    this.#head.at = at + length;
    return bytes.subarray(at, at + length);
  }

  #descend(depth: number): number {
    if (depth >= this.#limits.depth) throw malformed('cbor: nested deeper than the limit');
    return depth + 1;
  }
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return UTF8.decode(bytes);
  } catch {
    throw malformed('cbor: text that is not UTF-8');
  }
}

/** IEEE 754 binary16 (RFC 8949 Appendix D). */
function decodeHalf(half: number): number {
  const sign = half >> 15 ? -1 : 1;
  const exponent = (half >> 10) & 31;
  const fraction = half & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
