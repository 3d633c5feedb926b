import { sm2 as library } from 'sm-crypto-v2';
import { decodeHex, encodeHex } from '../bytes/hex.ts';
import { CredentialError } from '../errors.ts';
import type { SignatureAlgorithm, Signer } from './signature.ts';
import { decompressPoint } from './weierstrass-point.ts';

/** GB/T 35276-2017 §10: the identity that signer and verifier mix into the hash where they have agreed on no other. */
const USER_ID = '1234567812345678';

const OPTIONS = { hash: true, der: false, userId: USER_ID };

/** The order of the group (GB/T 32918.5-2017). */
const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

/** SM2 with SM3 (GB/T 32918.2-2016), checked in JavaScript. */
export const sm2: SignatureAlgorithm = {
  name: 'SM2',
  createVerifier(compressed) {
    const point = decompressPoint('sm2p256v1', compressed.subarray(1), compressed[0] === 3);
    if (!point) return async () => false;
    const publicKey = encodeHex(point);
    return async (message, signature) => {
      if (signature.length !== 64) return false;
      const hex = encodeHex(signature);
      if (!isScalar(hex.slice(0, 64)) || !isScalar(hex.slice(64))) return false;
      try {
        return library.doVerifySignature(message, hex, publicKey, OPTIONS);
      } catch {
        return false;
      }
    };
  },
};

/**
 * An SM2 key whose secret is in this process: for tests and trials. Where the law asks for certified cryptography, write a
 * Signer for the module that has it.
 *
 * @param privateKey 32 bytes, big-endian, from 1 to n − 2
 * @throws TypeError when it is no Uint8Array; CredentialError `ERR_INVALID_KEY` when it is no SM2 private key
 */
export function importSm2Key(privateKey: Uint8Array): Signer {
  if (!(privateKey instanceof Uint8Array)) throw new TypeError('privateKey must be a Uint8Array');
  const secret = encodeHex(privateKey);
  if (privateKey.length !== 32 || !isScalar(secret) || BigInt(`0x${secret}`) === ORDER - 1n) {
    throw new CredentialError('ERR_INVALID_KEY', 'an SM2 private key is 32 bytes, from 1 to n - 2');
  }
  const publicKey = library.getPublicKeyFromPrivateKey(secret);
  return {
    algorithm: 'SM2',
    publicKey: decodeHex(publicKey) as Uint8Array,
    async sign(message) {
      return decodeHex(library.doSignature(message, secret, { ...OPTIONS, publicKey })) as Uint8Array;
    },
  };
}

/** 1 to n − 1, which the library does not look at. */
function isScalar(hex: string): boolean {
  const value = BigInt(`0x${hex}`);
  return value > 0n && value < ORDER;
}
