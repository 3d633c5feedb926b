import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CborMap, CborTag, type CborValue, decodeCbor, REDACTED_CLAIM_KEYS } from '../src/cbor/decode.ts';
import { decodeWellFormedCbor } from '../src/cbor/decode-well-formed.ts';
import { encodeCbor } from '../src/cbor/encode.ts';
import { isInRepertoire } from '../src/cbor/repertoire.ts';
import { CODE_LIMITS } from '../src/limits.ts';
import { keepKnown } from './fixtures.ts';

const decodeHex = (hex: string, grants?: Parameters<typeof decodeCbor>[2]) =>
  decodeCbor(Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex')), CODE_LIMITS, grants);

/** RFC 8949 Appendix F.1: data items that are not well-formed. */
const NOT_WELL_FORMED: Record<string, string[]> = {
  'end of input in a head':
    '18,19,1a,1b,1901,1a0102,1b01020304050607,38,58,78,98,9a01ff00,b8,d8,f8,f900,fa0000,fb000000'.split(','),
  'definite-length strings with short data':
    '41,61,5affffffff00,5bffffffffffffffff010203,7affffffff00,7b7fffffffffffffff010203'.split(','),
  'maps and arrays not closed with enough items': '81,818181818181818181,8200,a1,a20102,a100,a2000000'.split(','),
  'a tag without content': ['c0'],
  'indefinite-length strings not closed': ['5f4100', '7f6100'],
  'indefinite-length maps and arrays not closed':
    '9f,9f0102,bf,bf01020102,819f,9f8000,9f9f9f9f9fffffffff,9f819f819f9fffffff'.split(','),
  'reserved additional information': '1c,1d,1e,3c,3d,3e,5c,5d,5e,7c,7d,7e,9c,9d,9e,bc,bd,be,dc,dd,de,fc,fd,fe'.split(
    ',',
  ),
  'reserved two-byte simple values': 'f800,f801,f818,f81f'.split(','),
  'string chunks of a wrong type': '5f00ff,5f21ff,5f6100ff,5f80ff,5fa0ff,5fc000ff,5fe0ff,7f4100ff'.split(','),
  'string chunks of indefinite length': ['5f5f4100ffff', '7f7f6100ffff'],
  'a break on its own': ['ff'],
  'a break in a definite-length array, map or tag':
    '81ff,8200ff,a1ff,a1ff00,a100ff,a20000ff,9f81ff,9f829f819f9fffffffff'.split(','),
  'a break that leaves an odd number of items': ['bf00ff', 'bf000000ff'],
  'major types 0, 1 and 6 with information 31': ['1f', '3f', 'df'],
};

describe('the strict decoder', () => {
  const cases = Object.entries(NOT_WELL_FORMED).flatMap(([reason, items]) =>
    items.map((hex) => [reason, hex] as const),
  );

  test('holds all 94 cases of RFC 8949 Appendix F', () => expect(cases).toHaveLength(94));

  test.each(cases)('refuses %s: %s', (_, hex) => {
    expect(() => decodeHex(hex)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  test.each([
    ['a head longer than needed', '1817', 'longer than needed'],
    ['a two-byte head for 255', '1900ff', 'longer than needed'],
    ['a length longer than needed', '580100', 'longer than needed'],
    ['an indefinite-length array', '9fff', 'indefinite'],
    ['keys out of order', 'a2 02 00 01 00', 'not in order'],
    ['keys of longer encoding first', 'a2 6162 00 20 00', 'not in order'],
    ['a repeated key', 'a2 01 00 01 00', 'repeated'],
    ['a byte string as key', 'a1 4101 00', 'key'],
    ['null as key', 'a1 f6 00', 'key'],
    ['an array as key', 'a1 80 00', 'key'],
    ['a date tag', 'c0 60', 'tag'],
    ['a bignum', 'c2 4101', 'tag'],
    ['a float', 'f90000', 'float'],
    ['undefined', 'f7', 'simple'],
    ['2^53', '1b0020000000000000', '2^53'],
    ['-2^53', '3b001fffffffffffff', '2^53'],
    ['text that is not UTF-8', '61ff', 'UTF-8'],
    ['an ideograph cut off', '64e5bca0e5', 'UTF-8'],
    ['an ideograph with a wrong third byte', '63e5bc20', 'UTF-8'],
    ['an ideograph with a wrong second byte', '63e53ca0', 'UTF-8'],
    ['overlong UTF-8', '62c080', 'UTF-8'],
    ['a surrogate in UTF-8', '63eda080', 'UTF-8'],
    ['a byte order mark', '64efbbbf61', 'byte order mark'],
    ['text that is not NFC', '63 65cc81', 'NFC'],
    ['bytes after the item', '0000', 'after the item'],
    ['a text longer than 256 bytes', `790101${'61'.repeat(257)}`, 'text longer'],
    ['nothing', '', 'cut off'],
    ['nesting deeper than 8', `${'81'.repeat(9)}00`, 'deeper'],
    ['more than 256 items', `990100${'00'.repeat(256)}`, 'more items'],
  ])('refuses %s', (_, hex, reason) => {
    expect(() => decodeHex(hex)).toThrow(
      expect.objectContaining({ code: 'malformed', message: expect.stringContaining(reason) }),
    );
  });

  test('refuses more bytes than the limit before it looks at them', () => {
    expect(() => decodeCbor(new Uint8Array(CODE_LIMITS.bytes + 1), CODE_LIMITS)).toThrow(
      expect.objectContaining({ code: 'too_large' }),
    );
  });

  test('accepts nesting of 8 and 256 items', () => {
    expect(decodeHex(`${'81'.repeat(8)}00`)).toEqual([[[[[[[[0]]]]]]]]);
    expect(decodeHex(`98ff${'00'.repeat(255)}`)).toHaveLength(255);
  });
});

describe('what a caller may grant', () => {
  const tags = [18, 61];

  test('tags that are named, nested and as the last item of a map', () => {
    expect(decodeHex('d83d d2 8101', { tags })).toEqual(new CborTag(61, new CborTag(18, [1])));
    expect(decodeHex('a2 01 d2 40 02 d2 80', { tags })).toEqual(
      new Map([
        [1, new CborTag(18, new Uint8Array())],
        [2, new CborTag(18, [])],
      ]),
    );
  });

  test('the key of redacted claim keys, after all other keys', () => {
    const map = decodeHex('a2 6161 00 f83b 8141ff', { redactedClaimKeys: true }) as CborMap;
    expect([...map.keys()]).toEqual(['a', REDACTED_CLAIM_KEYS]);
    expect(map.get(REDACTED_CLAIM_KEYS)).toEqual([Uint8Array.of(255)]);
  });

  test.each([
    ['a tag that is not named', 'd1 80', { tags }, 'tag'],
    ['a tag inside a tag that is not named', 'd2 c0 60', { tags }, 'tag'],
    ['a tag number longer than needed', 'd812 80', { tags }, 'longer than needed'],
    ['a tag without content', 'd2', { tags }, 'cut off'],
    ['a tag without content in an array', '82 00 d2', { tags }, 'cut off'],
    ['two items after a tag', 'd2 00 00', { tags }, 'after the item'],
    ['a tag as key', 'a1 d2 00 00', { tags }, 'key'],
    ['nine tags', `${'d2'.repeat(9)} 00`, { tags }, 'deeper'],
    ['simple(59) as a value', 'f83b', { redactedClaimKeys: true }, 'simple'],
    ['simple(59) as a key twice', 'a2 f83b 00 f83b 00', { redactedClaimKeys: true }, 'repeated'],
    ['simple(59) before another key', 'a2 f83b 00 00 00', { redactedClaimKeys: true }, 'not in order'],
    ['another simple value as key', 'a1 f83c 00', { redactedClaimKeys: true }, 'key'],
    ['false as key', 'a1 f4 00', { redactedClaimKeys: true }, 'key'],
    ['59 in a float as key', 'a1 f9003b 00', { redactedClaimKeys: true }, 'key'],
    ['a tag, with another grant', 'd2 80', { redactedClaimKeys: true }, 'tag'],
    ['simple(59) as key, with another grant', 'a1 f83b 00', { tags }, 'key'],
    ['simple(59) as key, without a grant', 'a1 f83b 00', undefined, 'key'],
  ] as const)('refuses %s', (_, hex, grants, reason) => {
    expect(() => decodeHex(hex, grants)).toThrow(
      expect.objectContaining({ code: 'malformed', message: expect.stringContaining(reason) }),
    );
  });

  test('a tag counts as an item and as a level', () => {
    expect(decodeHex(`${'d2'.repeat(8)} 00`, { tags })).toBeInstanceOf(CborTag);
    expect(() => decodeHex(`9880 ${'d200'.repeat(128)}`, { tags })).toThrow('more items');
  });
});

describe('the reader of any well-formed item', () => {
  const read = (hex: string) =>
    decodeWellFormedCbor(Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex')), CODE_LIMITS);
  const cases = Object.entries(NOT_WELL_FORMED).flatMap(([reason, items]) =>
    items.map((hex) => [reason, hex] as const),
  );

  test.each(cases)('refuses %s: %s', (_, hex) => {
    expect(() => read(hex)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  test.each<[string, string, CborValue]>([
    ['a head longer than needed', '1b0000000000000017', 23],
    [
      'keys in any order',
      'a2 02 00 01 00',
      new Map([
        [2, 0],
        [1, 0],
      ]),
    ],
    ['an indefinite array in an indefinite map', 'bf 6161 9f01ff ff', new Map([['a', [1]]])],
    ['a byte string in chunks', '5f 4101 40 420203 ff', Uint8Array.of(1, 2, 3)],
    ['a text in chunks', '7f 6161 62c3bc ff', 'aü'],
    ['a text in chunks as key', 'a1 7f6161ff 00', new Map([['a', 0]])],
    ['text that is not NFC', '63 65cc81', 'e\u0301'],
    ['undefined, as null', 'f7', null],
    ['a half', 'f93e00', 1.5],
    ['the smallest half', 'f90001', 2 ** -24],
    ['the largest half', 'f97bff', 65_504],
    ['a negative half', 'f9c400', -4],
    ['infinity in a half', 'f9fc00', Number.NEGATIVE_INFINITY],
    ['a number that is none', 'f97e00', Number.NaN],
    ['a single', 'fa47c35000', 100_000],
    ['a double', 'fbc010666666666666', -4.1],
    ['any tag', 'd9 d9f7 c1 00', new CborTag(55_799, new CborTag(1, 0))],
  ])('reads %s', (_, hex, value) => expect(read(hex)).toEqual(value));

  test.each([
    ['a repeated key', 'a2 01 00 01 00', 'repeated'],
    ['a repeated key in another spelling', 'a2 01 00 1801 00', 'repeated'],
    ['a float as key', 'a2 01 00 f93c00 00', 'key'],
    ['a byte string as key', 'a1 4101 00', 'key'],
    ['a tag as key', 'a1 c101 00', 'key'],
    ['a break as the second key of two', 'a2 0100 ff', 'break'],
    ['2^53', '1b0020000000000000', '2^53'],
    ['-2^53', '3b001fffffffffffff', '2^53'],
    ['simple(59)', 'f83b', 'simple'],
    ['text that is not UTF-8', '61ff', 'UTF-8'],
    ['a character split between chunks', '7f 61c3 61bc ff', 'UTF-8'],
    ['a text of chunks longer than 256 bytes', `7f ${`7880${'61'.repeat(128)}`.repeat(3)} ff`, 'text longer'],
    ['bytes after the item', '0000', 'after the item'],
    ['nesting deeper than 8', `${'9f'.repeat(9)}`, 'deeper'],
    ['tags deeper than 8', `${'c1'.repeat(9)}00`, 'deeper'],
    ['more than 256 items', `9f${'00'.repeat(256)}ff`, 'more items'],
    ['more than 256 chunks', `5f${'40'.repeat(256)}ff`, 'more items'],
    ['a count of 2^53', '9b0020000000000000', 'cut off'],
  ])('refuses %s', (_, hex, reason) => {
    expect(() => read(hex)).toThrow(
      expect.objectContaining({ code: 'malformed', message: expect.stringContaining(reason) }),
    );
  });

  test('refuses more bytes than the limit before it looks at them', () => {
    expect(() => decodeWellFormedCbor(new Uint8Array(CODE_LIMITS.bytes + 1), CODE_LIMITS)).toThrow(
      expect.objectContaining({ code: 'too_large' }),
    );
  });

  test('gives what the strict decoder gives, wherever that accepts', () => {
    const grants = { tags: [0, 1, 18] };
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        let strict: CborValue;
        try {
          strict = decodeCbor(bytes, CODE_LIMITS, grants);
        } catch {
          return;
        }
        expect(decodeWellFormedCbor(bytes, CODE_LIMITS)).toEqual(strict);
      }),
      { numRuns: 20_000 },
    );
  });

  test('whatever the bytes are, it reads them or refuses them', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          decodeWellFormedCbor(bytes, CODE_LIMITS);
        } catch (error) {
          expect(error).toMatchObject({ code: 'malformed' });
        }
      }),
      { numRuns: 20_000 },
    );
  });
});

