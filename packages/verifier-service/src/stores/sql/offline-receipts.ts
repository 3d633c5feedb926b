import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Actor } from '../access.ts';
import type { AcceptedCode, OfflineKey, OfflineKeyOutcome, OfflineReceipt, OfflineReceiptOutcome } from '../offline.ts';
import type { SignedReceipt } from '../receipt.ts';
import type { AuditLog } from './audit-log.ts';
import type { Tables } from './tables.ts';

export async function addOfflineKey(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  { id, publicKey, operator, organisation, createdAt }: OfflineKey,
  limit: number,
): Promise<OfflineKeyOutcome> {
  // Whoever else counts those of this operator waits until this transaction is over.
  await transaction
    .updateTable('operators')
    .set((each) => ({ name: each.ref('name') }))
    .where('id', '=', operator)
    .execute();
  const known = await findOfflineKey(transaction, id);
  if (known) return known.operator === operator && !known.withdrawnAt ? 'unchanged' : 'taken';
  const { count } = await transaction
    .selectFrom('offline_keys')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('operator', '=', operator)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (Number(count) >= limit) return 'too_many';
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('offline_keys')
    .values({
      id,
      public_key: publicKey,
      operator,
      organisation,
      created_at: createdAt.getTime(),
      withdrawn_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) return 'taken';
  audit.add({ operator, organisation, at: createdAt, action: 'add_offline_key', subject: id });
  return 'added';
}

export async function findOfflineKey(db: Kysely<Tables>, id: string): Promise<OfflineKey | undefined> {
  const row = await db.selectFrom('offline_keys').selectAll().where('id', '=', id).executeTakeFirst();
  return row && readKey(row);
}

export async function offlineKeysOf(db: Kysely<Tables>, operator: string): Promise<readonly OfflineKey[]> {
  const rows = await db
    .selectFrom('offline_keys')
    .selectAll()
    .where('operator', '=', operator)
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(readKey);
}

export async function withdrawOfflineKey(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  id: string,
  by: Actor,
  at: Date,
): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable('offline_keys')
    .set({ withdrawn_at: at.getTime() })
    .where('id', '=', id)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) audit.add({ ...by, at, action: 'withdraw_offline_key', subject: id });
}

export async function receiptsOf(
  db: Kysely<Tables>,
  credential: string,
  from: Date,
  to: Date,
  limit: number,
): Promise<readonly SignedReceipt[]> {
  const rows = await db
    .selectFrom('audit')
    .innerJoin('receipts', 'receipts.id', 'audit.receipt')
    .select(['receipts.id', 'receipts.signed', 'receipts.verified_at'])
    .where('audit.credential', '=', credential)
    .where('audit.action', '=', 'verify')
    .where('audit.outcome', '=', 'accepted')
    .where('audit.at', '>=', from.getTime())
    .where('audit.at', '<=', to.getTime())
    .orderBy('audit.at')
    .limit(limit)
    .execute();
  return rows.map(({ id, signed, verified_at }) => ({
    id,
    signed: new Uint8Array(signed),
    verifiedAt: new Date(verified_at),
  }));
}

/** Keeps a receipt whatever it contradicts: it is what a desk did, and somebody has to look at it. */
export async function insertOfflineReceipt(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  offline: OfflineReceipt,
): Promise<OfflineReceiptOutcome> {
  const { receipt, signedBy, by, at, credential, businessType, conflict } = offline;
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('receipts')
    .values({
      id: receipt.id,
      organisation: signedBy.organisation,
      signed: receipt.signed,
      verified_at: receipt.verifiedAt.getTime(),
    })
    .onConflict((conflicting) => conflicting.column('id').doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) {
    const known = await transaction
      .selectFrom('receipts')
      .select('signed')
      .where('id', '=', receipt.id)
      .executeTakeFirstOrThrow();
    if (Buffer.compare(known.signed, receipt.signed) !== 0) return { outcome: 'id_taken' };
    // Whoever asks again has not heard the first answer: what it contradicts is said again.
    const shown = offline.bearer ? undefined : await findShown(transaction, offline);
    return !shown || isSameEvent(shown, offline)
      ? { outcome: 'known' }
      : { outcome: 'known', firstShownAt: shown.verifiedAt };
  }
  const earlier = offline.bearer ? undefined : await showOffline(transaction, offline);
  const isSame = earlier !== undefined && isSameEvent(earlier, offline);
  const shown = earlier && (isSame ? 'repeated' : 'replayed');
  audit.add({
    ...by,
    at,
    action: 'record_offline',
    credential,
    subject: signedBy.operator,
    receipt: receipt.id,
    outcome: shown === 'replayed' ? shown : (conflict ?? shown ?? 'accepted'),
    ...(businessType && { businessType }),
  });
  if (!earlier) return { outcome: 'recorded' };
  return isSame ? { outcome: 'repeated' } : { outcome: 'replayed', firstShownAt: earlier.verifiedAt };
}

/** Has the code count as shown. Gives where it was accepted before, if it was. */
async function showOffline(
  transaction: Transaction<Tables>,
  offline: OfflineReceipt,
): Promise<AcceptedCode | undefined> {
  const { replayKey, signedBy, businessType, receipt, until, accepted } = offline;
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('shown_codes')
    .values({
      replay_key: replayKey,
      scope: '',
      organisation: accepted?.organisation ?? signedBy.organisation,
      business_type: accepted?.businessType ?? businessType,
      // Later receipts are told when it was accepted, not when this one was made. It may have been purged meanwhile.
      receipt: ({ fn, selectFrom, val }) =>
        fn.coalesce(
          selectFrom('receipts')
            .select('id')
            .where('id', '=', accepted?.receipt ?? receipt.id),
          val(receipt.id),
        ),
      until: until.getTime(),
    })
    .onConflict((conflict) => conflict.columns(['replay_key', 'scope']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n ? accepted : findShown(transaction, offline);
}

/** Where the code counts as shown. */
async function findShown(
  transaction: Transaction<Tables>,
  { replayKey, receipt, accepted }: OfflineReceipt,
): Promise<AcceptedCode | undefined> {
  const row = await transaction
    .selectFrom('shown_codes')
    .innerJoin('receipts', 'receipts.id', 'shown_codes.receipt')
    .select(['shown_codes.organisation', 'shown_codes.business_type', 'shown_codes.receipt', 'receipts.verified_at'])
    .where('replay_key', '=', replayKey)
    .where('scope', '=', '')
    .executeTakeFirst();
  if (!row) return undefined;
  // Where this receipt has it count as shown by an acceptance that was forgotten, that acceptance was the first.
  if (row.receipt === receipt.id && accepted) return accepted;
  return {
    receipt: row.receipt,
    organisation: row.organisation,
    businessType: row.business_type,
    verifiedAt: new Date(row.verified_at),
  };
}

function isSameEvent(shown: AcceptedCode, { signedBy, businessType }: OfflineReceipt): boolean {
  return shown.organisation === signedBy.organisation && shown.businessType === businessType;
}

function readKey(row: Selectable<Tables['offline_keys']>): OfflineKey {
  return {
    id: row.id,
    publicKey: new Uint8Array(row.public_key),
    operator: row.operator,
    organisation: row.organisation,
    createdAt: new Date(row.created_at),
    ...(row.withdrawn_at !== null && { withdrawnAt: new Date(row.withdrawn_at) }),
  };
}
