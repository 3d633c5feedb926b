import type { CborMap } from '../cbor/value.ts';
import { CheckRecord, type Checks } from '../checks.ts';
import { CLAIM, HEADER } from '../cose/headers.ts';
import { checkValidity } from '../credential/validity.ts';
import { type ProfileFailure, Refusal, toFailure } from '../result.ts';
import { checkByClock, checkClock } from '../verification/check-clock.ts';
import { type CwtClaims, readCwtClaims } from './cwt-claims.ts';
import { findKeys, findSigner, type KeySet } from './key-set.ts';
import { type ForeignMessage, MESSAGE_LIMITS, openMessage } from './message.ts';
import { type ProfileOptions, readProfileArguments } from './options.ts';
import { readStatusReference, TokenStatusList, type TokenStatusReference } from './token-status-list.ts';

/** What a CWT is held against. */
export interface VerifyCwtOptions extends ProfileOptions {
  /**
   * The status lists at hand, by their URI; or `not_checked`, for a caller that says in so many words that a revoked token
   * may pass. A list counts for tokens of its own `issuer`; one that names none counts for all: only a key that is trusted for
   * every issuer can sign that, and it could sign the tokens as well.
   */
  readonly status: ReadonlyMap<string, TokenStatusList> | 'not_checked';
}

/** A CWT whose signature by a trusted key was checked. */
export interface VerifiedCwt extends CwtClaims {
  /** All claims, by their keys. */
  readonly claims: CborMap;
  /** Absent when no Token Status List is named. */
  readonly statusReference?: TokenStatusReference;
}

/** How old the status list is that an answer rests on. A list without `expiresAt` is never stale: its age is the caller's to judge. */
export interface CwtLists {
  /** Absent when none was looked at. */
  readonly status?: Pick<TokenStatusList, 'uri' | 'issuedAt' | 'expiresAt' | 'ttlSeconds'>;
}

/** A CWT that passed every check, or why it did not. */
export type CwtResult =
  | (VerifiedCwt & {
      readonly ok: true;
      /** `not_revocable`: the token has no status claim. `not_checked`: the caller asked for that. */
      readonly status: 'valid' | 'not_revocable' | 'not_checked';
      readonly checks: Checks;
      readonly lists: CwtLists;
    })
  /** `verified` is there only when the signature was good. */
  | (ProfileFailure & { readonly verified?: VerifiedCwt; readonly checks: Checks; readonly lists: CwtLists });

/**
 * Verifies a signed CWT (RFC 8392 §7.2) by EdDSA, ES256 or PS256, and its status where it refers to a Token Status List
 * (draft-ietf-oauth-status-list §6.3). All registered claims are optional: look at those that you rely on, at `aud` among
 * `claims` too. Never opens a socket, never reads a clock.
 *
 * @param bytes a COSE_Sign1, with or without its tag and that of CWT; at most 16 KiB
 * @param keys the issuers' keys that are trusted, as `importKeySet` prepared them
 * @returns the claims, or a failure `wrong_format` for a message of another kind, `encrypted`, `not_presented` for a token that
 *   is bound to a key (RFC 8747), `malformed`, `too_large`, `unsupported_algorithm`, `unknown_key`, `unknown_issuer`,
 *   `bad_signature`, `issued_in_future`, `not_yet_valid`, `expired`, `revoked`, `suspended`, `status_unknown`,
 *   `clock_behind` where the status list that the answer rests on is of the clock's future, `status_list_stale`. `lists` says
 *   how old that list is: one without `exp`, as the draft allows, is `valid` evidence for ever, whatever its `ttl` says
 * @throws TypeError for arguments of a wrong type, never for the content of `bytes`
 */
