import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { afterEach, expect, it } from 'vitest';
import { createApiKey } from '../src/actions/api-key.ts';
import { withdrawApiKeys } from '../src/actions/organisations.ts';
import { actLocally } from '../src/actions/set-up.ts';
import { RateLimits, type Rates } from '../src/http/rate-limits.ts';
import { TokenBuckets } from '../src/http/token-buckets.ts';
import { type Answer, post, readAnswer, startService, type TestService } from './service.ts';

const WRONG_KEYS = 10_000;
const CONNECTIONS = 32;
const UNLIMITED: Rates = { key: 0, address: 0, refusal: 0 };

let service: TestService;
let milliseconds = 0;

async function start(rates: Partial<Rates>, options: { proxy?: { header: string; hops: number } } = {}): Promise<void> {
  const rateLimits = new RateLimits({ ...UNLIMITED, ...rates }, { now: () => milliseconds });
  service = await startService({ rateLimits, ...options });
}

afterEach(() => service.close());

async function verify(key: string | undefined, headers: Record<string, string> = {}): Promise<Answer> {
  const response = await fetch(`${service.url}/v1/verifications`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(key && { Authorization: `Bearer ${key}` }), ...headers },
    body: '{"text":"x"}',
  });
  return readAnswer(response);
}

async function get(path: string, headers: Record<string, string> = {}): Promise<number> {
  const response = await fetch(service.url + path, { headers });
  await response.text();
  return response.status;
}

it(`${WRONG_KEYS} wrong keys are answered 401 and then 429, unseen, while others at the same address are served`, async () => {
  await start({ refusal: 60, key: 6000, address: 12_000 });
  const { verifier, issuer } = service.keys;
  expect((await verify(verifier)).status).toBe(200);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const statuses = new Map<number | undefined, number>();
  let sent = 0;
  const flood = async () => {
    while (sent++ < WRONG_KEYS) {
      const asking = request(`${service.url}/v1/challenges`, {
        method: 'POST',
        agent,
        headers: { Authorization: `Bearer ${createApiKey()}`, 'Content-Type': 'application/json', 'Content-Length': 2 },
      });
      asking.end('{}');
      const [response] = (await once(asking, 'response')) as [IncomingMessage];
      statuses.set(response.statusCode, (statuses.get(response.statusCode) ?? 0) + 1);
      response.resume();
      await once(response, 'end');
    }
  };
  let isOver = false;
  const flooding = Promise.all(Array.from({ length: CONNECTIONS }, flood)).finally(() => {
    isOver = true;
  });
  const served: number[] = [];
  while (!isOver) served.push((await verify(verifier)).status, await get('/v1/trust-list'), await get('/readyz'));
  await flooding;
  agent.destroy();
  // Those that were under way when the limit was reached are looked up too.
  expect(statuses.get(401)).toBeGreaterThanOrEqual(60);
  expect(statuses.get(401)).toBeLessThanOrEqual(60 + CONNECTIONS);
  expect(statuses.get(429)).toBe(WRONG_KEYS - (statuses.get(401) ?? 0));
  expect(new Set(served)).toEqual(new Set([200]));
  expect(served.length).toBeGreaterThan(30);
  // A key that is right but was not seen before is not looked up either, and is when a second has brought a token.
  expect(await verify(issuer)).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  milliseconds += 1000;
  expect((await verify(issuer)).status).toBe(403);
  expect((await verify(issuer)).status).toBe(429);
});

it('one operator has a budget of their own, and Retry-After says when it goes on', async () => {
  await start({ key: 5 });
  const { verifier, administrator } = service.keys;
  for (let count = 0; count < 5; count++) expect((await verify(verifier)).status).toBe(200);
  const refused = await verify(verifier);
  expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited' } });
  expect(refused.headers.get('Retry-After')).toBe('12');
  expect((await verify(administrator)).status).toBe(200);
  milliseconds += 11_900;
  expect((await verify(verifier)).headers.get('Retry-After')).toBe('1');
  milliseconds += 100;
  expect([(await verify(verifier)).status, (await verify(verifier)).status]).toEqual([200, 429]);
});

