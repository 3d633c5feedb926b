import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Nonce, AES-256-GCM of `plain`, tag. */
export function sealBytes(plain: Uint8Array, purpose: string, secret: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, deriveKey(purpose, secret), nonce).setAAD(Buffer.from(purpose));
  return new Uint8Array(Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]));
}

/** What was sealed. Undefined when it was not, or for another purpose. */
export function openBytes(sealed: Uint8Array, purpose: string, secret: Uint8Array): Uint8Array | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, deriveKey(purpose, secret), sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(purpose))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    return new Uint8Array(Buffer.concat([plain, decipher.final()]));
  } catch {
    return undefined;
  }
}

/** A key for each purpose: under one for all, random nonces would begin to repeat at the size of a nation. */
function deriveKey(purpose: string, secret: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(purpose).digest();
}
