import { type WeierstrassPoint, weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { p256 } from '@noble/curves/nist.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CurveName } from '../src/keys/weierstrass-point.ts';
import { GROUPS, invert, isSumAt } from '../src/keys/weierstrass-sum.ts';

/** GB/T 32918.5-2017, written down once more: computed by other formulas, in another library. */
const Sm2Point = weierstrass({
  p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
  a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
  b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
  h: 1n,
  Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
  Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
});

const CURVES: [CurveName, typeof Sm2Point][] = [
  ['P-256', p256.Point],
  ['sm2p256v1', Sm2Point],
];

describe.each(CURVES)('u·G + v·P on %s', (name, Point) => {
  const { order } = GROUPS[name];
  const modulo = (number: bigint) => ((number % order) + order) % order;
  const multiples = new Map<bigint, WeierstrassPoint<bigint>>();
  const multiple = (scalar: bigint) => {
    const known = multiples.get(scalar) ?? Point.BASE.multiplyUnsafe(scalar);
    multiples.set(scalar, known);
    return known;
  };

  /** P = k·G, so that the other library needs one multiplication. */
  function expectSum(u: bigint, v: bigint, k: bigint) {
    const { x, y } = multiple(k).toAffine();
    const sum = multiple(modulo(u + v * k));
    if (sum.is0()) {
      for (const any of [0n, 1n, x % order]) expect(isSumAt(name, u, v, { x, y }, any)).toBe(false);
      return;
    }
    const expected = sum.toAffine().x % order;
    expect(isSumAt(name, u, v, { x, y }, expected), `${u} ${v} ${k}`).toBe(true);
    expect(isSumAt(name, u, v, { x, y }, modulo(expected + 1n)), `${u} ${v} ${k}`).toBe(false);
  }

  test('is the generator and the order of the standard', () => {
    expect(order).toBe(Point.Fn.ORDER);
    expect(GROUPS[name].generator).toEqual(Point.BASE.toAffine());
  });

  test('any scalars, any point', () => {
    const scalar = fc.bigInt({ min: 1n, max: order - 1n });
    fc.assert(
      fc.property(scalar, scalar, scalar, (u, v, k) => expectSum(u, v, k)),
      { numRuns: 200 },
    );
  });

  // Where an addition meets the same point, its opposite or infinity, the plain formulas are wrong.
  test('scalars that are small, for every small multiple of the generator and its opposite', () => {
    for (let k = 1n; k <= 6n; k++) {
      for (let u = 0n; u <= 14n; u++) {
        for (let v = 1n; v <= 8n; v++) {
          expectSum(u, v, k);
          expectSum(u, v, order - k);
        }
      }
    }
  });

  test('scalars that are nearly the order', () => {
    for (const k of [1n, 2n, order - 1n, (order + 1n) / 2n]) {
      for (let i = 1n; i <= 6n; i++) {
        for (const u of [0n, 1n, i, order - i, (order - i) / 2n]) {
          for (const v of [i, order - i, modulo(-u * invert(k, order)) || 1n]) expectSum(u, v, k);
        }
      }
    }
  });

  test('the sum at infinity has no coordinate', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: order - 1n }), fc.bigInt({ min: 1n, max: order - 1n }), (v, k) => {
        const { x, y } = multiple(k).toAffine();
        for (const any of [0n, 1n, x % order]) expect(isSumAt(name, modulo(-v * k), v, { x, y }, any)).toBe(false);
      }),
      { numRuns: 50 },
    );
  });

  test('a number times its inverse is one', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: order - 1n }), (number) => {
        expect((number * invert(number, order)) % order).toBe(1n);
      }),
    );
    for (const number of [1n, 2n, order - 1n]) expect((number * invert(number, order)) % order).toBe(1n);
  });
});

test('an x-coordinate between the order and p stands for what it is modulo the order', () => {
  // The first point of P-256 whose x is not less than the order.
  const { order } = GROUPS['P-256'];
  for (let x = order; ; x++) {
    const bytes = Uint8Array.from(Buffer.from(`02${x.toString(16).padStart(64, '0')}`, 'hex'));
    let point: ReturnType<typeof p256.Point.fromBytes>;
    try {
      point = p256.Point.fromBytes(bytes);
    } catch {
      continue;
    }
    const { x: affineX, y } = point.toAffine();
    expect(affineX).toBe(x);
    expect(isSumAt('P-256', 0n, 1n, { x, y }, x - order)).toBe(true);
    expect(isSumAt('P-256', 0n, 1n, { x, y }, x - order + 1n)).toBe(false);
    return;
  }
});
