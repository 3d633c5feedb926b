import type { Kysely, Transaction } from 'kysely';
import type { Actor, HisGrant, Operator } from '../access.ts';
import type { AuditLog } from './audit-log.ts';
import { isLetIn, readOperator } from './operators.ts';
import type { Tables } from './tables.ts';

export async function addHisGrant(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  { organisation, network, operator }: HisGrant,
  by: Actor,
  at: Date,
): Promise<void> {
  await transaction
    .insertInto('his_grants')
    .values({ organisation, network, operator, created_at: at.getTime() })
    .onConflict((conflict) => conflict.columns(['organisation', 'network']).doUpdateSet({ operator }))
    .execute();
  audit.add({ ...by, at, action: 'add_his_grant', subject: organisation, reason: `${network} as ${operator}` });
}

export async function removeHisGrants(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  organisation: string,
  by: Actor,
  at: Date,
): Promise<number> {
  const { numDeletedRows } = await transaction
    .deleteFrom('his_grants')
    .where('organisation', '=', organisation)
    .executeTakeFirstOrThrow();
  if (numDeletedRows > 0n) audit.add({ ...by, at, action: 'remove_his_grant', subject: organisation });
  return Number(numDeletedRows);
}

export async function hisGrants(db: Kysely<Tables>): Promise<readonly HisGrant[]> {
  return db
    .selectFrom('his_grants')
    .select(['organisation', 'network', 'operator'])
    .orderBy('organisation')
    .orderBy('network')
    .execute();
}

/** By the conditions under which an API key of the operator would be accepted. */
export async function findHisGrants(
  db: Kysely<Tables>,
  organisation: string,
  at: Date,
): Promise<readonly { network: string; operator: Operator }[]> {
  const rows = await db
    .selectFrom('his_grants')
    .innerJoin('operators', 'operators.id', 'his_grants.operator')
    .selectAll('operators')
    .select('his_grants.network')
    .where('his_grants.organisation', '=', organisation)
    .where(isLetIn(at.getTime()))
    .execute();
  return rows.map((row) => ({ network: row.network, operator: readOperator(row) }));
}
