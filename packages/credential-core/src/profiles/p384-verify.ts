import type { CryptoRuntime } from '../keys/ed25519-runtime.ts';
import { createEcdsaVerifier, type EcdsaCurve } from '../keys/p256-verify.ts';
import type { VerifySignature } from '../keys/signature.ts';

const P384: EcdsaCurve = { name: 'P-384', bytes: 48, loadJavaScript: () => import('../keys/p384-noble.ts') };

/**
 * Prepares the check of ES256 signatures by a P-384 key, which RFC 9053 §2.1 allows and our own format does not: SHA-256, and r‖s
 * in 96 bytes.
 *
 * @param publicKey 97 bytes, an uncompressed point; what is no point of the curve gives a check that is always false
 * @param runtime for tests that compare them; by default the fastest that works here
 */
export function createP384Verifier(publicKey: Uint8Array, runtime?: CryptoRuntime): VerifySignature {
  return createEcdsaVerifier(P384, publicKey, runtime);
}
