import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase45, encodeBase45 } from '../src/bytes/base45.ts';

const utf8 = new TextEncoder();

describe('Base45, RFC 9285', () => {
  test.each([
    ['AB', 'BB8'],
    ['Hello!!', '%69 VD92EX0'],
    ['base-45', 'UJCLQE7W581'],
    ['ietf!', 'QED8WEX0'],
  ])('the examples of §4.3 and §4.4: %s', (text, encoded) => {
    expect(encodeBase45(utf8.encode(text))).toBe(encoded);
    expect(decodeBase45(encoded)).toEqual(utf8.encode(text));
  });

  test('every byte string comes back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(decodeBase45(encodeBase45(bytes))).toEqual(bytes);
      }),
    );
  });

  test.each([
    ['a character left over', 'BB8A'],
    ['a group above 65535 (§6)', 'GGW'],
    ['the last pair above 255', ':::'.slice(1)],
    ['lowercase', 'bb8'],
    ['a character outside the alphabet', 'BB_'],
    ['a fullwidth digit', 'BB８'],
    ['a line break', 'BB8\n'],
  ])('refuses %s', (_, encoded) => {
    expect(() => decodeBase45(encoded)).toThrow(expect.objectContaining({ code: 'malformed' }));
  });

  test('what it accepts has one spelling', () => {
    const alphabet = [...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'];
    const texts = fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 12 });
    fc.assert(
      fc.property(texts, (text) => {
        let bytes: Uint8Array;
        try {
          bytes = decodeBase45(text);
        } catch {
          return;
        }
        expect(encodeBase45(bytes)).toBe(text);
      }),
    );
  });
});
