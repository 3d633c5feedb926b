import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import pg from 'pg';
import { afterAll } from 'vitest';
import { openPostgresStore } from '../src/stores/postgres/open-postgres-store.ts';
import { openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.ts';
import type { Store } from '../src/stores/store.ts';
import { makeFolder } from './cli.ts';
import { PostgresServer } from './postgres.ts';

/** One database that several nodes open. */
export interface TestDatabase {
  /** A store of its own, as another process has one. */
  open(): Promise<Store>;
  /** Runs SQL on it, as whoever has the database could; once it was opened. */
  run(sql: string): Promise<void>;
  /** Of PostgreSQL. */
  readonly url?: string;
}

let server: Promise<PostgresServer> | undefined;
let databases = 0;
const opened: Store[] = [];

afterAll(async () => {
  for (const store of opened) await store.close().catch(() => {});
  await (await server)?.remove();
});

/** The databases that the service runs on; each call makes a new, empty one. */
export const DATABASES: Readonly<Record<string, () => Promise<TestDatabase>>> = {
  async SQLite() {
    const folder = path.join(await makeFolder(), 'data');
    const store = keep(openSqliteStore(folder, { create: true }));
    // A second connection would wait for this one in the same thread; other processes are in single-use.test.ts.
    const run = async (sql: string) => {
      using database = new DatabaseSync(path.join(folder, 'zhengma.sqlite'));
      database.exec(sql);
    };
    return { open: async () => store, run };
  },
  async PostgreSQL() {
    server ??= PostgresServer.start();
    const url = await (await server).createDatabase(`test_${databases++}`);
    const run = async (sql: string) => {
      const client = new pg.Client(url);
      await client.connect();
      await client.query(sql);
      await client.end();
    };
    return { url, run, open: async () => keep(await openPostgresStore([url])) };
  },
};

function keep(store: Store): Store {
  opened.push(store);
  return store;
}
