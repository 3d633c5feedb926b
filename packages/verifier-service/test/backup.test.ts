import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { verifyRevocationSnapshot } from '@zhengma/credential-core/snapshot';
import { verifyStatusList, verifyTrustList } from '@zhengma/credential-core/verify';
import { expect, it } from 'vitest';
import { readBackup } from '../src/backups/backup-folder.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { readTrail } from './audit-trail.ts';
import { initialise, makeFolder, run, startProcess, Zhengma } from './cli.ts';
import { issueToDevice } from './holders.ts';
import { changeStatus, issuePerson, post, verifyText } from './service.ts';

async function readLists(url: string, list: number) {
  const read = async (address: string) => new Uint8Array(await (await fetch(url + address)).arrayBuffer());
  const { roots } = (await (await fetch(`${url}/v1/roots`)).json()) as { roots: string[] };
  const pins = roots.map((root) => new Uint8Array(Buffer.from(root, 'base64url')));
  return {
    pins,
    trust: await read('/v1/trust-list'),
    status: await read(`/v1/status-lists/${list}`),
    snapshot: await read('/v1/revocation-snapshot'),
  };
}

it('a backup of a running service is whole, and what follows its restoration contradicts nothing that came after it', async () => {
  const { folder, data, apiKey } = await initialise();
  const publicUrl = 'http://127.0.0.1:9';
  const before = await startProcess(data, { publicUrl });
  const service = { url: before.url, keys: { issuer: apiKey, verifier: apiKey, administrator: apiKey } };
  const holder = await issueToDevice(service.url, apiKey);
  const shown = await holder.show({ audience: 'before' });
  const verify = (url: string, text: string, audience: string) =>
    post(`${url}/v1/verifications`, apiKey, { text, audience });
  const kept = (await issuePerson(service)).body;

  // Under load, from before the backup begins until after it has ended.
  const acknowledged: string[] = [];
  let isOver = false;
  const load = Array.from({ length: 4 }, async () => {
    while (!isOver) acknowledged.push((await issuePerson(service)).body.id);
  });
  while (acknowledged.length < 8) await setTimeout(10);
  const known = [...acknowledged];
  const out = path.join(folder, 'backup');
  const backup = await run(['backup', '--out', out, '--plain-keys', '--data', data, '--json']);
  expect(backup).toMatchObject({ code: 0, stderr: '' });
  isOver = true;
  await Promise.all(load);

  // After the backup: a use, a revocation, a credential, lists that scanners fetch.
  expect((await verify(service.url, shown, 'before')).body.ok).toBe(true);
  const lost = (await issuePerson(service)).body;
  await changeStatus(service, kept.id, 'revoked', 'lost');
  const seen = await readLists(service.url, 1);
  before.process.child.kill('SIGKILL');
  await before.process.ended;
  await rename(data, path.join(folder, 'gone'));

  const restored = await run(['restore', out, '--data', data, '--json']);
  expect(restored).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(restored.stdout).takenAt).toBe(JSON.parse(backup.stdout).takenAt);
  expect((await stat(data)).mode & 0o777).toBe(0o700);
  const { store, images } = await openDataFolder(data, { create: false });
  for (const id of [...known, kept.id]) expect(await store.findCredential(id)).toMatchObject({ id, status: 'valid' });
  expect(await store.findCredential(lost.id)).toBeUndefined();
  expect((await readTrail(store)).at(-1)).toMatchObject({ action: 'restore' });
  await store.close();
  await images.close();
  expect((await run(['audit', 'verify', '--data', data])).code).toBe(0);

  const after = await startProcess(data, { publicUrl });
  const again = { ...service, url: after.url };
  const answer = await verify(after.url, shown, 'before');
  expect(answer).toMatchObject({ status: 409, body: { code: 'made_before_restore' } });
  const paper = await verifyText(again, kept.text);
  expect(paper.body.ok).toBe(true);
  // No index of the list that was being filled is given again.
  const next = (await issuePerson(again)).body;
  expect([kept.status.list, next.status.list]).toEqual([1, 1001]);
  const now = await readLists(after.url, 1);
  const currentDate = new Date();
  const old = await verifyTrustList(seen.trust, now.pins, { currentDate });
  if (!old.ok) throw new Error(old.code);
  const trust = await verifyTrustList(now.trust, now.pins, { currentDate, previous: old.list });
  if (!trust.ok) throw new Error(trust.code);
  const uri = `${publicUrl}/v1/status-lists/1`;
  const held = await verifyStatusList(seen.status, old.list, { currentDate, uri });
  if (!held.ok) throw new Error(held.code);
  const status = await verifyStatusList(now.status, trust.list, { currentDate, uri, previous: held.list });
  expect(status.ok).toBe(true);
  const whole = await verifyRevocationSnapshot(seen.snapshot, old.list, { currentDate });
  if (!whole.ok) throw new Error(whole.code);
  const previous = whole.snapshot;
  expect(await verifyRevocationSnapshot(now.snapshot, trust.list, { currentDate, previous })).toMatchObject({
    ok: true,
  });
  after.process.child.kill('SIGTERM');
  await after.process.ended;
});

