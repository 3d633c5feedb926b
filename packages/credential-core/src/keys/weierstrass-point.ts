import { decodeHex } from '../bytes/hex.ts';
import { nodeCrypto } from './node-crypto.ts';

/** y² = x³ − 3x + b over a prime field, p ≡ 3 (mod 4): what the two curves have in common. */
export const CURVES = {
  /** SEC 2 §2.4.2 */
  'P-256': {
    p: 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  /** GB/T 32918.5-2017 */
  sm2p256v1: {
    p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
    b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
  },
} as const;

/** The x-coordinate of the generator of P-256 (SEC 2 §2.4.2). */
const GENERATOR_X = decodeHex('6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296') as Uint8Array;

export type CurveName = keyof typeof CURVES;

/** A point of a curve, other than infinity. */
export interface AffinePoint {
  readonly x: bigint;
  readonly y: bigint;
}

/**
 * The point with this x-coordinate and this parity of y (SEC 1 §2.3.4).
 *
 * @param x 32 bytes
 * @returns 65 bytes, uncompressed, or undefined when the curve has no such point
 */
export function decompressPoint(curve: CurveName, x: Uint8Array, yIsOdd: boolean): Uint8Array | undefined {
  if (curve === 'P-256' && isNative()) return decompressNatively(x, yIsOdd);
  const { p, b } = CURVES[curve];
  const a = readBigEndian(x);
  if (a >= p) return undefined;
  const square = ((((a * a - 3n) * a + b) % p) + p) % p;
  const root = power(square, (p + 1n) / 4n, p);
  if ((root * root) % p !== square) return undefined;
  const y = (root & 1n) === (yIsOdd ? 1n : 0n) ? root : p - root;
  const point = new Uint8Array(65);
  point[0] = 4;
  point.set(x, 1);
  for (let i = 64, rest = y; i > 32; i--, rest >>= 8n) point[i] = Number(rest & 255n);
  return point;
}

/**
 * The coordinates of an uncompressed point (SEC 1 §2.3.4).
 *
 * @param uncompressed 65 bytes
 * @returns undefined for what is no point of the curve
 */
export function readPoint(curve: CurveName, uncompressed: Uint8Array): AffinePoint | undefined {
  const { p, b } = CURVES[curve];
  const x = readBigEndian(uncompressed.subarray(1, 33));
  const y = readBigEndian(uncompressed.subarray(33));
  if (x >= p || y >= p || (y * y - ((x * x - 3n) * x + b)) % p !== 0n) return undefined;
  return { x, y };
}

/** A trust list may have many keys of P-256, each of which has its kid by both coordinates: OpenSSL finds them in a third of the time. */
function decompressNatively(x: Uint8Array, yIsOdd: boolean): Uint8Array | undefined {
  try {
    const compressed = Uint8Array.of(yIsOdd ? 3 : 2, ...x);
    const point = nodeCrypto?.ECDH.convertKey(compressed, 'prime256v1', undefined, undefined, 'uncompressed');
    return point instanceof Uint8Array ? Uint8Array.from(point) : undefined;
  } catch {
    return undefined;
  }
}

let native: boolean | undefined;

/** Asked once, for a point that there is: not every runtime that has node:crypto has all of it. */
function isNative(): boolean {
  native ??= decompressNatively(GENERATOR_X, true) !== undefined;
  return native;
}

/** Four bits at a time. Nothing in it is secret, so that it may take a time that depends on the value. */
function power(base: bigint, exponent: bigint, modulus: bigint): bigint {
  const powers = [1n];
  for (let i = 1; i < 16; i++) powers.push(((powers[i - 1] as bigint) * base) % modulus);
  let result = 1n;
  for (const digit of exponent.toString(16)) {
    for (let i = 0; i < 4; i++) result = (result * result) % modulus;
    result = (result * (powers[Number.parseInt(digit, 16)] as bigint)) % modulus;
  }
  return result;
}

export function readBigEndian(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}
