import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { initialise, run, Zhengma } from './cli.ts';
import { PERSON } from './people.ts';

const INPUT = JSON.stringify({ claims: PERSON });

it('files are what verify --trust reads; unchanged ones are not touched; a revocation is in the next round', async () => {
  const { folder, data } = await initialise();
  const out = path.join(folder, 'lists');
  const issued = JSON.parse((await run(['issue', '--from', '-', '--data', data, '--json'], { input: INPUT })).stdout);
  const publish = async () => JSON.parse((await run(['publish', '--out', out, '--data', data, '--json'])).stdout);
  const verify = async () => run(['verify', '-', '--trust', out, '--json'], { input: issued.text });
  expect(await publish()).toEqual({ written: 6, unchanged: 0 });
  expect(JSON.parse((await verify()).stdout)).toMatchObject({ ok: true, status: 'valid' });
  expect(JSON.parse(await readFile(path.join(out, 'status-lists.json'), 'utf8'))).toEqual({
    status_lists: ['http://127.0.0.1:8080/v1/status-lists/1'],
  });
  const before = await stat(path.join(out, 'roots.json'));
  expect(await publish()).toEqual({ written: 0, unchanged: 6 });
  await run(['revoke', issued.id, '--data', data]);
  const process = new Zhengma(['publish', '--out', out, '--every', '1', '--data', data, '--json']);
  await process.waitFor(/\{"written":2,"unchanged":4\}\n/);
  expect(await verify()).toMatchObject({ code: 1, stdout: expect.stringContaining('"revoked"') });
  await process.waitFor(/\{"written":0,"unchanged":6\}\n/);
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(0);
  expect((await stat(path.join(out, 'roots.json'))).ino).toBe(before.ino);
  expect((await readdir(out, { recursive: true })).sort()).toEqual([
    'revocation-delta-1.cwt',
    'revocation-snapshot.cwt',
    'roots.json',
    'status-lists',
    'status-lists.json',
    'status-lists/1.cwt',
    'trust-list.cose',
  ]);
});

it('one file of all lists, with what changed since, is enough to verify by; what is left of an earlier one goes', async () => {
  const { folder, data } = await initialise();
  const out = path.join(folder, 'lists');
  const issued = JSON.parse((await run(['issue', '--from', '-', '--data', data, '--json'], { input: INPUT })).stdout);
  const publish = () => run(['publish', '--out', out, '--data', data]);
  const verify = async () => run(['verify', '-', '--trust', out, '--json'], { input: issued.text });
  await publish();
  await rm(path.join(out, 'status-lists'), { recursive: true });
  expect(JSON.parse((await verify()).stdout)).toMatchObject({ ok: true, status: 'valid' });
  await run(['revoke', issued.id, '--data', data]);
  await writeFile(path.join(out, 'revocation-delta-77.cwt'), 'left over');
  await publish();
  await rm(path.join(out, 'status-lists'), { recursive: true });
  expect(await verify()).toMatchObject({ code: 1, stdout: expect.stringContaining('"revoked"') });
  const names = (await readdir(out)).filter((name) => name.startsWith('revocation'));
  expect(names.sort()).toEqual(['revocation-delta-1.cwt', 'revocation-snapshot.cwt']);
  await rm(path.join(out, 'revocation-snapshot.cwt'));
  expect(await verify()).toMatchObject({ code: 1, stdout: expect.stringContaining('"status_unknown"') });
});

it('a period that is as long as a list is fresh, and a folder that cannot be written, are refused in a sentence', async () => {
  const { folder, data } = await initialise();
  const publish = (...more: string[]) => run(['publish', '--data', data, ...more]);
  for (const every of ['300', '0', 'often']) {
    expect(await publish('--out', folder, '--every', every)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('fewer than the 300'),
    });
  }
  const blocked = path.join(data, 'zhengma.sqlite');
  expect(await publish('--out', blocked)).toMatchObject({ code: 3, stderr: expect.stringContaining('--out') });
});
