import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { exportPublicKey, generateDeviceKey, presentCredential } from '@zhengma/credential-core';
import { issue } from '../../packages/verifier-service/src/actions/issue.ts';
import { addOperator } from '../../packages/verifier-service/src/actions/organisations.ts';
import { actLocally, setUp } from '../../packages/verifier-service/src/actions/set-up.ts';
import { openDataFolder } from '../../packages/verifier-service/src/data-folder.ts';
import { FICTIONAL_PERSON } from '../fictional-person.ts';
import { encodePost } from './load.ts';

const CLI = fileURLToPath(new URL('../../packages/verifier-service/dist/cli.js', import.meta.url));

/** The service as it ships, in a process of its own, with tills and holders. */
export interface Served {
  readonly child: ChildProcessByStdio<null, null, Readable>;
  readonly port: number;
  /** Where `--metrics-port` was among the words. */
  readonly metricsPort: number | undefined;
  /** Of one till each. */
  readonly apiKeys: readonly string[];
  /** So many codes that nobody has seen yet, each with the name of who is to see it. */
  show(count: number): Promise<Shown[]>;
  /** Bytes of the pages that the database has in use by now. */
  sizeOfData(): number;
  stop(): Promise<void>;
}

/** What a till sends to have a code verified. */
export interface Shown {
  readonly text: string;
  readonly audience: string;
}

/** Each with a device of their own; as many as pass a few desks within a minute. */
const HOLDERS = 64;

/** @param options `more`: further words for `serve`; `nodeOptions`: for its Node */
export async function startServed(options: {
  operators: number;
  more?: readonly string[];
  nodeOptions?: readonly string[];
}): Promise<Served> {
  const { operators, more = [], nodeOptions = [] } = options;
  const folder = await mkdtemp(path.join(tmpdir(), 'zhengma-bench-'));
  const deps = await openDataFolder(folder, { create: true });
  const statusBaseUri = 'http://127.0.0.1:8080/v1/status-lists';
  await setUp({ id: '370200', name: 'bench', regions: ['3702'], statusBaseUri }, deps);
  const by = await actLocally(deps);
  const apiKeys: string[] = [];
  for (let till = 1; till <= operators; till++) {
    const organisation = `H3702${String(till).padStart(7, '0')}`;
    await deps.store.addOrganisation({ id: organisation, name: organisation, parent: by.organisation }, by, new Date());
    apiKeys.push((await addOperator({ name: 'till', role: 'verifier', organisation }, by, deps)).apiKey);
  }
  const holders: { credential: string; device: Awaited<ReturnType<typeof generateDeviceKey>> }[] = [];
  while (holders.length < HOLDERS) {
    const device = await generateDeviceKey();
    const { text } = await issue({ claims: FICTIONAL_PERSON, holderKey: exportPublicKey(device) }, by, deps);
    holders.push({ credential: text, device });
  }
  await deps.images.close();
  await deps.store.close();

  const { child, port, metricsPort } = await spawnServe(folder, more, nodeOptions);
  let shown = 0;
  return {
    child,
    port,
    metricsPort,
    apiKeys,
    async show(count) {
      const codes: Shown[] = [];
      while (codes.length < count) {
        // What a device shows is another code each second, and to each that it is meant for.
        const audience = `H3702-${shown++}`;
        const { credential, device } = holders[shown % HOLDERS] as (typeof holders)[number];
        const { text } = await presentCredential(credential, device, { currentDate: new Date(), audience });
        codes.push({ text, audience });
      }
      return codes;
    },
    sizeOfData() {
      const database = new DatabaseSync(path.join(folder, 'zhengma.sqlite'), { readOnly: true });
      const pages = Number(database.prepare('pragma page_count').get()?.['page_count']);
      const bytes = Number(database.prepare('pragma page_size').get()?.['page_size']);
      database.close();
      return pages * bytes;
    },
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

/** `zhengma serve` on a data folder, once it listens. Its log goes where a service manager would take it from: a pipe that is read. */
export async function spawnServe(folder: string, more: readonly string[] = [], nodeOptions: readonly string[] = []) {
  const words = ['serve', '--port', '0', '--data', folder, '--public-url', 'http://127.0.0.1:8080', '--json', ...more];
  const child = spawn(process.execPath, [...nodeOptions, CLI, ...words], { stdio: ['ignore', 'ignore', 'pipe'] });
  return { child, ...(await readPorts(child)) };
}

/** The ports that the log names. The rest of it is read and thrown away, as fast as it comes. */
function readPorts(child: Served['child']): Promise<Pick<Served, 'port' | 'metricsPort'>> {
  const { promise, resolve, reject } = Promise.withResolvers<Pick<Served, 'port' | 'metricsPort'>>();
  let log: string | undefined = '';
  child.stderr.on('data', (chunk) => {
    if (log === undefined) return;
    log += chunk;
    const [port, metricsPort] = [/"port":(\d+)/, /"metricsPort":(\d+)/].map((pattern) => pattern.exec(log ?? '')?.[1]);
    if (port === undefined) return;
    log = undefined;
    resolve({ port: Number(port), metricsPort: metricsPort === undefined ? undefined : Number(metricsPort) });
  });
  child.once('exit', () => reject(new Error(`zhengma serve ended: ${log}`)));
  return promise;
}

/** `POST /v1/verifications` of each code, at one till after another. */
export function encodeVerifications(codes: readonly Shown[], apiKeys: readonly string[]): Buffer[] {
  return codes.map((code, at) =>
    encodePost(
      '/v1/verifications',
      { 'Content-Type': 'application/json', Authorization: `Bearer ${apiKeys[at % apiKeys.length]}` },
      JSON.stringify(code),
    ),
  );
}
