import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { ed25519 } from './keys.ts';

/**
 * Ed25519 signatures (RFC 8032 §5.1) that a sound signer never makes. No point is computed: the multiples of the base point come
 * from node:crypto as public keys, and adding the point (0, −1) of order two turns both coordinates around.
 */

const P = 2n ** 255n - 19n;
export const L = 2n ** 252n + 27742317777372353535851937790883648493n;

/** The base point, 1·B. */
export const BASE = Buffer.from(`58${'66'.repeat(31)}`, 'hex');
/** (0, 1), of order one. */
export const IDENTITY = Buffer.from(`01${'00'.repeat(31)}`, 'hex');
/** One of order eight. */
export const ORDER_EIGHT = Buffer.from('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'hex');

/** RFC 8032 §5.1.5: the scalar of a secret that is `seed` 32 times. */
function scalar(seed: number): bigint {
  const hash = createHash('sha512').update(Buffer.alloc(32, seed)).digest().subarray(0, 32);
  hash[0] = (hash[0] as number) & 248;
  hash[31] = ((hash[31] as number) & 63) | 64;
  return little(hash);
}

export function publicKey(seed: number): Uint8Array {
  return ed25519(seed).coseKey.get(-2) as Uint8Array;
}

/** The point plus (0, −1). */
export function addOrderTwo(point: Uint8Array): Uint8Array {
  const sign = (point[31] as number) >> 7;
  const y = little(point) & (2n ** 255n - 1n);
  const turned = bytes(P - y);
  turned[31] = (turned[31] as number) | ((1 - sign) << 7);
  return turned;
}

export interface Unsound {
  readonly seed: number;
  /** What stands for A in the hash; default: the public key of the seed. */
  readonly a?: Uint8Array;
  /** The secret of R = r·B; without it r is 0. */
  readonly nonceSeed?: number;
  /** What stands for R; default: the public key of the nonce. */
  readonly r?: Uint8Array;
  /** How often the order of the group is added to S. */
  readonly raise?: bigint;
}

/** R and S = r + k·a for what is asked. */
export function signUnsoundly(message: Uint8Array, { seed, a, nonceSeed, r, raise = 0n }: Unsound): Uint8Array {
  const point = r ?? publicKey(nonceSeed as number);
  const k = challenge(point, a ?? publicKey(seed), message);
  const nonce = nonceSeed === undefined ? 0n : scalar(nonceSeed);
  return Buffer.concat([point, bytes(((nonce + k * scalar(seed)) % L) + raise * L)]);
}

/** k = H(R, A, M), RFC 8032 §5.1.7. */
export function challenge(r: Uint8Array, a: Uint8Array, message: Uint8Array): bigint {
  return little(createHash('sha512').update(r).update(a).update(message).digest()) % L;
}

/** A signature with the group's order added to S: the same equation, another spelling. */
export function raiseS(signature: Uint8Array, times = 1n): Uint8Array {
  return Buffer.concat([signature.subarray(0, 32), bytes(little(signature.subarray(32)) + times * L)]);
}

function little(value: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(value).reverse().toString('hex')}`);
}

function bytes(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse();
}
