import { Buffer } from 'node:buffer';
import { createPublicKey, ECDH, type KeyObject, verify } from 'node:crypto';
import { cdeEncodeOptions, encode } from 'cbor2';
import { asBytes, hash, type Item, need } from './read.ts';

/** A COSE_Key in the one form that there is, and what it can check. */
export interface IndependentKey {
  readonly algorithm: 'Ed25519' | 'ES256' | 'SM2';
  readonly bytes: Buffer;
  readonly kid: Buffer | undefined;
  readonly coseKey: Uint8Array;
  check(message: Uint8Array, signature: Uint8Array): boolean;
}

export class Unsupported extends Error {}

const P = 2n ** 255n - 19n;
/** The y-coordinate of a point of order eight; the other ones are its negative, 0, 1 and −1. */
const Y8 = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const SMALL = new Set([0n, 1n, P - 1n, Y8, P - Y8]);

export function readKey(map: Map<unknown, Item>): IndependentKey {
  return { ...readAny(map), coseKey: encodeCbor(map) };
}

function readAny(map: Map<unknown, Item>): Omit<IndependentKey, 'coseKey'> {
  const x = asBytes(map.get(-2), 32);
  if (map.get(1) === 1 && map.get(-1) === 6 && map.size === 3) return readEd25519(x);
  const y = map.get(-3);
  need(map.get(1) === 2 && typeof y === 'boolean' && map.size === 4, 'no key');
  const bytes = Buffer.concat([Buffer.of(y ? 3 : 2), x]);
  if (map.get(-1) === 1) return readP256(bytes);
  need(map.get(-1) === -65_600, 'another curve');
  const refuse = () => {
    throw new Unsupported();
  };
  return { algorithm: 'SM2', bytes, kid: thumbprint(uncompress(bytes, 'SM2'), -65_600), check: refuse };
}

function readEd25519(x: Buffer): Omit<IndependentKey, 'coseKey'> {
  const y = littleEndian(x) & (2n ** 255n - 1n);
  const isSound = y < P && !SMALL.has(y % P);
  let key: KeyObject | undefined;
  const members = new Map<number, unknown>([
    [1, 1],
    [-1, 6],
    [-2, x],
  ]);
  const kid = hash(encodeCbor(members)).subarray(0, 8);
  return {
    algorithm: 'Ed25519',
    bytes: x,
    kid,
    check(message, signature) {
      if (!isSound || signature.length !== 64) return false;
      const r = littleEndian(signature.subarray(0, 32)) & (2n ** 255n - 1n);
      if (r <= P + 1n && SMALL.has(r % P)) return false;
      key ??= createPublicKey({
        key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), x]),
        format: 'der',
        type: 'spki',
      });
      return verify(null, message, key, signature);
    },
  };
}

function readP256(bytes: Buffer): Omit<IndependentKey, 'coseKey'> {
  const point = uncompress(bytes, 'prime256v1');
  const head = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex');
  let key: KeyObject | undefined;
  return {
    algorithm: 'ES256',
    bytes,
    kid: thumbprint(point, 1),
    check(message, signature) {
      if (!point || signature.length !== 64) return false;
      key ??= createPublicKey({ key: Buffer.concat([head, point]), format: 'der', type: 'spki' });
      return verify('sha256', message, { key, dsaEncoding: 'ieee-p1363' }, signature);
    },
  };
}

/** OpenSSL finds y; undefined where there is none. */
function uncompress(bytes: Buffer, curve: string): Buffer | undefined {
  try {
    return ECDH.convertKey(bytes, curve, undefined, undefined, 'uncompressed') as Buffer;
  } catch {
    return undefined;
  }
}

function thumbprint(point: Buffer | undefined, curve: number): Buffer | undefined {
  if (!point) return undefined;
  const members = new Map<number, unknown>([
    [1, 2],
    [-1, curve],
    [-2, point.subarray(1, 33)],
    [-3, point.subarray(33)],
  ]);
  return hash(encodeCbor(members)).subarray(0, 8);
}

export function encodeCbor(value: unknown): Uint8Array {
  return encode(toPlain(value), cdeEncodeOptions);
}

/** cbor2 writes a Buffer as something else than bytes. */
function toPlain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value);
  if (Array.isArray(value)) return value.map(toPlain);
  return value instanceof Map ? new Map([...value].map(([key, item]) => [key, toPlain(item)])) : value;
}

function littleEndian(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}