test('the ideographs that are read without the runtime come out as the runtime reads them, and are in NFC', () => {
  for (let code = 0x4000; code < 0xa000; code += 64) {
    const text = String.fromCharCode(...Array.from({ length: 64 }, (_, i) => code + i));
    expect(text.normalize('NFC')).toBe(text);
    expect(decodeCbor(encodeCbor(text), CODE_LIMITS)).toBe(text);
  }
});

describe('characters', () => {
  /** As the document lists them. */
  const listed = readFileSync(new URL('../../../docs/characters.txt', import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('-').map((hex) => Number.parseInt(hex, 16)));

  test('are those that the document lists, and no others', () => {
    const wrong: number[] = [];
    let at = 0;
    for (const [first = 0, last = first] of listed) {
      for (; at < first; at++) if (isInRepertoire(String.fromCodePoint(at))) wrong.push(at);
      for (; at <= last; at++) if (!isInRepertoire(String.fromCodePoint(at))) wrong.push(at);
    }
    for (; at <= 0x10_ffff; at++) if (isInRepertoire(String.fromCodePoint(at))) wrong.push(at);
    expect(wrong).toEqual([]);
    expect(listed.length).toBeGreaterThan(300);
  });

  test.each([
    ['a mark of Unicode 17 that combines', 'a\u1acf\u0316'],
    ['letters of Unicode 16 that compose', '\u{16d67}\u{16d67}'],
    ['one that nobody assigned', 'a\u0378'],
    ['a noncharacter', 'a\ufffe'],
    ['a picture', '\u{1f600}'],
    ['private use beyond the basic plane', '\u{f0000}'],
  ])('%s is refused, whatever the runtime knows of it', (_, text) => {
    expect(() => decodeCbor(encodeCbor(text), CODE_LIMITS)).toThrow('a character that the format does not have');
  });

  test.each([
    '\ue863',
    '\u{20bb7}田',
    '\u{2ebf0}',
    '\u{323af}',
    '\u{32400}',
    '\u{16f00}',
    '\u{1b170}',
    'ཀྲ',
    'ئا',
    'ᠮᠣ',
  ])('%j is taken', (text) => {
    expect(decodeCbor(encodeCbor(text), CODE_LIMITS)).toBe(text);
  });
});

describe('deterministic encoding', () => {
  const GRANTS = { tags: [0, 18, 61, 255, 256, 65_536, 2 ** 32], redactedClaimKeys: true } as const;
  const { value } = fc.letrec<{ value: CborValue; leaf: CborValue }>((tie) => ({
    leaf: fc.oneof(
      fc.maxSafeInteger(),
      fc.uint8Array({ maxLength: 40 }),
      fc.boolean(),
      fc.constant(null),
      fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) =>
        keepKnown(text)
          .normalize('NFC')
          .replace(/^\ufeff+/, ''),
      ),
    ),
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      tie('leaf'),
      fc.tuple(fc.constantFrom(...GRANTS.tags), tie('value')).map(([tag, item]) => new CborTag(tag, item)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc
        .uniqueArray(
          fc.tuple(
            fc.oneof(fc.maxSafeInteger(), fc.string({ maxLength: 5 }), fc.constant(REDACTED_CLAIM_KEYS)),
            tie('value'),
          ),
          {
            maxLength: 4,
            selector: ([key]) => key,
          },
        )
        .map((entries) => new Map(entries)),
    ),
  }));

  test('every value comes back, and its bytes are the only ones that are accepted for it', () => {
    fc.assert(
      fc.property(value, (item) => {
        const bytes = encodeCbor(item);
        expect(encodeCbor(decodeCbor(bytes, CODE_LIMITS, GRANTS))).toEqual(bytes);
      }),
    );
  });

  test('whatever bytes are accepted encode to the same bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        let item: CborValue;
        try {
          item = decodeCbor(bytes, CODE_LIMITS, GRANTS);
        } catch (error) {
          expect(error).toMatchObject({ code: 'malformed' });
          return;
        }
        expect(encodeCbor(item)).toEqual(bytes);
      }),
      { numRuns: 20_000 },
    );
  });

  test('refuses numbers that are no exact integers', () => {
    for (const number of [0.5, Number.NaN, 2 ** 53]) {
      expect(() => encodeCbor(number)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_CONTENT' }));
    }
  });
});
