import { Buffer } from 'node:buffer';
import { createECDH, createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { cbor, type Plain } from './cbor.ts';

/** Keys whose secrets everybody knows, and signatures that come out the same each time. */

export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

export interface Key {
  /** The COSE algorithm that its messages name. */
  readonly algorithm: number;
  readonly coseKey: ReadonlyMap<Plain, Plain>;
  readonly kid: Uint8Array;
  sign(message: Uint8Array): Uint8Array;
}

/** RFC 8032 §5.1.5: the secret is `seed` 32 times. */
export function ed25519(seed: number): Key {
  const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const x = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { ...ed25519Public(x), sign: (message) => sign(null, message, secret) };
}

/** A public key that nobody need hold the secret of; its signatures are zeros. */
export function ed25519Public(x: Uint8Array): Key {
  const coseKey = new Map<Plain, Plain>([
    [1, 1],
    [-1, 6],
    [-2, x],
  ]);
  return { algorithm: -19, coseKey, kid: thumbprint(coseKey), sign: () => Buffer.alloc(64) };
}

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** ECDSA on P-256 with a nonce that is a hash of secret and message; `highS` gives the other of the two signatures. */
export function p256(seed: number, { highS = false } = {}): Key {
  const secret = Buffer.alloc(32, seed);
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(secret);
  return {
    ...weierstrassPublic(curve.getPublicKey(), 1, -9),
    sign(message) {
      const nonce = sha256(secret, message);
      const point = createECDH('prime256v1');
      point.setPrivateKey(nonce);
      const r = toBigInt(point.getPublicKey().subarray(1, 33)) % P256_ORDER;
      const z = toBigInt(sha256(message));
      const s = (invert(toBigInt(nonce)) * (z + r * toBigInt(secret))) % P256_ORDER;
      const isHigh = s > P256_ORDER / 2n;
      return Buffer.concat([toBytes(r), toBytes(isHigh === highS ? s : P256_ORDER - s)]);
    },
  };
}

/** The generator (GB/T 32918.5-2017): without the plug-in nobody checks, so nobody need sign. */
export function sm2(): Key {
  const point = Buffer.from(
    `04${'32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7'}${'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0'}`,
    'hex',
  );
  return weierstrassPublic(point, -65_600, -65_600);
}

/** @param point uncompressed */
export function weierstrassPublic(point: Uint8Array, curve: number, algorithm: number): Key {
  const [x, y] = [point.subarray(1, 33), point.subarray(33)];
  const members = (last: Plain) =>
    new Map<Plain, Plain>([
      [1, 2],
      [-1, curve],
      [-2, x],
      [-3, last],
    ]);
  const isOdd = ((y[31] as number) & 1) === 1;
  return { algorithm, coseKey: members(isOdd), kid: thumbprint(members(y)), sign: () => Buffer.alloc(64, 1) };
}

/** RFC 9679: the hash of the required members, of which the first eight bytes are the kid. */
function thumbprint(required: ReadonlyMap<Plain, Plain>): Uint8Array {
  return sha256(cbor(required)).subarray(0, 8);
}

function invert(value: bigint): bigint {
  let [result, base] = [1n, value % P256_ORDER];
  for (let exponent = P256_ORDER - 2n; exponent > 0n; exponent >>= 1n, base = (base * base) % P256_ORDER) {
    if (exponent & 1n) result = (result * base) % P256_ORDER;
  }
  return result;
}

function toBigInt(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
}

function toBytes(value: bigint): Uint8Array {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}
