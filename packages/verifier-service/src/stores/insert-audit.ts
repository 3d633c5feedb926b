import type { Transaction } from 'kysely';
import type { AuditRecord } from './store.ts';
import type { Tables } from './tables.ts';

/** Adds an audit row, in the transaction of what it tells about. Its organisation is the operator's. */
export async function insertAudit(
  transaction: Transaction<Tables>,
  { at, operator, action, credential, reason, outcome, receipt }: Omit<AuditRecord, 'organisation'>,
): Promise<void> {
  await transaction
    .insertInto('audit')
    .values({
      at: at.getTime(),
      operator,
      action,
      credential: credential ?? null,
      reason: reason ?? null,
      outcome: outcome ?? null,
      receipt: receipt ?? null,
    })
    .execute();
}
