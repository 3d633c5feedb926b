import { equalBytes } from './bytes/equal.ts';
import { encodeHex } from './bytes/hex.ts';
import { CheckRecord, type Checks } from './checks.ts';
import { decodeSign1, encodeSigStructure, readProfileHeader, type Sign1 } from './cose/sign1.ts';
import { type OpenedCredential, openCredential } from './credential/open.ts';
import type { CredentialPayload, StatusReference } from './credential/payload.ts';
import { checkValidity } from './credential/validity.ts';
import { CredentialError } from './errors.ts';
import { decodeCoseKey, type PublicKey } from './keys/cose-key.ts';
import { LIST_LIMITS } from './limits.ts';
import { openQrText } from './qr/text.ts';
import { type Failure, Refusal, toFailure, type VerificationCode } from './result.ts';
import { peekStatusListIssuer, STATUS_LIST_TYPE, StatusList } from './status/status-list.ts';
import { checkKeyTime, checkScope } from './trust/scope.ts';
import {
  expandStatusUri,
  isStatusUriOf,
  TRUST_LIST_TYPE,
  type TrustedIssuer,
  type TrustedKey,
  TrustList,
} from './trust/trust-list.ts';

export { CHECK_NAMES, type CheckName, type CheckOutcome, type Checks } from './checks.ts';
export {
  CREDENTIAL_TYPES,
  type CredentialType,
  type CredentialTypeName,
  FIELDS,
  type Field,
  type MedicalInsuranceClaims,
} from './credential/fields.ts';
export type { StatusReference } from './credential/payload.ts';
export { CredentialError, type CredentialErrorCode } from './errors.ts';
export { decodeQrText } from './qr/text.ts';
export { type Failure, VERIFICATION_CODES, type VerificationCode } from './result.ts';
export type { CredentialStatus, StatusList } from './status/status-list.ts';
export type { TrustedIssuer, TrustedKey, TrustList } from './trust/trust-list.ts';

export interface VerifyOptions {
  /** The verifier's clock. */
  readonly currentDate: Date;
  /**
   * The status lists at hand, by their URI; or `not_checked`, for a caller that says in so many words that a revoked
   * credential may pass.
   */
  readonly status: ReadonlyMap<string, StatusList> | 'not_checked';
  /**
   * How long after its expiry a list still gives an inconclusive answer (amber); later the answer is a refusal.
   * Default: 7 days.
   */
  readonly maxStaleSeconds?: number;
  /** How far the clocks of issuer and verifier may differ. Default: 60; at most 600. */
  readonly clockSkewSeconds?: number;
}

/** A credential whose signature by a trusted issuer was checked. */
export interface VerifiedCredential extends Omit<CredentialPayload, 'status' | 'holderKey'> {
  /** The issuer's name in the trust list. */
  readonly issuerName: string;
  /** Where its status stands; absent when it cannot be revoked. */
  readonly status?: StatusReference & { readonly uri: string };
}

/** How old the lists are that an answer rests on. Show it: an answer is as fresh as they are. */
export interface ListAges {
  readonly trust: { readonly issuedAt: Date; readonly expiresAt: Date };
  /** Absent when no status list was looked at. */
  readonly status?: { readonly uri: string; readonly issuedAt: Date; readonly expiresAt: Date };
}

export interface VerificationSuccess {
  readonly ok: true;
  readonly credential: VerifiedCredential;
  /** Whoever carries the code can show it: compare the person with the masked name and number. */
  readonly bearer: boolean;
  /** `not_revocable`: the credential names no status list. `not_checked`: the caller asked for that. */
  readonly status: 'valid' | 'not_revocable' | 'not_checked';
  readonly checks: Checks;
  readonly lists: ListAges;
}

export interface VerificationFailure extends Failure {
  /** False when the answer could not be found out here and now; true when the credential is refused. */
  readonly conclusive: boolean;
  /** Only when the signature was good. */
  readonly credential?: VerifiedCredential;
  readonly checks: Checks;
  readonly lists: ListAges;
}

export type VerificationResult = VerificationSuccess | VerificationFailure;

const DEFAULT_MAX_STALE_SECONDS = 7 * 86_400;
const DEFAULT_CLOCK_SKEW_SECONDS = 60;
const MAX_CLOCK_SKEW_SECONDS = 600;

