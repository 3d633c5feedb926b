import { verifyStatusList, verifyTrustList } from '@zhengma/credential-core/verify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addIssuerKey } from '../src/actions/issuer-keys.ts';
import { actLocally } from '../src/actions/set-up.ts';
import { changeStatus, issuePerson, startService, type TestService, verifyText } from './service.ts';

let service: TestService;

beforeEach(async () => {
  service = await startService();
});

afterEach(() => service.close());

async function get(path: string, headers: Record<string, string> = {}) {
  const response = await fetch(service.url + path, { headers });
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
}

async function readTrustList() {
  const { roots } = (await (await fetch(`${service.url}/v1/roots`)).json()) as { roots: string[] };
  const pins = roots.map((root) => new Uint8Array(Buffer.from(root, 'base64url')));
  const { bytes } = await get('/v1/trust-list');
  const result = await verifyTrustList(bytes, pins, { currentDate: service.deps.currentDate() });
  if (!result.ok) throw new Error(result.code);
  return result.list;
}

async function readStatusList(previous?: Awaited<ReturnType<typeof verifyStatusList>>) {
  const { bytes } = await get('/v1/status-lists/1');
  return verifyStatusList(bytes, await readTrustList(), {
    currentDate: service.deps.currentDate(),
    uri: `${service.url}/v1/status-lists/1`,
    ...(previous?.ok ? { previous: previous.list } : {}),
  });
}

it('the lists are public, typed, readable across origins and revalidated every time', async () => {
  await issuePerson(service);
  for (const [path, type] of [
    ['/v1/trust-list', 'application/cose'],
    ['/v1/status-lists/1', 'application/statuslist+cwt'],
  ] as const) {
    const { response } = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(type);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(response.headers.get('Cache-Control')).toBe('no-cache');
  }
});

it('an unchanged list is 304 for its ETag; a changed one is 200 with another', async () => {
  const { body } = await issuePerson(service);
  for (const path of ['/v1/trust-list', '/v1/status-lists/1']) {
    const first = await get(path);
    const etag = first.response.headers.get('ETag') ?? '';
    const again = await get(path, { 'If-None-Match': etag });
    expect(again.response.status).toBe(304);
    expect(again.bytes.length).toBe(0);
    expect(again.response.headers.get('ETag')).toBe(etag);
  }
  const etag = (await get('/v1/status-lists/1')).response.headers.get('ETag') ?? '';
  await changeStatus(service, body.id, 'revoked');
  const changed = await get('/v1/status-lists/1', { 'If-None-Match': etag });
  expect(changed.response.status).toBe(200);
  expect(changed.response.headers.get('ETag')).not.toBe(etag);
});

it('two changes within a second give two lists that a scanner takes one after the other', async () => {
  const { body } = await issuePerson(service);
  let held = await readStatusList();
  for (const status of ['suspended', 'valid', 'suspended', 'revoked'] as const) {
    await changeStatus(service, body.id, status);
    held = await readStatusList(held);
    expect(held.ok && held.list.get(body.status.index)).toBe(status);
  }
});

it('a list is signed again long before it expires', async () => {
  await issuePerson(service);
  const before = await readStatusList();
  const trustBefore = await readTrustList();
  service.advance(2 * 24 * 3600);
  const after = await readStatusList(before);
  if (!before.ok || !after.ok) throw new Error('a list was refused');
  expect(after.list.issuedAt > before.list.issuedAt).toBe(true);
  expect(after.list.expiresAt > service.deps.currentDate()).toBe(true);
  expect((await readTrustList()).sequence).toBe(trustBefore.sequence + 1);
});

it('the trust list keeps its sequence number until its content changes', async () => {
  const first = await readTrustList();
  expect((await readTrustList()).sequence).toBe(first.sequence);
  const { body } = await issuePerson(service);
  await addIssuerKey(await actLocally(service.deps), { overlapSeconds: 0 }, service.deps);
  const second = await readTrustList();
  expect(second.sequence).toBe(first.sequence + 1);
  expect(second.issuers[0]?.keys).toHaveLength(2);
  const renewed = await issuePerson(service);
  for (const { text } of [body, renewed.body]) expect((await verifyText(service, text)).body.ok).toBe(true);
});

it('the aggregation names every list, and a list that is not there is 404', async () => {
  const empty = await (await fetch(`${service.url}/v1/status-lists`)).json();
  expect(empty).toEqual({ status_lists: [] });
  await issuePerson(service);
  const one = await (await fetch(`${service.url}/v1/status-lists`)).json();
  expect(one).toEqual({ status_lists: [`${service.url}/v1/status-lists/1`] });
  for (const id of ['2', '0', '01', '1e1', '-1', '99999999999', 'x']) {
    expect((await get(`/v1/status-lists/${id}`)).response.status).toBe(404);
  }
});

it('lists last as long as the settings say, and are signed anew when they are due', async () => {
  const week = 7 * 24 * 3600;
  const patient = await startService({
    listTimes: { statusTtlSeconds: 60, statusLifeSeconds: week, trustLifeSeconds: 10 * 24 * 3600 },
  });
  await service.close();
  service = patient;
  await issuePerson(service);
  const seconds = ({ issuedAt, expiresAt }: { issuedAt: Date; expiresAt: Date }) =>
    (expiresAt.getTime() - issuedAt.getTime()) / 1000;
  expect(seconds(await readTrustList())).toBe(10 * 24 * 3600);
  const first = await readStatusList();
  if (!first.ok) throw new Error(first.code);
  expect([seconds(first.list), first.list.ttlSeconds]).toEqual([week, 60]);
  service.advance(30);
  expect(await readStatusList()).toMatchObject({ ok: true, list: { issuedAt: first.list.issuedAt } });
  service.advance(40);
  const next = await readStatusList(first);
  expect(next.ok && next.list.issuedAt > first.list.issuedAt).toBe(true);
});
