import { CheckRecord } from '../checks.ts';
import type { OpenedCredential } from '../credential/open.ts';
import type { CredentialPayload } from '../credential/payload.ts';
import { checkValidity } from '../credential/validity.ts';
import { Refusal, toFailure, type VerificationCode } from '../result.ts';
import type { StatusList } from '../status/status-list.ts';
import { checkScope } from '../trust/scope.ts';
import { expandStatusUri, type TrustedIssuer, type TrustList } from '../trust/trust-list.ts';
import { readSeconds, readSkew, requireDate, requireTrust, requireWhat } from './arguments.ts';
import { findKeys, findSigner } from './find-signer.ts';
import { openCode } from './open-code.ts';
import type {
  ListAges,
  VerificationResult,
  VerificationSuccess,
  VerifiedCredential,
  VerifyOptions,
} from './verdict.ts';

const DEFAULT_MAX_STALE_SECONDS = 7 * 86_400;

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
    const opened = openCode(what);

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

function findIssuer(trust: TrustList, { payload }: OpenedCredential): TrustedIssuer {
  const issuer = trust.findIssuer(payload.issuer);
  if (!issuer) throw new Refusal('unknown_issuer', 'the issuer is not in the trust list');
  return issuer;
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

function copyTimes({ issuedAt, expiresAt }: { readonly issuedAt: Date; readonly expiresAt: Date }) {
  return { issuedAt: new Date(issuedAt), expiresAt: new Date(expiresAt) };
}
