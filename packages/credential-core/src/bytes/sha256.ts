import { sha256 as hashInJavaScript } from '@noble/hashes/sha2.js';

const hash = globalThis.process?.getBuiltinModule?.('node:crypto')?.hash;

/** SHA-256 (FIPS 180-4), 32 bytes. By the runtime where it has a hash that needs no waiting. */
export function sha256(bytes: Uint8Array): Uint8Array {
  return hash ? new Uint8Array(hash('sha256', bytes, 'buffer')) : hashInJavaScript(bytes);
}
