import { concatBytes } from '../bytes/equal.ts';
import { CredentialError } from '../errors.ts';
import { type CborKey, type CborMap, CborTag, type CborValue, REDACTED_CLAIM_KEYS } from './value.ts';

const UTF8 = new TextEncoder();

/**
 * Deterministic CBOR (RFC 8949 §4.2.1): shortest heads, definite lengths, map keys in bytewise order whatever the order of
 * insertion, text in NFC. What is issued is read back before it is signed, so that
 * a text which the decoder refuses never leaves.
 *
 * @throws CredentialError `ERR_INVALID_CONTENT` for a number that is no exact integer
 */
export function encodeCbor(value: CborValue): Uint8Array {
  const parts: Uint8Array[] = [];
  writeValue(value, parts);
  return concatBytes(parts);
}

function writeValue(value: CborValue, parts: Uint8Array[]): void {
  if (typeof value === 'number') parts.push(encodeInteger(value));
  else if (typeof value === 'string') {
    const bytes = UTF8.encode(value.normalize('NFC'));
    parts.push(encodeHead(3, bytes.length), bytes);
  } else if (value instanceof Uint8Array) parts.push(encodeHead(2, value.length), value);
  else if (value instanceof Map) writeMap(value as CborMap, parts);
  else if (Array.isArray(value)) {
    parts.push(encodeHead(4, value.length));
    for (const item of value as readonly CborValue[]) writeValue(item, parts);
  } else if (value instanceof CborTag) {
    parts.push(encodeHead(6, value.tag));
    writeValue(value.value, parts);
  } else parts.push(Uint8Array.of(value === null ? 0xf6 : value ? 0xf5 : 0xf4));
}

function writeMap(map: CborMap, parts: Uint8Array[]): void {
  const entries = [...map].map(([key, item]) => ({ key: encodeKey(key), item }));
  entries.sort((a, b) => compareKeys(a.key, b.key));
  parts.push(encodeHead(5, entries.length));
  for (const { key, item } of entries) {
    parts.push(key);
    writeValue(item, parts);
  }
}

function encodeKey(key: CborKey): Uint8Array {
  return key === REDACTED_CLAIM_KEYS ? Uint8Array.of(0xf8, 59) : encodeCbor(key);
}

function encodeInteger(value: number): Uint8Array {
  if (!Number.isSafeInteger(value)) throw new CredentialError('ERR_INVALID_CONTENT', 'a number is no exact integer');
  return value >= 0 ? encodeHead(0, value) : encodeHead(1, -1 - value);
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
