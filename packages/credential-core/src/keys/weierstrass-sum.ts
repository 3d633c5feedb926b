import { type AffinePoint, CURVES, type CurveName } from './weierstrass-point.ts';

/**
 * The one operation that checking ECDSA and SM2 in JavaScript is made of, for where no runtime does it. For signatures only:
 * it takes a time that depends on the numbers, all of which are public, and signs nothing.
 *
 * Coordinates are Jacobian, which for a = −3 takes half of the multiplications of the complete formulas that libraries use to hide
 * secrets: a code of three signatures is then checked in less than 5 ms. What such formulas are not good for (doubling by
 * adding, the sum of opposites) is told apart below.
 */

/** x = X/Z², y = Y/Z³; Z is 0 at infinity. All modulo p, and so they may be negative. */
type Jacobian = readonly [x: bigint, y: bigint, z: bigint];

interface Group {
  /** How many points there are, a prime. */
  readonly order: bigint;
  readonly generator: AffinePoint;
}

export const GROUPS: Readonly<Record<CurveName, Group>> = {
  /** SEC 2 §2.4.2 */
  'P-256': {
    order: 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n,
    generator: {
      x: 0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
      y: 0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
    },
  },
  /** GB/T 32918.5-2017 */
  sm2p256v1: {
    order: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
    generator: {
      x: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
      y: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
    },
  },
};

const INFINITY: Jacobian = [0n, 1n, 0n];

/** Widths of the windows: a table is made for each key, that of the generator once. */
const KEY_WINDOW = 5;
const GENERATOR_WINDOW = 7;

/**
 * Whether u·G + v·P has the x-coordinate `x` modulo the order n, G being the generator.
 *
 * @param u from 0 to n − 1, as are `v` and `x`
 * @param point of the curve; that it is one is the caller's to know
 */
export function isSumAt(curve: CurveName, u: bigint, v: bigint, point: AffinePoint, x: bigint): boolean {
  const { p } = CURVES[curve];
  const [sumX, , sumZ] = addMultiples(p, [
    [writeDigits(u, GENERATOR_WINDOW), findGeneratorTable(curve)],
    [writeDigits(v, KEY_WINDOW), listOddMultiples(point, KEY_WINDOW, p)],
  ]);
  if (sumZ === 0n) return false;
  // Compared as fractions, which saves an inversion. The order is less than p: some x stand for two coordinates.
  const square = sumZ * sumZ;
  for (let candidate = x; candidate < p; candidate += GROUPS[curve].order) {
    if ((candidate * square - sumX) % p === 0n) return true;
  }
  return false;
}

/** The inverse of a number that is not 0 modulo a prime. */
export function invert(number: bigint, modulus: bigint): bigint {
  let [rest, next, factor, nextFactor] = [modulus, number, 0n, 1n];
  while (next !== 0n) {
    const quotient = rest / next;
    [rest, next] = [next, rest - quotient * next];
    [factor, nextFactor] = [nextFactor, factor - quotient * nextFactor];
  }
  return factor < 0n ? factor + modulus : factor;
}

const generatorTables = new Map<CurveName, readonly Jacobian[]>();

function findGeneratorTable(curve: CurveName): readonly Jacobian[] {
  const known = generatorTables.get(curve);
  if (known) return known;
  const table = listOddMultiples(GROUPS[curve].generator, GENERATOR_WINDOW, CURVES[curve].p);
  generatorTables.set(curve, table);
  return table;
}

/** P, 3·P, 5·P … as many as a window of signed digits needs. */
function listOddMultiples({ x, y }: AffinePoint, window: number, p: bigint): readonly Jacobian[] {
  const table: Jacobian[] = [[x, y, 1n]];
  const twice = double([x, y, 1n], p);
  while (table.length < 2 ** (window - 2)) table.push(add(table.at(-1) as Jacobian, twice, p));
  return table;
}

/**
 * Digits in base 2, the least significant first, each 0 or odd and below 2^(window − 1) in size: after one that is not 0 come as
 * many zeros as the window is wide, less one.
 */
function writeDigits(scalar: bigint, window: number): readonly number[] {
  const size = 2 ** window;
  const mask = BigInt(size - 1);
  const digits: number[] = [];
  for (let rest = scalar; rest > 0n; rest >>= 1n) {
    let digit = 0;
    if (rest & 1n) {
      digit = Number(rest & mask);
      if (digit >= size / 2) digit -= size;
      rest -= BigInt(digit);
    }
    digits.push(digit);
  }
  return digits;
}

/** The sum of several multiples, which share their doublings (Straus). */
function addMultiples(p: bigint, multiples: readonly (readonly [readonly number[], readonly Jacobian[]])[]): Jacobian {
  let sum = INFINITY;
  for (let at = Math.max(...multiples.map(([digits]) => digits.length)) - 1; at >= 0; at--) {
    sum = double(sum, p);
    for (const [digits, table] of multiples) {
      const digit = digits[at];
      if (!digit) continue;
      const [x, y, z] = table[(Math.abs(digit) - 1) / 2] as Jacobian;
      sum = add(sum, digit < 0 ? [x, -y, z] : [x, y, z], p);
    }
  }
  return sum;
}

/** Bernstein and Lange, Explicit-Formulas Database, shortw/jacobian-3/doubling/dbl-2001-b; at infinity it stays there. */
function double([x, y, z]: Jacobian, p: bigint): Jacobian {
  const delta = (z * z) % p;
  const gamma = (y * y) % p;
  const beta = (x * gamma) % p;
  const alpha = (3n * (x - delta) * (x + delta)) % p;
  const newX = (alpha * alpha - 8n * beta) % p;
  return [newX, (alpha * (4n * beta - newX) - 8n * gamma * gamma) % p, (2n * y * z) % p];
}

/** The same, shortw/jacobian-3/addition/add-1998-cmo-2, with the cases that it is wrong for. */
function add(left: Jacobian, right: Jacobian, p: bigint): Jacobian {
  const [x1, y1, z1] = left;
  const [x2, y2, z2] = right;
  if (z1 === 0n) return right;
  if (z2 === 0n) return left;
  const square1 = (z1 * z1) % p;
  const square2 = (z2 * z2) % p;
  const u = (x1 * square2) % p;
  const s = (((y1 * z2) % p) * square2) % p;
  const h = (x2 * square1 - u) % p;
  const r = (((y2 * z1) % p) * square1 - s) % p;
  // One x: the same point, or its opposite.
  if (h === 0n) return r === 0n ? double(left, p) : INFINITY;
  const hh = (h * h) % p;
  const hhh = (h * hh) % p;
  const v = (u * hh) % p;
  const x = (r * r - hhh - 2n * v) % p;
  return [x, (r * (v - x) - s * hhh) % p, (((z1 * z2) % p) * h) % p];
}
