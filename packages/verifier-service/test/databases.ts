import path from 'node:path';
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
    const store = keep(openSqliteStore(path.join(await makeFolder(), 'data'), { create: true }));
    // A second connection would wait for this one in the same thread; other processes are in single-use.test.ts.
    return { open: async () => store };
  },
  async PostgreSQL() {
    server ??= PostgresServer.start();
    const url = await (await server).createDatabase(`test_${databases++}`);
    return { url, open: async () => keep(await openPostgresStore([url])) };
  },
};

function keep(store: Store): Store {
  opened.push(store);
  return store;
}
