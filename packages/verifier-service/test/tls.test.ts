import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { connect as connectBare } from 'node:net';
import path from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { expect, it } from 'vitest';
import { EnvironmentError } from '../src/errors.ts';
import { readTlsFiles } from '../src/http/tls-files.ts';
import { createCertificate } from './certificates.ts';
import { initialise, makeFolder, Zhengma } from './cli.ts';
import { PERSON } from './people.ts';
import { startService } from './service.ts';

async function get(url: string, agent: Agent): Promise<{ response: IncomingMessage; body: string; socket: TLSSocket }> {
  const asking = request(url, { agent });
  asking.end();
  const [response] = (await once(asking, 'response')) as [IncomingMessage];
  const socket = response.socket as TLSSocket;
  let body = '';
  response.setEncoding('utf8').on('data', (text) => {
    body += text;
  });
  await once(response, 'end');
  return { response, body, socket };
}

it('serves https itself, takes a renewed certificate on SIGHUP without ending a connection, and drains', async () => {
  const { data, folder, apiKey } = await initialise();
  const [first, second] = [createCertificate(), createCertificate()];
  const files = { certificate: path.join(folder, 'tls.crt'), key: path.join(folder, 'tls.key') };
  const save = async ({ certificate, key }: typeof first) => {
    await writeFile(files.certificate, certificate);
    await writeFile(files.key, key, { mode: 0o600 });
  };
  await save(first);
  const words = ['--tls-cert', files.certificate, '--tls-key', files.key];
  const process = new Zhengma(['serve', '--port', '0', '--data', data, ...words, '--json']);
  const [, url = ''] = await process.waitFor(/"url":"([^"]+)"/);
  expect(url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);

  const old = new Agent({ keepAlive: true, maxSockets: 1, ca: first.certificate });
  const answer = await get(`${url}/healthz`, old);
  expect(answer.response.headers['strict-transport-security']).toBe('max-age=31536000');
  expect(['TLSv1.2', 'TLSv1.3']).toContain(answer.socket.getProtocol());
  const outdated = connect({
    port: Number(new URL(url).port),
    host: '127.0.0.1',
    ca: first.certificate,
    maxVersion: 'TLSv1.1',
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });
  await expect(once(outdated, 'secureConnect')).rejects.toThrow(/protocol version|unsupported protocol/i);

  await writeFile(files.certificate, 'no certificate');
  process.child.kill('SIGHUP');
  await process.waitForLog(/certificate not reloaded: [^"]*check --tls-cert/);
  await get(`${url}/healthz`, new Agent({ ca: first.certificate }));
  await save(second);
  process.child.kill('SIGHUP');
  await process.waitForLog(/certificate reloaded/);
  const young = new Agent({ keepAlive: true, ca: second.certificate });
  expect((await get(`${url}/v1/roots`, young)).response.statusCode).toBe(200);
  await expect(get(`${url}/healthz`, new Agent({ ca: first.certificate }))).rejects.toThrow();
  expect((await get(`${url}/healthz`, old)).socket).toBe(answer.socket);

  // Kept alive, within a handshake, and with a request whose body is on its way: only the last is waited for.
  const silent = connectBare(Number(new URL(url).port), '127.0.0.1');
  silent.on('error', () => {});
  await once(silent, 'connect');
  const body = JSON.stringify({ claims: PERSON });
  const flying = request(`${url}/v1/credentials`, {
    method: 'POST',
    agent: new Agent({ ca: second.certificate }),
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
  await process.waitForLog(/stopping/);
  flying.end(body);
  const [issued] = (await once(flying, 'response')) as [IncomingMessage];
  expect(issued.statusCode).toBe(201);
  issued.setEncoding('utf8');
  const [chunk] = await once(issued, 'data');
  expect(JSON.parse(chunk)).toMatchObject({ text: expect.stringMatching(/^ZM1:/) });
  expect(await process.ended).toMatchObject({ code: 0, signal: null });
  for (const agent of [old, young]) agent.destroy();
  silent.destroy();
});

it('a key that others can read, one of another certificate, or a file that is none is refused in one sentence', async () => {
  const folder = await makeFolder();
  const [one, other] = [createCertificate(), createCertificate()];
  const files = { certificate: path.join(folder, 'tls.crt'), key: path.join(folder, 'tls.key') };
  await writeFile(files.certificate, one.certificate);
  await writeFile(files.key, one.key, { mode: 0o640 });
  expect(readTlsFiles(files).minVersion).toBe('TLSv1.2');
  const refused = (sentence: RegExp) => {
    expect(() => readTlsFiles(files)).toThrow(EnvironmentError);
    expect(() => readTlsFiles(files)).toThrow(sentence);
  };
  for (const mode of [0o644, 0o660, 0o601]) {
    await chmod(files.key, mode);
    refused(/^The private key .* is open to other users: run chmod/);
  }
  await chmod(files.key, 0o600);
  await writeFile(files.key, other.key);
  refused(/are not a certificate and its private key in PEM/);
  expect(() => readTlsFiles({ ...files, key: path.join(folder, 'none') })).toThrow(/cannot be read \(ENOENT\)/);
});

it('over http, browsers are told nothing about https', async () => {
  const service = await startService();
  expect((await fetch(service.url)).headers.get('Strict-Transport-Security')).toBeNull();
  await service.close();
});