/**
 * Verifies a credential. The checks run in the order of {@link CHECK_NAMES}; the first that fails names the verdict. Never
 * opens a socket, never reads a clock.
 *
 * @param what the text of a QR code, or the bytes of a tagged COSE_Sign1
 * @param trust as `verifyTrustList` gave it
 * @returns the verdict: `ok` is false if any check failed or could not be made
 * @throws TypeError for arguments of a wrong type, never for the content of `what`
 */
export async function verifyCredential(
  what: string | Uint8Array,
  trust: TrustList,
  options: VerifyOptions,
): Promise<VerificationResult> {
  const { currentDate, status, maxStaleSeconds, clockSkewSeconds } = readOptions(what, trust, options);
  const record = new CheckRecord();
  let lists: ListAges = { trust: copyTimes(trust) };
  let credential: VerifiedCredential | undefined;
  try {
    record.begin('format');
    const opened = openWhat(what);

    record.begin('issuer');
    const issuer = findIssuer(trust, opened);
    const candidates = findKeys(issuer, opened.kid);

    record.begin('signature');
    const key = await findSigner(candidates, opened.message);
    credential = describeCredential(opened.payload, issuer);

    record.begin('scope');
    checkScope(issuer, key, opened.payload);

    record.begin('binding');
    checkBinding(opened.payload);

    record.begin('validity');
    checkValidity(opened.payload, currentDate, clockSkewSeconds);

    let found: VerificationSuccess['status'] = 'not_checked';
    if (status !== 'not_checked') {
      record.begin('status');
      const list = credential.status && status.get(credential.status.uri);
      if (list) lists = { ...lists, status: { uri: list.uri, ...copyTimes(list) } };
      found = checkStatus(credential, list);
    }

    record.begin('freshness');
    checkFreshness(lists, currentDate);

    return {
      ok: true,
      credential,
      bearer: opened.payload.holderKey === undefined,
      status: found,
      checks: record.pass(),
      lists,
    };
  } catch (error) {
    const failure = toFailure(error);
    return {
      ...failure,
      conclusive: isConclusive(failure.code, lists, currentDate, maxStaleSeconds),
      ...(credential && { credential }),
      checks: record.fail(),
      lists,
    };
  }
}

/** What a code says of itself. Nobody has checked any of it. */
export interface UnverifiedCredential extends CredentialPayload {
  /** 16 hexadecimal digits. */
  readonly kid: string;
}

/**
 * Looks into a code without trusting it: for a holder's own page, for support, for finding out which issuer to ask.
 *
 * @returns what it says, named `unverified`, or a failure of the format
 * @throws TypeError when `what` is neither text nor bytes
 */
export function peekCredential(
  what: string | Uint8Array,
): { readonly ok: true; readonly unverified: UnverifiedCredential } | Failure {
  requireWhat(what);
  try {
    const { kid, payload } = openWhat(what);
    return { ok: true, unverified: { ...payload, kid: encodeHex(kid) } };
  } catch (error) {
    return toFailure(error);
  }
}

/**
 * Verifies a trust list. An expired list is given back too: offline it still tells issuers apart, and
 * {@link verifyCredential} reports how old it is.
 *
 * @param roots pinned root keys as COSE_Keys
 * @param options `previous`: the list held so far; an older one is refused as `rollback`
 * @returns the list, or a failure `unknown_root`, `bad_signature`, `malformed`, `rollback`, `issued_in_future` …
 * @throws TypeError for arguments of a wrong type; CredentialError `ERR_INVALID_KEY` for a pin that is no Ed25519 COSE_Key
 */
export async function verifyTrustList(
  bytes: Uint8Array,
  roots: readonly Uint8Array[],
  options: { readonly currentDate: Date; readonly previous?: TrustList; readonly clockSkewSeconds?: number },
): Promise<{ readonly ok: true; readonly list: TrustList } | Failure> {
  const { currentDate, skewSeconds } = readListOptions(bytes, options);
  requireHeld(options.previous, TrustList);
  const pins = roots.map(readPin);
  try {
    const message = openList(bytes);
    const { kid } = readProfileHeader(message, TRUST_LIST_TYPE);
    const candidates = pins.filter((pin) => equalBytes(pin.kid, kid)).map((publicKey) => ({ publicKey }));
    if (candidates.length === 0) throw new Refusal('unknown_root', 'the trust list is not signed by a pinned root');
    await findSigner(candidates, message);
    const list = new TrustList(message.payload);
    checkIssueTime(list.issuedAt, currentDate, skewSeconds);
    if (options.previous) list.checkSuccessorOf(options.previous);
    return { ok: true, list };
  } catch (error) {
    return toFailure(error);
  }
}

