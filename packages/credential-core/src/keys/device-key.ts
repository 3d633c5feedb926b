import { CredentialError } from '../errors.ts';
import { asBufferSource } from './ed25519-runtime.ts';
import type { AlgorithmName, Signer } from './signature.ts';

/** A WebCrypto `CryptoKeyPair`, named here so that these types do not need a browser's. */
export interface DeviceKeyPair {
  /** A `CryptoKey` for `sign`; it need not be extractable. */
  readonly privateKey: object;
  /** Its `CryptoKey` for `verify`, extractable: it goes into the credential. */
  readonly publicKey: object;
}

/** A holder's key that WebCrypto keeps: nobody can read the private half, this page neither. */
export interface DeviceKey extends Signer {
  /** Ed25519 where this WebCrypto has it, else ES256. */
  readonly algorithm: 'Ed25519' | 'ES256';
  /** What to put into IndexedDB, which keeps keys without revealing them. */
  readonly keyPair: DeviceKeyPair;
}

const WEB_ALGORITHMS = {
  Ed25519: { generate: { name: 'Ed25519' }, sign: { name: 'Ed25519' } },
  ES256: { generate: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
} as const;

/**
 * A new device key that is not extractable. Ed25519 where this WebCrypto has it, else ES256, which every one has.
 *
 * @throws CredentialError `ERR_NO_WEBCRYPTO` on a page that is not served by https or from localhost
 */
export async function generateDeviceKey(): Promise<DeviceKey> {
  requireWebCrypto();
  const generate = async (algorithm: keyof typeof WEB_ALGORITHMS) =>
    importDeviceKey(
      (await crypto.subtle.generateKey(WEB_ALGORITHMS[algorithm].generate, false, ['sign', 'verify'])) as DeviceKeyPair,
    );
  return generate('Ed25519').catch(() => generate('ES256'));
}

/**
 * A device key from the pair that IndexedDB gave back, or that was made by other means.
 *
 * @throws TypeError when it is no pair; CredentialError `ERR_INVALID_KEY` when it is for another algorithm, the halves do not
 *   belong together or stand in each other's place, or the public one is not extractable; `ERR_NO_WEBCRYPTO` on a page that is
 *   not served by https or from localhost
 */
export async function importDeviceKey(keyPair: DeviceKeyPair): Promise<DeviceKey> {
  requireWebCrypto();
  const { privateKey, publicKey } = (keyPair ?? {}) as CryptoKeyPair;
  if (!(privateKey instanceof CryptoKey) || !(publicKey instanceof CryptoKey)) {
    throw new TypeError('keyPair must be a CryptoKeyPair');
  }
  const algorithm = findAlgorithm(privateKey);
  const { sign } = WEB_ALGORITHMS[algorithm];
  const probe = new Uint8Array(32);
  let exported: ArrayBuffer;
  try {
    const signature = await crypto.subtle.sign(sign, privateKey, probe);
    if (!(await crypto.subtle.verify(sign, publicKey, signature, probe))) throw new Error('another key');
    exported = await crypto.subtle.exportKey('raw', publicKey);
  } catch {
    throw new CredentialError('ERR_INVALID_KEY', 'no private and extractable public key that belong together');
  }
  return {
    algorithm,
    publicKey: new Uint8Array(exported),
    keyPair,
    async sign(message) {
      return new Uint8Array(await crypto.subtle.sign(sign, privateKey, asBufferSource(message)));
    },
  };
}

function findAlgorithm({ algorithm }: CryptoKey): Extract<AlgorithmName, keyof typeof WEB_ALGORITHMS> {
  if (algorithm.name === 'Ed25519') return 'Ed25519';
  if (algorithm.name === 'ECDSA' && (algorithm as EcKeyAlgorithm).namedCurve === 'P-256') return 'ES256';
  throw new CredentialError('ERR_INVALID_KEY', 'a device key is for Ed25519, or for ECDSA on P-256');
}

function requireWebCrypto(): void {
  if (typeof globalThis.crypto?.subtle === 'object') return;
  throw new CredentialError('ERR_NO_WEBCRYPTO', 'no WebCrypto here: a page must come by https or from localhost');
}
