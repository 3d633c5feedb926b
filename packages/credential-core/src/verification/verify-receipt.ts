import { equalBytes } from '../bytes/equal.ts';
import { readIssuedHeader, requireEmptyUnprotected } from '../cose/profile-header.ts';
import { decodeSign1 } from '../cose/sign1.ts';
import { CredentialError } from '../errors.ts';
import { decodeCoseKey, type PublicKey } from '../keys/cose-key.ts';
import type { SignatureAlgorithm } from '../keys/signature.ts';
import { CODE_LIMITS } from '../limits.ts';
import { decodeReceipt, RECEIPT_TYPE, type Receipt } from '../receipt/receipt.ts';
import { type Failure, Refusal, toFailure } from '../result.ts';
import { readDate, readSkew, requireAlgorithms } from './arguments.ts';
import { findSigner } from './find-signer.ts';

/** What a receipt is held against. */
export interface VerifyReceiptOptions {
  /** The reader’s clock. */
  readonly currentDate: Date;
  /** Algorithms besides Ed25519 and ES256 that the receipt may be signed with, such as `sm2`. */
  readonly algorithms?: readonly SignatureAlgorithm[];
}

/**
 * Verifies a receipt (docs/format.md). It has no end: what was verified stays verified. That the credential was good at
 * `issuedAt` says nothing about now.
 *
 * @param bytes a tagged COSE_Sign1
 * @param keys the receipt keys of one service, as COSE_Keys: any of them speaks for whatever `issuer` its receipt names, so give
 *   those of one service at a time
 * @returns the receipt, or a failure `malformed`, `too_large`, `unsupported_algorithm`, `unknown_key`, `bad_signature` or
 *   `issued_in_future`: more than 60 s ahead of the clock here
 * @throws TypeError for arguments of a wrong type; CredentialError `ERR_INVALID_KEY` for a key that is no COSE_Key
 */
export async function verifyReceipt(
  bytes: Uint8Array,
  keys: readonly Uint8Array[],
  options: VerifyReceiptOptions,
): Promise<{ readonly ok: true; readonly receipt: Receipt } | Failure> {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array');
  if (!Array.isArray(keys)) throw new TypeError('keys must be an array of Uint8Arrays');
  const latest = readDate(options?.currentDate).getTime() + readSkew(undefined) * 1000;
  const { algorithms } = options;
  requireAlgorithms(algorithms);
  const known = keys.map((key) => readKey(key, algorithms));
  try {
    // On a copy, unless it is refused for its size: a caller's buffer may be filled anew while the signature is checked.
    const message = decodeSign1(bytes.length > CODE_LIMITS.bytes ? bytes : Uint8Array.from(bytes), CODE_LIMITS);
    requireEmptyUnprotected(message);
    const { algorithm, kid } = readIssuedHeader(message, RECEIPT_TYPE);
    const candidates = known.filter((key) => equalBytes(key.kid, kid)).map((publicKey) => ({ publicKey }));
    if (candidates.length === 0) throw new Refusal('unknown_key', 'the receipt is signed by none of the keys given');
    await findSigner(candidates, { message, algorithm });
    const receipt = decodeReceipt(message.payload);
    if (receipt.issuedAt.getTime() > latest) {
      throw new Refusal('issued_in_future', 'the receipt was issued in the future: the clock here is behind');
    }
    return { ok: true, receipt };
  } catch (error) {
    return toFailure(error);
  }
}

function readKey(key: Uint8Array, algorithms: readonly SignatureAlgorithm[] | undefined): PublicKey {
  if (!(key instanceof Uint8Array)) throw new TypeError('keys must be Uint8Arrays');
  try {
    return decodeCoseKey(key, algorithms);
  } catch {
    throw new CredentialError('ERR_INVALID_KEY', 'a receipt key is not a COSE_Key');
  }
}
