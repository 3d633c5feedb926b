import { encodeBase64Url } from '../bytes/base64url.ts';
import { asBufferSource, type CryptoRuntime } from './ed25519-runtime.ts';
import { nodeCrypto } from './node-crypto.ts';
import type { VerifySignature } from './signature.ts';

/**
 * Prepares the check of ES256 signatures: ECDSA on P-256 with SHA-256 (RFC 9053 §2.1, FIPS 186-5 §6.4.2), r‖s in 64 bytes.
 * The runtime's key object is made at the first use and kept. For every (r, s) that fits, (r, n − s) fits too: COSE asks for
 * no low s, so nothing may be keyed by a signature.
 *
 * @param publicKey 65 bytes, an uncompressed point (SEC 1 §2.3.3); what is no point of the curve gives a check that is
 *   always false
 * @param runtime for tests that compare them; by default the fastest that works here
 */
export function createP256Verifier(publicKey: Uint8Array, runtime: CryptoRuntime = findRuntime()): VerifySignature {
  if (publicKey.length !== 65 || publicKey[0] !== 4) return async () => false;
  let verify: Promise<VerifySignature> | undefined;
  return async (message, signature) => {
    if (signature.length !== 64) return false;
    verify ??= PREPARE[runtime](publicKey);
    return (await verify)(message, signature);
  };
}

/** Unlike Ed25519, P-256 is in every node:crypto and every WebCrypto; a page that is not served by https has neither. */
function findRuntime(): CryptoRuntime {
  if (nodeCrypto) return 'node';
  return globalThis.crypto?.subtle ? 'web' : 'noble';
}

const CURVE = { name: 'ECDSA', namedCurve: 'P-256' };
const ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' };

const PREPARE: Record<CryptoRuntime, (publicKey: Uint8Array) => Promise<VerifySignature>> = {
  async node(publicKey) {
    const { createPublicKey, verify } = nodeCrypto as NonNullable<typeof nodeCrypto>;
    const x = encodeBase64Url(publicKey.subarray(1, 33));
    const y = encodeBase64Url(publicKey.subarray(33));
    let key: ReturnType<typeof createPublicKey>;
    try {
      key = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
    } catch {
      return async () => false;
    }
    const form = { key, dsaEncoding: 'ieee-p1363' } as const;
    // With a callback the check runs in the thread pool, so that one process fills all cores.
    return (message, signature) =>
      new Promise((resolve) => verify('sha256', message, form, signature, (error, ok) => resolve(!error && ok)));
  },
  async web(publicKey) {
    const key = await crypto.subtle
      .importKey('raw', asBufferSource(publicKey), CURVE, false, ['verify'])
      .catch(() => undefined);
    if (!key) return async () => false;
    return (message, signature) =>
      crypto.subtle.verify(ALGORITHM, key, asBufferSource(signature), asBufferSource(message)).catch(() => false);
  },
  async noble(publicKey) {
    const { verifyInJavaScript } = await import('./p256-noble.ts');
    return async (message, signature) => verifyInJavaScript(publicKey, message, signature);
  },
};
