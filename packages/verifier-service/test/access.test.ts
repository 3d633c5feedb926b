import { afterAll, beforeAll, expect, it } from 'vitest';
import { withdrawApiKeys } from '../src/actions/organisations.ts';
import { actLocally } from '../src/actions/set-up.ts';
import { addOperator } from './operators.ts';
import { PERSON } from './people.ts';
import { post, readAnswer, startService, type TestService } from './service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService();
});

afterAll(() => service.close());

it('each role may do its own, an administrator everything, nobody else anything', async () => {
  const { issuer, verifier, administrator } = service.keys;
  const routes: [string, object, string, string][] = [
    ['/v1/credentials', { claims: PERSON }, issuer, verifier],
    ['/v1/credentials/0123456789abcdef/status', { status: 'revoked' }, issuer, verifier],
    ['/v1/verifications', { text: 'x' }, verifier, issuer],
  ];
  for (const [path, body, allowed, refused] of routes) {
    expect([200, 201, 404]).toContain((await post(service.url + path, allowed, body)).status);
    expect([200, 201, 404]).toContain((await post(service.url + path, administrator, body)).status);
    expect(await post(service.url + path, refused, body)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  }
});

it('no key, a wrong key, or something that is no key is 401', async () => {
  const almost = `${service.keys.issuer.slice(0, -1)}${service.keys.issuer.endsWith('A') ? 'B' : 'A'}`;
  for (const key of [undefined, almost, 'zk_', 'password', "zk_' or 1=1 --"]) {
    const answer = await post(`${service.url}/v1/credentials`, key, { claims: PERSON });
    expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
    expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer');
  }
});

it('a caller without a key is refused before the body is looked at', async () => {
  expect(await post(`${service.url}/v1/credentials`, undefined, 'no json')).toMatchObject({ status: 401 });
});

it('every answer carries the policy of the scanner, a request id and no name of the software', async () => {
  for (const path of ['/', '/docs', '/v1/roots', '/nowhere']) {
    const { headers } = await readAnswer(await fetch(service.url + path));
    const policy = headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("script-src 'self' 'wasm-unsafe-eval'");
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(headers.get('Permissions-Policy')).toContain('camera=(self)');
    expect(headers.get('X-Content-Type-Options')).toBe('nosniff');
    expect(headers.get('X-Request-Id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(headers.get('X-Powered-By')).toBeNull();
  }
});

it('a page of another origin may ask for the public lists with If-None-Match, and for nothing else', async () => {
  const headers = { Origin: 'https://else.example', 'Access-Control-Request-Method': 'GET' };
  for (const path of ['/v1/roots', '/v1/trust-list', '/v1/status-lists', '/v1/status-lists/1']) {
    const answer = await fetch(service.url + path, { method: 'OPTIONS', headers });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(answer.headers.get('Access-Control-Allow-Methods')).toBe('GET, HEAD');
    expect(answer.headers.get('Access-Control-Allow-Headers')).toBe('If-None-Match');
  }
  const refused = await fetch(`${service.url}/v1/credentials`, { method: 'OPTIONS', headers });
  expect(refused.status).toBe(405);
  expect(refused.headers.get('Access-Control-Allow-Origin')).toBeNull();
});

it('a withdrawn API key is 401 at once, the others still work', async () => {
  const { operator, apiKey } = await addOperator({ name: '二楼收费处', role: 'verifier' }, service.deps);
  const verify = (key: string) => post(`${service.url}/v1/verifications`, key, { text: 'x' });
  expect((await verify(apiKey)).status).toBe(200);
  const by = await actLocally(service.deps);
  expect(await withdrawApiKeys(operator.id, by, service.deps)).toEqual({ withdrawn: 1 });
  expect(await verify(apiKey)).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
  expect((await verify(service.keys.verifier)).status).toBe(200);
  expect(await withdrawApiKeys(operator.id, by, service.deps)).toEqual({ withdrawn: 0 });
});

it('only what is public may be read across origins', async () => {
  expect((await fetch(`${service.url}/v1/roots`)).headers.get('Access-Control-Allow-Origin')).toBe('*');
  const { headers } = await post(`${service.url}/v1/verifications`, service.keys.verifier, { text: 'x' });
  expect(headers.get('Access-Control-Allow-Origin')).toBeNull();
});
