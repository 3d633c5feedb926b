import { p256 } from '@noble/curves/nist.js';

/** A file of its own, loaded only where the runtime has neither node:crypto nor WebCrypto. */
export function verifyInJavaScript(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  try {
    return p256.verify(signature, message, publicKey, { lowS: false });
  } catch {
    return false;
  }
}
