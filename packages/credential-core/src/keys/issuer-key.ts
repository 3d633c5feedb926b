import { CredentialError } from '../errors.ts';
import { createPublicKey } from './cose-key.ts';
import { createEd25519Signer } from './ed25519-sign.ts';
import type { SignMessage } from './signature.ts';

/**
 * What issuing needs of a key. Implement it to sign elsewhere (an HSM, a signing service): only `sign` touches the secret.
 */
export interface IssuerKey {
  readonly algorithm: 'Ed25519';
  /** 8 bytes: the start of the COSE_Key thumbprint (RFC 9679). */
  readonly kid: Uint8Array;
  /** 32 bytes. */
  readonly publicKey: Uint8Array;
  /** Signs `message` whole; gives 64 bytes (RFC 8032 §5.1.6). */
  readonly sign: SignMessage;
}

/** An {@link IssuerKey} whose secret is in this process. */
export interface SoftwareKey extends IssuerKey {
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
  const { kid } = createPublicKey(publicKey);
  return { algorithm: 'Ed25519', kid, publicKey, sign, exportSeed: () => secret.slice() };
}

/** The public half as a deterministic COSE_Key (RFC 9052 §7): what trust lists carry and verifiers pin. */
export function exportPublicKey(key: Pick<IssuerKey, 'publicKey'>): Uint8Array {
  if (!(key?.publicKey instanceof Uint8Array)) throw new TypeError('key.publicKey must be a Uint8Array');
  if (key.publicKey.length !== 32) throw new CredentialError('ERR_INVALID_KEY', 'an Ed25519 public key has 32 bytes');
  return createPublicKey(key.publicKey).coseKey;
}
