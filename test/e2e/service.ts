import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as readText } from 'node:stream/consumers';

const CLI = join(import.meta.dirname, '../../packages/verifier-service/dist/cli.js');

/** A credential as the service issued it. */
export interface Issued {
  readonly id: string;
  readonly text: string;
}

/** The built service in a process of its own, with its data in a folder of its own. */
export interface Service {
  readonly origin: string;
  /** Of an administrator of the whole tree. */
  readonly apiKey: string;
  /** @param request what stands beside the claims, such as a `holderKey` */
  issue(claims: object, request?: object): Promise<Issued>;
  setStatus(issued: Issued, status: 'valid' | 'suspended' | 'revoked'): Promise<void>;
  /** Writes the lists of this moment as files, for a stick. */
  publish(folder: string): Promise<void>;
  /** Ends the process; the data stays. */
  stop(): Promise<void>;
  /** Starts it again at the same address. */
  restart(): Promise<void>;
  /** Ends it and deletes its data. */
  remove(): Promise<void>;
}

/**
 * @param options `pages`: another folder of built pages than the package's own; `statusListLife`: how long a status list is
 *   good, in seconds; `handOverOrigins`: where on this machine the scanner may hand results over to
 */
export async function startService({
  pages,
  fourEyes,
  statusListLife,
  handOverOrigins,
}: {
  readonly pages?: string;
  readonly fourEyes?: 'both';
  readonly statusListLife?: number;
  readonly handOverOrigins?: string;
} = {}): Promise<Service> {
  const data = await mkdtemp(join(tmpdir(), 'zhengma-e2e-'));
  const environment = {
    PATH: process.env['PATH'] ?? '',
    ZHENGMA_DATA: data,
    ...(pages ? { ZHENGMA_SCANNER: pages } : {}),
    ...(fourEyes ? { ZHENGMA_FOUR_EYES: fourEyes } : {}),
    ...(handOverOrigins ? { ZHENGMA_HAND_OVER_ORIGINS: handOverOrigins } : {}),
    ...(statusListLife ? { ZHENGMA_STATUS_LIST_LIFE: String(statusListLife) } : {}),
  };
  const set = spawn(
    process.execPath,
    [CLI, 'init', '--issuer', '370200', '--issuer-name', '示例市医疗保障局', '--regions', '3702', '--json'],
    { env: environment, stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const { apiKey } = JSON.parse(await readText(set.stdout)) as { apiKey: string };

  let child = await serve('0');
  const origin = child.url;

  async function serve(port: string): Promise<{ process: ChildProcess; url: string }> {
    const started = spawn(process.execPath, [CLI, 'serve', '--port', port, '--json'], {
      env: environment,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    for await (const chunk of started.stdout) {
      const url = /"url":\s*"([^"]+)"/.exec(String(chunk))?.[1];
      if (url) return { process: started, url };
    }
    throw new Error('the service ended before it served');
  }

  async function stop(): Promise<void> {
    if (child.process.exitCode !== null || child.process.signalCode !== null) return;
    const ended = once(child.process, 'exit');
    child.process.kill('SIGTERM');
    await ended;
  }

  async function post(path: string, body: object): Promise<unknown> {
    const response = await fetch(origin + path, {
      method: 'POST',
      headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }

  return {
    origin,
    apiKey,
    issue: async (claims, request = {}) => (await post('/v1/credentials', { claims, ...request })) as Issued,
    setStatus: async ({ id }, status) => {
      await post(`/v1/credentials/${id}/status`, { status });
    },
    async publish(folder) {
      const publishing = spawn(process.execPath, [CLI, 'publish', '--out', folder], {
        env: environment,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      const [code] = await once(publishing, 'exit');
      if (code !== 0) throw new Error(`zhengma publish ended with ${code}`);
    },
    stop,
    restart: async () => {
      child = await serve(new URL(origin).port);
    },
    remove: async () => {
      await stop();
      await rm(data, { recursive: true, force: true });
    },
  };
}
