import { type FSWatcher, watch } from 'node:fs';
import { chmod, link, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { FileKeyStore } from '../src/signing/file-key-store.ts';
import { KeyFolder } from '../src/signing/key-folder.ts';
import { Passphrase } from '../src/signing/passphrase.ts';
import { initialise, makeFolder, run, startProcess, Zhengma } from './cli.ts';
import { PERSON } from './people.ts';
import { issuePerson, verifyText } from './service.ts';

const WORDS = 'correct horse battery staple';
const OTHER_WORDS = 'incorrect horse, other staple';

let right: string;
let wrong: string;

async function writeSecret(folder: string, name: string, text: string, mode = 0o600): Promise<string> {
  const file = path.join(folder, name);
  await writeFile(file, text, { mode });
  await chmod(file, mode);
  return file;
}

beforeAll(async () => {
  const folder = await makeFolder();
  right = await writeSecret(folder, 'passphrase', `${WORDS}\n`);
  wrong = await writeSecret(folder, 'other', `${OTHER_WORDS}\r\n`);
});

function oneSentence(stderr: string): string {
  expect(stderr).toMatch(/^zhengma: [^\n]+\n$/);
  return stderr;
}

/** The secrets of a folder, by the name of their file. */
async function readSecrets(data: string, passphrase?: Passphrase): Promise<Map<string, Buffer>> {
  const folder = new KeyFolder(data, passphrase);
  const { plain, encrypted } = folder.list();
  const names = [...plain, ...encrypted].sort();
  const read = async (name: string): Promise<[string, Buffer]> => [name, (await folder.read(name)) as Buffer];
  return new Map(await Promise.all(names.map(read)));
}

/** Everything that lies in `keys/`, hidden files too: whether it holds one of the secrets, in bytes or in any spelling. */
async function findInClear(data: string, secrets: Iterable<Buffer>): Promise<string[]> {
  const folder = path.join(data, 'keys');
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    const content = (await readFile(path.join(folder, name))).toString('latin1');
    for (const secret of secrets) {
      const spellings = (['latin1', 'base64url', 'base64', 'hex'] as const).map((form) => secret.toString(form));
      if (spellings.some((spelling) => content.includes(spelling.slice(0, 20)))) found.push(name);
    }
  }
  return found;
}

/** Runs `keys encrypt` or `keys rekey`, and kills it when it has touched the folder so many times. */
async function killAfter(touches: number, data: string, words: readonly string[]): Promise<void> {
  let watcher: FSWatcher | undefined;
  const child = new Zhengma(['keys', ...words, '--data', data]);
  let seen = 0;
  watcher = watch(path.join(data, 'keys'), () => {
    if (++seen === touches) child.child.kill('SIGKILL');
  });
  await child.ended;
  watcher.close();
}

