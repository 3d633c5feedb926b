import type { Kysely, Transaction } from 'kysely';
import type { IdentityUse, IssueRecord } from '../store.ts';
import type { AuditLog } from './audit-log.ts';
import type { Tables } from './tables.ts';

/** So many at most in one transaction: others wait for it. */
const STEP = 1000;

/** Of those that have one. */
export async function insertIdentities(
  transaction: Transaction<Tables>,
  issues: readonly Pick<IssueRecord, 'id' | 'identity' | 'expiresAt'>[],
): Promise<void> {
  const rows = issues.flatMap(({ id, identity, expiresAt }) =>
    identity ? [{ credential: id, sealed: identity, ends_at: expiresAt.getTime() }] : [],
  );
  if (rows.length > 0) await transaction.insertInto('identities').values(rows).execute();
}

export async function findIdentity(db: Kysely<Tables>, credential: string): Promise<Uint8Array | undefined> {
  const row = await db
    .selectFrom('identities')
    .select('sealed')
    .where('credential', '=', credential)
    .executeTakeFirst();
  return row && new Uint8Array(row.sealed);
}

export async function deleteIdentity(transaction: Transaction<Tables>, credential: string): Promise<void> {
  await transaction.deleteFrom('identities').where('credential', '=', credential).execute();
}

export async function forgetIdentities(transaction: Transaction<Tables>, endedBefore: Date): Promise<number> {
  const { numDeletedRows } = await transaction
    .deleteFrom('identities')
    .where('credential', 'in', ({ selectFrom }) =>
      selectFrom('identities').select('credential').where('ends_at', '<', endedBefore.getTime()).limit(STEP),
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

export function recordIdentityUse(
  audit: AuditLog,
  { at, by, action, credential, businessType, outcome }: IdentityUse,
): void {
  audit.add({
    ...by,
    at,
    action,
    ...(credential !== undefined && { credential }),
    ...(businessType && { businessType }),
    ...(outcome !== undefined && { outcome }),
  });
}
