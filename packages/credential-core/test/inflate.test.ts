import { constants, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deflateZlib } from '../src/bytes/deflate.ts';
import { inflateZlib } from '../src/bytes/inflate.ts';

const refused = (code: string) => expect.objectContaining({ code });
const compressible = fc
  .array(fc.tuple(fc.uint8Array({ minLength: 1, maxLength: 30 }), fc.integer({ min: 1, max: 40 })), { maxLength: 20 })
  .map((runs) => new Uint8Array(Buffer.concat(runs.flatMap(([bytes, times]) => Array(times).fill(bytes)))));

describe('the strict zlib reader', () => {
  test('reads what zlib writes, at every level and strategy', () => {
    const levels = fc.constantFrom(0, 1, 6, 9);
    const strategies = fc.constantFrom(constants.Z_DEFAULT_STRATEGY, constants.Z_FIXED, constants.Z_HUFFMAN_ONLY);
    fc.assert(
      fc.property(compressible, levels, strategies, (bytes, level, strategy) => {
        expect(inflateZlib(deflateSync(bytes, { level, strategy }), 2 ** 20)).toEqual(bytes);
      }),
    );
  });

  test('reads a large list', async () => {
    const bytes = new Uint8Array(2 ** 20).map((_, i) => (i % 977 === 0 ? i : 0));
    expect(inflateZlib(await deflateZlib(bytes), 2 ** 20)).toEqual(bytes);
  });

  const stream = new Uint8Array(deflateSync(Buffer.from('zhengma '.repeat(20))));
  const changed = (at: number, value: number) =>
    stream.map((byte, i) => (i === (at + stream.length) % stream.length ? value : byte));

  test.each([
    ['bytes after the stream', new Uint8Array([...stream, 0])],
    ['a second stream', new Uint8Array([...stream, ...stream])],
    ['a wrong checksum', changed(-1, (stream.at(-1) as number) ^ 1)],
    ['a wrong header check', changed(1, 0)],
    ['a preset dictionary', new Uint8Array([0x78, 0xbb, 0, 0, 0, 0, 0, 0])],
    ['another method', new Uint8Array([0x79, 0x9c, 0, 0, 0, 0, 0, 0])],
    ['a reserved block type', new Uint8Array([0x78, 0x9c, 0x07, 0, 0, 0, 1])],
    ['a distance before the start', new Uint8Array([0x78, 0x9c, 0x03, 0x02, 0, 0, 0, 0, 1])],
    ['too few bytes', stream.subarray(0, 5)],
    ['a padding bit that is not zero', changed(-5, (stream.at(-5) as number) ^ 0x80)],
  ])('refuses %s', (_, bytes) => {
    expect(() => inflateZlib(bytes, 4096)).toThrow(refused('malformed'));
  });

  test('refuses every stream that is cut off', () => {
    for (let length = 0; length < stream.length; length++) {
      expect(() => inflateZlib(stream.subarray(0, length), 4096)).toThrow(refused('malformed'));
    }
  });

  test('stops at the limit: a bomb is refused, a stream of exactly the limit is not', () => {
    const bomb = deflateSync(new Uint8Array(2 ** 26));
    expect(() => inflateZlib(bomb, 16_384)).toThrow(refused('too_large'));
    expect(inflateZlib(deflateSync(new Uint8Array(16_384)), 16_384)).toHaveLength(16_384);
    expect(() => inflateZlib(deflateSync(new Uint8Array(16_385)), 16_384)).toThrow(refused('too_large'));
  });

  test('any bytes at all end in output or a refusal', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (body) => {
        try {
          inflateZlib(new Uint8Array([0x78, 0x9c, ...body]), 4096);
        } catch (error) {
          expect(['malformed', 'too_large']).toContain((error as { code: string }).code);
        }
      }),
      { numRuns: 5000 },
    );
  });
});
