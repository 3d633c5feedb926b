import { createHash, createPublicKey, verify } from 'node:crypto';
import type { Signer } from '@zhengma/credential-core/issue';

/** C2SP signed-note: an Ed25519 key's signature type. */
const ED25519 = 1;
const KEY_ID_BYTES = 4;
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;
const OKP_ED25519 = Buffer.from('a301012006215820', 'hex');

/**
 * Signs a text as a C2SP signed-note: the text, an empty line, and `— name base64(key id ‖ signature)`.
 *
 * @param text ends with a line break and has no empty line at its end
 * @param name whose key it is, without spaces and `+`
 * @param key of Ed25519: the form has no current type of signature for others
 */
export async function signNote(text: string, name: string, key: Signer): Promise<string> {
  const signature = await key.sign(new TextEncoder().encode(text));
  const line = Buffer.concat([computeKeyId(name, key.publicKey), signature]).toString('base64');
  return `${text}\n— ${name} ${line}\n`;
}

/**
 * The text of a signed note, when one of its signatures is by one of the keys. Undefined otherwise; never throws.
 *
 * @param keys COSE_Keys; others than Ed25519 are passed over
 */
export function openNote(note: string, keys: readonly Uint8Array[]): string | undefined {
  const end = note.lastIndexOf('\n\n');
  if (end < 0) return undefined;
  const text = note.slice(0, end + 1);
  for (const line of note.slice(end + 2).split('\n')) {
    const [, name, encoded] = SIGNATURE_LINE.exec(line) ?? [];
    if (name === undefined || encoded === undefined) continue;
    const bytes = Buffer.from(encoded, 'base64');
    const [keyId, signature] = [bytes.subarray(0, KEY_ID_BYTES), bytes.subarray(KEY_ID_BYTES)];
    const isGood = keys.some((coseKey) => {
      const publicKey = readEd25519Key(coseKey);
      return publicKey && computeKeyId(name, publicKey).equals(keyId) && isSigned(text, signature, publicKey);
    });
    if (isGood) return text;
  }
  return undefined;
}

function computeKeyId(name: string, publicKey: Uint8Array): Buffer {
  return createHash('sha256')
    .update(`${name}\n`)
    .update(Uint8Array.of(ED25519))
    .update(publicKey)
    .digest()
    .subarray(0, KEY_ID_BYTES);
}

function isSigned(text: string, signature: Uint8Array, publicKey: Uint8Array): boolean {
  const key = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  return verify(null, Buffer.from(text), createPublicKey({ key, format: 'jwk' }), signature);
}

/** The 32 bytes of an Ed25519 COSE_Key, which the format writes in one way only. */
function readEd25519Key(coseKey: Uint8Array): Uint8Array | undefined {
  const isEd25519 = coseKey.length === OKP_ED25519.length + 32 && OKP_ED25519.equals(coseKey.subarray(0, 8));
  return isEd25519 ? coseKey.subarray(OKP_ED25519.length) : undefined;
}
