import { Decoder } from 'cbor-x/decode-no-eval';
import type { CborLimits } from '../limits.ts';
import { malformed } from '../result.ts';
import { scanCbor } from './scan.ts';

/** What the profile's CBOR can hold. Integers are exact numbers, byte strings are views into the input. */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap;

/** A CBOR map, its keys in the order in which they are encoded. */
export type CborMap = ReadonlyMap<number | string, CborValue>;

// The build without `new Function`, so that a strict content security policy holds and Node and browsers run the same code.
const decoder = new Decoder({ mapsAsObjects: false, useRecords: false, int64AsNumber: true });

/**
 * Decodes one deterministic CBOR item (RFC 8949 §4.2.1) that fills `bytes`.
 *
 * @throws Refusal `malformed` or `too_large`, as {@link scanCbor} says
 */
export function decodeCbor(bytes: Uint8Array, limits: CborLimits): CborValue {
  scanCbor(bytes, limits);
  // A view of its own: cbor-x hangs a property on the array it is given, which is the caller's.
  return decoder.decode(bytes.subarray()) as CborValue;
}

/** {@link decodeCbor} where only a map will do. */
export function decodeCborMap(bytes: Uint8Array, limits: CborLimits): CborMap {
  return asMap(decodeCbor(bytes, limits), 'cbor: a map is expected');
}

/** The value as a map, or a Refusal with `detail`. */
export function asMap(value: CborValue | undefined, detail: string): CborMap {
  if (!(value instanceof Map)) throw malformed(detail);
  return value;
}

/** The value as an array, or a Refusal with `detail`. */
export function asArray(value: CborValue | undefined, detail: string): readonly CborValue[] {
  if (!Array.isArray(value)) throw malformed(detail);
  return value;
}

/** The value as text, or a Refusal with `detail`. */
export function asText(value: CborValue | undefined, detail: string): string {
  if (typeof value !== 'string') throw malformed(detail);
  return value;
}

/** The value as an unsigned integer, or a Refusal with `detail`. */
export function asUnsigned(value: CborValue | undefined, detail: string): number {
  if (typeof value !== 'number' || value < 0) throw malformed(detail);
  return value;
}

/** The value as a byte string, or a Refusal with `detail`. */
export function asBytes(value: CborValue | undefined, detail: string): Uint8Array {
  if (!(value instanceof Uint8Array)) throw malformed(detail);
  return value;
}

/** Refuses a map that holds a key outside `known`: what is not understood must not be signed over unread. */
export function allowKeys(map: CborMap, known: ReadonlySet<number | string>, where: string): void {
  for (const key of map.keys()) if (!known.has(key)) throw malformed(`${where}: an unknown entry`);
}
