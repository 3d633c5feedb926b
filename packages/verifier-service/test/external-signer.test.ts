import { spawn } from 'node:child_process';
import { generateKeyPairSync, sign } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { generateIssuerKey } from '@zhengma/credential-core/issue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionDeps } from '../src/actions/deps.ts';
import { issue } from '../src/actions/issue.ts';
import { publishTrustList } from '../src/actions/publish-lists.ts';
import { setUp } from '../src/actions/set-up.ts';
import { verifyOnce } from '../src/actions/verify-once.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { readKeySettings } from '../src/settings/data-folder-settings.ts';
import { findSources } from '../src/settings/read-settings.ts';
import { ExternalKeyStore } from '../src/signing/external-key-store.ts';
import { SignerClient } from '../src/signing/signer-client.ts';
import { readTrail } from './audit-trail.ts';
import { initialise, makeFolder, run, startProcess } from './cli.ts';
import { PERSON } from './people.ts';
import { changeStatus, issuePerson, verifyText } from './service.ts';

/** Whoever owns the folder. */
const BY = { operator: 'local', organisation: '370200', scope: {} };

const TOKEN = 'a-token-that-nobody-knows';

describe('the example signer, in a process of its own', () => {
  let example: string;
  let home: string;
  let port = '0';

  beforeAll(async () => {
    const folder = await makeFolder();
    [example, home] = [path.join(folder, 'example'), path.join(folder, 'signer')];
    cpSync(fileURLToPath(new URL('../../../examples/external-signer', import.meta.url)), example, { recursive: true });
    mkdirSync(path.join(example, 'node_modules', '@zhengma'), { recursive: true });
    const core = fileURLToPath(new URL('../../credential-core', import.meta.url));
    symlinkSync(core, path.join(example, 'node_modules', '@zhengma', 'credential-core'), 'dir');
  });

  function runExample(words: readonly string[]) {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => name !== 'INIT_CWD'));
    return spawn(process.execPath, [path.join(example, 'main.ts'), '--folder', home, ...words], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  }

  /** On the port that it had before. */
  async function startSigner() {
    const child = runExample(['--port', port]);
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    [, port = ''] = /signing at http:\/\/127\.0\.0\.1:(\d+)/.exec(line.toString()) ?? [];
    const stop = async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    };
    return { stop };
  }

  async function countSigned(key: string): Promise<number> {
    const text = await readFile(path.join(home, 'audit.jsonl'), 'utf8');
    return text.split('\n').filter((line) => line.includes(`"key":"${key}"`)).length;
  }

  it('signs for a service that has no key of its own, and is missed and found again without a restart', async () => {
    const signer = await startSigner();
    const flags = ['--signer', `http://127.0.0.1:${port}`, '--signer-token-file', path.join(home, 'token')];
    const { data, apiKey } = await initialise(flags);
    const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
    const { process: served, url } = await startProcess(data, { more: flags });
    const service = { url, keys };

    const [kept, ended] = [(await issuePerson(service)).body, (await issuePerson(service)).body];
    expect((await verifyText(service, kept.text)).body).toMatchObject({ ok: true, receipt: {} });
    expect((await changeStatus(service, ended.id, 'revoked')).status).toBe(200);
    expect((await verifyText(service, ended.text)).body).toMatchObject({ ok: false, code: 'revoked' });
    for (const key of ['root-1', 'issuer-1', 'receipt-1']) expect(await countSigned(key)).toBeGreaterThan(0);
    const files = await readdir(path.join(data, 'keys')).catch(() => []);
    expect(files.filter((name) => /root|issuer|receipts/.test(name))).toEqual([]);

    await signer.stop();
    const lost = await issuePerson(service);
    expect(lost).toMatchObject({ status: 503, body: { code: 'signer_unavailable' } });
    expect(lost.headers.get('Retry-After')).not.toBeNull();
    expect(await verifyText(service, kept.text)).toMatchObject({ status: 503, body: { code: 'signer_unavailable' } });
    // What was signed is still given out, and a revocation is still taken.
    expect((await fetch(`${url}/v1/trust-list`)).status).toBe(200);
    expect((await changeStatus(service, kept.id, 'suspended')).status).toBe(200);
    const refused = await run(['serve', '--port', '0', '--data', data, ...flags]);
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toMatch(/^zhengma: The signer did not answer[^\n]+\n$/);

    const again = await startSigner();
    expect((await verifyText(service, kept.text)).body).toMatchObject({ ok: false, code: 'suspended' });
    const issued = await issuePerson(service);
    expect(issued.status).toBe(201);

    const keygen = ['keygen', '--signs-in', '0', '--data', data, ...flags];
    const none = await run(keygen);
    expect(none.code).toBe(3);
    expect(none.stderr).toContain('no issuer key that is not in use');
    await once(runExample(['--add', 'issuer']), 'exit');
    expect((await run(keygen)).code).toBe(0);
    const renewed = await issuePerson(service);
    expect(await countSigned('issuer-2')).toBe(1);
    const lists = await fetchLists(url);
    for (const [{ text }, code] of [
      [issued.body, 0],
      [renewed.body, 0],
      [ended, 1],
    ]) {
      expect((await run(['verify', text, '--trust', lists])).code).toBe(code);
    }
    served.child.kill('SIGTERM');
    const { stderr } = await served.ended;
    expect(stderr).not.toContain((await readFile(path.join(home, 'token'), 'utf8')).trim());
    await again.stop();
  });
});

