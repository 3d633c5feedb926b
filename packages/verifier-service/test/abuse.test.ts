import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openDataFolder } from '../src/data-folder.ts';
import { initialise, startProcess, type Zhengma } from './cli.ts';
import { addOperator } from './operators.ts';
import { type Answer, post } from './service.ts';

const MEGABYTE = 2 ** 20;
/** By how much the process may grow: less than half of what 64 pictures weigh. */
const MAX_GROWTH_MEGABYTES = 300;

let running: Zhengma;
let url: string;
let abuser: string;
let honest: string;
const sockets = new Set<Socket>();

beforeAll(async () => {
  const { data } = await initialise();
  const deps = await openDataFolder(data, { create: false });
  abuser = (await addOperator({ name: 'abuser', role: 'verifier' }, deps)).apiKey;
  honest = (await addOperator({ name: 'honest', role: 'verifier' }, deps)).apiKey;
  await deps.store.close();
  ({ process: running, url } = await startProcess(data));
});

afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  running.child.kill('SIGTERM');
  expect((await running.ended).code).toBe(0);
});

function residentMegabytes(): number {
  const status = readFileSync(`/proc/${running.child.pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** What another client is answered meanwhile, by key and without. */
async function expectOthersServed(): Promise<void> {
  expect(await verify(honest, { text: 'ZM1:X' })).toMatchObject({ status: 200, body: { ok: false } });
  expect((await fetch(`${url}/v1/trust-list`)).status).toBe(200);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
}

function verify(apiKey: string, body: unknown): Promise<Answer> {
  return post(`${url}/v1/verifications`, apiKey, body);
}

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  sockets.add(socket);
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** What is answered to bytes as they are, until the connection is closed. */
async function sendRaw(bytes: string): Promise<string> {
  const socket = await open();
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.write(bytes);
  await closed;
  return Buffer.concat(chunks).toString();
}

/** Begins a body and does not end it. */
function begin(path: string, type: string, length: number): ClientRequest {
  const sent = request(url + path, {
    method: 'POST',
    headers: { Authorization: `Bearer ${abuser}`, 'Content-Type': type, 'Content-Length': length },
  });
  sent.on('error', () => {});
  sent.on('socket', (socket) => sockets.add(socket));
  return sent;
}

it('hundreds of heads and bodies that never end shut nobody out', async () => {
  const half = await Promise.all(Array.from({ length: 300 }, open));
  for (const socket of half) socket.write('POST /v1/verifications HTTP/1.1\r\nHost: x\r\nX-Slow: ');
  const bodies = Array.from({ length: 300 }, () => begin('/v1/verifications', 'application/json', 60_000));
  await Promise.all(
    bodies.map(async (sent) => {
      sent.write('{"text":"');
      await once(sent, 'socket');
    }),
  );
  for (let round = 0; round < 3; round++) {
    for (const socket of half) socket.write('x');
    for (const sent of bodies) sent.write('x');
    await expectOthersServed();
  }
  for (const socket of half) socket.destroy();
  for (const sent of bodies) sent.destroy();
});

it.each([
  ['/v1/verifications', 'image/png', 10 * MEGABYTE, 'too_many_images'],
  ['/v1/verifications/batch', 'application/x-ndjson', 4 * MEGABYTE, 'rate_limited'],
])(
  'of one key four large bodies are taken at once, the others refused before they are in memory: %s',
  async (path, type, length, code) => {
    const before = residentMegabytes();
    const answers: unknown[] = [];
    const { promise: allButFour, resolve } = Promise.withResolvers<void>();
    const begun = Array.from({ length: 64 }, () => begin(path, type, length));
    for (const sent of begun) {
      sent.on('response', async (response: IncomingMessage) => {
        let body = '';
        for await (const chunk of response) body += chunk;
        answers.push([response.statusCode, JSON.parse(body).code]);
        sent.destroy();
        if (answers.length === begun.length - 4) resolve();
      });
      sendAllButOneByte(sent, length);
    }
    await allButFour;
    expect(answers).toEqual(Array(60).fill([429, code]));
    expect(residentMegabytes() - before).toBeLessThan(MAX_GROWTH_MEGABYTES);
    await expectOthersServed();
    for (const sent of begun) sent.destroy();
  },
);

/** Piece by piece, as the other side takes it. */
function sendAllButOneByte(sent: ClientRequest, length: number): void {
  const piece = Buffer.alloc(64 * 1024, '\n');
  let left = length - 1;
  const send = () => {
    let isTaken = true;
    while (isTaken && left > 0 && !sent.destroyed) {
      isTaken = sent.write(piece.subarray(0, left));
      left -= piece.length;
    }
  };
  sent.on('drain', send);
  send();
}

it('a head that is too long, or has a length that is none, is refused and its connection closed', async () => {
  const head = `GET /healthz HTTP/1.1\r\nHost: x\r\n`;
  expect(await sendRaw(`${head}X-Long: ${'x'.repeat(20_000)}\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  const many = Array.from({ length: 2000 }, (_, n) => `X-${n}: 1\r\n`).join('');
  expect(await sendRaw(`${head}${many}\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  expect(await sendRaw(`GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
  // What another server on the way might read in another way.
  for (const lengths of [
    'Content-Length: 5\r\nContent-Length: 6',
    'Content-Length: 5\r\nTransfer-Encoding: chunked',
    'Transfer-Encoding: chunked, identity',
    'Content-Length: -1',
    'Content-Length: 5x',
  ]) {
    expect(await sendRaw(`POST /v1/challenges HTTP/1.1\r\nHost: x\r\n${lengths}\r\n\r\n{"a"}`)).toMatch(
      /^HTTP\/1\.1 400 /,
    );
  }
  await expectOthersServed();
});

it('no spelling of a path leads out of the pages or past the door', async () => {
  for (const path of [
    '/scan/../../../../etc/passwd',
    '/scan/..%2f..%2f..%2fetc/passwd',
    '/scan/%2e%2e/%2e%2e/keys/root.key',
    '/scan/..\\..\\keys\\root.key',
    '/scan/%00',
    '/%',
    '/v1//verifications',
    '//v1/verifications',
    '/v1/verifications/',
    '/V1/verifications',
    '/v1/receipts/%2e%2e',
    '/v1/status-lists/1%00',
    '/v1/status-lists/__proto__',
  ]) {
    const answer = await sendRaw(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect(answer, path).toMatch(/^HTTP\/1\.1 (?:400|401|404) /);
    expect(answer, path).toContain('"code":"');
    expect(answer, path).not.toMatch(/root:|at .*\.js/);
  }
});

it('JSON and codes that are made to hurt are answered and leave nothing behind', async () => {
  const nested = '['.repeat(30_000);
  for (const body of [nested, `{"text":${nested}`, '{"text":"\\ud800"}', '{"text":1e999}', '{"__proto__":{"a":1}}']) {
    const { status, body: problem } = await verify(abuser, body);
    expect([status, problem.code], body.slice(0, 20)).toEqual(
      body.includes('[') ? [400, 'malformed_json'] : [expect.any(Number), expect.any(String)],
    );
    expect(status, body.slice(0, 20)).toBeLessThan(500);
  }
  // Base45 of: depth without an end, a length of 2^63, a tag within a tag, an indefinite map, a stream of zlib.
  for (const bytes of [
    '81'.repeat(2000),
    '5b7fffffffffffffff',
    'd2'.repeat(2000),
    'bf'.repeat(2000),
    '78da'.repeat(800),
  ]) {
    const text = `ZM1:${encodeBase45(Buffer.from(bytes, 'hex'))}`;
    expect(await verify(abuser, { text: text.slice(0, 4000) })).toMatchObject({
      status: 200,
      body: { ok: false, checks: { format: 'failed' } },
    });
  }
  await expectOthersServed();
});

function encodeBase45(bytes: Uint8Array): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';
  let text = '';
  for (let at = 0; at < bytes.length; at += 2) {
    const pair = bytes.subarray(at, at + 2);
    let value = pair.length === 2 ? (pair[0] as number) * 256 + (pair[1] as number) : (pair[0] as number);
    for (let digit = 0; digit <= pair.length; digit++, value = Math.floor(value / 45)) text += digits[value % 45];
  }
  return text;
}