describe('an encrypted folder', () => {
  let data: string;
  let apiKey: string;
  let text: string;

  beforeAll(async () => {
    ({ data, apiKey } = await initialise());
    const { process, url } = await startProcess(data);
    const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
    text = (await issuePerson({ url, keys })).body.text;
    await fetch(`${url}/v1/challenges`, { method: 'POST', headers: { Authorization: `Bearer ${apiKey}` } });
    process.child.kill('SIGTERM');
    await process.ended;
    const secrets = await readSecrets(data);
    expect([...secrets.keys()]).toEqual([
      'challenges.key',
      expect.stringMatching(/^issuer-[0-9a-f]{16}\.key$/),
      'receipts.key',
      'root.key',
    ]);
    expect(await findInClear(data, secrets.values())).toHaveLength(4);
    // As a writer leaves it that is killed between giving the file its name and taking the other away.
    await link(path.join(data, 'keys', 'root.key'), path.join(data, 'keys', '.0123456789abcdef.draft'));
    await writeFile(path.join(data, 'keys', 'notes.txt'), 'no key');
    const ended = await run(['keys', 'encrypt', '--key-passphrase-file', right, '--data', data]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('notes.txt');
    expect(await findInClear(data, secrets.values())).toEqual([]);
    expect(await readSecrets(data, new Passphrase({ path: right, isCredential: false }))).toEqual(secrets);
    for (const name of secrets.keys()) {
      expect((await stat(path.join(data, 'keys', name))).mode & 0o777).toBe(0o600);
    }
  });

  it('serves with its passphrase, and a second encryption changes nothing', async () => {
    const before = await readFile(path.join(data, 'keys', 'root.key'), 'utf8');
    const again = await run(['keys', 'encrypt', '--key-passphrase-file', right, '--data', data, '--json']);
    expect(JSON.parse(again.stdout)).toEqual({ changed: [], others: ['notes.txt'] });
    expect(await readFile(path.join(data, 'keys', 'root.key'), 'utf8')).toBe(before);
    const { process, url } = await startProcess(data, { more: ['--key-passphrase-file', right] });
    const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
    expect((await verifyText({ url, keys }, text)).body).toMatchObject({ ok: true, receipt: {} });
    expect((await issuePerson({ url, keys })).status).toBe(201);
    const subject = { claims: { region: PERSON.region, delegate: { name: '王虚构', relation: '2' } }, subject: 'a' };
    await fetch(`${url}/v1/credentials`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(subject),
    });
    process.child.kill('SIGTERM');
    const { stdout, stderr } = await process.ended;
    expect(stdout + stderr).not.toContain(WORDS);
    expect(stderr).not.toContain('not encrypted yet');
    // Made while it ran.
    expect(new KeyFolder(data, undefined).list()).toMatchObject({
      plain: [],
      encrypted: expect.arrayContaining(['subjects.key']),
    });
  });

  it('is refused with 3 and a sentence without the passphrase and with another one', async () => {
    const cases: [string[], RegExp][] = [
      [[], /is encrypted: give its passphrase with --key-passphrase-file/],
      [['--key-passphrase-file', wrong], /was encrypted with another passphrase/],
    ];
    for (const [words, sentence] of cases) {
      const served = await run(['serve', '--port', '0', '--data', data, ...words]);
      expect(served).toMatchObject({ code: 3, stdout: '' });
      expect(oneSentence(served.stderr)).toMatch(sentence);
      expect(served.stderr).not.toContain(WORDS);
    }
    const encrypted = await run(['keys', 'encrypt', '--key-passphrase-file', wrong, '--data', data]);
    expect(encrypted.code).toBe(3);
    expect(oneSentence(encrypted.stderr)).toContain('another passphrase');
  });

  it('takes a passphrase from nobody but a private file of 16 characters, or a systemd credential', async () => {
    const folder = await makeFolder();
    const verify = (words: string[], env?: Record<string, string>) =>
      run(['verify', text, '--data', data, ...words], env ? { env } : {});
    const open = await writeSecret(folder, 'open', WORDS, 0o640);
    const refused: [string, RegExp][] = [
      [open, /passphrase file .* is open to other users: run chmod 600/],
      [await writeSecret(folder, 'short', `${WORDS.slice(0, 15)}\n`), /fewer than 16 characters/],
      [path.join(folder, 'nowhere'), /is missing/],
    ];
    for (const [file, sentence] of refused) {
      const ended = await verify(['--key-passphrase-file', file]);
      expect(ended.code).toBe(3);
      expect(oneSentence(ended.stderr)).toMatch(sentence);
    }
    expect((await verify([], { ZHENGMA_KEY_PASSPHRASE_FILE: right })).code).toBe(0);
    // As systemd gives it to a service that runs as a user: the group's bit is that of the access list.
    const credentials = path.join(folder, 'credentials');
    await mkdir(credentials);
    const credential = await writeSecret(credentials, 'zhengma-key-passphrase', WORDS, 0o440);
    expect((await verify([], { CREDENTIALS_DIRECTORY: credentials })).code).toBe(0);
    await chmod(credential, 0o444);
    expect(oneSentence((await verify([], { CREDENTIALS_DIRECTORY: credentials })).stderr)).toContain('open to other');
  });

  it('does not take one file for another, nor one that was changed', async () => {
    const [root, receipts] = ['root.key', 'receipts.key'].map((name) => path.join(data, 'keys', name)) as [
      string,
      string,
    ];
    const swap = async () => {
      await rename(root, `${root}.aside`);
      await rename(receipts, root);
      await rename(`${root}.aside`, receipts);
    };
    await swap();
    const words = ['--key-passphrase-file', right, '--data', data];
    const swapped = await run(['serve', '--port', '0', ...words]);
    await swap();
    expect(swapped.code).toBe(3);
    expect(oneSentence(swapped.stderr)).toMatch(/root\.key is damaged, or another in its place/);
    const sealed = await readFile(root, 'utf8');
    const passphrase = new Passphrase({ path: right, isCredential: false });
    const [head, salt, check, nonce, box] = sealed.trim().split('.') as [string, string, string, string, string];
    const changed = [
      [head, salt, check, nonce, flip(box)],
      [head, salt, check, flip(nonce), box],
      [head, salt, check, nonce, box.slice(0, -4)],
      [head, salt, check, nonce],
    ];
    for (const parts of changed) expect(await passphrase.open('root.key', `${parts.join('.')}\n`)).toBeUndefined();
    expect(await passphrase.open('root.key', sealed)).toHaveLength(32);
    expect(await passphrase.open('receipts.key', sealed)).toBeUndefined();
  });

  it('gets another passphrase, also in two runs, and the old one opens nothing', async () => {
    const next = ['--key-passphrase-file', right, '--new-passphrase-file', wrong];
    await killAfter(3, data, ['rekey', ...next]);
    expect(await run(['keys', 'rekey', ...next, '--data', data])).toMatchObject({ code: 0 });
    expect((await run(['verify', text, '--key-passphrase-file', wrong, '--data', data])).code).toBe(0);
    const ended = await run(['verify', text, '--key-passphrase-file', right, '--data', data]);
    expect(oneSentence(ended.stderr)).toContain('another passphrase');
  });
});