/**
 * Verifies a Token Status List in its CWT form (draft-ietf-oauth-status-list §5.2, §8.3). An expired list is given back
 * too, as for {@link verifyTrustList}.
 *
 * @param options `uri`: the one that was asked for, which must be the list's `sub`; `previous`: the list held so far
 * @returns the list, or a failure `unknown_issuer`, `unknown_key`, `bad_signature`, `wrong_list`, `rollback` …
 * @throws TypeError for arguments of a wrong type
 */
export async function verifyStatusList(
  bytes: Uint8Array,
  trust: TrustList,
  options: {
    readonly currentDate: Date;
    readonly uri: string;
    readonly previous?: StatusList;
    readonly clockSkewSeconds?: number;
  },
): Promise<{ readonly ok: true; readonly list: StatusList } | Failure> {
  const { currentDate, skewSeconds } = readListOptions(bytes, options);
  requireTrust(trust);
  requireHeld(options.previous, StatusList);
  try {
    const message = openList(bytes);
    const { kid } = readProfileHeader(message, STATUS_LIST_TYPE);
    const issuer = trust.findIssuer(peekStatusListIssuer(message.payload));
    if (!issuer) throw new Refusal('unknown_issuer', 'the issuer of the status list is not in the trust list');
    const key = await findSigner(findKeys(issuer, kid), message);
    const list = new StatusList(message.payload);
    if (list.uri !== options.uri || !isStatusUriOf(issuer, list.uri)) {
      throw new Refusal('wrong_list', 'this is another status list than the one asked for');
    }
    checkKeyTime(key, list.issuedAt);
    checkIssueTime(list.issuedAt, currentDate, skewSeconds);
    if (options.previous) list.checkSuccessorOf(options.previous);
    return { ok: true, list };
  } catch (error) {
    return toFailure(error);
  }
}

function readPin(pin: Uint8Array): PublicKey {
  if (!(pin instanceof Uint8Array)) throw new TypeError('roots must be Uint8Arrays');
  try {
    return decodeCoseKey(pin);
  } catch {
    throw new CredentialError('ERR_INVALID_KEY', 'a pinned root is not an Ed25519 COSE_Key');
  }
}

/** On a copy: between here and the end of the signature check, a caller's buffer may be filled with something else. */
function openList(bytes: Uint8Array): Sign1 {
  return decodeSign1(bytes.length > LIST_LIMITS.bytes ? bytes : Uint8Array.from(bytes), LIST_LIMITS);
}

function openWhat(what: string | Uint8Array): OpenedCredential {
  return openCredential(typeof what === 'string' ? openQrText(what) : what);
}

function findIssuer(trust: TrustList, { payload }: OpenedCredential): TrustedIssuer {
  const issuer = trust.findIssuer(payload.issuer);
  if (!issuer) throw new Refusal('unknown_issuer', 'the issuer is not in the trust list');
  return issuer;
}

/** kid is 8 bytes of a hash: a hint that two keys may share, so all that match are tried. */
function findKeys(issuer: TrustedIssuer, kid: Uint8Array): readonly TrustedKey[] {
  const candidates = issuer.keys.filter(({ publicKey }) => equalBytes(publicKey.kid, kid));
  if (candidates.length === 0) throw new Refusal('unknown_key', 'the issuer has no such key in the trust list');
  return candidates;
}

async function findSigner<K extends { readonly publicKey: PublicKey }>(
  candidates: readonly K[],
  message: Sign1,
): Promise<K> {
  const signed = encodeSigStructure(message.protectedBytes, message.payload);
  for (const candidate of candidates) {
    if (await candidate.publicKey.verify(signed, message.signature)) return candidate;
  }
  throw new Refusal('bad_signature', 'the signature does not fit the content');
}

function describeCredential(payload: CredentialPayload, issuer: TrustedIssuer): VerifiedCredential {
  const { holderKey: _, status, ...rest } = payload;
  return {
    ...rest,
    issuerName: issuer.name,
    ...(status && { status: { ...status, uri: expandStatusUri(issuer, status.list) } }),
  };
}

/** A credential that is bound to a device is valid only inside its holder's presentation: shown bare it is a copy. */
function checkBinding(payload: CredentialPayload): void {
  if (payload.holderKey)
    throw new Refusal('not_presented', 'a copy: the code was not made by the device it is bound to');
}

