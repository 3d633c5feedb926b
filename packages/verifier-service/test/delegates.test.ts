import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { exportPublicKey, generateDeviceKey } from '@zhengma/credential-core/present';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDataFolder } from '../src/data-folder.ts';
import { readTrail } from './audit-trail.ts';
import { initialise, run } from './cli.ts';
import { PERSON } from './people.ts';
import { type Answer, changeStatus, post, startService, type TestService } from './service.ts';

const DELEGATE = { name: '李示女', relation: '2' } as const;

let service: TestService;
let holderKey: string;

beforeAll(async () => {
  service = await startService();
  holderKey = Buffer.from(exportPublicKey(await generateDeviceKey())).toString('base64url');
});

afterAll(() => service.close());

function issueDelegated(subject: string, change: object = {}): Promise<Answer> {
  const body = { claims: { ...PERSON, delegate: DELEGATE }, holderKey, subject, ...change };
  return post(`${service.url}/v1/credentials`, service.keys.issuer, body);
}

it('of 20 requests at once for one person exactly 5 are issued, the rest 409, and nothing of them is kept', async () => {
  const before = (await readTrail(service.deps.store)).length;
  const answers = await Promise.all(Array.from({ length: 20 }, () => issueDelegated('race')));
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
  const refused = answers.filter(({ status }) => status === 409);
  expect(refused).toHaveLength(15);
  for (const { body } of refused) {
    expect(body).toMatchObject({ code: 'too_many_delegates', type: '/problems/too-many-delegates' });
    expect(JSON.stringify(body)).not.toContain('race');
  }
  expect(await readTrail(service.deps.store)).toHaveLength(before + 5);
});

it('the limit holds over processes on one folder', async () => {
  const { data } = await initialise();
  const input = JSON.stringify({ claims: { ...PERSON, delegate: DELEGATE }, holderKey, subject: 'processes' });
  const words = ['issue', '--from', '-', '--data', data, '--max-delegates', '2', '--json'];
  const ended = await Promise.all(Array.from({ length: 4 }, () => run(words, { input })));
  expect(ended.map(({ code }) => code).sort()).toEqual([0, 0, 2, 2]);
  for (const { code, stderr } of ended) {
    if (code !== 0) expect(JSON.parse(stderr).error.code).toBe('too_many_delegates');
  }
});

it('one person’s delegates are not another’s; what is revoked or has expired does not count, what is suspended does', async () => {
  const soon = new Date(service.deps.currentDate().getTime() + 60_000).toISOString();
  const kept = [];
  for (let n = 0; n < 4; n++) kept.push((await issueDelegated('counted')).body.id as string);
  expect((await issueDelegated('counted', { expiresAt: soon })).status).toBe(201);
  expect((await issueDelegated('counted')).status).toBe(409);
  expect((await issueDelegated('other')).status).toBe(201);

  await changeStatus(service, kept[0] as string, 'suspended');
  expect((await issueDelegated('counted')).status).toBe(409);
  await changeStatus(service, kept[0] as string, 'revoked');
  expect((await issueDelegated('counted')).status).toBe(201);
  expect((await issueDelegated('counted')).status).toBe(409);

  service.advance(120);
  expect((await issueDelegated('counted')).status).toBe(201);
});

it('a credential without a delegate is not counted and names no subject; one with a delegate names it', async () => {
  const cases: [object, string][] = [
    [{ claims: { ...PERSON, delegate: DELEGATE }, holderKey }, '/subject'],
    [{ claims: PERSON, subject: 'x' }, '/subject'],
    [{ claims: { ...PERSON, delegate: DELEGATE }, subject: 'two words' }, '/subject'],
    [{ claims: { ...PERSON, delegate: { name: '李\u202e女', relation: '2' } }, subject: 'x' }, '/claims/delegate/name'],
    [{ claims: { ...PERSON, delegate: { name: '李示女' } }, subject: 'x' }, '/claims/delegate/relation'],
    [{ claims: { ...PERSON, delegable: true } }, '/claims/delegable'],
    [{ claims: { ...PERSON, delegable: true, delegate: DELEGATE }, holderKey, subject: 'x' }, '/claims/delegable'],
  ];
  for (const [body, pointer] of cases) {
    const answer = await post(`${service.url}/v1/credentials`, service.keys.issuer, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(answer.body.errors).toMatchObject([{ pointer }]);
    expect(JSON.stringify(answer.body)).not.toContain('李示女');
  }
});

it('of the subject only a keyed hash is kept: neither it nor its plain hash is on disk or in the log', async () => {
  const subject = 'member-370202-000042';
  expect((await issueDelegated(subject)).status).toBe(201);
  const hash = await service.deps.keys.hashSubject(subject);
  expect(hash).toMatch(/^[0-9a-f]{64}$/);
  const raw = new DatabaseSync(path.join(service.folder, 'zhengma.sqlite'), { readOnly: true });
  expect(raw.prepare('select count(*) as count from credentials where subject = ?').get(hash)).toEqual({ count: 1 });
  raw.close();
  const plain = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(subject))).toString('hex');
  expect(hash).not.toBe(plain);
  const written = [...service.log];
  for (const name of ['zhengma.sqlite', 'zhengma.sqlite-wal']) {
    written.push((await readFile(path.join(service.folder, name))).toString('latin1'));
  }
  for (const text of written) {
    expect(text).not.toContain(subject);
    expect(text).not.toContain(plain);
  }
});

it('the secret of the hash is a private file of the folder, and each folder has its own', async () => {
  const { deps, folder } = service;
  const hash = await deps.keys.hashSubject('x');
  expect((await stat(path.join(folder, 'keys', 'subjects.key'))).mode & 0o777).toBe(0o600);
  const again = await openDataFolder(folder, { create: false });
  expect(await again.keys.hashSubject('x')).toBe(hash);
  await again.store.close();
  const { data } = await initialise();
  const other = await openDataFolder(data, { create: false });
  const [first, second] = await Promise.all([other.keys.hashSubject('x'), other.keys.hashSubject('x')]);
  expect(first).toBe(second);
  expect(first).not.toBe(hash);
  await other.store.close();
});
