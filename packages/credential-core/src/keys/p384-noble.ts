import { p384 } from '@noble/curves/nist.js';
import { sha256 } from '../bytes/sha256.ts';

/** A file of its own, loaded only where the runtime has neither node:crypto nor WebCrypto. */
export function verifyInJavaScript(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return p384.verify(signature, sha256(message), publicKey, { lowS: false, prehash: false });
  } catch {
    return false;
  }
}
