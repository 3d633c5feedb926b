import { Decoder } from 'cbor-x';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CborValue, decodeCbor } from '../../packages/credential-core/src/cbor/decode.ts';
import { encodeCbor } from '../../packages/credential-core/src/cbor/encode.ts';
import { CODE_LIMITS } from '../../packages/credential-core/src/limits.ts';
import { describeVectors, fromHex, readVectors } from './vectors.ts';

const refusal = expect.objectContaining({ code: 'malformed', message: expect.stringMatching(/^cbor: ./) });

/** Tags, floats, undefined, other simple values, indefinite lengths, integers beyond 2^53 - 1, and U+10151. */
const OUTSIDE = /^(?:[cd]|f[79ab]|f0|f8|5f|7f|1bffff|3bffff|64f0908591)|9f|bf/;

describeVectors('CBOR against public vectors', () => {
  const appendixA = readVectors<{ hex: string; decoded?: unknown; diagnostic?: string }[]>('cbor/appendix_a.json');
  const cases = appendixA.map(({ hex, decoded, diagnostic }) => [hex, diagnostic ?? JSON.stringify(decoded)] as const);

  test.each(cases)('RFC 7049 Appendix A: %s %s', (hex) => {
    const bytes = fromHex(hex);
    if (OUTSIDE.test(hex)) expect(() => decodeCbor(bytes, CODE_LIMITS)).toThrow(refusal);
    else expect(encodeCbor(decodeCbor(bytes, CODE_LIMITS))).toEqual(bytes);
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

test('whatever is accepted is read by an independent decoder as the same values', () => {
  const reader = new Decoder({ mapsAsObjects: false, useRecords: false, int64AsNumber: true } as object);
  const { value } = fc.letrec<{ value: CborValue }>((tie) => ({
    value: fc.oneof(
      { depthSize: 'small', maxDepth: 4 },
      fc.oneof(
        fc.maxSafeInteger(),
        fc.uint8Array({ maxLength: 40 }),
        fc.constantFrom(true, false, null),
        fc.string({
          unit: fc.integer({ min: 0x20, max: 0x9fa5 }).map((code) => String.fromCodePoint(code)),
          maxLength: 60,
        }),
      ),
      fc.array(tie('value'), { maxLength: 30 }),
      fc
        .uniqueArray(fc.tuple(fc.oneof(fc.maxSafeInteger(), fc.string({ maxLength: 5 })), tie('value')), {
          maxLength: 30,
          selector: ([key]) => key,
        })
        .map((entries) => new Map(entries)),
    ),
  }));
  let compared = 0;
  const compare = (bytes: Uint8Array) => {
    let ours: CborValue;
    try {
      ours = decodeCbor(bytes, CODE_LIMITS);
    } catch {
      return;
    }
    compared++;
    expect(ours).toEqual(reader.decode(Uint8Array.from(bytes)));
  };
  fc.assert(fc.property(value, (item) => compare(encodeCbor(item))));
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 10 }), compare), { numRuns: 20_000 });
  expect(compared).toBeGreaterThan(300);
});
