import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { exportPublicKey, generateDeviceKey } from '@zhengma/credential-core/present';
import { renderQr } from '@zhengma/credential-core/qr';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type Answer,
  createListClient,
  createServiceClient,
  type IssuedCredential,
  type IssueRequest,
  titleProblem,
} from '../src/client.ts';
import { PERSON } from './people.ts';
import { startService, type TestService } from './service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService();
});

afterAll(() => service.close());

const as = (role: keyof TestService['keys']) =>
  createServiceClient({ origin: service.url, apiKey: service.keys[role] });

function take<Value>(answer: Answer<Value>): Value {
  expect(answer).toMatchObject({ ok: true });
  return (answer as Extract<Answer<Value>, { ok: true }>).value;
}

async function issue(request: IssueRequest): Promise<IssuedCredential> {
  const answer = take(await as('issuer').issue(request));
  if (!('issued' in answer)) throw new Error('it was proposed');
  return answer.issued;
}

describe('what the service answers', () => {
  it('issue, verify by text and by picture, receipt, revoke, search, count', async () => {
    const administrator = as('administrator');
    const { id, text } = await issue({ claims: PERSON, expiresAt: '2030-01-01T00:00:00Z' });
    const accepted = take(await as('verifier').verify({ text, businessType: '01301' }));
    if (!accepted.ok) throw new Error(accepted.code);
    const picture = { bytes: await renderQr(text, { format: 'png' }), mediaType: 'image/png' } as const;
    expect(take(await as('verifier').verifyPicture(picture, { businessType: '01301' }))).toMatchObject({
      repeated: true,
      receipt: accepted.receipt,
    });
    expect(take(await as('verifier').readReceipt(accepted.receipt.id))).toEqual(accepted.receipt);
    expect(take(await as('issuer').changeStatus(id, { status: 'revoked', reason: 'lost' }))).toMatchObject({
      changed: { status: 'revoked' },
    });
    expect(take(await as('verifier').verify({ text }))).toMatchObject({ ok: false, code: 'revoked' });
    const { entries } = take(await administrator.searchAudit({ credential: id, action: 'verify', limit: 9 }));
    expect(entries.map(({ outcome }) => outcome)).toEqual(['revoked', 'repeated', 'accepted']);
    const { counts } = take(await administrator.countActions({ from: '2026-01-01T00:00:00+08:00' }));
    expect(counts).toContainEqual({ action: 'verify', outcome: 'accepted', count: 1 });
  });

  it('organisations, operators, keys, webhooks, challenges', async () => {
    const administrator = as('administrator');
    take(await administrator.addOrganisation({ id: 'HALL 1', name: '大厅', parent: '370200' }));
    take(await administrator.setOrganisationDisabled('HALL 1', true));
    take(await administrator.setOrganisationDisabled('HALL 1', false));
    expect(take(await administrator.listOrganisations()).organisations).toHaveLength(2);
    const added = take(await administrator.addOperator({ name: '窗口', role: 'verifier', organisation: 'HALL 1' }));
    const { id } = added.operator;
    const { apiKey } = take(await administrator.addApiKey(id));
    const desk = createServiceClient({ origin: service.url, apiKey });
    expect(take(await desk.readOperator())).toEqual(added.operator);
    expect(take(await desk.createChallenge()).challenge).toMatch(/^[\w-]{43}$/);
    take(await administrator.setOperatorDisabled(id, true));
    expect(await desk.readOperator()).toMatchObject({ ok: false, code: 'unauthenticated', status: 401 });
    expect(take(await administrator.withdrawApiKeys(id))).toEqual({ withdrawn: 2 });
    expect(take(await administrator.listOperators()).operators.find((each) => each.id === id)?.apiKeys).toBe(0);
    const url = 'https://his.example/zm';
    const { webhook } = take(await administrator.addWebhook({ url, events: ['credential.issued'] }));
    expect(take(await administrator.listWebhooks()).webhooks).toEqual([webhook]);
    expect(take(await administrator.listDeliveries(webhook.id, { limit: 1 }))).toEqual({ deliveries: [] });
    take(await administrator.removeWebhook(webhook.id));
  });

  it('what waits for another operator, and what was signed offline', async () => {
    const careful = await startService({ fourEyes: 'both' });
    try {
      const proposer = createServiceClient({ origin: careful.url, apiKey: careful.keys.issuer });
      const other = createServiceClient({ origin: careful.url, apiKey: careful.keys.administrator });
      const answer = take(await proposer.issue({ claims: PERSON }));
      if (!('proposed' in answer)) throw new Error('it was issued');
      const { id } = answer.proposed;
      expect(take(await other.listProposals()).proposals).toEqual([answer.proposed]);
      expect(take(await other.readProposal(id)).request).toMatchObject({ claims: { region: PERSON.region } });
      expect(await proposer.approveProposal(id)).toMatchObject({ ok: false, code: 'own_proposal' });
      expect(take(await other.approveProposal(id)).state).toBe('approved');
      const issued = take(await proposer.executeProposal(id));
      const revocation = take(await proposer.changeStatus(issued.id, { status: 'revoked' }));
      if (!('proposed' in revocation)) throw new Error('it was revoked');
      expect(take(await other.rejectProposal(revocation.proposed.id)).state).toBe('rejected');
    } finally {
      await careful.close();
    }
    const desk = as('verifier');
    const publicKey = Buffer.from(exportPublicKey(await generateDeviceKey())).toString('base64url');
    const key = take(await desk.addOfflineKey({ publicKey }));
    expect(take(await desk.listOfflineKeys())).toEqual({ keys: [key] });
    const nothing = Buffer.alloc(64).toString('base64url');
    expect(take(await desk.uploadReceipts({ receipts: [nothing] })).results).toMatchObject([{ outcome: 'refused' }]);
    expect(take(await desk.withdrawOfflineKey(key.id)).withdrawnAt).toBeTypeOf('string');
  });

  it('the lists, and that a list has not changed', async () => {
    const lists = createListClient({ origin: service.url });
    expect(take(await lists.fetchRoots())).toHaveLength(1);
    expect(take(await lists.fetchStatusListUris())).toEqual([`${service.url}/v1/status-lists/1`]);
    expect(take(await lists.fetchReceiptKeys()).length).toBeLessThanOrEqual(1);
    for (const fetchList of [lists.fetchTrustList, (options = {}) => lists.fetchStatusList('1', options)]) {
      const first = take(await fetchList());
      if (first.kind !== 'fresh') throw new Error('nothing was held');
      expect(first.bytes.length).toBeGreaterThan(50);
      expect(take(await fetchList({ etag: first.etag }))).toEqual({ kind: 'unchanged' });
    }
    expect(await lists.fetchStatusList('../roots')).toMatchObject({ code: 'status_list_not_found' });
  });

  it('a problem is a value, with its code and the fields that were refused', async () => {
    expect(await as('verifier').issue({ claims: PERSON })).toMatchObject({ ok: false, code: 'forbidden', status: 403 });
    expect(await as('issuer').issue({ claims: { region: '37' } })).toEqual({
      ok: false,
      code: 'invalid_request',
      status: 400,
      detail: expect.any(String),
      faults: [{ pointer: '/claims/region', reason: 'wrong format' }],
    });
    expect([titleProblem('draining', 'zh'), titleProblem('draining', 'en'), titleProblem('toString', 'en')]).toEqual([
      '服务正在停止',
      'The service is stopping',
      undefined,
    ]);
  });
});

