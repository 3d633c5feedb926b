import { CheckRecord } from '../checks.ts';
import type { OpenedCode } from '../credential/open.ts';
import type { CredentialPayload } from '../credential/payload.ts';
import { Refusal, toFailure, type VerificationCode } from '../result.ts';
import type { StatusEvidence } from '../status/evidence.ts';
import { checkScope, isInForce } from '../trust/scope.ts';
import { expandStatusUri, type TrustedIssuer, type TrustList } from '../trust/trust-list.ts';
import { readVerifyOptions, requireEvidence } from './arguments.ts';
import { checkBinding } from './check-binding.ts';
import { checkFreshness, checkTimes } from './check-times.ts';
import { findKeys, findSigner } from './find-signer.ts';
import { openCode } from './open-code.ts';
import { createReplay } from './replay-key.ts';
import type {
  ListAges,
  VerificationResult,
  VerificationSuccess,
  VerifiedCredential,
  VerifiedDelegate,
  VerifyOptions,
} from './verdict.ts';

/**
 * Verifies a credential. The checks run in the order of {@link CHECK_NAMES}; the first that fails names the verdict. Never
 * opens a socket, never reads a clock.
 *
 * @param what the text of a QR code, or the bytes of a tagged COSE_Sign1
 * @param trust as `verifyTrustList` gave it
 * @returns the verdict: `ok` is false if any check failed or could not be made
 * @throws TypeError for arguments of a wrong type, never for the content of `what`. Where signatures are checked in JavaScript,
 *   on a page without https, a file of the library that does not arrive rejects the call; the next one asks for it again
 */
export async function verifyCredential(
  what: string | Uint8Array,
  trust: TrustList,
  options: VerifyOptions,
): Promise<VerificationResult> {
  const { currentDate, status, expected, businessType, maxStaleSeconds, skewSeconds } = readVerifyOptions(
    what,
    trust,
    options,
  );
  const record = new CheckRecord();
  let lists: ListAges = { trust: copyTimes(trust) };
  let verified: VerifiedCredential | undefined;
  try {
    record.begin('format');
    const code = openCode(what);
    const { credential } = code;

    record.begin('issuer');
    const issuer = findIssuer(trust, credential.content);
    const candidates = findKeys(issuer, credential.kid);

    record.begin('signature');
    const key = await findSigner(candidates, credential);
    verified = describeCredential(credential.content, issuer);
    const list = status === 'not_checked' ? undefined : findList(verified, issuer, status);
    if (list) lists = { ...lists, status: { uri: list.uri, ...copyTimes(list) } };

    record.begin('scope');
    checkScope(issuer, key, credential.content);

    record.begin('binding');
    await checkBinding(code, trust, expected);

    record.begin('validity');
    checkTimes(code, lists, currentDate, skewSeconds);

    const delegate = describeDelegate(code);
    if (businessType !== undefined) {
      record.begin('purpose');
      checkPurpose(credential.content, delegate, businessType);
    }

    let found: VerificationSuccess['status'] = 'not_checked';
    if (status !== 'not_checked') {
      record.begin('status');
      found = checkStatus(verified, list);
    }

    record.begin('freshness');
    checkFreshness(lists, currentDate, skewSeconds);

    return {
      ok: true,
      credential: verified,
      bearer: credential.holderKey === undefined,
      ...describePresentation(code),
      ...(delegate && { delegate }),
      replay: createReplay(code),
      status: found,
      checks: record.pass(),
      lists,
    };
  } catch (error) {
    const failure = toFailure(error);
    return {
      ...failure,
      conclusive: isConclusive(failure.code, lists, currentDate, maxStaleSeconds),
      ...(verified && { credential: verified }),
      checks: record.fail(),
      lists,
    };
  }
}

function findIssuer(trust: TrustList, content: CredentialPayload): TrustedIssuer {
  const issuer = trust.findIssuer(content.issuer);
  if (!issuer) throw new Refusal('unknown_issuer', 'the issuer is not in the trust list');
  return issuer;
}

