import { inflateSync } from 'node:zlib';
import { Decoder } from 'cbor-x';
import { expect, test } from 'vitest';
import { readIssuedHeader } from '../../packages/credential-core/src/cose/profile-header.ts';
import { decodeSign1 } from '../../packages/credential-core/src/cose/sign1.ts';
import { LIST_LIMITS } from '../../packages/credential-core/src/limits.ts';
import {
  encodeStatusList,
  STATUS_LIST_TYPE,
  StatusBits,
} from '../../packages/credential-core/src/status/status-list.ts';
import { describeVectors, fromHex, readVectorText } from './vectors.ts';

const decoder = new Decoder({ mapsAsObjects: true, useRecords: false });

interface List {
  bits: number;
  lst: Uint8Array;
}

/** The hexadecimal after the last heading of a vector file. */
function readList(name: string): List {
  const text = readVectorText(`token-status-list/status_list_encoding${name}_cbor.md`);
  return decoder.decode(fromHex(text.split('encoded:').at(-1) as string)) as List;
}

/** The draft's list of 2^20 indexes in this many bits. */
function readLong(bits: number): List {
  return readList(bits < 4 ? `${bits}_long` : `${bits}`);
}

/** draft-ietf-oauth-status-list, appendix "Test Vectors for Status List encoding": 2^20 indexes, these are not zero. */
const ONE_BIT = [0, 1993, 25_460, 159_495, 495_669, 554_353, 645_645, 723_232, 854_545, 934_534, 1_000_345];
const TWO_BITS = new Map([
  [0, 1],
  [1993, 2],
  [25_460, 1],
  [159_495, 3],
  [495_669, 1],
  [554_353, 1],
  [645_645, 2],
  [723_232, 1],
  [854_545, 1],
  [934_534, 2],
  [1_000_345, 3],
]);

function nonZero(values: StatusBits): Map<number, number> {
  const found = new Map<number, number>();
  for (let index = 0; index < values.size; index++) {
    const value = values.at(index) as number;
    if (value !== 0) found.set(index, value);
  }
  return found;
}

describeVectors('Token Status List against the draft’s vectors', () => {
  test('1 bit', () => {
    const { bits, lst } = readLong(1);
    expect(nonZero(new StatusBits(bits, lst))).toEqual(new Map(ONE_BIT.map((index) => [index, 1])));
  });

  test('2 bits', () => {
    const { bits, lst } = readLong(2);
    expect(nonZero(new StatusBits(bits, lst))).toEqual(TWO_BITS);
  });

  test.each([1, 2, 4, 8])(
    '%i bits: the long list holds 2^20 indexes, each as an independent reader sees it',
    (bits) => {
      const list = readLong(bits);
      const values = new StatusBits(list.bits, list.lst);
      const bytes = inflateSync(list.lst);
      expect([list.bits, values.size]).toEqual([bits, 2 ** 20]);
      const perByte = 8 / bits;
      let different = 0;
      for (let index = 0; index < values.size; index++) {
        const independent =
          Math.floor((bytes[Math.floor(index / perByte)] as number) / 2 ** (bits * (index % perByte))) % 2 ** bits;
        if (independent !== values.at(index)) different++;
      }
      expect(different).toBe(0);
    },
  );

  test('the short lists of §4.1 and §4.2', () => {
    const short = (name: string) => {
      const { bits, lst } = readList(name);
      const values = new StatusBits(bits, lst);
      return Array.from({ length: values.size }, (_, index) => values.at(index));
    };
    expect(short('')).toEqual([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]);
    expect(short('2')).toEqual([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]);
  });

  test('the signed example is taken apart; its kid is outside the profile', () => {
    const message = decodeSign1(fromHex(readVectorText('token-status-list/status_list_cwt.md')), LIST_LIMITS);
    expect(message.protectedHeader.get(16)).toBe(STATUS_LIST_TYPE);
    expect(() => readIssuedHeader(message, STATUS_LIST_TYPE)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });
});

test('our lists are read by an independent reader', async () => {
  const entries = ONE_BIT.map((index, i) => [index, i % 2 === 0 ? 'revoked' : 'suspended'] as const);
  const at = new Date('2026-11-22T00:00:00Z');
  const content = {
    issuer: 'x',
    uri: 'https://x.example/1',
    expiresAt: new Date('2026-11-23'),
    size: 2 ** 20,
    entries,
  };
  const claims = new Decoder({ mapsAsObjects: false }).decode(await encodeStatusList(content, at)) as Map<
    number,
    unknown
  >;
  const list = claims.get(65_533) as Map<string, Uint8Array>;
  const bytes = inflateSync(list.get('lst') as Uint8Array);
  const found = new Map<number, number>();
  for (let index = 0; index < 2 ** 20; index++) {
    const value = ((bytes[index >> 2] as number) >> ((index & 3) * 2)) & 3;
    if (value) found.set(index, value);
  }
  expect(found).toEqual(new Map(entries.map(([index, status]) => [index, status === 'revoked' ? 1 : 2])));
});
