import { encodeBase64Url } from '../bytes/base64url.ts';
import { asBufferSource, type CryptoRuntime } from './ed25519-runtime.ts';
import { nodeCrypto } from './node-crypto.ts';
import type { VerifySignature } from './signature.ts';

/** A curve to check ECDSA with SHA-256 on. */
export interface EcdsaCurve {
  readonly name: string;
  /** Of a coordinate, and of r and s each. */
  readonly bytes: number;
  /** For where there is JavaScript alone; a file that is loaded only then. */
  loadJavaScript(): Promise<{
    verifyInJavaScript(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  }>;
}

const P256: EcdsaCurve = { name: 'P-256', bytes: 32, loadJavaScript: () => import('./p256-javascript.ts') };

/**
 * Prepares the check of ES256 signatures: ECDSA on P-256 with SHA-256 (RFC 9053 §2.1, FIPS 186-5 §6.4.2), r‖s in 64 bytes.
 * The runtime's key object is made at the first use and kept. For every (r, s) that fits, (r, n − s) fits too: COSE asks for
 * no low s, so nothing may be keyed by a signature.
 *
 * @param publicKey 65 bytes, an uncompressed point (SEC 1 §2.3.3); what is no point of the curve gives a check that is
 *   always false
 * @param runtime for tests that compare them; by default the fastest that works here
 */
export function createP256Verifier(publicKey: Uint8Array, runtime?: CryptoRuntime): VerifySignature {
  return createEcdsaVerifier(P256, publicKey, runtime);
}

/** The same on another curve. */
export function createEcdsaVerifier(
  curve: EcdsaCurve,
  publicKey: Uint8Array,
  runtime: CryptoRuntime = findRuntime(),
): VerifySignature {
  if (publicKey.length !== 1 + 2 * curve.bytes || publicKey[0] !== 4) return async () => false;
  let verify: VerifySignature | undefined;
  return async (message, signature) => {
    if (signature.length !== 2 * curve.bytes) return false;
    // What was prepared is kept, and not the attempt: a file that did not arrive may arrive the next time.
    verify ??= await PREPARE[runtime](curve, publicKey);
    return verify(message, signature);
  };
}

/** Unlike Ed25519, these curves are in every node:crypto and every WebCrypto; a page that is not served by https has neither. */
function findRuntime(): CryptoRuntime {
  if (nodeCrypto) return 'node';
  return globalThis.crypto?.subtle ? 'web' : 'noble';
}

const ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };

const PREPARE: Record<CryptoRuntime, (curve: EcdsaCurve, publicKey: Uint8Array) => Promise<VerifySignature>> = {
  async node(curve, publicKey) {
    const { createPublicKey, verify } = nodeCrypto as NonNullable<typeof nodeCrypto>;
    const x = encodeBase64Url(publicKey.subarray(1, 1 + curve.bytes));
    const y = encodeBase64Url(publicKey.subarray(1 + curve.bytes));
    let key: ReturnType<typeof createPublicKey>;
    try {
      key = createPublicKey({ key: { kty: 'EC', crv: curve.name, x, y }, format: 'jwk' });
    } catch {
      return async () => false;
    }
    const form = { key, dsaEncoding: 'ieee-p1363' } as const;
    // With a callback the check runs in the thread pool, so that one process fills all cores.
    return (message, signature) =>
      new Promise((resolve) => verify('sha256', message, form, signature, (error, ok) => resolve(!error && ok)));
  },
  async web({ name: namedCurve }, publicKey) {
    const key = await crypto.subtle
      .importKey('raw', asBufferSource(publicKey), { name: 'ECDSA', namedCurve }, false, ['verify'])
      .catch(() => undefined);
    if (!key) return async () => false;
    return (message, signature) =>
      crypto.subtle.verify(ALGORITHM, key, asBufferSource(signature), asBufferSource(message)).catch(() => false);
  },
  async noble(curve, publicKey) {
    const { verifyInJavaScript } = await curve.loadJavaScript();
    return async (message, signature) => verifyInJavaScript(publicKey, message, signature);
  },
};
