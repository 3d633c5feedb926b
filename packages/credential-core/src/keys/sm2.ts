import { sm2 as library, sm3 } from 'sm-crypto-v2';
import { concatBytes } from '../bytes/equal.ts';
import { decodeHex, encodeHex } from '../bytes/hex.ts';
import { CredentialError } from '../errors.ts';
import type { SignatureAlgorithm, Signer } from './signature.ts';
import { type AffinePoint, decompressPoint, readBigEndian, readPoint } from './weierstrass-point.ts';
import { GROUPS, isSumAt } from './weierstrass-sum.ts';

/** GB/T 35276-2017 §10: the identity that signer and verifier mix into the hash where they have agreed on no other. */
const USER_ID = '1234567812345678';

const OPTIONS = { hash: true, der: false, userId: USER_ID };

const { order } = GROUPS.sm2p256v1;

/** SM2 with SM3 (GB/T 32918.2-2016 §7), checked in JavaScript: the library hashes, and multiplies as if the numbers were secret. */
export const sm2: SignatureAlgorithm = {
  name: 'SM2',
  createVerifier(compressed) {
    let prepared: { readonly key: PreparedKey | undefined } | undefined;
    return async (message, signature) => {
      // Not before it is needed: a trust list may have many keys, and each has a square root to find.
      prepared ??= { key: prepareKey(compressed) };
      const { key } = prepared;
      if (!key || signature.length !== 64) return false;
      const r = readBigEndian(signature.subarray(0, 32));
      const s = readBigEndian(signature.subarray(32));
      const t = (r + s) % order;
      if (!isScalar(r) || !isScalar(s) || t === 0n) return false;
      const hash = BigInt(`0x${sm3(concatBytes([key.identity, message]))}`);
      return isSumAt('sm2p256v1', s, t, key.point, (((r - hash) % order) + order) % order);
    };
  },
};

interface PreparedKey {
  readonly point: AffinePoint;
  /** Z of GB/T 32918.2-2016 §5.5, the same for all that a key signs. */
  readonly identity: Uint8Array;
}

function prepareKey(compressed: Uint8Array): PreparedKey | undefined {
  const uncompressed = decompressPoint('sm2p256v1', compressed.subarray(1), compressed[0] === 3);
  const point = uncompressed && readPoint('sm2p256v1', uncompressed);
  return point && { point, identity: library.getZ(encodeHex(uncompressed), USER_ID) };
}

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
  const number = readBigEndian(privateKey);
  if (privateKey.length !== 32 || !isScalar(number) || number === order - 1n) {
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

function isScalar(value: bigint): boolean {
  return value > 0n && value < order;
}
