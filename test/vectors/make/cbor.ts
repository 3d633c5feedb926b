import { Buffer } from 'node:buffer';

/**
 * Writes CBOR byte by byte, and anything that is nearly CBOR: a vector has to say what no sound encoder says. It shares nothing
 * with the library. Every function gives the encoded bytes of one item; joining them is the caller's.
 */

/** Encoded CBOR: goes into other items as it is, where other bytes become a byte string. */
export class Encoded {
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
}

export type Plain =
  | Encoded
  | Uint8Array
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly Plain[]
  | ReadonlyMap<Plain, Plain>;

/** How many bytes the argument of a head takes besides the initial one: 0 stands for one that is in the initial byte. */
export type Width = 0 | 1 | 2 | 4 | 8;

export function raw(hex: string): Encoded {
  return new Encoded(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
}

/** The head of an item (RFC 8949 §3), as short as it can be or as long as is asked for. */
export function head(major: number, argument: number | bigint, width: Width = shortest(argument)): Uint8Array {
  const bytes = Buffer.alloc(1 + width);
  bytes[0] = (major << 5) | (width === 0 ? Number(argument) : 24 + Math.log2(width));
  for (let at = width, rest = BigInt(argument); at > 0; at--, rest >>= 8n) bytes[at] = Number(rest & 255n);
  return bytes;
}

function shortest(argument: number | bigint): Width {
  if (argument < 24) return 0;
  if (argument < 2 ** 8) return 1;
  if (argument < 2 ** 16) return 2;
  return argument < 2 ** 32 ? 4 : 8;
}

/** A value as the format wants it: shortest heads, maps in the bytewise order of their keys. */
export function cbor(value: Plain): Uint8Array {
  if (value instanceof Encoded) return value.bytes;
  if (typeof value === 'number' || typeof value === 'bigint') {
    const number = BigInt(value);
    return number >= 0n ? head(0, number) : head(1, -1n - number);
  }
  if (typeof value === 'string') return Buffer.concat([head(3, Buffer.byteLength(value)), Buffer.from(value)]);
  if (value instanceof Uint8Array) return Buffer.concat([head(2, value.length), value]);
  if (value instanceof Map) return mapOf(sortEntries(encodeEntries([...value])));
  if (Array.isArray(value)) return Buffer.concat([head(4, value.length), ...value.map(cbor)]);
  return Buffer.of(value === null ? 0xf6 : value ? 0xf5 : 0xf4);
}

/** {@link cbor} as a part of something else. */
export function encoded(...parts: readonly Uint8Array[]): Encoded {
  return new Encoded(Buffer.concat(parts));
}

export type Entry = readonly [key: Uint8Array, value: Uint8Array];

export function encodeEntries(entries: readonly (readonly [Plain, Plain])[]): Entry[] {
  return entries.map(([key, value]) => [cbor(key), cbor(value)]);
}

export function sortEntries(entries: readonly Entry[]): Entry[] {
  return [...entries].sort(([a], [b]) => Buffer.compare(a, b));
}

/** A map with its entries in the order given, sorted or not, unique or not. */
export function mapOf(entries: readonly Entry[], width?: Width): Uint8Array {
  return Buffer.concat([head(5, entries.length, width), ...entries.flat()]);
}

/** An item of indefinite length (RFC 8949 §3.2). */
export function indefinite(major: number, parts: readonly Uint8Array[]): Encoded {
  return encoded(Buffer.of((major << 5) | 31), ...parts, Buffer.of(0xff));
}

/** A text of any bytes, UTF-8 or not. */
export function textOf(bytes: Uint8Array, width?: Width): Encoded {
  return encoded(head(3, bytes.length, width), bytes);
}

export function bytesOf(bytes: Uint8Array, width?: Width): Encoded {
  return encoded(head(2, bytes.length, width), bytes);
}

export function tagged(tag: number, value: Plain, width?: Width): Encoded {
  return encoded(head(6, tag, width), cbor(value));
}

/** Arrays in arrays. */
export function nested(depth: number, inmost: Plain = 0): Encoded {
  return encoded(Buffer.alloc(depth, 0x81), cbor(inmost));
}

/** A map with its entries in the reverse of the right order. */
export function reversedMap(map: ReadonlyMap<Plain, Plain>): Encoded {
  return encoded(mapOf(sortEntries(encodeEntries([...map])).reverse()));
}
