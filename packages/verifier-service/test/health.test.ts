import { rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Writable } from 'node:stream';
import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createApp } from '../src/app.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { type Answer, issuePerson, readAnswer, startService, type TestService } from './service.ts';

let service: TestService;

beforeEach(async () => {
  service = await startService();
});

afterEach(() => service.close());

async function ask(url = service.url): Promise<Answer> {
  return readAnswer(await fetch(`${url}/readyz`));
}

/** What another process on the same folder answers. */
async function askAnother(): Promise<Answer & { logged: string }> {
  const deps = await openDataFolder(service.folder, { create: false });
  const logged: string[] = [];
  const log = new Writable({
    write(chunk, _encoding, done) {
      logged.push(String(chunk));
      done();
    },
  });
  const app = createApp({ ...deps, logger: pino(log), pages: new Map(), isDraining: () => false });
  const server = createServer(app.callback()).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const answer = await ask(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await deps.store.close();
  return { ...answer, logged: logged.join('') };
}

it('ready says how fresh the lists are, and nothing else', async () => {
  const before = await ask();
  expect(before).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(Object.keys(before.body)).toEqual(['status', 'trustList', 'snapshot']);
  await issuePerson(service);
  const { body } = await ask();
  expect(Object.keys(body)).toEqual(['status', 'trustList', 'snapshot', 'statusList']);
  for (const [list, days] of [['trustList', 30] as const, ['statusList', 1] as const, ['snapshot', 1] as const]) {
    const { issuedAt, expiresAt } = body[list];
    expect(Date.parse(expiresAt) - Date.parse(issuedAt)).toBe(days * 86_400_000);
  }
  service.advance(3 * 86_400);
  const later = await ask();
  expect(Date.parse(later.body.statusList.issuedAt)).toBeGreaterThan(Date.parse(body.statusList.expiresAt));
});

it('many who ask at once are all answered', async () => {
  const statuses = await Promise.all(Array.from({ length: 100 }, async () => (await ask()).status));
  expect(new Set(statuses)).toEqual(new Set([200]));
});

it('a key that is gone is 503 with a code; which one, the log says and the answer does not', async () => {
  const keys = path.join(service.folder, 'keys');
  await rename(path.join(keys, 'root.key'), path.join(keys, 'moved'));
  const answer = await askAnother();
  expect(answer).toMatchObject({ status: 503, body: { code: 'signing_key_unavailable' } });
  expect(JSON.stringify(answer.body)).not.toContain('root');
  expect(answer.logged).toContain('The root key is missing');
});

it('a list that scanners would refuse is 503', async () => {
  expect((await ask()).status).toBe(200);
  const raw = new DatabaseSync(path.join(service.folder, 'zhengma.sqlite'));
  raw.exec("update trust_lists set bytes = x'd28443a10126a0'");
  raw.close();
  expect(await askAnother()).toMatchObject({ status: 503, body: { code: 'lists_unusable' } });
});

it('a clock that stands before the key is 503', async () => {
  service.advance(-7200);
  expect(await ask()).toMatchObject({ status: 503, body: { code: 'clock_behind' } });
});
