import { watch } from 'node:fs';
import { chmod, link, mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { issue } from '../src/actions/issue.ts';
import { addIssuerKey } from '../src/actions/issuer-keys.ts';
import { setUp } from '../src/actions/set-up.ts';
import { verifyText as verifyCode } from '../src/actions/verify.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { readKeySettings } from '../src/settings/data-folder-settings.ts';
import { findSources } from '../src/settings/read-settings.ts';
import { FileKeyStore } from '../src/signing/file-key-store.ts';
import { KeyFolder } from '../src/signing/key-folder.ts';
import { Passphrase } from '../src/signing/passphrase.ts';
import { initialise, makeFolder, run, startProcess, Zhengma } from './cli.ts';
import { PERSON } from './people.ts';
import { issuePerson, verifyText } from './service.ts';

/** Whoever owns the folder. */
const BY = { operator: 'local', organisation: '370200', scope: {} };

const WORDS = 'correct horse battery staple';
const OTHER_WORDS = 'incorrect horse, other staple';

let right: string;
let wrong: string;
/** That of `right`, which has derived its keys. */
let passphrase: Passphrase;

function open(file: string): Passphrase {
  return new Passphrase({ path: file, isCredential: false });
}

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
  passphrase = open(right);
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
async function findInClear(data: string, secrets: ReadonlyMap<string, Buffer>): Promise<string[]> {
  const folder = path.join(data, 'keys');
  const found: string[] = [];
  for (const name of await readdir(folder)) {
    const content = (await readFile(path.join(folder, name))).toString('latin1');
    for (const secret of secrets.values()) {
      const spellings = (['latin1', 'base64url', 'base64', 'hex'] as const).map((form) => secret.toString(form));
      if (spellings.some((spelling) => content.includes(spelling.slice(0, 20)))) found.push(name);
    }
  }
  return found;
}

/** Runs `keys encrypt` or `keys rekey`, and kills it when it has touched the folder so many times. */
async function killAfter(touches: number, data: string, words: readonly string[]): Promise<void> {
  const child = new Zhengma(['keys', ...words, '--data', data]);
  let seen = 0;
  const watcher = watch(path.join(data, 'keys'), () => {
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
      'api-keys.key',
      'challenges.key',
      'ec-tokens.key',
      expect.stringMatching(/^issuer-[0-9a-f]{16}\.key$/),
      'receipts.key',
      'root.key',
      'seals.key',
    ]);
    expect(await findInClear(data, secrets)).toHaveLength(7);
    // As a writer leaves it that is killed between giving the file its name and taking the other away.
    await link(path.join(data, 'keys', 'root.key'), path.join(data, 'keys', '.0123456789abcdef.draft'));
    await writeFile(path.join(data, 'keys', 'notes.txt'), 'no key');
    const ended = await run(['keys', 'encrypt', '--key-passphrase-file', right, '--data', data]);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('notes.txt');
    expect(await findInClear(data, secrets)).toEqual([]);
    expect(await readSecrets(data, passphrase)).toEqual(secrets);
    for (const name of secrets.keys()) {
      expect((await stat(path.join(data, 'keys', name))).mode & 0o777).toBe(0o600);
    }
  });

  it('serves with its passphrase, and a second encryption changes nothing', async () => {
    expect(await new KeyFolder(data, passphrase).sealAll(passphrase)).toEqual([]);
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
    const readable = await writeSecret(await makeFolder(), 'open', WORDS, 0o640);
    const cases: [string[], RegExp][] = [
      [[], /is encrypted: give its passphrase with --key-passphrase-file/],
      [['--key-passphrase-file', wrong], /was encrypted with another passphrase/],
      [['--key-passphrase-file', readable], /passphrase file .* is open to other users: run chmod 600/],
    ];
    for (const [words, sentence] of cases) {
      const served = await run(['serve', '--port', '0', '--data', data, ...words]);
      expect(served).toMatchObject({ code: 3, stdout: '' });
      expect(oneSentence(served.stderr)).toMatch(sentence);
      expect(served.stderr).not.toContain(WORDS);
    }
    const other = open(wrong);
    await expect(new KeyFolder(data, other).sealAll(other)).rejects.toThrow(/another passphrase/);
  });

  it('takes a passphrase from nobody but a private file of 16 characters, or a systemd credential', async () => {
    const folder = await makeFolder();
    const refused: [string, RegExp][] = [
      [await writeSecret(folder, 'short', `${WORDS.slice(0, 15)}\n`), /fewer than 16 characters/],
      [await writeSecret(folder, 'large', WORDS.repeat(5000)), /too large/],
      [path.join(folder, 'nowhere'), /is missing/],
      [folder, /cannot be read|open to other users/],
    ];
    for (const [file, sentence] of refused) expect(() => open(file)).toThrow(sentence);
    expect(readKeySettings(findSources({}, { ZHENGMA_KEY_PASSPHRASE_FILE: right }))).toEqual({
      passphraseFile: { path: right, isCredential: false },
    });
    // As systemd gives it to a service that runs as a user: the group's bit is that of the access list.
    const credentials = path.join(folder, 'credentials');
    await mkdir(credentials);
    expect(readKeySettings(findSources({}, { CREDENTIALS_DIRECTORY: credentials }))).toEqual({});
    const credential = await writeSecret(credentials, 'zhengma-key-passphrase', WORDS, 0o440);
    expect(() => open(credential)).toThrow(/open to other users/);
    const env = { CREDENTIALS_DIRECTORY: credentials };
    expect((await run(['verify', text, '--data', data], { env })).code).toBe(0);
    await chmod(credential, 0o444);
    const { passphraseFile } = readKeySettings(findSources({}, env));
    expect(() => new Passphrase(passphraseFile as NonNullable<typeof passphraseFile>)).toThrow(/open to other users/);
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
    for (const name of ['root.key', 'receipts.key']) {
      await expect(new KeyFolder(data, passphrase).read(name)).rejects.toThrow(/is damaged, or another in its place/);
    }
    await swap();
    const sealed = await readFile(root, 'utf8');
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
    const before = await readSecrets(data, passphrase);
    await killAfter(3, data, ['rekey', ...next]);
    expect(await run(['keys', 'rekey', ...next, '--data', data])).toMatchObject({ code: 0 });
    expect(await readSecrets(data, open(wrong))).toEqual(before);
    await expect(readSecrets(data, passphrase)).rejects.toThrow(/another passphrase/);
  });
});