it('what would not be a backup, or would replace data, is refused in a sentence, and nothing is left behind', async () => {
  const { folder, data } = await initialise();
  const out = path.join(folder, 'backup');
  const words = ['backup', '--out', out, '--data', data];
  expect(await run(words)).toMatchObject({ code: 3, stderr: expect.stringContaining('--plain-keys') });
  const database = 'postgres://zhengma:PRIVATE@127.0.0.1/zhengma';
  const elsewhere = await run([...words, '--plain-keys'], { env: { DATABASE_URL: database } });
  expect(elsewhere).toMatchObject({ code: 2, stderr: expect.stringContaining('--keys-only') });
  expect(elsewhere.stderr).not.toContain('PRIVATE');
  expect(await run([...words, '--plain-keys'])).toMatchObject({ code: 0 });
  expect(await run([...words, '--plain-keys'])).toMatchObject({ code: 3, stderr: expect.stringContaining('--out') });
  expect((await readdir(path.join(out, 'keys'))).sort()).toEqual((await readdir(path.join(data, 'keys'))).sort());

  const target = path.join(folder, 'restored');
  expect(await run(['restore', out, '--data', data])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('--data'),
  });
  expect((await run(['restore', '--data', target])).code).toBe(2);
  expect(await run(['restore', folder, '--data', target])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('no backup'),
  });
  const root = path.join(out, 'keys', 'root.key');
  const text = await readFile(root, 'utf8');
  await writeFile(
    root,
    text.replace(/^./, (first) => (first === 'A' ? 'B' : 'A')),
  );
  expect(await run(['restore', out, '--data', target])).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('keys/root.key'),
  });
  await writeFile(root, text);
  // A name that leads out of the folder.
  const manifest = path.join(out, 'manifest.json');
  const written = await readFile(manifest, 'utf8');
  await writeFile(manifest, written.replace('keys/root.key', 'keys/../../root.key'));
  expect((await run(['restore', out, '--data', target])).stderr).toContain('no backup');
  await writeFile(manifest, written);
  expect(existsSync(target)).toBe(false);
  await mkdir(target);
  expect((await run(['restore', out, '--data', target])).code).toBe(0);
  expect((await readdir(folder)).sort()).toEqual(['backup', 'data', 'restored']);
});

it('killed at any point there is a whole backup or none', async () => {
  const { data } = await initialise();
  const folder = await makeFolder();
  for (const milliseconds of [150, 300, 450, 600, 900]) {
    const out = path.join(folder, String(milliseconds));
    const process = new Zhengma(['backup', '--out', out, '--plain-keys', '--data', data]);
    await Promise.race([setTimeout(milliseconds), process.ended]);
    process.child.kill('SIGKILL');
    await process.ended;
    if (existsSync(out)) expect((await readBackup(out)).names).toContain('keys/root.key');
  }
  // What was left half done is in nobody's way.
  const out = path.join(folder, 'whole');
  expect((await run(['backup', '--out', out, '--plain-keys', '--data', data])).code).toBe(0);
  expect((await readBackup(out)).names).toContain('zhengma.sqlite');
});
