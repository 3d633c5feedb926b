import { getPublicKey, hashes, sign } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes } from '../bytes/equal.ts';
import { asBufferSource, type CryptoRuntime, findRuntime, importWebKey } from './ed25519-runtime.ts';
import { nodeCrypto } from './node-crypto.ts';
import type { SignMessage } from './signature.ts';

/**
 * Prepares Ed25519 signatures (RFC 8032 §5.1.6).
 *
 * @param seed 32 secret bytes (RFC 8032 §5.1.5), which must not change afterwards
 * @param runtime for tests that compare them; by default the fastest that works here
 * @returns the 32-byte public key and the function that signs
 */
export async function createEd25519Signer(
  seed: Uint8Array,
  runtime?: CryptoRuntime,
): Promise<{ publicKey: Uint8Array; sign: SignMessage }> {
  hashes.sha512 = sha512;
  const publicKey = getPublicKey(seed);
  return { publicKey, sign: await PREPARE[runtime ?? (await findRuntime())](seed) };
}

const PREPARE: Record<CryptoRuntime, (seed: Uint8Array) => Promise<SignMessage>> = {
  async node(seed) {
    const node = nodeCrypto as NonNullable<typeof nodeCrypto>;
    const key = node.createPrivateKey({ key: wrapPkcs8(seed) as Buffer, format: 'der', type: 'pkcs8' });
    // At once: a signature takes 35 µs, and the way to the thread pool and back nearly as much again.
    return async (message) => new Uint8Array(node.sign(null, message, key));
  },
  async web(seed) {
    const key = await importWebKey('pkcs8', wrapPkcs8(seed), 'sign');
    return async (message) => new Uint8Array(await crypto.subtle.sign('Ed25519', key, asBufferSource(message)));
  },
  async noble(seed) {
    return async (message) => sign(message, seed);
  },
};

/** RFC 8410 §7: the fixed head of an Ed25519 private key in PKCS #8. */
function wrapPkcs8(seed: Uint8Array): Uint8Array {
  return concatBytes([Uint8Array.of(0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20), seed]);
}