/** As the README says to carry them. */
async function fetchLists(url: string): Promise<string> {
  const folder = await makeFolder();
  mkdirSync(path.join(folder, 'status-lists'));
  for (const [name, from] of [
    ['roots.json', 'roots'],
    ['trust-list.cose', 'trust-list'],
    ['status-lists/1.cwt', 'status-lists/1'],
  ] as const) {
    const response = await fetch(`${url}/v1/${from}`);
    writeFileSync(path.join(folder, name), Buffer.from(await response.arrayBuffer()));
  }
  return folder;
}

interface TestKey {
  readonly id: string;
  readonly use: string;
  readonly algorithm: string;
  readonly publicKey: string;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

async function makeEd25519(use: string, id = use): Promise<TestKey> {
  const { publicKey, sign } = await generateIssuerKey();
  return { id, use, algorithm: 'Ed25519', publicKey: Buffer.from(publicKey).toString('base64url'), sign };
}

function makeEs256(use: string): TestKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return {
    id: use,
    use,
    algorithm: 'ES256',
    publicKey: point.toString('base64url'),
    sign: async (message) => new Uint8Array(sign('sha256', message, { key: privateKey, dsaEncoding: 'ieee-p1363' })),
  };
}

type Answer = (request: IncomingMessage, response: ServerResponse) => Promise<unknown>;

