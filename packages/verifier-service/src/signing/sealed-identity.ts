import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Sealed to a multiple of it, so that the length does not tell how long a name is. */
const BLOCK_BYTES = 128;

/** Nonce, AES-256-GCM of `plain` with spaces to a whole block, tag. */
export function seal(plain: Uint8Array, credential: string, secret: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, deriveKey(credential, secret), nonce).setAAD(Buffer.from(credential));
  const padding = Buffer.alloc((BLOCK_BYTES - (plain.length % BLOCK_BYTES)) % BLOCK_BYTES, ' ');
  return new Uint8Array(
    Buffer.concat([nonce, cipher.update(plain), cipher.update(padding), cipher.final(), cipher.getAuthTag()]),
  );
}

/** What was sealed, with the spaces at its end. Undefined when it was not, or for another credential. */
export function openSealed(sealed: Uint8Array, credential: string, secret: Uint8Array): Uint8Array | undefined {
  if (sealed.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, deriveKey(credential, secret), sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(credential))
    .setAuthTag(sealed.subarray(-TAG_BYTES));
  try {
    const plain = decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES));
    return new Uint8Array(Buffer.concat([plain, decipher.final()]));
  } catch {
    return undefined;
  }
}

/** A key for each credential: under one for all, random nonces would begin to repeat at the size of a nation. */
function deriveKey(credential: string, secret: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`identity ${credential}`).digest();
}
