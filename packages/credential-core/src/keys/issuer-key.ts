import { CredentialError } from '../errors.ts';
import { createPublicKey } from './cose-key.ts';
import { createEd25519Signer } from './ed25519-sign.ts';
import type { Signer } from './signature.ts';

/** What issuing needs of a key. */
export interface IssuerKey extends Signer {
  /**
   * 8 bytes: the start of the COSE_Key thumbprint (RFC 9679), which `createIssuerKey` finds. It is not compared with the public
   * key: by another one no verifier finds the key (`unknown_key`).
   */
  readonly kid: Uint8Array;
}

/** An {@link IssuerKey} whose secret is in this process. */
export interface SoftwareKey extends IssuerKey {
  /** Other algorithms come by `createIssuerKey`, from where the secret is. */
  readonly algorithm: 'Ed25519';
  /** The 32 secret bytes, for a key store. */
  exportSeed(): Uint8Array;
}

/** A new Ed25519 key from the runtime's secure random source. */
export async function generateIssuerKey(): Promise<SoftwareKey> {
  return importIssuerKey(crypto.getRandomValues(new Uint8Array(32)));
}

/**
 * The key of an Ed25519 seed.
 *
 * @param seed 32 secret bytes (RFC 8032 §5.1.5), as `exportSeed` gives them
 * @throws TypeError when `seed` is no Uint8Array; CredentialError `ERR_INVALID_KEY` when it is not 32 bytes
 */
export async function importIssuerKey(seed: Uint8Array): Promise<SoftwareKey> {
  if (!(seed instanceof Uint8Array)) throw new TypeError('seed must be a Uint8Array');
  if (seed.length !== 32) throw new CredentialError('ERR_INVALID_KEY', 'an Ed25519 seed has 32 bytes');
  // A copy that nobody else holds: callers rightly wipe theirs, and `slice` of a Node Buffer would be the same memory.
  const secret = Uint8Array.from(seed);
  const { publicKey, sign } = await createEd25519Signer(secret);
  const { kid } = createPublicKey({ algorithm: 'Ed25519', publicKey });
  return { algorithm: 'Ed25519', kid, publicKey, sign, exportSeed: () => secret.slice() };
}

/**
 * An {@link IssuerKey} from a signer elsewhere (an HSM, a signing service).
 *
 * @throws TypeError when it has no `sign`; CredentialError `ERR_INVALID_KEY` when its public key is none
 */
export function createIssuerKey(signer: Signer): IssuerKey {
  if (typeof signer?.sign !== 'function') throw new TypeError('signer must have a sign function');
  const { algorithm, publicKey } = signer;
  const { kid } = createPublicKey(signer);
  return { algorithm, kid, publicKey, sign: (message) => signer.sign(message) };
}

/**
 * The public half as a deterministic COSE_Key (RFC 9052 §7): what trust lists carry, verifiers pin, and a credential is
 * bound to.
 *
 * @throws TypeError when `publicKey` is no Uint8Array; CredentialError `ERR_INVALID_KEY` when it is no public key of its
 *   algorithm
 */
export function exportPublicKey(key: Pick<Signer, 'algorithm' | 'publicKey'>): Uint8Array {
  return createPublicKey(key).coseKey;
}
