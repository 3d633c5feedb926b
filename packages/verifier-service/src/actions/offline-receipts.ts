import { type Receipt, verifyReceipt } from '@zhengma/credential-core/verify';
import type { Caller, OperatorScope } from '../stores/access.ts';
import type { AcceptedCode, OfflineKey, OfflineReceipt } from '../stores/offline.ts';
import type { ActionDeps } from './deps.ts';
import { runInOrder } from './in-order.ts';
import { requireColleague } from './offline-keys.ts';
import { listReceiptKeys } from './receipt-keys.ts';
import { requireIssuer } from './set-up.ts';

const DAY_MILLISECONDS = 24 * 3600 * 1000;

/** An older one is not taken: presentations of that time are not known any more, and nobody could tell what it contradicts. */
const MAX_AGE_MILLISECONDS = 30 * DAY_MILLISECONDS;

/** As many are committed together. */
const AT_ONCE = 16;

/** Of one credential within two days: more than anybody shows. */
const MAX_COMPARED = 200;

type OfflineDeps = Pick<ActionDeps, 'store' | 'currentDate'>;

export interface OfflineConflict {
  readonly code: 'replayed' | 'revoked' | 'suspended' | 'out_of_scope';
  readonly since?: Date;
}

export type OfflineResult =
  | {
      readonly outcome: 'recorded' | 'repeated' | 'known';
      readonly id: string;
      readonly conflict?: OfflineConflict;
    }
  | { readonly outcome: 'refused'; readonly code: string };

/**
 * Takes receipts that a device of an operator signed without the service. Once it fulfils, each that was not refused is on
 * disk with its audit row, also where it contradicts what is known: it is what was done at that desk. The same upload again
 * changes nothing. Throws `ServiceError` `operator_not_found`.
 *
 * @returns what became of each, in order
 */
export async function recordOfflineReceipts(
  { operator: named, receipts }: { readonly operator?: string; readonly receipts: readonly Uint8Array[] },
  by: Caller,
  deps: OfflineDeps,
): Promise<readonly OfflineResult[]> {
  const operator = await requireColleague(named, by, deps);
  const known = {
    keys: await deps.store.offlineKeysOf(operator),
    issuer: (await requireIssuer(deps)).id,
    scope: (await deps.store.findOperator(operator))?.scope ?? {},
  };
  // Each rejects alone, and is waited for: none is left behind unseen.
  const settled: PromiseSettledResult<OfflineResult>[] = [];
  const work = async (signed: Uint8Array) =>
    (await Promise.allSettled([recordOne(signed, operator, known, by, deps)]))[0];
  for await (const each of runInOrder(receipts, AT_ONCE, work)) settled.push(each);
  return settled.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

interface Known {
  readonly keys: readonly OfflineKey[];
  /** The id under which this service publishes its lists. */
  readonly issuer: string;
  readonly scope: OperatorScope;
}

async function recordOne(
  signed: Uint8Array,
  operator: string,
  { keys, issuer, scope }: Known,
  by: Caller,
  deps: OfflineDeps,
): Promise<OfflineResult> {
  const currentDate = deps.currentDate();
  const active = keys.filter(({ withdrawnAt }) => withdrawnAt === undefined);
  const verified = await verifyReceipt(signed, publicKeys(active), { currentDate });
  if (!verified.ok) {
    if (verified.code !== 'unknown_key') return refuse(verified.code);
    const wasKnown = await verifyReceipt(signed, publicKeys(keys), { currentDate });
    return refuse(wasKnown.ok ? 'key_withdrawn' : wasKnown.code);
  }
  const { receipt } = verified;
  if (receipt.issuer !== issuer) return refuse('other_service');
  if (receipt.operator !== operator || receipt.organisation !== by.organisation) return refuse('not_yours');
  if (currentDate.getTime() - receipt.issuedAt.getTime() > MAX_AGE_MILLISECONDS) return refuse('too_old');
  const conflict = await findConflict(receipt, issuer, scope, deps);
  const accepted = receipt.bearer ? undefined : await findAccepted(receipt, deps);
  const recorded = await deps.store.recordOfflineReceipt({
    receipt: { id: receipt.id, signed, verifiedAt: receipt.issuedAt },
    replayKey: receipt.replayKey,
    bearer: receipt.bearer,
    credential: receipt.credential.id,
    businessType: receipt.businessType ?? '',
    signedBy: { operator, organisation: receipt.organisation },
    by: { operator: by.operator, organisation: by.organisation },
    at: currentDate,
    until: new Date(receipt.issuedAt.getTime() + MAX_AGE_MILLISECONDS),
    ...(accepted && { accepted }),
    ...(conflict && { conflict: conflict.code }),
  });
  if (recorded.outcome === 'id_taken') return refuse('id_taken');
  const outcome = recorded.outcome === 'replayed' ? 'recorded' : recorded.outcome;
  const firstShownAt = 'firstShownAt' in recorded ? recorded.firstShownAt : undefined;
  const found = firstShownAt ? { code: 'replayed' as const, since: firstShownAt } : conflict;
  return { outcome, id: receipt.id, ...(found && { conflict: found }) };
}

/** What the desk could not know: that the credential was over by then; or did not heed: that this business is not theirs. */
async function findConflict(
  { credential: { issuer: of, id }, businessType, issuedAt }: Receipt,
  issuer: string,
  { businessTypes }: OperatorScope,
  { store }: OfflineDeps,
): Promise<(OfflineConflict & { code: NonNullable<OfflineReceipt['conflict']> }) | undefined> {
  const credential = of === issuer ? await store.findCredential(id) : undefined;
  if (credential && credential.status !== 'valid' && credential.changedAt <= issuedAt)
    return { code: credential.status, since: credential.changedAt };
  if (businessTypes && !(businessType !== undefined && businessTypes.includes(businessType)))
    return { code: 'out_of_scope' };
  return undefined;
}

/** The acceptance of the same presentation by the service, which forgets codes soon after their end, and keeps receipts. */
async function findAccepted(
  { replayKey, credential, issuedAt }: Receipt,
  deps: OfflineDeps,
): Promise<AcceptedCode | undefined> {
  const [from, to] = [-1, 1].map((days) => new Date(issuedAt.getTime() + days * DAY_MILLISECONDS)) as [Date, Date];
  const receipts = await deps.store.receiptsOf(credential.id, from, to, MAX_COMPARED);
  if (receipts.length === 0) return undefined;
  const keys = await listReceiptKeys(deps);
  for (const { id, signed, verifiedAt } of receipts) {
    const read = await verifyReceipt(signed, keys, { currentDate: deps.currentDate() });
    if (read.ok && read.receipt.replayKey === replayKey) {
      const { organisation, businessType = '' } = read.receipt;
      return { receipt: id, organisation, businessType, verifiedAt };
    }
  }
  return undefined;
}

function publicKeys(keys: readonly OfflineKey[]): readonly Uint8Array[] {
  return keys.map(({ publicKey }) => publicKey);
}

function refuse(code: string): OfflineResult {
  return { outcome: 'refused', code };
}
