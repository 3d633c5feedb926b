import { sql, type Transaction } from 'kysely';
import type { Restoration } from '../store.ts';
import type { AuditLog } from './audit-log.ts';
import { LIST_SIZE } from './issues.ts';
import type { Tables } from './tables.ts';

/** Further than anybody has got since the backup: lists of 98 304 credentials each, and as many trust lists. */
const JUMP = 1000;

/** The same of snapshots, of which each change of a status gives one: ten a second for three years. */
const SNAPSHOT_JUMP = 1_000_000_000;

/**
 * Keeps apart what follows from what was done after the backup and is not known here. An index that was given then is not
 * given again, for what is issued from now on is in a list of a far higher number; a code that passed then does not pass
 * again, for those made before now are refused; and scanners, which refuse to go back, find higher numbers and later dates.
 */
export async function markRestored(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  { at, backupTakenAt, by }: Restoration,
): Promise<void> {
  const { newest } = await transaction
    .selectFrom('status_lists')
    .select(({ fn }) => fn.max('id').as('newest'))
    .executeTakeFirstOrThrow();
  await transaction
    .insertInto('status_lists')
    .values({ id: Number(newest ?? 0) + JUMP, size: LIST_SIZE, issued: 0, version: 1 })
    .execute();
  await transaction.deleteFrom('status_publications').execute();
  await transaction.deleteFrom('snapshot_publications').execute();
  await transaction
    .updateTable('snapshot_sequence')
    .set({ sequence: sql`sequence + ${SNAPSHOT_JUMP}` })
    .execute();
  const latest = await transaction
    .selectFrom('trust_lists')
    .select('sequence')
    .orderBy('sequence', 'desc')
    .executeTakeFirst();
  if (latest) {
    await transaction
      .updateTable('trust_lists')
      .set({ sequence: sql`sequence + ${JUMP}`, fingerprint: 'restored' })
      .where('sequence', '=', latest.sequence)
      .execute();
  }
  await transaction.updateTable('forgotten_codes').set({ restored_at: at.getTime() }).execute();
  audit.add({
    ...by,
    at,
    action: 'restore',
    ...(backupTakenAt && { reason: `backup of ${backupTakenAt.toISOString()}` }),
  });
}
