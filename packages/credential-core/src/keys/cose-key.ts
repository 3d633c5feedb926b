import { sha256 } from '@noble/hashes/sha2.js';
import type { CborValue } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { decodeCborMap } from '../cbor/expect.ts';
import { CODE_LIMITS } from '../limits.ts';
import { malformed } from '../result.ts';
import { createEd25519Verifier } from './ed25519-verify.ts';
import type { VerifySignature } from './signature.ts';

/** A public key that can check signatures. */
export interface PublicKey {
  /** 32 bytes. */
  readonly bytes: Uint8Array;
  /** The deterministic COSE_Key (RFC 9052 §7): the form of pins, trust lists and `cnf`. */
  readonly coseKey: Uint8Array;
  /** The first 8 bytes of the SHA-256 COSE_Key thumbprint (RFC 9679 §3). A hint, not an identity. */
  readonly kid: Uint8Array;
  readonly verify: VerifySignature;
}

// RFC 9052 §7.1 and RFC 9053 §7.2
const KTY = 1;
const OKP = 1;
const CRV = -1;
const ED25519 = 6;
const X = -2;

/** An Ed25519 public key from its 32 bytes. */
export function createPublicKey(bytes: Uint8Array): PublicKey {
  const coseKey = encodeCbor(
    new Map<number, CborValue>([
      [KTY, OKP],
      [CRV, ED25519],
      [X, bytes],
    ]),
  );
  // These three members are all that RFC 9679 §4.1 hashes for an OKP key, so the key is its own thumbprint input.
  return { bytes, coseKey, kid: sha256(coseKey).slice(0, 8), verify: createEd25519Verifier(bytes) };
}

/**
 * Reads a COSE_Key. One spelling only, the three members of an Ed25519 key: two pins of one key are then equal bytes, and
 * an algorithm or use that another member would restrict cannot be overlooked.
 */
export function decodeCoseKey(coseKey: Uint8Array): PublicKey {
  const map = decodeCborMap(coseKey, CODE_LIMITS);
  const x = map.get(X);
  if (map.size !== 3 || map.get(KTY) !== OKP || map.get(CRV) !== ED25519 || !(x instanceof Uint8Array)) {
    throw malformed('key: not an Ed25519 COSE_Key of kty, crv and x');
  }
  if (x.length !== 32) throw malformed('key: x is not 32 bytes');
  // A copy: `slice` of a Node Buffer would be a view of memory that somebody else may write to.
  return createPublicKey(Uint8Array.from(x));
}
