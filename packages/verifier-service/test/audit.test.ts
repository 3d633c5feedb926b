import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { signCheckpoint } from '../src/actions/audit-checkpoint.ts';
import { purgeAudit } from '../src/actions/purge-audit.ts';
import { actLocally } from '../src/actions/set-up.ts';
import { verifyAudit } from '../src/actions/verify-audit.ts';
import { ServiceError } from '../src/errors.ts';
import { auditCounts } from '../src/schemas/audit.ts';
import { hashEntry } from '../src/stores/audit-hash.ts';
import { initialise, run } from './cli.ts';
import { issueToDevice } from './holders.ts';
import { addOperator } from './operators.ts';
import { changeStatus, issuePerson, post, readAnswer, startService, type TestService, verifyText } from './service.ts';

let service: TestService;
let auditor: string;

beforeAll(async () => {
  service = await startService();
  auditor = (await addOperator({ name: '稽核', role: 'auditor' }, service.deps)).apiKey;
});

afterAll(() => service.close());

const get = async (address: string, apiKey = auditor) =>
  readAnswer(await fetch(service.url + address, { headers: { Authorization: `Bearer ${apiKey}` } }));

describe('over HTTP', () => {
  it('a receipt, a credential, an operator and an outcome are found, newest first', async () => {
    const holder = await issueToDevice(service.url, service.keys.issuer);
    const shown = await holder.show();
    const verify = (businessType: string) =>
      post(`${service.url}/v1/verifications`, service.keys.verifier, { text: shown, businessType });
    const { body } = await verify('01301');
    await verify('01101');
    await changeStatus(service, holder.id, 'revoked', 'lost');
    const about = await get(`/v1/audit?credential=${holder.id}`);
    expect(about.body.entries.map(({ action, outcome }: Record<string, string>) => outcome ?? action)).toEqual([
      'revoked',
      'replayed',
      'accepted',
      'issue',
    ]);
    expect((await get(`/v1/audit?receipt=${body.receipt.id}`)).body.entries).toMatchObject([
      {
        outcome: 'accepted',
        businessType: '01301',
        organisation: '370200',
        hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      },
    ]);
    const first = await get('/v1/audit?limit=2');
    const second = await get(`/v1/audit?limit=2&after=${first.body.next}`);
    expect([...first.body.entries, ...second.body.entries]).toEqual((await get('/v1/audit?limit=4')).body.entries);
  });

  it('is the auditors’, each for their own organisation and below', async () => {
    const { keys, deps, url } = service;
    expect((await get('/v1/audit', keys.verifier)).body.code).toBe('forbidden');
    expect((await get('/v1/audit', keys.issuer)).body.code).toBe('forbidden');
    const elsewhere = await addOperator({ name: '院感', role: 'auditor', organisation: 'H37020000001' }, deps);
    const desk = await addOperator({ name: '收费', role: 'verifier', organisation: 'H37020000001' }, deps);
    await post(`${url}/v1/verifications`, desk.apiKey, { text: 'x' });
    const own = await get('/v1/audit', elsewhere.apiKey);
    expect(new Set(own.body.entries.map(({ organisation }: Record<string, string>) => organisation))).toEqual(
      new Set(['H37020000001']),
    );
    expect((await get('/v1/audit?organisation=370200', elsewhere.apiKey)).body.entries).toEqual([]);
    expect((await get('/v1/audit?organisation=H37020000001')).body.entries).toEqual(own.body.entries);
  });

  it.each([
    'limit=0',
    'limit=1001',
    'from=yesterday',
    'operator=',
    'operator=a%00b',
    'organisation=a%00b',
    'after=1.2',
    'credential=x',
    'who=me',
  ])('refuses the query %s', async (query) => {
    expect(await get(`/v1/audit?${query}`)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
  });

  it('is counted for auditors, each for their own organisation and below', async () => {
    const { keys, deps, url } = service;
    const organisation = 'H37020000002';
    const counter = await addOperator({ name: '计数', role: 'auditor', organisation }, deps);
    const desk = await addOperator({ name: '收费', role: 'verifier', organisation }, deps);
    await post(`${url}/v1/verifications`, desk.apiKey, { text: 'x' });
    const { body } = await get('/v1/counts?from=2026-01-01T00:00:00%2B08:00', counter.apiKey);
    expect(auditCounts.parse(body)).toMatchObject({
      from: '2025-12-31T16:00:00.000Z',
      counts: [{ action: 'verify', outcome: 'not_zhengma', count: 1 }],
      complete: true,
    });
    expect(await get('/v1/counts', counter.apiKey)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect((await get('/v1/counts?from=2026-01-01T00:00:00Z', keys.verifier)).body.code).toBe('forbidden');
  });

  it('an export is a table that no spreadsheet takes for formulas, or JSON lines', async () => {
    const { body } = await issuePerson(service);
    await changeStatus(service, body.id, 'revoked', '=1+1, "lost"');
    const csv = await get(`/v1/audit/export?format=csv&credential=${body.id}`);
    expect(csv.headers.get('Content-Type')).toMatch(/^text\/csv/);
    const [head, line] = csv.body.split('\r\n');
    expect(head).toBe(
      'at,operator,organisation,action,credential,businessType,reason,outcome,receipt,subject,chain,seq,hash',
    );
    expect(line).toContain(`,revoked,${body.id},,"'=1+1, ""lost""",`);
    const lines = (await get('/v1/audit/export')).body
      .trim()
      .split('\n')
      .map((text: string) => JSON.parse(text));
    expect(lines).toHaveLength((await get('/v1/audit?limit=1000')).body.entries.length);
  });

  it.each(['\ud800', '\0', '\u202e', '\n'])(
    'a reason that no database keeps as it is, or nobody reads as it is, is refused: %j',
    async (bad) => {
      const { body } = await issuePerson(service);
      expect(await changeStatus(service, body.id, 'revoked', `a${bad}b`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ pointer: '/reason' }] },
      });
      expect(await verifyAudit(service.deps)).toMatchObject({ ok: true });
    },
  );

  it.each(['13800138000', '3702 0219 9003 0703 81', '138-0013-8000', '１３８００１３８０００', '138–0013 8000'])(
    'a reason with the number of a person is refused, however it is written: %s',
    async (number) => {
      const { body } = await issuePerson(service);
      expect(await changeStatus(service, body.id, 'suspended', `tel ${number}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ pointer: '/reason' }] },
      });
      const dated = await changeStatus(service, body.id, 'suspended', 'lost 2026-11-25 08:30, desk 3');
      expect(dated.status).toBe(200);
    },
  );

  it('a half character in a row is hashed as what the database gives back for it', async () => {
    const { store, currentDate } = service.deps;
    const by = await actLocally(service.deps);
    await store.addOrganisation({ id: 'half \ud800', name: 'x', parent: '370200' }, by, currentDate());
    const [row] = (await store.searchAudit({ action: 'add_organisation', limit: 1 })).entries;
    expect(row?.subject).toBe('half \ufffd');
    expect(await verifyAudit(service.deps)).toMatchObject({ ok: true });
  });

  it('an export whose database fails on a later page is cut, and the log says why', async () => {
    const { store } = service.deps;
    const { entries } = await store.searchAudit({ limit: 1 });
    const cause = Object.assign(new Error('gone'), { code: 'ECONNRESET' });
    const failing = vi
      .spyOn(store, 'searchAudit')
      .mockResolvedValueOnce({ entries, next: { at: new Date(1), chain: 1, seq: 1 } })
      .mockRejectedValueOnce(new ServiceError('store_unavailable', 'The database did not answer.', { cause }));
    const answer = await fetch(`${service.url}/v1/audit/export`, { headers: { Authorization: `Bearer ${auditor}` } });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
    failing.mockRestore();
    const requestId = answer.headers.get('X-Request-Id');
    const faults = service.log
      .map((line) => JSON.parse(line))
      .filter(({ level, ...line }) => level >= 50 && line.requestId === requestId);
    expect(faults).toMatchObject([{ error: 'Error', code: 'ECONNRESET' }]);
  });

  it('a checkpoint is signed, kept, and agrees with the audit', async () => {
    const answer = await readAnswer(
      await fetch(`${service.url}/v1/audit/checkpoints`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${auditor}` },
      }),
    );
    expect(answer.body).toMatch(/^zhengma audit 1\n[^\n]+\n1 \d+ [^\n]+\n\n— 370200 [A-Za-z0-9+/=]+\n$/);
    expect(await verifyAudit(service.deps, [answer.body])).toMatchObject({ ok: true, chains: 1, checkpoints: 2 });
    const found = await get('/v1/audit?action=sign_checkpoint');
    expect(found.body.entries).toMatchObject([{ organisation: '370200', operator: expect.any(String) }]);
  });

  it('a checkpoint is of all organisations, so nobody below the issuer’s has one signed', async () => {
    const below = { organisation: 'H37020000001' };
    for (const role of ['auditor', 'administrator'] as const) {
      const { apiKey } = await addOperator({ name: '稽核', role, ...below }, service.deps);
      expect(await post(`${service.url}/v1/audit/checkpoints`, apiKey, {})).toMatchObject({
        status: 403,
        body: { code: 'out_of_scope' },
      });
    }
  });
});