export async function verifyCwt(bytes: Uint8Array, keys: KeySet, options: VerifyCwtOptions): Promise<CwtResult> {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array');
  const { currentDate, skewSeconds } = readProfileArguments(keys, options);
  const status = readStatus(options.status);
  const record = new CheckRecord();
  let verified: VerifiedCwt | undefined;
  let lists: CwtLists = {};
  try {
    record.begin('format');
    const { message, content } = openCwt(bytes);

    record.begin('issuer');
    const candidates = findKeys(keys, message, content.issuer);

    record.begin('signature');
    await findSigner(candidates, message);
    verified = content;

    const list = status === 'not_checked' ? undefined : findList(content, status);
    if (list) lists = { status: describeList(list) };

    record.begin('validity');
    checkByClock(() => checkValidity(content, currentDate, skewSeconds), [list], currentDate, skewSeconds);

    if (status === 'not_checked') return { ok: true, ...verified, status, checks: record.pass(), lists };

    record.begin('status');
    if (!verified.claims.has(CLAIM.status))
      return { ok: true, ...verified, status: 'not_revocable', checks: record.pass(), lists };
    requireValid(verified, list);

    // Last, as for our own: what an old list refuses stays refused.
    record.begin('freshness');
    checkClock([list], currentDate, skewSeconds);
    if (list?.expiresAt && list.expiresAt <= currentDate) {
      throw new Refusal('status_list_stale', 'the status list has expired');
    }
    return { ok: true, ...verified, status: 'valid', checks: record.pass(), lists };
  } catch (error) {
    return { ...toFailure(error), ...(verified && { verified }), checks: record.fail(), lists };
  }
}

function openCwt(bytes: Uint8Array): { message: ForeignMessage; content: VerifiedCwt } {
  // On a copy: between here and the end of the signature check, a caller's buffer may be filled with something else.
  const copy = bytes.length > MESSAGE_LIMITS.bytes ? bytes : Uint8Array.from(bytes);
  const message = openMessage(copy, MESSAGE_LIMITS);
  const { claims, map } = readCwtClaims(message.payload, MESSAGE_LIMITS);
  requirePlainToken(message, map);
  const statusReference = readStatusReference(map);
  return { message, content: { ...claims, claims: map, ...(statusReference && { statusReference }) } };
}

/** RFC 9596 §2 with RFC 8392 §9.2: what the type of a CWT that is nothing more may be. */
const PLAIN_TYPES: ReadonlySet<unknown> = new Set([undefined, 61, 'application/cwt', 'cwt']);

/** Claims of things that are signed by the same keys and mean something else. */
const OTHER_CLAIMS = [CLAIM.statusList, CLAIM.credential, CLAIM.trustList];

/**
 * A list, a receipt, a credential of our own are CWTs too, and good for nothing here. A token that is bound to a key is good only
 * with a proof of that key, which this does not read.
 */
function requirePlainToken({ protectedHeader }: ForeignMessage, claims: CborMap): void {
  if (!PLAIN_TYPES.has(protectedHeader.get(HEADER.typ)) || OTHER_CLAIMS.some((claim) => claims.has(claim))) {
    throw new Refusal('wrong_format', 'cwt: a message of another kind');
  }
  if (claims.has(CLAIM.cnf))
    throw new Refusal('not_presented', 'cwt: the token is bound to a key, and nobody proved it');
}

/** Several issuers may be trusted at once: none of them speaks for the tokens of another, whatever address its list names. */
function findList(
  { issuer, statusReference }: VerifiedCwt,
  lists: ReadonlyMap<string, TokenStatusList>,
): TokenStatusList | undefined {
  const list = statusReference && lists.get(statusReference.uri);
  if (list !== undefined && !(list instanceof TokenStatusList)) {
    throw new TypeError('options.status must hold the lists that verifyTokenStatusList gave');
  }
  const speaks = list?.uri === statusReference?.uri && (list?.issuer === undefined || list.issuer === issuer);
  return speaks ? list : undefined;
}

function describeList({ uri, issuedAt, expiresAt, ttlSeconds }: TokenStatusList): NonNullable<CwtLists['status']> {
  return {
    uri,
    issuedAt: new Date(issuedAt),
    ...(expiresAt && { expiresAt: new Date(expiresAt) }),
    ...(ttlSeconds !== undefined && { ttlSeconds }),
  };
}

function requireValid({ statusReference }: VerifiedCwt, list: TokenStatusList | undefined): void {
  const found = statusReference && list ? list.get(statusReference.index) : 'unknown';
  if (found === 'revoked') throw new Refusal('revoked', 'the issuer has revoked the token');
  if (found === 'suspended') throw new Refusal('suspended', 'the issuer has suspended the token');
  if (found !== 'valid') throw new Refusal('status_unknown', 'no status list here tells about this token');
}

function readStatus(status: VerifyCwtOptions['status']): VerifyCwtOptions['status'] {
  if (status !== 'not_checked' && typeof status?.get !== 'function') {
    throw new TypeError("options.status must be a Map of status lists, or 'not_checked'");
  }
  return status;
}
