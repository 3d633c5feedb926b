import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { encodeBase45 } from '../src/bytes/base45.ts';
import { encodeCbor } from '../src/cbor/encode.ts';
import { type CborKey, CborTag, type CborValue } from '../src/cbor/value.ts';
import { encodeSigStructure } from '../src/cose/sign1.ts';

/** What a foreign issuer signs with, made by node:crypto alone. */
export interface ForeignSigner {
  /** The COSE number of its algorithm. */
  readonly alg: number;
  readonly publicKey: KeyObject;
  sign(message: Uint8Array): Uint8Array;
}

export function createForeignSigner(kind: 'EdDSA' | 'ES256' | 'PS256'): ForeignSigner {
  if (kind === 'EdDSA') {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    return { alg: -8, publicKey, sign: (message) => sign(null, message, privateKey) };
  }
  if (kind === 'ES256') {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
    return { alg: -7, publicKey, sign: (message) => sign('sha256', message, key) };
  }
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };
  return { alg: -37, publicKey, sign: (message) => sign('sha256', message, key) };
}

export function exportSpki(publicKey: KeyObject): Uint8Array {
  return publicKey.export({ format: 'der', type: 'spki' });
}

export type Entries = [CborKey, CborValue][];

/** A COSE_Sign1 of `claims`; by default tagged, with nothing but the algorithm in its headers. */
export function signForeign(
  claims: Entries | Uint8Array,
  signer: ForeignSigner,
  form: { protectedHeader?: Entries; unprotectedHeader?: Entries; tags?: number[] } = {},
): Uint8Array {
  const { protectedHeader = [], unprotectedHeader = [], tags = [18] } = form;
  const payload = claims instanceof Uint8Array ? claims : encodeCbor(new Map(claims));
  const protectedBytes = encodeCbor(new Map<CborKey, CborValue>([[1, signer.alg], ...protectedHeader]));
  const signature = signer.sign(encodeSigStructure(protectedBytes, payload));
  const message: CborValue = [protectedBytes, new Map(unprotectedHeader), payload, signature];
  return encodeCbor(tags.reduceRight<CborValue>((value, tag) => new CborTag(tag, value), message));
}

/** The text of a QR code. */
export function carry(bytes: Uint8Array, prefix: string): string {
  return prefix + encodeBase45(deflateSync(bytes));
}
