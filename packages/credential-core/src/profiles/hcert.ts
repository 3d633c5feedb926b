import { asMap } from '../cbor/expect.ts';
import { CheckRecord, type Checks } from '../checks.ts';
import { checkValidity } from '../credential/validity.ts';
import { malformed, type ProfileFailure, Refusal, toFailure } from '../result.ts';
import { openCarrier } from './carrier.ts';
import { type CwtClaims, readCwtClaims } from './cwt-claims.ts';
import { type HcertKind, type HealthCertificate, readHealthCertificate } from './hcert-content.ts';
import { findKeys, findSigner, type KeyEntry, type KeySet } from './key-set.ts';
import { type ForeignMessage, MESSAGE_LIMITS, openMessage } from './message.ts';
import { type ProfileOptions, readProfileArguments } from './options.ts';

/** An EU Digital COVID Certificate whose signature by a trusted key was checked. */
export interface VerifiedHcert extends CwtClaims {
  /** Claim −260, 1: what is attested. */
  readonly certificate: HealthCertificate;
  /** `iat` (6), which this format requires. */
  readonly issuedAt: Date;
  /** `exp` (4), which this format requires: from then on it is `expired`. */
  readonly expiresAt: Date;
}

/** A certificate that passed every check, or why it did not. */
export type HcertResult =
  | (VerifiedHcert & { readonly ok: true; readonly checks: Checks })
  /** `verified` is there only when the signature was good. */
  | (ProfileFailure & { readonly verified?: VerifiedHcert; readonly checks: Checks });

/**
 * Verifies an EU Digital COVID Certificate (eu-dcc-hcert-spec 1.0.5): `HC1:`, Base45, zlib, COSE_Sign1 by ES256 or PS256, CWT
 * with claim −260. National business rules and the value sets are not looked at. Never opens a socket, never reads a clock.
 *
 * @param text of the QR code
 * @param keys the document signers that are trusted, each with its kid, as `importKeySet` prepared them
 * @returns the certificate, or a failure: `wrong_format` for other codes, `unsupported_version` for another `HC` digit,
 *   `malformed`, `too_large`, `encrypted`, `unsupported_algorithm`, `unknown_key`, `unknown_issuer`, `bad_signature`,
 *   `type_not_allowed` for
 *   a key of another use, `issued_in_future`, `not_yet_valid`, `expired`
 * @throws TypeError for arguments of a wrong type, never for the content of `text`
 */
export async function verifyHcert(text: string, keys: KeySet, options: ProfileOptions): Promise<HcertResult> {
  if (typeof text !== 'string') throw new TypeError('text must be a string');
  const { currentDate, skewSeconds } = readProfileArguments(keys, options);
  const record = new CheckRecord();
  let verified: VerifiedHcert | undefined;
  try {
    record.begin('format');
    const { message, content } = openHcert(text);

    record.begin('issuer');
    const candidates = findKeys(keys, message, content.issuer);

    record.begin('signature');
    const key = await findSigner(candidates, message);
    verified = content;

    record.begin('scope');
    checkUse(key, verified.certificate.kind);

    record.begin('validity');
    checkValidity(verified, currentDate, skewSeconds);

    return { ok: true, ...verified, checks: record.pass() };
  } catch (error) {
    return { ...toFailure(error), ...(verified && { verified }), checks: record.fail() };
  }
}

const PREFIX = 'HC1:';

/** eu-dcc-hcert-spec §3.3.7 */
const HCERT = -260;
const EU_DCC_V1 = 1;

/** Takes the code apart; nothing in it is verified. */
export function openHcert(text: string): { message: ForeignMessage; content: VerifiedHcert } {
  if (!text.startsWith(PREFIX)) {
    if (/^HC\d:/.test(text)) throw new Refusal('unsupported_version', 'a health certificate of another version');
    throw new Refusal('wrong_format', 'not a health certificate');
  }
  const message = openMessage(openCarrier(text, PREFIX), MESSAGE_LIMITS);
  if (message.algorithm === 'EdDSA') throw new Refusal('unsupported_algorithm', 'hcert: neither ES256 nor PS256');
  if (!message.kid) throw malformed('hcert: kid is missing');
  const { claims, map } = readCwtClaims(message.payload, MESSAGE_LIMITS);
  const { issuedAt, expiresAt } = claims;
  if (!issuedAt || !expiresAt) throw malformed('hcert: iat or exp is missing');
  const hcert = asMap(map.get(HCERT), 'hcert: the claim is missing').get(EU_DCC_V1);
  return { message, content: { ...claims, issuedAt, expiresAt, certificate: readHealthCertificate(hcert) } };
}

function checkUse(key: KeyEntry, kind: HcertKind): void {
  if (!key.uses || key.uses.includes(kind)) return;
  throw new Refusal('type_not_allowed', 'the key may not sign this kind of certificate');
}