describe('what is not the service', () => {
  let other: Server | undefined;

  afterEach(() => other?.close().closeAllConnections());

  async function serve(answer: (response: ServerResponse, path: string) => void): Promise<string> {
    other = createServer((request, response) => answer(response, request.url ?? ''));
    other.listen(0, '127.0.0.1');
    await new Promise((resolve) => other?.once('listening', resolve));
    return `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  }

  it.each([
    ['a page that says 200', 200, '<!doctype html>'],
    ['a page that says 502', 502, '<!doctype html>'],
    ['JSON that is no problem', 403, '{"code":7}'],
    ['nothing at all', 500, 'null'],
  ])('%s is unexpected', async (_, status, body) => {
    const origin = await serve((response) => response.writeHead(status).end(body));
    const answer = await createServiceClient({ origin, apiKey: 'zk_x' }).readOperator();
    expect(answer).toMatchObject({ ok: false, code: 'unexpected_answer', status });
  });

  it('a list of roots that is none is unexpected', async () => {
    const origin = await serve((response) => response.end('{"roots":[7]}'));
    expect(await createListClient({ origin }).fetchRoots()).toMatchObject({ code: 'unexpected_answer' });
  });

  it('when it may be asked again is told', async () => {
    const origin = await serve((response) =>
      response.writeHead(429, { 'Retry-After': '7' }).end('{"code":"rate_limited","detail":"Too many."}'),
    );
    expect(await createListClient({ origin }).fetchRoots()).toMatchObject({
      code: 'rate_limited',
      retryAfterSeconds: 7,
    });
  });

  it('a refused connection, one that breaks off, and one that hangs', async () => {
    const origin = await serve((response, path) => {
      if (path === '/v1/roots')
        response.writeHead(200, { 'Content-Length': '100' }).write('{', () => response.destroy());
    });
    expect(await createListClient({ origin }).fetchRoots()).toMatchObject({ code: 'unreachable' });
    expect(await createListClient({ origin, timeoutSeconds: 0.05 }).fetchTrustList()).toMatchObject({
      code: 'timed_out',
    });
    other?.close().closeAllConnections();
    expect(await createListClient({ origin }).fetchRoots()).toMatchObject({ code: 'unreachable' });
  });

  it('the caller’s own signal rejects with its reason, before and while it waits', async () => {
    const stop = new AbortController();
    const origin = await serve(() => stop.abort(new Error('not needed')));
    const { fetchRoots } = createListClient({ origin });
    await expect(fetchRoots({ signal: stop.signal })).rejects.toThrow('not needed');
    await expect(fetchRoots({ signal: stop.signal })).rejects.toThrow('not needed');
  });

  it('a redirection is not followed: the key is for the service alone', async () => {
    const asked: string[] = [];
    const origin = await serve((response, path) => {
      asked.push(path);
      response.writeHead(302, { Location: '/elsewhere' }).end();
    });
    expect(await createServiceClient({ origin, apiKey: 'zk_x' }).readOperator()).toMatchObject({ code: 'unreachable' });
    expect(asked).toEqual(['/v1/operator']);
  });
});

it('the snippet of the README does what it says', async () => {
  const readme = await readFile(join(import.meta.dirname, '../README.md'), 'utf8');
  const [, snippet = ''] = /^```ts\n([\s\S]*?)^```/m.exec(readme) ?? [];
  const folder = await mkdtemp(join(import.meta.dirname, '.snippet-'));
  try {
    const file = join(folder, 'snippet.ts');
    await writeFile(
      file,
      snippet.replace('https://zm.example', service.url).replace("'zk_…'", `'${service.keys.verifier}'`),
    );
    const { check } = await import(pathToFileURL(file).href);
    const { text } = await issue({ claims: PERSON });
    expect(await check(text)).toMatch(/^[0-9a-f]{32}$/);
    expect(await check('nothing of ours')).toBe('not_zhengma');
    expect(await check('')).toBe('请求内容不符合接口文档');
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('the built client stands alone, and is small', async () => {
  const bundle = await readFile(join(import.meta.dirname, '../dist/client.js'));
  expect(bundle.toString()).not.toMatch(/^import |\bimport\(|require\(|\bprocess\.|\bBuffer\b/m);
  const size = gzipSync(bundle, { level: 9 }).length;
  console.info(`client: ${(size / 1000).toFixed(1)} kB gzip, not minified`);
  expect(size).toBeLessThanOrEqual(5_000);
});