it('a folder that is half encrypted works, says so, and its new keys are encrypted', async () => {
  const { data } = await initialise();
  const words = ['--key-passphrase-file', right, '--data', data];
  expect((await run(['keygen', '--signs-in', '0', ...words])).code).toBe(0);
  const { files } = JSON.parse((await run(['keys', 'list', '--data', data, '--json'])).stdout);
  expect([files.encrypted.length, files.plain.length]).toEqual([1, 3]);
  const { process, url } = await startProcess(data, { more: words.slice(0, 2) });
  expect((await fetch(`${url}/v1/trust-list`)).status).toBe(200);
  await process.waitForLog(/"level":40.*not encrypted yet.*"plain":3/);
  process.child.kill('SIGTERM');
  await process.ended;
  const ended = await run(['issue', '--region', '370202', '--data', data]);
  expect(ended.code).toBe(3);
  expect(oneSentence(ended.stderr)).toContain('is encrypted');
});

it('an encryption that is killed at any point loses no key, and the next run ends it', async () => {
  const folder = await makeFolder();
  const store = new FileKeyStore(new KeyFolder(folder, undefined));
  await store.createRootKey();
  for (let n = 0; n < 12; n++) await store.createIssuerKey();
  const secrets = await readSecrets(folder);
  const passphrase = new Passphrase({ path: right, isCredential: false });
  const words = ['encrypt', '--key-passphrase-file', right];
  let touched = 0;
  for (let round = 0; round < 4; round++) {
    // A file is touched some five times: mostly it is killed amid one.
    await killAfter(1 + Math.floor(Math.random() * 15), folder, words);
    expect(await readSecrets(folder, passphrase)).toEqual(secrets);
    touched = new KeyFolder(folder, undefined).list().encrypted.length;
  }
  expect(touched).toBeGreaterThan(0);
  expect((await run(['keys', ...words, '--data', folder])).code).toBe(0);
  expect(await readSecrets(folder, passphrase)).toEqual(secrets);
  expect(await findInClear(folder, secrets.values())).toEqual([]);
  expect((await readdir(path.join(folder, 'keys'))).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('an issuer key under the name of another is refused, encrypted or not', async () => {
  const { data } = await initialise();
  const { kid } = JSON.parse((await run(['keygen', '--signs-in', '0', '--data', data, '--json'])).stdout);
  const other = (await readdir(path.join(data, 'keys'))).find((name) => /^issuer-/.test(name) && !name.includes(kid));
  const file = path.join(data, 'keys', `issuer-${kid}.key`);
  await writeFile(file, await readFile(path.join(data, 'keys', other as string)));
  const ended = await run(['issue', '--region', '370202', '--data', data]);
  expect(ended.code).toBe(3);
  expect(oneSentence(ended.stderr)).toContain('holds another key than its name says');
});

/** The same text with another bit in the middle. */
function flip(encoded: string): string {
  const bytes = Buffer.from(encoded, 'base64url');
  const at = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes.toString('base64url');
}
