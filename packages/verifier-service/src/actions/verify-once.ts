import { issueReceipt, type ReceiptContent } from '@zhengma/credential-core/issue';
import type { VerificationFailure, VerificationSuccess } from '@zhengma/credential-core/verify';
import { ServiceError } from '../errors.ts';
import { clockBehind } from '../lists/clock.ts';
import type { Actor, Caller, OperatorScope } from '../stores/access.ts';
import type { SignedReceipt } from '../stores/receipt.ts';
import { checkChallenge } from './challenges.ts';
import type { ActionDeps } from './deps.ts';
import { type Expectation, readCode, type Verification, verifyText } from './verify.ts';

/** A visit: a bearer code that is shown again within it, at the same place for the same business, is the same event. */
const VISIT_MILLISECONDS = 24 * 3600 * 1000;

/** A success, with its receipt; `repeated` when that is the receipt of an earlier time. */
export interface RecordedSuccess extends VerificationSuccess {
  readonly repeated?: true;
  readonly receipt: SignedReceipt;
}

/** A presentation that passed every check, and had been accepted before: elsewhere, or for another business. */
export interface ReplayedCode extends Pick<VerificationSuccess, 'credential' | 'checks' | 'lists'> {
  readonly ok: false;
  readonly code: 'replayed';
  readonly detail: string;
  readonly conclusive: true;
  /** Not where: that is nobody else's business. */
  readonly firstShownAt: Date;
}

/** What a verification that is recorded ends with. */
export type RecordedResult = RecordedSuccess | ReplayedCode | VerificationFailure;

/**
 * Verifies a QR text, or the picture of one, and records it: once this fulfils, the receipt, the single use and the audit
 * row are on disk. A presentation passes once; the same one again, at the same organisation for the same business, is the
 * same event and gets the same receipt. Throws `ServiceError`: what `checkChallenge` and `readCode` throw; `out_of_scope` for
 * business that is not this operator's; `clock_behind`
 * when the clock was set back so far that nobody knows any more whether the code was shown, `made_before_restore` when that
 * was lost with the database.
 */
export async function verifyOnce(
  code: string | Uint8Array,
  expectation: Expectation,
  by: Caller,
  deps: ActionDeps,
): Promise<RecordedResult> {
  checkScope(expectation, by.scope);
  if (expectation.challenge) await checkChallenge(expectation.challenge, by.organisation, deps);
  const text = typeof code === 'string' ? code : await readCode(code, by.operator, deps);
  const verification = await verifyText(text, expectation, deps);
  const { result, verifiedAt } = verification;
  if (result.ok) return recordSuccess(result, verification, expectation, by, deps);
  await deps.store.recordRefusal({
    at: verifiedAt,
    by,
    businessType: expectation.businessType ?? '',
    outcome: result.code,
    ...(result.credential && { credential: result.credential.id }),
  });
  return result;
}

function checkScope({ businessType }: Expectation, { businessTypes }: OperatorScope): void {
  if (!businessTypes || (businessType !== undefined && businessTypes.includes(businessType))) return;
  throw new ServiceError(
    'out_of_scope',
    'This operator verifies for certain business only: say which in businessType.',
  );
}

/** The receipt of this id, for operators of its organisation. Throws `ServiceError` `receipt_not_found`. */
export async function findReceipt(
  id: string,
  { organisation }: Pick<Actor, 'organisation'>,
  { store }: Pick<ActionDeps, 'store'>,
): Promise<SignedReceipt> {
  const receipt = await store.findReceipt(id);
  if (receipt?.organisation === organisation) return receipt;
  throw new ServiceError('receipt_not_found', 'Your organisation has no receipt of this id.');
}

async function recordSuccess(
  result: VerificationSuccess,
  verification: Verification,
  { businessType }: Expectation,
  by: Caller,
  deps: ActionDeps,
): Promise<RecordedResult> {
  const { replay, bearer, credential } = result;
  const receipt = await signReceipt(result, verification, businessType, by, deps);
  const visitEnd = new Date(receipt.verifiedAt.getTime() + VISIT_MILLISECONDS);
  const recorded = await deps.store.recordAcceptance({
    replayKey: replay.key,
    bearer,
    ...(result.presentation && { presentedAt: result.presentation.presentedAt }),
    by,
    businessType: businessType ?? '',
    until: bearer && visitEnd < replay.until ? visitEnd : replay.until,
    receipt,
    at: verification.verifiedAt,
    credential: credential.id,
  });
  switch (recorded.outcome) {
    case 'forgotten':
      throw clockBehind(recorded.until, 'codes that were accepted and are forgotten');
    case 'before_restore':
      throw new ServiceError(
        'made_before_restore',
        `The database was brought back at ${recorded.restoredAt.toISOString()}, and nobody knows which codes were shown before then: ask for a new one.`,
      );
    case 'replayed':
      return {
        ok: false,
        code: 'replayed',
        detail: 'the code was shown elsewhere, or for another business, before',
        conclusive: true,
        firstShownAt: recorded.firstShownAt,
        credential,
        checks: result.checks,
        lists: result.lists,
      };
    case 'repeated':
      return { ...result, repeated: true, receipt: recorded.receipt };
    default:
      return { ...result, receipt: recorded.receipt };
  }
}

async function signReceipt(
  { credential, bearer, delegate, replay, status, lists }: VerificationSuccess,
  { verifiedAt, trustList }: Verification,
  businessType: string | undefined,
  { operator, organisation }: Actor,
  deps: ActionDeps,
): Promise<SignedReceipt> {
  const content: ReceiptContent = {
    // This service publishes the list under its own id.
    issuer: trustList.publisher,
    organisation,
    operator,
    outcome: status === 'not_revocable' ? 'not_revocable' : 'valid',
    ...(businessType !== undefined && { businessType }),
    credential: { issuer: credential.issuer, id: credential.id },
    bearer,
    delegated: delegate !== undefined,
    replayKey: replay.key,
    trustListSequence: trustList.sequence,
    ...(lists.status && { statusList: { uri: lists.status.uri, issuedAt: lists.status.issuedAt } }),
  };
  const { bytes, id } = await issueReceipt(content, await deps.keys.receiptKey(), { currentDate: verifiedAt });
  // As it stands in the receipt: whole seconds.
  return { id, signed: bytes, verifiedAt: new Date(Math.floor(verifiedAt.getTime() / 1000) * 1000) };
}
