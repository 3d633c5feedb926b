import { decodeSign1, readProfileHeader, type Sign1 } from '../cose/sign1.ts';
import { CODE_LIMITS, MAX_INFLATED_CODE_BYTES } from '../limits.ts';
import { Refusal } from '../result.ts';
import { type CredentialPayload, decodePayload } from './payload.ts';

/** A credential taken apart; nothing in it is verified. */
export interface OpenedCredential {
  readonly message: Sign1;
  readonly kid: Uint8Array;
  readonly payload: CredentialPayload;
}

/**
 * Takes a credential's COSE_Sign1 apart.
 *
 * @throws Refusal `too_large`, `malformed`, `unsupported_algorithm` or `unsupported_type`
 */
export function openCredential(bytes: Uint8Array): OpenedCredential {
  if (bytes.length > MAX_INFLATED_CODE_BYTES) throw new Refusal('too_large', 'more bytes than a code can hold');
  const message = decodeSign1(bytes, CODE_LIMITS);
  const { kid } = readProfileHeader(message);
  return { message, kid, payload: decodePayload(message.payload) };
}
