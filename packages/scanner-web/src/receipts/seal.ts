/**
 * What is written is sealed with AES-GCM by a key that this browser keeps and that cannot be read out of it. One key of the
 * device and not one derived from an operator's: whoever works here next uploads what the last one left, also when that
 * one's API key was replaced meanwhile; a queue that only one key opens is lost with the key. So it keeps the receipts from
 * whatever reads the browser's files or copies its tables, and shows where one was changed or put in another's place. It does
 * not keep them from who takes the whole profile of the browser, key and all, nor from who works at the unlocked device: that
 * is for the encryption of the disk and the lock of the screen.
 */

const NONCE_BYTES = 12;

/** @param about what the content belongs to: it opens beside nothing else */
export async function seal(key: CryptoKey, about: string, content: unknown): Promise<Uint8Array> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const sealed = await crypto.subtle.encrypt(
    { name: 'AES-GCM', iv: nonce, additionalData: encodeText(about) },
    key,
    encodeText(JSON.stringify(content)),
  );
  const joined = new Uint8Array(NONCE_BYTES + sealed.byteLength);
  joined.set(nonce);
  joined.set(new Uint8Array(sealed), NONCE_BYTES);
  return joined;
}

/** @throws for what was changed, sealed by another key, or belongs to something else */
export async function unseal<Content>(key: CryptoKey, about: string, sealed: Uint8Array): Promise<Content> {
  const opened = await crypto.subtle.decrypt(
    { name: 'AES-GCM', iv: sealed.slice(0, NONCE_BYTES), additionalData: encodeText(about) },
    key,
    sealed.slice(NONCE_BYTES),
  );
  return JSON.parse(new TextDecoder().decode(opened)) as Content;
}

function encodeText(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
