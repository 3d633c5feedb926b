import { encodeBase64Url } from '../bytes/base64url.ts';
import { asBufferSource, type CryptoRuntime, findRuntime, importWebKey } from './ed25519-runtime.ts';
import { nodeCrypto } from './node-crypto.ts';
import type { VerifySignature } from './signature.ts';
import { isCanonical, isSmallOrder } from './small-order.ts';

/**
 * Prepares the check of Ed25519 signatures (RFC 8032 §5.1.7) by `publicKey`. The runtime's key object is made at the first
 * use and kept.
 *
 * Which runtime computes never changes a verdict: keys and nonces of small order and keys that are not canonical are refused
 * before it is asked, and all of them then compare the same cofactorless equation byte by byte.
 *
 * @param publicKey 32 bytes; any other length gives a check that is always false
 * @param runtime for tests that compare them; by default the fastest that works here
 */
export function createEd25519Verifier(publicKey: Uint8Array, runtime?: CryptoRuntime): VerifySignature {
  if (publicKey.length !== 32 || isSmallOrder(publicKey) || !isCanonical(publicKey)) return async () => false;
  let verify: VerifySignature | undefined;
  return async (message, signature) => {
    if (signature.length !== 64 || isSmallOrder(signature.subarray(0, 32))) return false;
    verify ??= await PREPARE[runtime ?? (await findRuntime())](publicKey);
    return verify(message, signature);
  };
}

type NodeKey = ReturnType<NonNullable<typeof nodeCrypto>['createPublicKey']>;

/** Keys of Node made lately, by their bytes in base64url: making one takes a third of the time of a check. */
const nodeKeys = new Map<string, NodeKey>();
const MAX_NODE_KEYS = 1024;

/** Of a device, which shows its codes at one desk after another. Undefined for 32 bytes that are no point. */
function importNodeKey(x: string): NodeKey | undefined {
  const known = nodeKeys.get(x);
  if (known) return known;
  let key: NodeKey;
  try {
    key = (nodeCrypto as NonNullable<typeof nodeCrypto>).createPublicKey({
      key: { kty: 'OKP', crv: 'Ed25519', x },
      format: 'jwk',
    });
  } catch {
    // Node says so at the check, Deno already here.
    return undefined;
  }
  if (nodeKeys.size === MAX_NODE_KEYS) nodeKeys.delete(nodeKeys.keys().next().value as string);
  nodeKeys.set(x, key);
  return key;
}

const PREPARE: Record<CryptoRuntime, (publicKey: Uint8Array) => Promise<VerifySignature>> = {
  async node(publicKey) {
    const { verify } = nodeCrypto as NonNullable<typeof nodeCrypto>;
    const key = importNodeKey(encodeBase64Url(publicKey));
    if (!key) return async () => false;
    // With a callback the check runs in the thread pool, so that one process fills all cores.
    return (message, signature) =>
      new Promise((resolve) => verify(null, message, key, signature, (error, ok) => resolve(!error && ok)));
  },
  async web(publicKey) {
    // 32 bytes that are no point: some runtimes say so at the import, others at the check.
    const key = await importWebKey('raw', publicKey, 'verify').catch(() => undefined);
    if (!key) return async () => false;
    return (message, signature) =>
      crypto.subtle.verify('Ed25519', key, asBufferSource(signature), asBufferSource(message)).catch(() => false);
  },
  async noble(publicKey) {
    const { verifyInJavaScript } = await import('./ed25519-noble.ts');
    return async (message, signature) => verifyInJavaScript(publicKey, message, signature);
  },
};
