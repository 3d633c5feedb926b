import type { CborLimits } from '../limits.ts';
import { malformed } from '../result.ts';
import { type CborGrants, decodeCbor } from './decode.ts';
import type { CborKey, CborMap, CborValue } from './value.ts';

/** {@link decodeCbor} where only a map will do. */
export function decodeCborMap(bytes: Uint8Array, limits: CborLimits, grants?: CborGrants): CborMap {
  return asMap(decodeCbor(bytes, limits, grants), 'cbor: a map is expected');
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
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw malformed(detail);
  return value as number;
}

/** The value as a byte string, or a Refusal with `detail`. */
export function asBytes(value: CborValue | undefined, detail: string): Uint8Array {
  if (!(value instanceof Uint8Array)) throw malformed(detail);
  return value;
}

/** Refuses a map that holds a key outside `known`: what is not understood must not be signed over unread. */
export function allowKeys(map: CborMap, known: ReadonlySet<CborKey>, where: string): void {
  for (const key of map.keys()) if (!known.has(key)) throw malformed(`${where}: an unknown entry`);
}