function checkStatus(credential: VerifiedCredential, list: StatusList | undefined): 'valid' | 'not_revocable' {
  if (!credential.status) return 'not_revocable';
  // Two issuers may name the same URI; only the credential's own issuer speaks for it.
  const { uri, index } = credential.status;
  const found = list?.uri === uri && list.issuer === credential.issuer ? list.get(index) : 'unknown';
  if (found === 'revoked') throw new Refusal('revoked', 'the issuer has revoked the credential');
  if (found === 'suspended') throw new Refusal('suspended', 'the issuer has suspended the credential');
  if (found === 'unknown') throw new Refusal('status_unknown', 'no status list here tells about this credential');
  return 'valid';
}

/** Last, so that what an old list refuses stays refused: only a good answer needs a fresh one. */
function checkFreshness(lists: ListAges, currentDate: Date): void {
  if (lists.trust.expiresAt <= currentDate) throw new Refusal('trust_list_stale', 'the trust list has expired');
  if (lists.status && lists.status.expiresAt <= currentDate) {
    throw new Refusal('status_list_stale', 'the status list has expired');
  }
}

function checkIssueTime(issuedAt: Date, currentDate: Date, skewSeconds: number): void {
  if (issuedAt.getTime() > currentDate.getTime() + skewSeconds * 1000) {
    throw new Refusal('issued_in_future', 'the list was issued in the future: the clock here is behind');
  }
}

function isConclusive(code: VerificationCode, lists: ListAges, currentDate: Date, maxStaleSeconds: number): boolean {
  const staleSeconds = (expiresAt: Date) => (currentDate.getTime() - expiresAt.getTime()) / 1000;
  if (code === 'status_unknown') return false;
  if (code === 'trust_list_stale') return staleSeconds(lists.trust.expiresAt) > maxStaleSeconds;
  if (code === 'status_list_stale' && lists.status) return staleSeconds(lists.status.expiresAt) > maxStaleSeconds;
  return true;
}

function readOptions(what: unknown, trust: TrustList, options: VerifyOptions): Required<VerifyOptions> {
  requireWhat(what);
  requireTrust(trust);
  requireDate(options?.currentDate);
  const { currentDate, status } = options;
  if (status !== 'not_checked' && typeof status?.get !== 'function') {
    throw new TypeError("options.status must be a Map of status lists, or 'not_checked'");
  }
  return {
    currentDate,
    status,
    maxStaleSeconds: readSeconds(options.maxStaleSeconds, DEFAULT_MAX_STALE_SECONDS, Number.MAX_SAFE_INTEGER),
    clockSkewSeconds: readSkew(options.clockSkewSeconds),
  };
}

function readListOptions(
  bytes: unknown,
  options: { readonly currentDate: Date; readonly clockSkewSeconds?: number },
): { currentDate: Date; skewSeconds: number } {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array');
  requireDate(options?.currentDate);
  return { currentDate: options.currentDate, skewSeconds: readSkew(options.clockSkewSeconds) };
}

function requireWhat(what: unknown): void {
  if (typeof what !== 'string' && !(what instanceof Uint8Array)) {
    throw new TypeError('the first argument must be the text of a code or a Uint8Array');
  }
}

function requireTrust(trust: TrustList): void {
  if (!(trust instanceof TrustList)) throw new TypeError('trust must be a list that verifyTrustList gave');
}

/** Of another shape, `previous` would compare with nothing, and every older list would pass. */
function requireHeld(previous: unknown, kind: typeof TrustList | typeof StatusList): void {
  if (previous !== undefined && !(previous instanceof kind)) {
    throw new TypeError('options.previous must be the list of a former result');
  }
}

function requireDate(date: unknown): asserts date is Date {
  if (!(date instanceof Date) || Number.isNaN(date.getTime())) {
    throw new TypeError('options.currentDate must be a valid Date');
  }
}

/** Bounded: a tolerance without end would be an option that turns the validity check off. */
function readSkew(value: number | undefined): number {
  return readSeconds(value, DEFAULT_CLOCK_SKEW_SECONDS, MAX_CLOCK_SKEW_SECONDS);
}

function readSeconds(value: number | undefined, fallback: number, most: number): number {
  if (value === undefined) return fallback;
  if (Number.isFinite(value) && value >= 0 && value <= most) return value;
  throw new TypeError(`a tolerance must be a number of seconds from 0 to ${most}`);
}

function copyTimes({ issuedAt, expiresAt }: { readonly issuedAt: Date; readonly expiresAt: Date }) {
  return { issuedAt: new Date(issuedAt), expiresAt: new Date(expiresAt) };
}
