import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Actor, Organisation } from '../access.ts';
import type { AuditLog } from './audit-log.ts';
import type { Tables } from './tables.ts';

/** A query for the codes of an organisation and all below it. */
export function selectWithin(db: Kysely<Tables>, id: string) {
  return db
    .withRecursive('below', (with_) =>
      with_
        .selectFrom('organisations')
        .select('organisations.id')
        .where('organisations.id', '=', id)
        .union(
          with_
            .selectFrom('organisations')
            .innerJoin('below', 'below.id', 'organisations.parent')
            .select('organisations.id'),
        ),
    )
    .selectFrom('below')
    .select('below.id');
}

/** Whether an organisation or one above it is disabled, as a condition on its code. */
export function isShutOut(organisation: string) {
  return sql<boolean>`exists (
    with recursive above (id, parent, disabled_at) as (
      select id, parent, disabled_at from organisations where id = ${sql.ref(organisation)}
      union
      select o.id, o.parent, o.disabled_at from organisations o join above on o.id = above.parent
    ) select 1 from above where disabled_at is not null)`;
}

/** Whether it was added: of several at once with one id, one is. */
export async function addOrganisation(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  { id, name, parent }: Organisation,
  by: Actor,
  at: Date,
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('organisations')
    .values({ id, name, parent: parent ?? null, disabled_at: null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirstOrThrow();
  const isAdded = numInsertedOrUpdatedRows === 1n;
  if (isAdded) audit.add({ ...by, at, action: 'add_organisation', subject: id });
  return isAdded;
}

export async function findOrganisation(db: Kysely<Tables>, id: string): Promise<Organisation | undefined> {
  const row = await db.selectFrom('organisations').selectAll().where('id', '=', id).executeTakeFirst();
  return row && readOrganisation(row);
}

/** Walks up: a tree has few levels, and may have very many halls. */
export async function isWithin(db: Kysely<Tables>, id: string, root: string): Promise<boolean> {
  const found = await db
    .withRecursive('above', (with_) =>
      with_
        .selectFrom('organisations')
        .select(['organisations.id', 'organisations.parent'])
        .where('organisations.id', '=', id)
        .union(
          with_
            .selectFrom('organisations')
            .innerJoin('above', 'above.parent', 'organisations.id')
            .select(['organisations.id', 'organisations.parent']),
        ),
    )
    .selectFrom('above')
    .select('above.id')
    .where('above.id', '=', root)
    .executeTakeFirst();
  return found !== undefined;
}

export async function organisationsWithin(db: Kysely<Tables>, id: string): Promise<readonly Organisation[]> {
  const rows = await db
    .selectFrom('organisations')
    .selectAll()
    .where('id', 'in', selectWithin(db, id))
    .orderBy('id')
    .execute();
  return rows.map(readOrganisation);
}

export async function disableOrganisation(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  id: string,
  disabledAt: Date | undefined,
  by: Actor,
  at: Date,
): Promise<void> {
  await transaction
    .updateTable('organisations')
    .set({ disabled_at: disabledAt?.getTime() ?? null })
    .where('id', '=', id)
    .execute();
  audit.add({ ...by, at, action: disabledAt ? 'disable_organisation' : 'enable_organisation', subject: id });
}

function readOrganisation({ id, name, parent, disabled_at }: Selectable<Tables['organisations']>): Organisation {
  return {
    id,
    name,
    ...(parent !== null && { parent }),
    ...(disabled_at !== null && { disabledAt: new Date(disabled_at) }),
  };
}
