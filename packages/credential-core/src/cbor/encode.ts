import { concatBytes } from '../bytes/equal.ts';
import type { CborValue } from './decode.ts';

const UTF8 = new TextEncoder();

/**
 * Deterministic CBOR (RFC 8949 §4.2.1): shortest heads, definite lengths, map keys in bytewise order whatever the order of
 * insertion, text in NFC. What it writes is exactly what the scan accepts; cbor-x's own encoder is not deterministic.
 *
 * @throws RangeError for a number that is no exact integer
 */
export function encodeCbor(value: CborValue): Uint8Array {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value)) throw new RangeError('only exact integers can be encoded');
    return value >= 0 ? encodeHead(0, value) : encodeHead(1, -1 - value);
  }
  if (typeof value === 'string') {
    const bytes = UTF8.encode(value.normalize('NFC'));
    return concatBytes(encodeHead(3, bytes.length), bytes);
  }
  if (value === false) return Uint8Array.of(0xf4);
  if (value === true) return Uint8Array.of(0xf5);
  if (value === null) return Uint8Array.of(0xf6);
  if (value instanceof Uint8Array) return concatBytes(encodeHead(2, value.length), value);
  if (value instanceof Map) {
    const entries = [...(value as ReadonlyMap<number | string, CborValue>)].map(([key, item]) => ({
      key: encodeCbor(key),
      item: encodeCbor(item),
    }));
    entries.sort((a, b) => compareKeys(a.key, b.key));
    return concatBytes(encodeHead(5, entries.length), ...entries.flatMap(({ key, item }) => [key, item]));
  }
  const items = value as readonly CborValue[];
  return concatBytes(encodeHead(4, items.length), ...items.map(encodeCbor));
}

/** The initial byte and the shortest argument (RFC 8949 §3). */
export function encodeHead(major: number, argument: number): Uint8Array {
  const type = major << 5;
  if (argument < 24) return Uint8Array.of(type | argument);
  if (argument < 2 ** 8) return Uint8Array.of(type | 24, argument);
  if (argument < 2 ** 16) return Uint8Array.of(type | 25, argument >> 8, argument & 255);
  const width = argument < 2 ** 32 ? 4 : 8;
  const head = new Uint8Array(1 + width);
  head[0] = type | (width === 4 ? 26 : 27);
  const view = new DataView(head.buffer);
  if (width === 8) view.setUint32(1, Math.floor(argument / 2 ** 32));
  view.setUint32(1 + width - 4, argument >>> 0);
  return head;
}

function compareKeys(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] as number) - (b[i] as number);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}
