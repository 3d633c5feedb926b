import { Kysely, PostgresDialect, sql } from 'kysely';
import { EnvironmentError } from '../../errors.ts';
import { createSqlStore } from '../sql/sql-store.ts';
import type { Tables } from '../sql/tables.ts';
import type { Store } from '../store.ts';
import { FailoverPool, isConflict } from './failover-pool.ts';
import { MIGRATIONS } from './migrations.ts';

/** Another node may be making the same table at this very moment; PostgreSQL then fails one of both. */
const MADE_MEANWHILE: readonly unknown[] = ['23505', '42P07'];

/**
 * Opens a database on PostgreSQL, or on an engine that speaks its protocol, and brings its tables up to date; several
 * nodes may do so at once. Throws `EnvironmentError` when no server answers, when commits are not made durable there, or
 * when a newer release wrote the tables.
 *
 * @param addresses `postgres://user:password@host:port/database`, one for each server of a cluster
 */
export async function openPostgresStore(addresses: readonly string[]): Promise<Store> {
  const pool = new FailoverPool(addresses);
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await requireDurability(db);
    await migrate(db);
  } catch (error) {
    await db.destroy();
    if (error instanceof EnvironmentError) throw error;
    const { message } = ((error as Error).cause ?? error) as Error;
    throw new EnvironmentError(
      `The database of DATABASE_URL cannot be used (${message}): check its address and rights.`,
    );
  }
  return createSqlStore(db, { writesAtOnce: true, isConflict });
}

/** What is answered as saved must be on disk, and on the standby where there is one. */
async function requireDurability(db: Kysely<Tables>): Promise<void> {
  const { rows } = await sql<{ name: string; setting: string }>`
    select name, setting from pg_catalog.pg_settings where name in ('fsync', 'synchronous_commit')`.execute(db);
  for (const { name, setting } of rows) {
    if (setting !== 'off') continue;
    throw new EnvironmentError(
      `The database of DATABASE_URL loses what it has confirmed when it crashes (${name} is off): set ${name} to on.`,
    );
  }
}

async function migrate(db: Kysely<Tables>): Promise<void> {
  const makeTable = sql`create table if not exists schema_migrations (version bigint primary key)`;
  await makeTable.execute(db).catch(async (error: unknown) => {
    if (!MADE_MEANWHILE.includes((error as { cause?: { code?: unknown } }).cause?.code)) throw error;
  });
  const { rows } = await sql<{ version: number | null }>`select max(version) as version from schema_migrations`.execute(
    db,
  );
  if (Number(rows[0]?.version ?? 0) > MIGRATIONS.length) {
    throw new EnvironmentError(
      'The database was written by a newer release of zhengma: start that release, or use another database.',
    );
  }
  for (const [position, script] of MIGRATIONS.entries()) {
    await db.transaction().execute(async (transaction) => {
      // The first node to insert the number holds it until its tables are made; the others wait here, and find it done.
      const { numAffectedRows } =
        await sql`insert into schema_migrations (version) values (${position + 1}) on conflict (version) do nothing`.execute(
          transaction,
        );
      if (numAffectedRows !== 1n) return;
      for (const statement of script.split(/;\s*$/m)) {
        if (statement.trim() !== '') await sql.raw(statement).execute(transaction);
      }
    });
  }
}