describe('a signer of the test', () => {
  let folder: string;
  let server: Server;
  let url: string;
  let keys: TestKey[];
  let isBroken: Answer | undefined;

  const listed = () => ({ keys: keys.map(({ id, use, algorithm, publicKey }) => ({ id, use, algorithm, publicKey })) });
  const answerJson = (value: unknown): Answer => {
    return async (_request, response) =>
      response
        .setHeader('Content-Type', 'application/json')
        .end(typeof value === 'string' ? value : JSON.stringify(value));
  };
  const answerBytes = (change: (signature: Uint8Array) => Uint8Array, type = 'application/octet-stream'): Answer => {
    return async (request, response) => {
      const key = keys.find(({ id }) => request.url === `/base/v1/keys/${id}/signatures`);
      const signature = key && (await key.sign(new Uint8Array(await buffer(request))));
      if (!signature) return response.writeHead(404).end();
      return response.setHeader('Content-Type', type).end(change(signature));
    };
  };
  const answer: Answer = (request, response) =>
    request.url === '/base/v1/keys'
      ? answerJson(listed())(request, response)
      : answerBytes((bytes) => bytes)(request, response);

  beforeAll(async () => {
    folder = await makeFolder();
    writeFileSync(path.join(folder, 'token'), `${TOKEN}\n`, { mode: 0o600 });
    server = createServer((request, response) => {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) return void response.writeHead(401).end();
      const isSigning = request.method === 'POST';
      void (isBroken && isSigning === isBrokenAtSigning ? isBroken : answer)(request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`;
    keys = [await makeEd25519('root'), await makeEd25519('issuer'), await makeEd25519('receipt')];
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  let isBrokenAtSigning = true;

  const settings = (signer: string) =>
    readKeySettings(findSources({ signer, 'signer-token-file': path.join(folder, 'token') }, {})) as Required<
      ReturnType<typeof readKeySettings>
    >;

  async function open(signer = url, data?: string): Promise<ActionDeps> {
    const deps = await openDataFolder(data ?? (await makeFolder()), { create: true, keys: settings(signer) });
    await setUp({ id: '370200', name: '示例签发方', regions: ['3702'], statusBaseUri: 'http://127.0.0.1/lists' }, deps);
    return deps;
  }

  async function close({ store, images }: ActionDeps): Promise<void> {
    await store.close();
    await images.close();
  }

  it('has keys of P-256, on a Unix socket', async () => {
    const own = keys;
    keys = ['root', 'issuer', 'receipt'].map(makeEs256);
    const socket = path.join(folder, 'socket');
    const other = createServer((request, response) => {
      request.url = `/base${request.url}`;
      void answer(request, response);
    }).listen(socket);
    await once(other, 'listening');
    const deps = await open(`unix:${socket}`);
    const { text } = await issue({ claims: PERSON }, BY, deps);
    expect(await verifyOnce(text, {}, BY, deps)).toMatchObject({ ok: true, receipt: {} });
    await close(deps);
    other.close();
    other.closeAllConnections();
    keys = own;
  });

  it('is not believed: what is no signature by the key leaves nothing issued, and the next request is served', async () => {
    const deps = await open();
    const stranger = await makeEd25519('issuer');
    const faults: Answer[] = [
      answerBytes((bytes) => bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte))),
      answerBytes((bytes) => bytes.subarray(1)),
      answerBytes((bytes) => Buffer.concat([bytes, bytes])),
      answerBytes((bytes) => bytes, 'text/plain'),
      answerBytes(() => Buffer.alloc(1024 * 1024), 'application/octet-stream'),
      async (request, response) => {
        const signature = await stranger.sign(new Uint8Array(await buffer(request)));
        response.setHeader('Content-Type', 'application/octet-stream').end(signature);
      },
      async (_request, response) => response.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end(),
      async (_request, response) => response.writeHead(500).end(),
      async (_request, response) => response.writeHead(404).end(),
      async (request) => request.socket.destroy(),
      async (_request, response) =>
        response.writeHead(200, { 'Content-Length': 64 }).write('x', () => response.destroy()),
    ];
    for (const fault of faults) {
      isBroken = fault;
      await expect(issue({ claims: PERSON }, BY, deps)).rejects.toMatchObject({ code: 'signer_unavailable' });
    }
    isBroken = undefined;
    expect((await readTrail(deps.store)).filter(({ action }) => action === 'issue')).toEqual([]);
    const { text } = await issue({ claims: PERSON }, BY, deps);
    expect(text).toMatch(/^ZM1:/);
    await close(deps);
  });

  it('that has another root than before signs no trust list: scanners would refuse it', async () => {
    const data = await makeFolder();
    const deps = await open(url, data);
    const before = await publishTrustList(deps);
    const own = keys;
    keys = [await makeEd25519('root'), ...keys.slice(1)];
    const mixedUp = await openDataFolder(data, { create: false, keys: settings(url) });
    await expect(publishTrustList(mixedUp)).rejects.toThrow(/root key is not the one that signed the last trust list/);
    keys = own;
    expect((await publishTrustList(deps)).etag).toBe(before.etag);
    for (const each of [deps, mixedUp]) await close(each);
  });

  it('is waited for so long, and no longer', async () => {
    const client = new SignerClient(settings(url).signer, { timeoutSeconds: 0.2 });
    isBroken = async () => {};
    await expect(client.sign('issuer', Buffer.from('message'))).rejects.toMatchObject({
      code: 'signer_unavailable',
      cause: { name: 'AbortError' },
    });
    isBroken = undefined;
  });

  it('is asked again where it had closed a connection that was kept', async () => {
    const client = new SignerClient(settings(url).signer);
    const seen = new WeakSet<object>();
    let isAgain = 0;
    isBroken = async (request, response) => {
      if (seen.has(request.socket)) {
        isAgain++;
        return request.socket.destroy();
      }
      seen.add(request.socket);
      return answer(request, response);
    };
    for (let n = 0; n < 3; n++) expect(await client.sign('issuer', Buffer.from('message'))).toHaveLength(64);
    expect(isAgain).toBeGreaterThan(0);
    isBroken = undefined;
  });

  it('is refused for keys that are none, that stand twice, or that are too many', async () => {
    const [root, issuer, receipt] = listed().keys as [Record<string, string>, Record<string, string>, object];
    const zero = Buffer.alloc(32).toString('base64url');
    const lists: unknown[] = [
      '{"keys":',
      [],
      {},
      { keys: [root, issuer, { ...receipt, extra: 1 }] },
      { keys: [root, issuer, receipt], more: true },
      { keys: [root, issuer, { ...receipt, use: 'other' }] },
      { keys: [root, issuer, { ...receipt, id: '../issuer' }] },
      { keys: [root, issuer, { ...receipt, id: issuer['id'] }] },
      { keys: [root, issuer, { ...receipt, algorithm: 'none' }] },
      { keys: [root, issuer, { ...receipt, algorithm: 'ES256' }] },
      { keys: [root, issuer, { ...receipt, publicKey: zero }] },
      { keys: [root, issuer, { ...receipt, publicKey: 'AAAA' }] },
      { keys: [root, issuer, receipt, { ...(receipt as object), id: 'receipt-2' }] },
      { keys: [root, issuer] },
    ];
    isBrokenAtSigning = false;
    for (const list of lists) {
      isBroken = answerJson(list);
      const store = new ExternalKeyStore(new SignerClient(settings(url).signer), undefined as never);
      await expect(store.receiptKey(), JSON.stringify(list)).rejects.toMatchObject({ code: 'signer_unavailable' });
    }
    isBroken = answerJson({ keys: [issuer, receipt] });
    const store = new ExternalKeyStore(new SignerClient(settings(url).signer), undefined as never);
    await expect(store.createRootKey()).rejects.toThrow(/no root key/);
    expect(await store.findRootKey()).toBeUndefined();
    isBroken = undefined;
    isBrokenAtSigning = true;
  });

  it('is named by an address that keeps the token from others, with the token in a private file', async () => {
    const token = path.join(folder, 'token');
    for (const signer of [
      'http://signer.example',
      'ftp://127.0.0.1',
      'https://a:b@x',
      'https://x/?y',
      'unix:socket',
      '',
    ]) {
      expect(() => readKeySettings(findSources({ signer, 'signer-token-file': token }, {})), signer).toThrow(
        /--signer/,
      );
    }
    for (const signer of [
      'http://localhost:9310',
      'http://[::1]:1',
      'https://signer.example/base',
      'unix:/run/x.sock',
    ]) {
      expect(readKeySettings(findSources({}, { ZHENGMA_SIGNER: signer, ZHENGMA_SIGNER_TOKEN_FILE: token }))).toEqual({
        signer: { url: signer, tokenFile: { path: token, isCredential: false } },
      });
    }
    expect(() => readKeySettings(findSources({ signer: url }, {}))).toThrow(/needs --signer-token-file/);
    expect(() => readKeySettings(findSources({ 'signer-token-file': token }, {}))).toThrow(/goes with --signer/);
    const wrong = path.join(folder, 'wrong');
    writeFileSync(wrong, 'another-token-as-long\n', { mode: 0o600 });
    const tokenFile = { path: wrong, isCredential: false };
    await expect(new SignerClient({ url, tokenFile }).listKeys()).rejects.toThrow(/refused the token/);
    const elsewhere = new SignerClient({ ...settings(url).signer, url: url.replace('/base/', '') });
    await expect(elsewhere.listKeys()).rejects.toMatchObject({ code: 'signer_unavailable' });
    writeFileSync(path.join(folder, 'lines'), `${TOKEN}\n${TOKEN}\n`, { mode: 0o600 });
    const lines = { path: path.join(folder, 'lines'), isCredential: false };
    expect(() => new SignerClient({ url, tokenFile: lines })).toThrow(/one line of ASCII/);
    writeFileSync(path.join(folder, 'readable'), TOKEN, { mode: 0o644 });
    const readable = { path: path.join(folder, 'readable'), isCredential: false };
    expect(() => new SignerClient({ url, tokenFile: readable })).toThrow(/open to other users/);
  });
});

it('a folder whose keys are files is not served by a signer that does not have them', async () => {
  const { data } = await initialise();
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'application/json').end('{"keys":[]}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const token = path.join(data, 'token');
  writeFileSync(token, TOKEN, { mode: 0o600 });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const ended = await run(['serve', '--port', '0', '--data', data, '--signer', address, '--signer-token-file', token]);
  expect(ended).toMatchObject({ code: 3, stdout: '' });
  expect(ended.stderr).toMatch(/The signer has no issuer key of kid [0-9a-f]{16}/);
  server.closeAllConnections();
  server.close();
});
