import { sql, type Transaction } from 'kysely';
import type { StatusChange } from '../store.ts';
import type { AuditLog } from './audit-log.ts';
import { deleteIdentity } from './identities.ts';
import type { Tables } from './tables.ts';

/** Changes a status with its audit row, and moves its list on. Undefined where there is nothing to change. */
export async function setStatus(transaction: Transaction<Tables>, audit: AuditLog, change: StatusChange) {
  const changed = await transaction
    .updateTable('credentials')
    .set({ status: change.status, changed_at: change.at.getTime() })
    .where('id', '=', change.id)
    .where('status', 'not in', ['revoked', change.status])
    .returningAll()
    .executeTakeFirst();
  if (!changed) return undefined;
  await transaction
    .updateTable('status_lists')
    .set({ version: sql`version + 1` })
    .where('id', '=', changed.list)
    .execute();
  if (change.status === 'revoked') await deleteIdentity(transaction, change.id);
  audit.add({
    ...change.by,
    at: change.at,
    action: change.status,
    credential: change.id,
    ...(change.reason !== undefined && { reason: change.reason }),
    ...(change.proposal !== undefined && { subject: change.proposal }),
  });
  return changed;
}