it('what needs no key has a budget for each address; health has none, and keys do not draw on it', async () => {
  await start({ address: 3 });
  const paths = ['/v1/trust-list', '/docs', '/nowhere', '/scan/', '/v1/roots'];
  const statuses = [];
  for (const path of paths) statuses.push(await get(path));
  expect(statuses).toEqual([200, 200, 404, 429, 429]);
  expect((await verify(undefined)).status).toBe(429);
  for (const path of ['/healthz', '/readyz', '/readyz', '/readyz', '/healthz']) expect(await get(path)).toBe(200);
  expect((await verify(service.keys.verifier)).status).toBe(200);
});

it('a key that was withdrawn is one of the wrong ones', async () => {
  await start({ refusal: 2 });
  expect((await verify(service.keys.verifier)).status).toBe(200);
  const [verifier] = (await service.deps.store.operatorsWithin('370200')).filter(({ name }) => name === 'verifier');
  await withdrawApiKeys(verifier?.id ?? '', await actLocally(service.deps), service.deps);
  const statuses = [];
  for (let count = 0; count < 4; count++) statuses.push((await verify(service.keys.verifier)).status);
  expect(statuses).toEqual([401, 401, 429, 429]);
});

it('a client is who the proxy says, and only the proxy: what clients put before is not believed', async () => {
  await start({ address: 1 }, { proxy: { header: 'X-Real-Chain', hops: 2 } });
  const from = (chain: string) => get('/v1/roots', { 'X-Real-Chain': chain });
  expect(await from('198.51.100.7, 10.0.0.1')).toBe(200);
  expect(await from('203.0.113.9, 198.51.100.7, 10.0.0.1')).toBe(429);
  expect(await from('198.51.100.8, 10.0.0.1')).toBe(200);
  expect(await get('/v1/roots', { 'X-Forwarded-For': '198.51.100.9' })).toBe(200);
  // No address: the caller is who the socket says, as the one before.
  expect(await from('unknown, 10.0.0.1')).toBe(429);
  // Whoever has an IPv6 network has all of its addresses; IPv4 in IPv6 is IPv4.
  expect(await from('2001:db8:1:2::1, 10.0.0.1')).toBe(200);
  expect(await from('2001:0db8:0001:0002:ffff::2, 10.0.0.1')).toBe(429);
  expect(await from('2001:db8:1:3::1, 10.0.0.1')).toBe(200);
  expect(await from('2001:db8::2, 10.0.0.1')).toBe(200);
  expect(await from('::ffff:198.51.100.8, 10.0.0.1')).toBe(429);
  const logged = service.log.join('');
  for (const address of ['198.51.100', '203.0.113', '2001:', '127.0.0.1']) expect(logged).not.toContain(address);
});

it('without a named header no header is believed', async () => {
  await start({ address: 1 });
  expect(await get('/v1/roots', { 'X-Forwarded-For': '198.51.100.7' })).toBe(200);
  expect(await get('/v1/roots', { 'X-Forwarded-For': '198.51.100.8' })).toBe(429);
});

it('callers beyond the bound of memory are forgotten, those that were quiet for longest first', async () => {
  await start({});
  const buckets = new TokenBuckets(1, 100, () => 0);
  expect([buckets.take('busy'), buckets.take('quiet')]).toEqual([true, true]);
  for (let caller = 0; caller < 10_000; caller++) {
    expect(buckets.take(String(caller))).toBe(true);
    expect(buckets.take('busy')).toBe(false);
  }
  expect(buckets.take('quiet')).toBe(true);
});

it('0 is no limit', async () => {
  await start({});
  for (let count = 0; count < 20; count++) {
    expect((await post(`${service.url}/v1/verifications`, createApiKey(), {})).status).toBe(401);
  }
});
