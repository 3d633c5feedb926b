import type { ExpressionBuilder, Kysely, Selectable, Transaction } from 'kysely';
import type { Actor, ApiKeyRecord, ListedOperator, Operator, OperatorScope } from '../access.ts';
import type { AuditLog } from './audit-log.ts';
import { isShutOut, selectWithin } from './organisations.ts';
import { prepareQuery } from './prepared-query.ts';
import type { Tables } from './tables.ts';

export async function addOperator(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  { id, name, role, organisation, scope, expiresAt }: Operator,
  by: Actor,
  at: Date,
): Promise<void> {
  await transaction
    .insertInto('operators')
    .values({
      id,
      name,
      role,
      organisation,
      scope: JSON.stringify(scope),
      created_at: at.getTime(),
      expires_at: expiresAt?.getTime() ?? null,
      disabled_at: null,
    })
    .execute();
  audit.add({ ...by, at, action: 'add_operator', subject: id });
}

/** Whose API key this is, and at which millisecond either of them is over, when nothing else keeps it out. */
export async function findByKey(
  db: Kysely<Tables>,
  keyHash: string,
): Promise<{ readonly operator: Operator; readonly endsAt: number } | undefined> {
  const [row] = (await selectByKey(db, { keyHash })).rows;
  if (!row) return undefined;
  const endsAt = Math.min(row.expires_at ?? Number.POSITIVE_INFINITY, row.key_expires_at ?? Number.POSITIVE_INFINITY);
  return { operator: readOperator(row), endsAt };
}

const selectByKey = prepareQuery<{ keyHash: string }>()((db, value) =>
  db
    .selectFrom('api_keys')
    .innerJoin('operators', 'operators.id', 'api_keys.operator')
    .selectAll('operators')
    .select('api_keys.expires_at as key_expires_at')
    .where('api_keys.hash', '=', value('keyHash'))
    .where('api_keys.withdrawn_at', 'is', null)
    .where(isEnabled),
);

/** Whether an operator, at this millisecond, is neither over nor disabled, nor of an organisation that is shut out. */
export function isLetIn(now: number) {
  return (builder: ExpressionBuilder<Tables, 'operators'>) =>
    builder.and([
      builder.or([builder('operators.expires_at', 'is', null), builder('operators.expires_at', '>', now)]),
      isEnabled(builder),
    ]);
}

function isEnabled({ and, not, eb }: ExpressionBuilder<Tables, 'operators'>) {
  return and([eb('operators.disabled_at', 'is', null), not(isShutOut('operators.organisation'))]);
}

export async function findOperator(db: Kysely<Tables>, id: string): Promise<Operator | undefined> {
  const row = await db.selectFrom('operators').selectAll().where('id', '=', id).executeTakeFirst();
  return row && readOperator(row);
}

export async function operatorsWithin(db: Kysely<Tables>, organisation: string): Promise<readonly ListedOperator[]> {
  const rows = await db
    .selectFrom('operators')
    .selectAll()
    .select(({ selectFrom }) => [
      selectFrom('api_keys')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .whereRef('api_keys.operator', '=', 'operators.id')
        .where('api_keys.withdrawn_at', 'is', null)
        .as('keys'),
      selectFrom('operator_subjects')
        .select('operator_subjects.operator')
        .whereRef('operator_subjects.operator', '=', 'operators.id')
        .as('linked'),
    ])
    .where('organisation', 'in', selectWithin(db, organisation))
    .orderBy('name')
    .orderBy('created_at')
    .execute();
  return rows.map((row) => ({ ...readOperator(row), apiKeys: Number(row.keys), linked: row.linked !== null }));
}

export async function disableOperator(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  id: string,
  disabledAt: Date | undefined,
  by: Actor,
  at: Date,
): Promise<void> {
  await transaction
    .updateTable('operators')
    .set({ disabled_at: disabledAt?.getTime() ?? null })
    .where('id', '=', id)
    .execute();
  audit.add({ ...by, at, action: disabledAt ? 'disable_operator' : 'enable_operator', subject: id });
}

export async function addApiKey(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  { hash, operator, createdAt, expiresAt }: ApiKeyRecord,
  by: Actor,
): Promise<void> {
  await transaction
    .insertInto('api_keys')
    .values({
      hash,
      operator,
      created_at: createdAt.getTime(),
      expires_at: expiresAt?.getTime() ?? null,
      withdrawn_at: null,
    })
    .execute();
  audit.add({ ...by, at: createdAt, action: 'add_api_key', subject: operator });
}

export async function withdrawApiKeys(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  operator: string,
  by: Actor,
  at: Date,
): Promise<number> {
  const { numUpdatedRows } = await transaction
    .updateTable('api_keys')
    .set({ withdrawn_at: at.getTime() })
    .where('operator', '=', operator)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirstOrThrow();
  if (numUpdatedRows > 0n) audit.add({ ...by, at, action: 'withdraw_api_keys', subject: operator });
  return Number(numUpdatedRows);
}

export async function rehashApiKeys(
  transaction: Transaction<Tables>,
  replace: (hash: string) => string | undefined,
): Promise<void> {
  for (const { hash } of await transaction.selectFrom('api_keys').select('hash').execute()) {
    const replaced = replace(hash);
    if (replaced !== undefined)
      await transaction.updateTable('api_keys').set({ hash: replaced }).where('hash', '=', hash).execute();
  }
}

export function readOperator(row: Selectable<Tables['operators']>): Operator {
  const { id, name, role, organisation, scope, expires_at, disabled_at } = row;
  return {
    id,
    name,
    role,
    organisation,
    scope: JSON.parse(scope) as OperatorScope,
    ...(expires_at !== null && { expiresAt: new Date(expires_at) }),
    ...(disabled_at !== null && { disabledAt: new Date(disabled_at) }),
  };
}
