import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { authenticate } from '../src/actions/authenticate.ts';
import { issue } from '../src/actions/issue.ts';
import { verifyText } from '../src/actions/verify.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { openDatabase, openSqliteStore } from '../src/stores/sqlite/open-sqlite-store.ts';
import { readTrail } from './audit-trail.ts';
import { initialise, run } from './cli.ts';
import { addOperator } from './operators.ts';
import { PERSON } from './people.ts';
import { issuePerson, startService, type TestService } from './service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService();
});

afterAll(() => service.close());

function record(id: string, index: number, list = 1) {
  const at = new Date();
  return {
    id,
    list,
    index,
    type: 'medical-insurance',
    issuedAt: at,
    expiresAt: at,
    by: { operator: 'local', organisation: '370200' },
  };
}

it('an index is given once: the second taker is told, and nothing of it is kept', async () => {
  const { store } = service.deps;
  const { list, index } = await store.proposeIndex();
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      store.recordIssue(record(`00000000000000${n.toString(16).padStart(2, '0')}`, index, list)),
    ),
  );
  expect(outcomes.filter((outcome) => outcome === 'recorded')).toHaveLength(1);
  expect((await readTrail(store)).filter(({ action }) => action === 'issue')).toHaveLength(1);
});

it('credentials issued at once have an index of their own each, spread over the list', async () => {
  const answers = await Promise.all(Array.from({ length: 100 }, () => issuePerson(service)));
  const places = answers.map(({ body }) => `${body.status.list}/${body.status.index}`);
  expect(new Set(places).size).toBe(100);
  const indexes = answers.map(({ body }) => body.status.index as number);
  expect(Math.max(...indexes) - Math.min(...indexes)).toBeGreaterThan(50_000);
});

it('processes that write to one folder at once do not lose each other’s writes', async () => {
  const { data } = await initialise();
  const store = openSqliteStore(data, { create: false });
  const { list } = await store.proposeIndex();
  const input = JSON.stringify({ claims: PERSON });
  const others = Array.from({ length: 4 }, async () => {
    return (await run(['issue', '--from', '-', '--data', data], { input })).code;
  });
  let written = 0;
  for (let n = 0; n < 100; n++) {
    // One of the others may have drawn this very index.
    if ((await store.recordIssue(record(n.toString(16).padStart(16, '0'), n, list))) === 'recorded') written++;
  }
  expect(await Promise.all(others)).toEqual([0, 0, 0, 0]);
  expect((await readTrail(store)).filter(({ action }) => action === 'issue')).toHaveLength(written + 4);
  await store.close();
});

it('who is let in, and what is revoked, is as another process has just changed it', async () => {
  const { data } = await initialise();
  const [here, elsewhere] = [
    await openDataFolder(data, { create: false }),
    await openDataFolder(data, { create: false }),
  ];
  const by = { operator: 'local', organisation: '370200' };
  const { apiKey, operator } = await addOperator({ name: 'till', role: 'verifier' }, elsewhere);
  const comeIn = () => authenticate(apiKey, 'verifier', here);
  for (let times = 0; times < 2; times++) expect(await comeIn()).toMatchObject({ id: operator.id });
  await elsewhere.store.disableOperator(operator.id, new Date(), by, new Date());
  await expect(comeIn()).rejects.toMatchObject({ code: 'unauthenticated' });
  await elsewhere.store.disableOperator(operator.id, undefined, by, new Date());
  expect(await comeIn()).toMatchObject({ id: operator.id });
  await elsewhere.store.disableOrganisation('370200', new Date(), by, new Date());
  await expect(comeIn()).rejects.toMatchObject({ code: 'unauthenticated' });
  await elsewhere.store.disableOrganisation('370200', undefined, by, new Date());
  expect(await comeIn()).toMatchObject({ id: operator.id });
  await elsewhere.store.withdrawApiKeys(operator.id, by, new Date());
  await expect(comeIn()).rejects.toMatchObject({ code: 'unauthenticated' });

  const { id, text } = await issue({ claims: PERSON }, { ...by, scope: {} }, elsewhere);
  for (let times = 0; times < 2; times++) expect((await verifyText(text, {}, here)).result.ok).toBe(true);
  await elsewhere.store.changeStatus({ id, status: 'revoked', by, at: new Date() });
  expect((await verifyText(text, {}, here)).result).toMatchObject({ ok: false, code: 'revoked' });
  for (const { store } of [here, elsewhere]) await store.close();
});

it('an API key that ends is refused from then on, though nothing was changed', async () => {
  const { store, currentDate } = service.deps;
  const { operator } = await addOperator({ name: 'volunteer', role: 'verifier' }, service.deps);
  const by = { operator: 'local', organisation: '370200' };
  const expiresAt = new Date(currentDate().getTime() + 60_000);
  const key = { hash: 'h1:volunteer', operator: operator.id, createdAt: currentDate(), expiresAt };
  await store.addApiKey(key, by);
  const before = new Date(expiresAt.getTime() - 1);
  for (let times = 0; times < 2; times++) expect(await store.authenticate(key.hash, before)).toEqual(operator);
  expect(await store.authenticate(key.hash, expiresAt)).toBeUndefined();
});

it('a list that is three quarters full is left for the next one', async () => {
  const { data } = await initialise();
  const store = openSqliteStore(data, { create: false });
  expect((await store.proposeIndex()).list).toBe(1);
  const raw = new DatabaseSync(path.join(data, 'zhengma.sqlite'));
  raw.exec('update status_lists set issued = 98304');
  raw.close();
  expect((await store.proposeIndex()).list).toBe(2);
  expect((await store.statusLists()).map(({ id }) => id)).toEqual([1, 2]);
  await store.close();
});

it('commits are synced, and the database is the owner’s alone', async () => {
  const file = path.join(service.folder, 'zhengma.sqlite');
  expect((await stat(file)).mode & 0o077).toBe(0);
  expect((await stat(`${file}-wal`)).mode & 0o077).toBe(0);
  const connection = openDatabase(file);
  expect(connection.prepare('pragma journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(connection.prepare('pragma synchronous').get()).toEqual({ synchronous: 2 });
  connection.close();
});

it('a database that cannot have a write-ahead log is refused', () => {
  expect(() => openDatabase(':memory:')).toThrow(/cannot be kept safe here \(journal memory/);
});

it('a folder of a newer release is not touched', async () => {
  const { data } = await initialise();
  const raw = new DatabaseSync(path.join(data, 'zhengma.sqlite'));
  raw.exec('insert into schema_migrations (version) values (1000)');
  raw.close();
  expect(() => openSqliteStore(data, { create: false })).toThrow(/newer release/);
});
