import { encodeBase64Url } from '../bytes/base64url.ts';
import { Refusal } from '../result.ts';
import { asBufferSource } from './ed25519-runtime.ts';
import { nodeCrypto } from './node-crypto.ts';
import type { VerifySignature } from './signature.ts';

/** RFC 8230 §2: the salt is as long as the hash. */
const SALT_LENGTH = 32;

/**
 * Prepares the check of PS256 signatures: RSASSA-PSS with SHA-256 (RFC 8230 §2, RFC 8017 §8.1.2). There is no fallback in
 * JavaScript: where neither node:crypto nor WebCrypto is (a page that is not served by https), the check refuses with
 * `unsupported_algorithm`.
 *
 * @param modulus 2048 to 4096 bits, big-endian without leading zeros
 * @param exponent odd, 3 to 2^32 − 1, big-endian without leading zeros; other keys give a check that is always false
 * @param runtime for tests that compare them; by default the faster that works here
 */
export function createPs256Verifier(
  modulus: Uint8Array,
  exponent: Uint8Array,
  runtime: 'node' | 'web' | undefined = findRuntime(),
): VerifySignature {
  if (!isModulus(modulus) || !isExponent(exponent)) return async () => false;
  const jwk = { kty: 'RSA', n: encodeBase64Url(modulus), e: encodeBase64Url(exponent) };
  let verify: Promise<VerifySignature> | undefined;
  return async (message, signature) => {
    if (!runtime) throw new Refusal('unsupported_algorithm', 'nothing here can check PS256 signatures');
    if (signature.length !== modulus.length) return false;
    verify ??= PREPARE[runtime](jwk);
    return (await verify)(message, signature);
  };
}

function findRuntime(): 'node' | 'web' | undefined {
  if (nodeCrypto) return 'node';
  return globalThis.crypto?.subtle ? 'web' : undefined;
}

function isModulus(modulus: Uint8Array): boolean {
  const bits = modulus.length * 8 - Math.clz32(modulus[0] ?? 0) + 24;
  return modulus[0] !== 0 && bits >= 2048 && bits <= 4096;
}

/** Bounded, because the work of a check grows with it. */
function isExponent(exponent: Uint8Array): boolean {
  if (exponent.length === 0 || exponent.length > 4 || exponent[0] === 0) return false;
  return ((exponent.at(-1) as number) & 1) === 1 && (exponent.length > 1 || (exponent[0] as number) > 1);
}

interface RsaJwk {
  readonly kty: string;
  readonly n: string;
  readonly e: string;
}

const PREPARE: Record<'node' | 'web', (jwk: RsaJwk) => Promise<VerifySignature>> = {
  async node(jwk) {
    const { constants, createPublicKey, verify } = nodeCrypto as NonNullable<typeof nodeCrypto>;
    const form = {
      key: createPublicKey({ key: { ...jwk }, format: 'jwk' }),
      padding: constants.RSA_PKCS1_PSS_PADDING,
      saltLength: SALT_LENGTH,
    };
    return (message, signature) =>
      new Promise((resolve) => verify('sha256', message, form, signature, (error, ok) => resolve(!error && ok)));
  },
  async web(jwk) {
    const algorithm = { name: 'RSA-PSS', hash: 'SHA-256', saltLength: SALT_LENGTH };
    const key = await crypto.subtle.importKey('jwk', { ...jwk }, algorithm, false, ['verify']).catch(() => undefined);
    if (!key) return async () => false;
    return (message, signature) =>
      crypto.subtle.verify(algorithm, key, asBufferSource(signature), asBufferSource(message)).catch(() => false);
  },
};