it('a folder that is half encrypted works, says so, and its new keys are encrypted', async () => {
  const data = await makeFolder();
  const plain = await openDataFolder(data, { create: true });
  await setUp({ id: '370200', name: '示例签发方', regions: ['3702'], statusBaseUri: 'http://127.0.0.1/lists' }, plain);
  const deps = await openDataFolder(data, {
    create: false,
    keys: { passphraseFile: { path: right, isCredential: false } },
  });
  const { kid } = await addIssuerKey(BY, { overlapSeconds: 0 }, deps);
  expect(new KeyFolder(data, undefined).list()).toEqual({
    encrypted: [`issuer-${kid}.key`],
    plain: [expect.stringMatching(/^issuer-/), 'receipts.key', 'root.key'],
    others: [],
  });
  const { text } = await issue({ claims: PERSON }, BY, deps);
  expect((await verifyCode(text, {}, deps)).result).toMatchObject({ ok: true });
  await expect(issue({ claims: PERSON }, BY, plain)).rejects.toThrow(/is encrypted: give its passphrase/);
  for (const { store, images } of [plain, deps]) await Promise.all([store.close(), images.close()]);
  const { process } = await startProcess(data, { more: ['--key-passphrase-file', right] });
  await process.waitForLog(/"level":40.*"plain":3/);
  process.child.kill('SIGTERM');
  await process.ended;
});

it('an encryption that is killed at any point loses no key, and the next run ends it', async () => {
  const folder = await makeFolder();
  const store = new FileKeyStore(new KeyFolder(folder, undefined));
  await store.createRootKey();
  for (let n = 0; n < 8; n++) await store.createIssuerKey();
  const secrets = await readSecrets(folder);
  const words = ['encrypt', '--key-passphrase-file', right];
  let touched = 0;
  for (let round = 0; round < 3; round++) {
    // A file is touched some five times: mostly it is killed amid one, and in the end some are done.
    await killAfter(1 + 5 * round + Math.floor(Math.random() * 5), folder, words);
    expect(await readSecrets(folder, passphrase)).toEqual(secrets);
    touched = new KeyFolder(folder, undefined).list().encrypted.length;
  }
  expect(touched).toBeGreaterThan(0);
  await new KeyFolder(folder, passphrase).sealAll(passphrase);
  expect(await readSecrets(folder, passphrase)).toEqual(secrets);
  expect(await findInClear(folder, secrets)).toEqual([]);
  expect((await readdir(path.join(folder, 'keys'))).filter((name) => name.startsWith('.'))).toEqual([]);
});

it('an issuer key under the name of another is refused', async () => {
  const folder = await makeFolder();
  const store = new FileKeyStore(new KeyFolder(folder, undefined));
  const [one, other] = [await store.createIssuerKey(), await store.createIssuerKey()].map(({ kid }) =>
    Buffer.from(kid).toString('hex'),
  ) as [string, string];
  const locate = (kid: string) => path.join(folder, 'keys', `issuer-${kid}.key`);
  await writeFile(locate(one), await readFile(locate(other)));
  const again = new FileKeyStore(new KeyFolder(folder, undefined));
  await expect(again.issuerKey(one)).rejects.toThrow(/holds another key than its name says/);
  expect(await again.issuerKey(other)).toMatchObject({ algorithm: 'Ed25519' });
});

/** The same text with another bit in the middle. */
function flip(encoded: string): string {
  const bytes = Buffer.from(encoded, 'base64url');
  const at = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  return bytes.toString('base64url');
}
