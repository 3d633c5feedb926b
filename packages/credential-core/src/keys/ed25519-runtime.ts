import { encodeBase64Url } from '../bytes/base64url.ts';
import { nodeCrypto } from './node-crypto.ts';

/** Where signatures are computed: node:crypto, WebCrypto, or noble in JavaScript. */
export type CryptoRuntime = 'node' | 'web' | 'noble';

/** RFC 8032 §5.1: the base point, a key that every implementation must accept. */
const BASE_POINT = new Uint8Array(32).fill(0x66);
BASE_POINT[0] = 0x58;

let native: Promise<CryptoRuntime> | undefined;

/** The fastest that works here. Asked once: WebCrypto is everywhere, Ed25519 in it only since 2023 to 2025. */
export function findRuntime(): Promise<CryptoRuntime> {
  native ??= (async () => {
    if (nodeCrypto && isInNode()) return 'node';
    try {
      await importWebKey('raw', BASE_POINT, 'verify');
      return 'web';
    } catch {
      return 'noble';
    }
  })();
  return native;
}

/** A Node in FIPS mode has node:crypto, but no Ed25519 in it. */
function isInNode(): boolean {
  try {
    nodeCrypto?.createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(BASE_POINT) }, format: 'jwk' });
    return true;
  } catch {
    return false;
  }
}

/** A WebCrypto key that cannot be read back. */
export async function importWebKey(format: 'raw' | 'pkcs8', key: Uint8Array, usage: KeyUsage): Promise<CryptoKey> {
  return crypto.subtle.importKey(format, asBufferSource(key), 'Ed25519', false, [usage]);
}

/** WebCrypto's types exclude shared memory, which none of our byte strings is in. */
export function asBufferSource(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return bytes as Uint8Array<ArrayBuffer>;
}
