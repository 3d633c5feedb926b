import { rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { openDataFolder } from '../src/data-folder.ts';
import { MIGRATIONS } from '../src/stores/sqlite/migrations.ts';
import { initialise, startProcess } from './cli.ts';
import { changeStatus, issuePerson, readAnswer, verifyText } from './service.ts';

/** The names in one column of what a query gives. */
function list(database: DatabaseSync, query: string, column = 'name'): string[] {
  return database
    .prepare(query)
    .all()
    .map((row) => String(row[column]));
}

/** Writes the data of a folder anew as a release with so many migrations had it. */
async function takeBack(data: string, version: number): Promise<void> {
  const file = path.join(data, 'zhengma.sqlite');
  const old = new DatabaseSync(`${file}.old`);
  old.exec('create table schema_migrations (version integer primary key) strict');
  for (const [position, script] of MIGRATIONS.slice(0, version).entries()) {
    old.exec(script);
    old.prepare('insert into schema_migrations (version) values (?)').run(position + 1);
  }
  old.exec(`pragma foreign_keys = off; attach '${file}' as present`);
  const tables = list(old, "select name from main.sqlite_schema where type = 'table' and name <> 'schema_migrations'");
  for (const table of tables) {
    const columns = list(old, `select name from pragma_table_info('${table}', 'main')`).join();
    // Some rows are made by the migrations.
    old.exec(`insert or replace into main.${table} (${columns}) select ${columns} from present.${table}`);
  }
  old.close();
  for (const ending of ['', '-wal', '-shm']) await rm(file + ending, { force: true });
  await rename(`${file}.old`, file);
}

/** The migration with which receipts came. */
const RECEIPTS = 4;

const EARLIER = MIGRATIONS.map((_, version) => version).slice(1);

it.each(EARLIER)('a folder of a release with %i migrations goes on with all that it holds', async (version) => {
  const { data, apiKey } = await initialise();
  const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
  const before = await startProcess(data);
  const [good, revoked] = [await issuePerson({ url: before.url, keys }), await issuePerson({ url: before.url, keys })];
  await changeStatus({ url: before.url, keys }, revoked.body.id, 'revoked', 'lost');
  before.process.child.kill('SIGTERM');
  await before.process.ended;
  await takeBack(data, version);
  // Releases before receipts had no such keys.
  const later = version < RECEIPTS ? ['receipts', 'challenges'] : [];
  for (const key of later) await rm(path.join(data, 'keys', `${key}.key`), { force: true });

  const { process, url } = await startProcess(data);
  expect((await readAnswer(await fetch(`${url}/v1/receipt-keys`))).body.keys).toHaveLength(1);
  const { body } = await verifyText({ url, keys }, good.body.text);
  expect(body).toMatchObject({ ok: true, receipt: { id: expect.any(String) } });
  expect((await verifyText({ url, keys }, revoked.body.text)).body).toMatchObject({ ok: false, code: 'revoked' });
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(0);

  const { store } = openDataFolder(data, { create: false });
  expect(await store.findOperators('administrator')).toMatchObject([{ organisation: '370200' }]);
  const trail = await store.auditTrail();
  expect(trail.map(({ action, credential, reason, outcome }) => [action, credential, reason ?? outcome])).toEqual([
    ['issue', good.body.id, undefined],
    ['issue', revoked.body.id, undefined],
    ['revoked', revoked.body.id, 'lost'],
    ['verify', good.body.id, 'accepted'],
    ['verify', revoked.body.id, 'revoked'],
  ]);
  expect(new Set(trail.map(({ organisation }) => organisation))).toEqual(new Set(['370200']));
  await store.close();
});
