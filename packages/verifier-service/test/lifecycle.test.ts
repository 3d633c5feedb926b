import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, it } from 'vitest';
import { initialise, startProcess } from './cli.ts';
import { PERSON } from './people.ts';
import { changeStatus, issuePerson, post, readAnswer, startService, verifyText } from './service.ts';

const ROUNDS = 6;

it('a revocation that was answered 200 survives kill -9, in every round', async () => {
  const { data, apiKey } = await initialise();
  const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
  const revoked: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const { process, url } = await startProcess(data);
    const issued = await issuePerson({ url, keys });
    expect(issued.status).toBe(201);
    const answer = await changeStatus({ url, keys }, issued.body.id, 'revoked');
    process.child.kill('SIGKILL');
    expect(answer.status).toBe(200);
    revoked.push(issued.body.text);
    expect((await process.ended).signal).toBe('SIGKILL');
  }
  const { process, url } = await startProcess(data);
  for (const text of revoked) expect((await verifyText({ url, keys }, text)).body.code).toBe('revoked');
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(0);
});

it('SIGTERM lets the request in flight finish, takes no new one, and ends with 0', async () => {
  const { data, apiKey } = await initialise();
  const { process, url } = await startProcess(data);
  const body = JSON.stringify({ claims: PERSON });
  const flying = request(`${url}/v1/credentials`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${apiKey}`,
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
      Expect: '100-continue',
    },
  });
  flying.flushHeaders();
  await once(flying, 'continue');
  process.child.kill('SIGTERM');
  while (!process.stderr.includes('stopping')) await once(process.child.stderr, 'data');
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
  flying.end(body);
  const [response] = await once(flying, 'response');
  expect(response.statusCode).toBe(201);
  expect(response.headers.connection).toBe('close');
  response.resume();
  expect(await process.ended).toMatchObject({ code: 0, signal: null });
  const restarted = await startProcess(data);
  const lists = await readAnswer(await fetch(`${restarted.url}/v1/status-lists`));
  expect(lists.body.status_lists).toHaveLength(1);
  restarted.process.child.kill('SIGINT');
  expect((await restarted.process.ended).code).toBe(0);
});

it('an idle connection that is kept alive does not hold up the end', async () => {
  const { data } = await initialise();
  const { process, url } = await startProcess(data);
  const agent = new Agent({ keepAlive: true });
  const idle = request(`${url}/healthz`, { agent });
  idle.end();
  const [response] = await once(idle, 'response');
  response.resume();
  await once(response, 'end');
  const started = performance.now();
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(0);
  expect(performance.now() - started).toBeLessThan(5000);
  agent.destroy();
});

it('a request head that never ends, or never began, does not hold up the end', async () => {
  const { data } = await initialise();
  const { process, url } = await startProcess(data);
  const sockets = ['', 'GET /healthz HTTP/1.1\r\nHost: x\r\n'].map((head) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(head);
    return socket;
  });
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  // Answered after the bytes above have arrived.
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  const started = performance.now();
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(0);
  expect(performance.now() - started).toBeLessThan(5000);
  for (const socket of sockets) socket.destroy();
});

it('readiness ends when the service drains or its database is gone; liveness does not', async () => {
  const service = await startService();
  expect((await fetch(`${service.url}/readyz`)).status).toBe(200);
  service.setDraining(true);
  const draining = await readAnswer(await fetch(`${service.url}/readyz`));
  expect(draining).toMatchObject({ status: 503, body: { code: 'draining' } });
  expect(draining.headers.get('Connection')).toBe('close');
  service.setDraining(false);
  const raw = new DatabaseSync(path.join(service.folder, 'zhengma.sqlite'));
  raw.exec('alter table issuers rename to lost');
  const broken = await readAnswer(await fetch(`${service.url}/readyz`));
  expect(broken).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
  expect((await fetch(`${service.url}/healthz`)).status).toBe(200);
  const answer = await post(`${service.url}/v1/verifications`, service.keys.verifier, { text: 'x' });
  expect(answer).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
  raw.close();
  await service.close();
});