/**
 * Two issuers may name the same URI; only the credential's own issuer speaks for it, by a key that the trust list of today
 * still believes: the status list may have been verified with an older one.
 */
function findList({ status }: VerifiedCredential, issuer: TrustedIssuer, lists: ReadonlyMap<string, StatusEvidence>) {
  const list = status && lists.get(status.uri);
  if (list) requireEvidence(list);
  if (!list || list.uri !== status.uri || list.issuer !== issuer.id) return undefined;
  return issuer.keys.some((key) => list.isSignedBy(key.publicKey) === true && isInForce(key, list.issuedAt))
    ? list
    : undefined;
}

/** @throws Refusal `business_not_allowed` */
function checkPurpose({ claims }: CredentialPayload, delegate: VerifiedDelegate | undefined, business: string): void {
  for (const allowed of [claims.businessTypes, delegate?.businessTypes]) {
    if (allowed?.includes(business) === false) {
      throw new Refusal('business_not_allowed', 'the code may not be used for this business');
    }
  }
}

function checkStatus({ status }: VerifiedCredential, list: StatusEvidence | undefined): 'valid' | 'not_revocable' {
  if (!status) return 'not_revocable';
  const found = list?.get(status.index) ?? 'unknown';
  if (found === 'revoked') throw new Refusal('revoked', 'the issuer has revoked the credential');
  if (found === 'suspended') throw new Refusal('suspended', 'the issuer has suspended the credential');
  if (found !== 'valid') throw new Refusal('status_unknown', 'no status list here tells about this credential');
  return 'valid';
}

/**
 * Whether the answer stands, whatever a fresher list or a right clock would say. What a list did not know is open while the list
 * is stale, and for a status also while it is fresh; with any list older than the caller allows it is a refusal.
 */
function isConclusive(code: VerificationCode, lists: ListAges, currentDate: Date, maxStaleSeconds: number): boolean {
  const staleSeconds = ({ expiresAt }: { readonly expiresAt: Date }) =>
    (currentDate.getTime() - expiresAt.getTime()) / 1000;
  if (code === 'clock_behind') return false;
  const isOpen = OPEN_WITHOUT_LIST.has(code) || (OPEN_WITH_STALE_TRUST.has(code) && staleSeconds(lists.trust) >= 0);
  if (!isOpen) return true;
  return [lists.trust, lists.status].some((list) => list && staleSeconds(list) > maxStaleSeconds);
}

const OPEN_WITHOUT_LIST: ReadonlySet<VerificationCode> = new Set([
  'status_unknown',
  'trust_list_stale',
  'status_list_stale',
]);

/** The issuer or its key may have been added since. */
const OPEN_WITH_STALE_TRUST: ReadonlySet<VerificationCode> = new Set(['unknown_issuer', 'unknown_key']);

function describeCredential({ status, ...rest }: CredentialPayload, issuer: TrustedIssuer): VerifiedCredential {
  return {
    ...rest,
    issuerName: issuer.name,
    ...(status && { status: { ...status, uri: expandStatusUri(issuer, status.list) } }),
  };
}

function describePresentation({ presentation }: OpenedCode): Pick<VerificationSuccess, 'presentation'> {
  if (!presentation) return {};
  const { presentedAt, audience, challenge } = presentation.content;
  return { presentation: { presentedAt, audience, challenged: challenge !== undefined } };
}

function describeDelegate({ credential, delegation }: OpenedCode): VerifiedDelegate | undefined {
  const { claims, expiresAt } = credential.content;
  const granted = delegation?.content;
  const businessTypes = granted?.businessTypes ?? claims.businessTypes;
  const scope = businessTypes && { businessTypes };
  if (granted) return { ...granted.delegate, grantedBy: 'holder', expiresAt: granted.expiresAt, ...scope };
  return claims.delegate && { ...claims.delegate, grantedBy: 'issuer', expiresAt, ...scope };
}

function copyTimes({ issuedAt, expiresAt }: { readonly issuedAt: Date; readonly expiresAt: Date }) {
  return { issuedAt: new Date(issuedAt), expiresAt: new Date(expiresAt) };
}
