import { once } from 'node:events';
import { type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readTrail } from './audit-trail.ts';
import { PERSON } from './people.ts';
import { post, startService, type TestService } from './service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startService({ bodyLimits: { arrivalSeconds: 0.3 } });
});

afterAll(() => service.close());

const BODY = JSON.stringify({ claims: PERSON });

async function countIssued(): Promise<number> {
  return (await readTrail(service.deps.store)).length;
}

function open(path: string, headers: Record<string, string | number>): ClientRequest {
  return request(service.url + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${service.keys.issuer}`, 'Content-Type': 'application/json', ...headers },
  });
}

it('a body over the cap is 413, said or streamed, and changes nothing', async () => {
  const before = await countIssued();
  const large = JSON.stringify({ claims: { ...PERSON, name: 'x'.repeat(70_000) } });
  expect(await post(`${service.url}/v1/credentials`, service.keys.issuer, large)).toMatchObject({
    status: 413,
    body: { code: 'body_too_large' },
  });
  const streamed = open('/v1/credentials', { 'Transfer-Encoding': 'chunked' });
  streamed.end(large);
  const [response] = await once(streamed, 'response');
  expect(response.statusCode).toBe(413);
  expect(response.headers.connection).toBe('close');
  const image = new Uint8Array(11 * 1024 * 1024);
  expect(await post(`${service.url}/v1/verifications`, service.keys.verifier, image, 'image/png')).toMatchObject({
    status: 413,
  });
  expect(await countIssued()).toBe(before);
});

it('another type, another charset or a compressed body is 415', async () => {
  for (const type of [
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/json; charset=gbk',
    'image/png',
  ]) {
    const answer = await post(`${service.url}/v1/credentials`, service.keys.issuer, BODY, type);
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  }
  const compressed = open('/v1/credentials', { 'Content-Encoding': 'gzip' });
  compressed.end(gzipSync(BODY));
  const [response] = await once(compressed, 'response');
  expect(response.statusCode).toBe(415);
  expect(await post(`${service.url}/v1/verifications`, service.keys.verifier, 'x', 'image/gif')).toMatchObject({
    status: 415,
  });
});

it('what is not JSON in UTF-8 is 400 and is not quoted', async () => {
  for (const body of ['', '{', `{"claims": ${PERSON.idNumber}x}`, new Uint8Array([0x22, 0xff, 0x22])]) {
    const answer = await post(`${service.url}/v1/credentials`, service.keys.issuer, body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_json' } });
    expect(JSON.stringify(answer.body)).not.toContain(PERSON.idNumber);
  }
});

it('a body that stops half way is 408 in time and changes nothing', async () => {
  const before = await countIssued();
  const slow = open('/v1/credentials', { 'Content-Length': BODY.length });
  slow.write(BODY.slice(0, 20));
  const [response] = await once(slow, 'response');
  expect(response.statusCode).toBe(408);
  expect(response.headers.connection).toBe('close');
  slow.destroy();
  expect(await countIssued()).toBe(before);
});

it('a connection that ends within the body changes nothing', async () => {
  const before = await countIssued();
  const logged = service.log.length;
  const half = open('/v1/credentials', { 'Content-Length': Buffer.byteLength(BODY), Expect: '100-continue' });
  half.on('error', () => {});
  half.flushHeaders();
  await once(half, 'continue');
  half.write(BODY.slice(0, 40));
  half.destroy();
  while (service.log.length === logged) await new Promise((resolve) => setImmediate(resolve));
  expect(service.log.at(-1)).toContain('"status":400');
  expect(await countIssued()).toBe(before);
});

it('a body without an end is not read on after 413: the connection is closed', async () => {
  const endless = open('/v1/credentials', { 'Transfer-Encoding': 'chunked' });
  const closed = new Promise((resolve) => endless.once('close', resolve));
  endless.on('error', () => {});
  const send = () => {
    while (!endless.destroyed && endless.write(Buffer.alloc(16 * 1024)));
  };
  endless.on('drain', send);
  const response = once(endless, 'response');
  send();
  expect((await response)[0].statusCode).toBe(413);
  await closed;
});

it('a request target that is no address is 400, with and without a key', async () => {
  for (const target of ['http://[', 'http://[/v1/credentials']) {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    socket.write(`GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    await once(socket, 'close');
    const answer = Buffer.concat(chunks).toString();
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"invalid_request"');
  }
});

it('bytes that are no HTTP are 400 and the connection is closed', async () => {
  const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
  socket.end('ZM1:NOT HTTP\r\n\r\n');
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await once(socket, 'close');
  expect(Buffer.concat(chunks).toString()).toMatch(/^HTTP\/1\.1 400 /);
});

it('a method that an address does not have is 405 with the ones it has', async () => {
  const response = await fetch(`${service.url}/v1/trust-list`, { method: 'DELETE' });
  expect(response.status).toBe(405);
  expect(response.headers.get('Allow')).toBe('GET, HEAD, OPTIONS');
  expect((await fetch(`${service.url}/v1/credentials`)).status).toBe(405);
  expect((await fetch(`${service.url}/v1/roots`, { method: 'HEAD' })).status).toBe(200);
});
