// A signer for `zhengma --signer`: keys that the service can use and cannot read. Without a folder it shows what it does.
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { addKey, openKeys, USES, type Use } from './key-file.ts';
import { createSigner } from './signer.ts';

const HELP = `external-signer: holds the keys of a zhengma service, in software

  --folder <folder>   where keys.json, token and audit.jsonl lie; made when it is not there
  --port <number>     9310 unless given; 0 takes a free one. It listens on this machine alone
  --socket <path>     a Unix socket in place of a port
  --add <use>         makes another key (root, issuer or receipt) and ends

Without --folder it makes keys, signs once through its own interface, and ends.`;

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    port: { type: 'string', default: '9310' },
    socket: { type: 'string' },
    add: { type: 'string' },
    help: { type: 'boolean' },
  },
});
if (values.help) console.log(HELP);
else if (values.folder === undefined) await show();
else if (values.add !== undefined) add(locate(values.folder), values.add);
else await serve(locate(values.folder), values.socket === undefined ? Number(values.port) : locate(values.socket));

/** Seen from where npm was called: it runs examples elsewhere. */
function locate(path: string): string {
  return resolve(process.env['INIT_CWD'] ?? '.', path);
}

/** Serves the keys of a folder. Says the address, and stops at SIGTERM. */
async function serve(folder: string, listenOn: string | number): Promise<{ address: string; stop(): void }> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [keyFile, tokenFile, auditFile] = ['keys.json', 'token', 'audit.jsonl'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  if (!existsSync(tokenFile)) writeFileSync(tokenFile, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  await openKeys(keyFile);
  const audit = (line: object) => appendFileSync(auditFile, `${JSON.stringify(line)}\n`, { mode: 0o600 });
  const server = createSigner(() => openKeys(keyFile), readFileSync(tokenFile, 'utf8').trim(), audit);
  const isSocket = typeof listenOn === 'string';
  // Left by one that was killed.
  if (isSocket) rmSync(listenOn, { force: true });
  await new Promise<void>((done) => {
    if (isSocket) server.listen(listenOn, done);
    else server.listen(listenOn, '127.0.0.1', done);
  });
  const address = isSocket ? `unix:${resolve(listenOn)}` : `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  console.log(`signing at ${address}, token in ${tokenFile}`);
  const stop = () => {
    server.close();
    server.closeAllConnections();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  return { address, stop };
}

function add(folder: string, use: string): void {
  if (!USES.includes(use as Use)) throw new TypeError(`--add must be one of ${USES.join(', ')}`);
  console.log(`made ${addKey(join(folder, 'keys.json'), use as Use)}`);
}

/** Lists its keys and has a message signed, as the service does. */
async function show(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'zhengma-signer-'));
  const { address, stop } = await serve(folder, 0);
  const headers = { Authorization: `Bearer ${readFileSync(join(folder, 'token'), 'utf8').trim()}` };
  const { keys } = (await (await fetch(`${address}/v1/keys`, { headers })).json()) as { keys: { id: string }[] };
  console.log(`keys: ${keys.map(({ id }) => id).join(', ')}`);
  const signed = await fetch(`${address}/v1/keys/issuer-1/signatures`, {
    method: 'POST',
    headers: { ...headers, 'Content-Type': 'application/octet-stream' },
    body: 'a message',
  });
  console.log(`signature: ${(await signed.arrayBuffer()).byteLength} bytes`);
  console.log(`without the token: ${(await fetch(`${address}/v1/keys`)).status}`);
  console.log(`audit: ${readFileSync(join(folder, 'audit.jsonl'), 'utf8').trim()}`);
  stop();
  rmSync(folder, { recursive: true });
}
