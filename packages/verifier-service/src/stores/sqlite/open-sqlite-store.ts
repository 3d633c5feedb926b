import { closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { EnvironmentError } from '../../errors.ts';
import { createSqlStore } from '../sql/sql-store.ts';
import type { Tables } from '../sql/tables.ts';
import type { Store } from '../store.ts';
import { createSqliteDialect, storeUnavailable } from './dialect.ts';
import { MIGRATIONS, runMigration } from './migrations.ts';

const BUSY_TIMEOUT_MILLISECONDS = 5000;
const SYNCHRONOUS_FULL = 2;

/** Codes, receipts and the audit are found by random keys: what SQLite keeps by itself, 2 MB, holds few of their pages. */
const CACHE_KIBIBYTES = 32 * 1024;

/**
 * Pages of the WAL, 32 MiB, beyond which they are copied to their places: a page that is written again and again, as the ends
 * of all indexes by time, is copied once for all of it.
 */
const CHECKPOINT_PAGES = 8192;

/**
 * Opens the database of a data folder and brings its tables up to date; makes both first when `create` is true.
 * Throws `EnvironmentError` when there is none, when the folder cannot be written, or when a newer release wrote it.
 */
export function openSqliteStore(dataFolder: string, { create }: { create: boolean }): Store {
  const file = path.join(dataFolder, 'zhengma.sqlite');
  if (!create && !existsSync(file)) {
    throw new EnvironmentError(
      `There is no data in ${dataFolder}: run zhengma init or zhengma start, or choose another with --data.`,
    );
  }
  try {
    makeFolder(dataFolder);
    // SQLite gives its WAL the mode of the database: created here so that both are the owner's alone.
    closeSync(openSync(file, 'a', 0o600));
  } catch (error) {
    throw new EnvironmentError(describeFolderFault(dataFolder, error));
  }
  let database: DatabaseSync;
  try {
    database = openDatabase(file);
    migrate(database);
  } catch (error) {
    if (error instanceof EnvironmentError) throw error;
    throw new EnvironmentError(
      `${file} cannot be used as a database (${(error as Error).message}): restore it from a backup, or choose another folder with --data.`,
    );
  }
  const engine = { writesAtOnce: false, isConflict: () => false, readMark: prepareMark(database) };
  return createSqlStore(new Kysely<Tables>({ dialect: createSqliteDialect(database) }), engine);
}

/** Past kysely, and past whoever writes: this is asked at every request. */
function prepareMark(database: DatabaseSync): () => string {
  const statement = database.prepare('select mark from change_marks');
  return () => {
    try {
      return statement.get()?.['mark'] as string;
    } catch (error) {
      throw storeUnavailable(error);
    }
  };
}

/** A connection whose commits are on disk when they return. Throws `EnvironmentError` where SQLite cannot promise that. */
export function openDatabase(file: string): DatabaseSync {
  const database = new DatabaseSync(file, { timeout: BUSY_TIMEOUT_MILLISECONDS, enableForeignKeyConstraints: true });
  // WAL lets the command line write while the service reads; FULL syncs the WAL at every commit, so that what was
  // answered 200 is on disk. SQLite keeps silent where a file system or a build does not allow one of them.
  database.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -${CACHE_KIBIBYTES};
    pragma wal_autocheckpoint = ${CHECKPOINT_PAGES};`);
  const mode = database.prepare('pragma journal_mode').get()?.['journal_mode'];
  const synchronous = database.prepare('pragma synchronous').get()?.['synchronous'];
  if (mode === 'wal' && synchronous === SYNCHRONOUS_FULL) return database;
  database.close();
  throw new EnvironmentError(
    `The database ${file} cannot be kept safe here (journal ${mode}, synchronous ${synchronous}): choose a folder on a local disk with --data.`,
  );
}

/** One sentence for a folder that cannot be written: what, and how to mend it. */
export function describeFolderFault(folder: string, error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code ?? 'unknown fault';
  return `The data folder ${folder} cannot be written (${code}): make it writable for this user, or choose another with --data or ZHENGMA_DATA.`;
}

/** Folder by folder: `recursive` never returns where a parent exists and yet answers ENOENT, as under /proc (Node 24). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder, { mode: 0o700 });
}

function migrate(database: DatabaseSync): void {
  database.exec('create table if not exists schema_migrations (version integer primary key) strict');
  database.exec('begin immediate');
  try {
    const row = database.prepare('select coalesce(max(version), 0) as version from schema_migrations').get();
    const done = Number(row?.['version']);
    if (done > MIGRATIONS.length) {
      throw new EnvironmentError(
        'The data folder was written by a newer release of zhengma: start that release, or choose another folder with --data.',
      );
    }
    const record = database.prepare('insert into schema_migrations (version) values (?)');
    for (const [position, migration] of MIGRATIONS.entries()) {
      if (position < done) continue;
      runMigration(database, migration);
      record.run(position + 1);
    }
    database.exec('commit');
  } catch (error) {
    database.exec('rollback');
    throw error;
  }
}
