import { createHash } from 'node:crypto';
import { cp, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { beforeAll, expect, it } from 'vitest';
import { openDataFolder } from '../src/data-folder.ts';
import { MIGRATIONS, runMigration } from '../src/stores/sqlite/migrations.ts';
import { readTrail } from './audit-trail.ts';
import { initialise, makeFolder, startProcess } from './cli.ts';
import { type Answer, changeStatus, issuePerson, readAnswer, verifyText } from './service.ts';

/** The names in one column of what a query gives. */
function list(database: DatabaseSync, query: string, column = 'name'): string[] {
  return database
    .prepare(query)
    .all()
    .map((row) => String(row[column]));
}

/** Writes the data of a folder anew as a release with so many migrations had it. */
async function takeBack(data: string, version: number, apiKey: string): Promise<void> {
  const file = path.join(data, 'zhengma.sqlite');
  const old = new DatabaseSync(`${file}.old`);
  old.exec('create table schema_migrations (version integer primary key) strict');
  for (const [position, migration] of MIGRATIONS.slice(0, version).entries()) {
    runMigration(old, migration);
    old.prepare('insert into schema_migrations (version) values (?)').run(position + 1);
  }
  old.exec(`pragma foreign_keys = off; attach '${file}' as present`);
  const tables = list(old, "select name from main.sqlite_schema where type = 'table' and name <> 'schema_migrations'");
  for (const table of tables) {
    const columns = list(old, `select name from pragma_table_info('${table}', 'main')`).join();
    // What such a release did not audit.
    const only = table === 'audit' && version < 5 ? 'where credential is not null' : '';
    const values = columns
      // Before there were chains, the rows of the audit had numbers.
      .replace(table === 'audit' ? /^id,/ : /^$/, 'seq,')
      // Before keys had a table of their own, each operator had one, by its plain hash.
      .replace(
        'key_hash',
        `case name when 'administrator' then '${createHash('sha256').update(apiKey).digest('hex')}' end`,
      )
      .replace('withdrawn_at', 'null');
    old.exec(
      `delete from main.${table}; insert into main.${table} (${columns}) select ${values} from present.${table} ${only}`,
    );
  }
  old.close();
  for (const ending of ['', '-wal', '-shm']) await rm(file + ending, { force: true });
  await rename(`${file}.old`, file);
}

const EARLIER = MIGRATIONS.map((_, version) => version).slice(1);

let apiKey: string;
let present: string;
let good: Answer;
let revoked: Answer;

/** A folder of today, which each test takes a copy of back to an earlier release. */
beforeAll(async () => {
  ({ data: present, apiKey } = await initialise());
  const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
  const { process, url } = await startProcess(present);
  [good, revoked] = [await issuePerson({ url, keys }), await issuePerson({ url, keys })];
  await changeStatus({ url, keys }, revoked.body.id, 'revoked', 'lost');
  process.child.kill('SIGTERM');
  await process.ended;
});

it.each(EARLIER)('a folder of a release with %i migrations goes on with all that it holds', async (version) => {
  const data = path.join(await makeFolder(), 'data');
  await cp(present, data, { recursive: true });
  const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
  await takeBack(data, version, apiKey);
  const later = [...(version < 4 ? ['receipts', 'challenges'] : []), ...(version < 6 ? ['api-keys'] : [])];
  for (const key of later) await rm(path.join(data, 'keys', `${key}.key`), { force: true });

  const { process, url } = await startProcess(data);
  expect((await readAnswer(await fetch(`${url}/v1/receipt-keys`))).body.keys).toHaveLength(1);
  const { body } = await verifyText({ url, keys }, good.body.text);
  expect(body).toMatchObject({ ok: true, receipt: { id: expect.any(String) } });
  expect((await verifyText({ url, keys }, revoked.body.text)).body).toMatchObject({ ok: false, code: 'revoked' });
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(0);

  const { store } = await openDataFolder(data, { create: false });
  expect(await store.operatorsWithin('370200')).toMatchObject([
    { name: 'administrator', organisation: '370200', apiKeys: 1 },
    { name: 'command line', organisation: '370200', apiKeys: 0 },
  ]);
  const trail = (await readTrail(store)).filter(({ credential }) => credential !== undefined);
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
