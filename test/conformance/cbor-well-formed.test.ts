import { expect, test } from 'vitest';
import { decodeWellFormedCbor } from '../../packages/credential-core/src/cbor/decode-well-formed.ts';
import { CborTag, type CborValue } from '../../packages/credential-core/src/cbor/value.ts';
import { CODE_LIMITS } from '../../packages/credential-core/src/limits.ts';
import { describeVectors, fromHex, readVectors } from './vectors.ts';

interface AppendixA {
  hex: string;
  decoded?: unknown;
  diagnostic?: string;
}

/** Integers beyond 2^53 − 1, and simple values without a meaning here. */
const REFUSED = ['1bffffffffffffffff', '3bffffffffffffffff', 'f0', 'f818', 'f8ff'];

describeVectors('any well-formed CBOR against public vectors', () => {
  const cases = readVectors<AppendixA[]>('cbor/appendix_a.json');

  test('there are 82', () => expect(cases).toHaveLength(82));

  test.each(cases)('RFC 8949 Appendix A: $hex', ({ hex, decoded, diagnostic }) => {
    const read = () => decodeWellFormedCbor(fromHex(hex), CODE_LIMITS);
    if (REFUSED.includes(hex)) expect(read).toThrow(expect.objectContaining({ code: 'malformed' }));
    else if (decoded === undefined)
      expect(describe(read())).toBe(diagnostic?.replace("(_ h'0102', h'030405')", "h'0102030405'"));
    else expect(toJson(read())).toEqual(decoded);
  });
});

/** The diagnostic notation (RFC 8949 §8) of what JSON cannot say, as far as the set needs it. */
function describe(value: CborValue): string {
  if (value instanceof CborTag) return `${value.tag}(${describe(value.value)})`;
  if (value instanceof Uint8Array) return `h'${Buffer.from(value).toString('hex')}'`;
  if (value instanceof Map) {
    return `{${[...value].map(([key, item]) => `${describe(key)}: ${describe(item)}`).join(', ')}}`;
  }
  return typeof value === 'string' ? JSON.stringify(value) : value === null ? 'undefined' : String(value);
}

/** Maps of the set that have a value in JSON are keyed with text; big integers are tags there. */
function toJson(value: CborValue): unknown {
  if (value instanceof CborTag) {
    const magnitude = BigInt(`0x${Buffer.from(value.value as Uint8Array).toString('hex')}`);
    return Number(value.tag === 2 ? magnitude : -1n - magnitude);
  }
  if (Array.isArray(value)) return value.map(toJson);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, toJson(item)]));
  return value;
}