describe('a past that was changed', () => {
  let folder: TestService;
  let raw: DatabaseSync;
  let kept: string;

  beforeAll(async () => {
    folder = await startService();
    for (let n = 0; n < 5; n++) await issuePerson(folder);
    kept = (await signCheckpoint(await actLocally(folder.deps), folder.deps)).note;
    await issuePerson(folder);
    raw = new DatabaseSync(path.join(folder.folder, 'zhengma.sqlite'));
  });

  afterAll(async () => {
    raw.close();
    await folder.close();
  });

  /** What is found after a change that is taken back again. */
  async function find(change: string, checkpoints: readonly string[] = []) {
    raw.exec(`create table if not exists before as select * from audit; ${change}`);
    const verdict = await verifyAudit(folder.deps, checkpoints);
    raw.exec('delete from audit; insert into audit select * from before; drop table before');
    return verdict;
  }

  it('is found: a value, a row, the end, the start', async () => {
    const { seq } = raw.prepare('select seq from audit_chains').get() as { seq: number };
    expect(await verifyAudit(folder.deps)).toEqual({ ok: true, rows: seq, chains: 1, checkpoints: 1 });
    const fault = (kind: string, at: number) => ({ ok: false, fault: { kind, chain: 1, seq: at } });
    expect(await find("update audit set operator = 'x' where seq = 3")).toEqual(fault('row_changed', 3));
    expect(await find('update audit set at = at + 1 where seq = 4')).toEqual(fault('row_changed', 4));
    expect(await find('delete from audit where seq = 3')).toEqual(fault('row_missing', 3));
    expect(await find(`delete from audit where seq = ${seq}`)).toEqual(fault('end_missing', seq));
    raw.exec('update audit_chains set purged_seq = 2, purged_hash = (select hash from audit where seq = 2)');
    expect(await find('delete from audit where seq <= 2')).toEqual({
      ok: false,
      fault: { kind: 'cut_unexplained', chain: 1 },
    });
    raw.exec('update audit_chains set purged_seq = 0, purged_hash = zeroblob(32)');
    raw.exec('pragma foreign_keys = off; create table chains as select * from audit_chains; delete from audit_chains');
    expect(await find('delete from audit')).toEqual({ ok: false, fault: { kind: 'chain_missing', chain: 1 } });
    raw.exec('insert into audit_chains select * from chains');
    expect(await verifyAudit(folder.deps)).toMatchObject({ ok: true });
  });

  it('is found by a checkpoint that was kept, also where every hash was computed anew', async () => {
    const [store, head] = [folder.deps.store, raw.prepare('select * from audit_chains').get() as Record<string, never>];
    const rows = await store.readAuditChain(1, 0, 100);
    let hash: Uint8Array = new Uint8Array(32);
    const update = raw.prepare('update audit set operator = ?, hash = ? where seq = ?');
    raw.exec('create table before as select * from audit; create table notes as select * from audit_checkpoints');
    for (const row of rows) {
      const forged = { ...row, operator: row.seq === 5 ? 'nobody' : row.operator };
      hash = hashEntry(hash, forged);
      update.run(forged.operator, hash, row.seq);
    }
    raw.prepare('update audit_chains set hash = ?').run(hash);
    const contradicted = { ok: false, fault: { kind: 'checkpoint_contradicted', chain: 1 } };
    expect(await verifyAudit(folder.deps)).toMatchObject(contradicted);
    raw.exec('delete from audit_checkpoints');
    // Whoever has the database has its checkpoints too: only the one kept elsewhere is left.
    expect(await verifyAudit(folder.deps)).toMatchObject({ ok: true });
    expect(await verifyAudit(folder.deps, [kept])).toMatchObject(contradicted);
    expect(await verifyAudit(folder.deps, [kept.replace('370200', '370201')])).toMatchObject({
      fault: { kind: 'checkpoint_not_signed' },
    });
    raw.exec(
      'delete from audit; insert into audit select * from before; insert into audit_checkpoints select * from notes',
    );
    raw.prepare('update audit_chains set hash = ?').run(head['hash'] as never);
    expect(await verifyAudit(folder.deps, [kept])).toMatchObject({ ok: true });
  });

  it('that was purged by the rules is verified from where it was cut, time and again', async () => {
    const by = await actLocally(folder.deps);
    const before = raw.prepare('select count(*) as n from audit').get() as { n: number };
    await verifyText(folder, (await issuePerson(folder)).body.text);
    folder.advance(3600);
    const first = await purgeAudit(folder.deps.currentDate(), by, folder.deps);
    expect(first).toEqual({ rows: before.n + 2, receipts: 0 });
    await issuePerson(folder);
    expect(await verifyAudit(folder.deps, [kept])).toMatchObject({ ok: true, rows: 2 });
    folder.advance(3600);
    await purgeAudit(folder.deps.currentDate(), by, folder.deps);
    expect(await verifyAudit(folder.deps, [kept])).toMatchObject({ ok: true, rows: 1 });
    expect(await find('delete from audit')).toMatchObject({ ok: false });
    await expect(purgeAudit(new Date(Date.now() + 86_400_000), by, folder.deps)).rejects.toThrow('Only what is past');
  });
});

