import { expect, test } from 'vitest';
import { decodeCbor } from '../../packages/credential-core/src/cbor/decode.ts';
import { encodeCbor } from '../../packages/credential-core/src/cbor/encode.ts';
import { CODE_LIMITS } from '../../packages/credential-core/src/limits.ts';
import { describeVectors, fromHex, readVectors } from './vectors.ts';

const refusal = expect.objectContaining({ code: 'malformed', message: expect.stringMatching(/^cbor: ./) });

/** Items of RFC 7049 Appendix A that the profile allows; every other is refused. */
const ALLOWED = /^(?:[\d-]|"|\[|\{|true|false|null|h')/;

describeVectors('CBOR against public vectors', () => {
  const appendixA = readVectors<{ hex: string; decoded?: unknown; diagnostic?: string }[]>('cbor/appendix_a.json');
  const cases = appendixA.map(({ hex, decoded, diagnostic }) => [hex, diagnostic ?? JSON.stringify(decoded)] as const);

  test.each(cases)('RFC 7049 Appendix A: %s', (hex, shown) => {
    const bytes = fromHex(hex);
    const accepted = accepts(bytes);
    if (accepted) {
      expect(shown).toMatch(ALLOWED);
      expect(encodeCbor(decodeCbor(bytes, CODE_LIMITS))).toEqual(bytes);
    } else expect(() => decodeCbor(bytes, CODE_LIMITS)).toThrow(refusal);
  });

  test('RFC 7049 Appendix A: exactly the items outside the profile are refused', () => {
    const refused = cases.filter(([hex]) => !accepts(fromHex(hex))).map(([hex]) => hex);
    const outside = cases
      .map(([hex]) => hex)
      .filter(
        (hex) =>
          /^(?:1b000000e8d4a51000$)/.test(hex) === false &&
          (/^(?:f[9ab]|f7|f0|f8|[cd]|5f|7f|9f|bf|1bffff|3bffff)/.test(hex) || /(?:9f|bf)/.test(hex)),
      );
    expect(refused.sort()).toEqual(outside.sort());
  });

  test('dCBOR: every item of the invalid set is refused', () => {
    const invalid = readVectors<{ hex: string }[]>('cbor/dcbor/invalid.json');
    expect(invalid.length).toBeGreaterThan(20);
    for (const { hex } of invalid) expect(() => decodeCbor(fromHex(hex), CODE_LIMITS), hex).toThrow(refusal);
  });

  test('dCBOR: what is accepted of the valid set comes back byte for byte', () => {
    const valid = readVectors<{ hex: string }[]>('cbor/dcbor/valid.json').filter(({ hex }) => accepts(fromHex(hex)));
    expect(valid.length).toBeGreaterThan(10);
    for (const { hex } of valid) expect(encodeCbor(decodeCbor(fromHex(hex), CODE_LIMITS)), hex).toEqual(fromHex(hex));
  });
});

function accepts(bytes: Uint8Array): boolean {
  try {
    decodeCbor(bytes, CODE_LIMITS);
    return true;
  } catch {
    return false;
  }
}
