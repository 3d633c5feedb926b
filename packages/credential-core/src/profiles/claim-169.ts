import { asMap } from '../cbor/expect.ts';
import { CheckRecord, type Checks } from '../checks.ts';
import { checkValidity } from '../credential/validity.ts';
import { type ProfileFailure, toFailure } from '../result.ts';
import { openCarrier } from './carrier.ts';
import { type Claim169Identity, readIdentity } from './claim-169-fields.ts';
import { type CwtClaims, readCwtClaims } from './cwt-claims.ts';
import { findKeys, findSigner, type KeySet } from './key-set.ts';
import { type ForeignMessage, MESSAGE_LIMITS, openMessage } from './message.ts';
import { type ProfileOptions, readProfileArguments } from './options.ts';

/** Identity data whose signature by a trusted key was checked. */
export interface VerifiedClaim169 extends CwtClaims {
  /** Claim 169. */
  readonly identity: Claim169Identity;
}

/** An identity that passed every check, or why it did not. */
export type Claim169Result =
  | (VerifiedClaim169 & { readonly ok: true; readonly checks: Checks })
  /** `verified` is there only when the signature was good. */
  | (ProfileFailure & { readonly verified?: VerifiedClaim169; readonly checks: Checks });

/**
 * Verifies identity data in a QR code (MOSIP 169 QR Code Specification 1.2.0): Base45, zlib, COSE_Sign1 by EdDSA or ES256, CWT
 * with claim 169. Encrypted codes are refused as `encrypted`. All times are optional in this format: without
 * `expiresAt` the code does not expire. Never opens a socket, never reads a clock.
 *
 * @param text of the QR code; the format has no prefix
 * @param keys the issuers' keys that are trusted, as `importKeySet` prepared them
 * @returns the identity, or a failure `malformed`, `too_large`, `encrypted`, `unsupported_algorithm`, `unknown_key`, `unknown_issuer`,
 *   `bad_signature`, `issued_in_future`, `not_yet_valid`, `expired`
 * @throws TypeError for arguments of a wrong type, never for the content of `text`
 */
export async function verifyClaim169(text: string, keys: KeySet, options: ProfileOptions): Promise<Claim169Result> {
  if (typeof text !== 'string') throw new TypeError('text must be a string');
  const { currentDate, skewSeconds } = readProfileArguments(keys, options);
  const record = new CheckRecord();
  let verified: VerifiedClaim169 | undefined;
  try {
    record.begin('format');
    const { message, content } = openClaim169(text);

    record.begin('issuer');
    const candidates = findKeys(keys, message, content.issuer);

    record.begin('signature');
    await findSigner(candidates, message);
    verified = content;

    record.begin('validity');
    checkValidity(verified, currentDate, skewSeconds);

    return { ok: true, ...verified, checks: record.pass() };
  } catch (error) {
    return { ...toFailure(error), ...(verified && { verified }), checks: record.fail() };
  }
}

/** The IANA registry of CWT claims. */
const IDENTITY_DATA = 169;

/** Takes the code apart; nothing in it is verified. */
export function openClaim169(text: string): { message: ForeignMessage; content: VerifiedClaim169 } {
  const message = openMessage(openCarrier(text, ''), MESSAGE_LIMITS);
  const { claims, map } = readCwtClaims(message.payload, MESSAGE_LIMITS);
  const identity = readIdentity(asMap(map.get(IDENTITY_DATA), 'claim 169: the claim is missing'));
  return { message, content: { ...claims, identity } };
}