it('the command line verifies with exit codes, signs, searches and purges', async () => {
  const { folder, data } = await initialise();
  await run(['issue', '--region', '370202', '--data', data]);
  const signed = await run(['audit', 'checkpoint', '--data', data]);
  const file = path.join(folder, 'kept.txt');
  await writeFile(file, signed.stdout);
  const intact = await run(['audit', 'verify', '--checkpoint', file, '--data', data]);
  expect(intact).toMatchObject({ code: 0, stdout: expect.stringContaining('✓ AUDIT INTACT') });
  const found = await run(['audit', 'search', '--action', 'issue', '--data', data]);
  expect(JSON.parse(found.stdout)).toMatchObject({ action: 'issue', operator: 'local' });
  const raw = new DatabaseSync(path.join(data, 'zhengma.sqlite'));
  raw.exec("update audit set reason = 'x' where action = 'issue'");
  raw.close();
  const broken = await run(['audit', 'verify', '--json', '--data', data]);
  expect(broken.code).toBe(1);
  expect(JSON.parse(broken.stdout)).toMatchObject({ ok: false, fault: { kind: 'row_changed' } });
  expect((await run(['audit', 'purge', '--before', '2020-01-01T00:00:00Z', '--data', data])).stdout).toContain(
    ': 0 rows',
  );
  expect((await run(['audit', 'erase', '--data', data])).code).toBe(2);
});
