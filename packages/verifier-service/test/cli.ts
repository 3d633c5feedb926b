import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const CLI = fileURLToPath(new URL('../dist/cli.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly cwd?: string;
  readonly input?: string;
  /** Another copy of the command line than the one that was built. */
  readonly cli?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** The command line as it ships, in a process of its own. */
export class Zhengma {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  constructor(words: readonly string[], options: ProcessOptions = {}) {
    if (!existsSync(CLI)) throw new Error('Build first: npm run build');
    const environment = Object.entries(process.env).filter(([name]) => !/^(?:ZHENGMA|OTEL)_/.test(name));
    this.child = spawn(process.execPath, [options.cli ?? CLI, ...words], {
      cwd: options.cwd ?? tmpdir(),
      env: { ...Object.fromEntries(environment), ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.child.stdout.setEncoding('utf8').on('data', (text) => {
      this.stdout += text;
    });
    this.child.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
    });
    this.ended = new Promise((resolve) => {
      this.child.on('close', (code, signal) => {
        resolve({ code, signal, stdout: this.stdout, stderr: this.stderr });
      });
    });
    this.child.stdin.on('error', () => {});
    this.child.stdin.end(options.input ?? '');
  }

  /** Fulfils when stdout has matched; rejects when the process ends first. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#wait(pattern, 'stdout');
  }

  /** The same for the log, which goes to stderr. */
  waitForLog(pattern: RegExp): Promise<RegExpExecArray> {
    return this.#wait(pattern, 'stderr');
  }

  async #wait(pattern: RegExp, stream: 'stdout' | 'stderr'): Promise<RegExpExecArray> {
    let isOver = false;
    const over = this.ended.then(() => {
      isOver = true;
    });
    for (;;) {
      const match = pattern.exec(this[stream]);
      if (match) return match;
      if (isOver) throw new Error(`ended before ${pattern}: ${this.stdout}${this.stderr}`);
      await Promise.race([over, new Promise((resolve) => this.child[stream].once('data', resolve))]);
    }
  }
}

export function run(words: readonly string[], options: ProcessOptions = {}): Promise<Ended> {
  return new Zhengma(words, options).ended;
}

const folders: string[] = [];

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

/** A new folder, removed when the tests of the file are over. */
export async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zhengma-service-'));
  folders.push(folder);
  return folder;
}

/** A data folder that is set up, with the administrator's key. `more`: further words for `init`. */
export async function initialise(
  more: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<{ folder: string; data: string; apiKey: string }> {
  const folder = await makeFolder();
  const data = path.join(folder, 'data');
  const words = [
    'init',
    '--issuer',
    '370200',
    '--issuer-name',
    '示例签发方',
    '--regions',
    '3702',
    '--data',
    data,
    '--json',
    ...more,
  ];
  const ended = await run(words, { env });
  if (ended.code !== 0) throw new Error(ended.stderr);
  return { folder, data, apiKey: JSON.parse(ended.stdout).apiKey };
}

/**
 * A service in a process of its own, once it listens. With `publicUrl`, that is what others are told; `more`: further words
 * for `serve`.
 */
export async function startProcess(
  data: string,
  {
    publicUrl,
    more = [],
    env = {},
  }: { publicUrl?: string; more?: readonly string[]; env?: Readonly<Record<string, string>> } = {},
): Promise<{ process: Zhengma; url: string }> {
  const words = [...(publicUrl === undefined ? [] : ['--public-url', publicUrl]), ...more];
  const process = new Zhengma(['serve', '--port', '0', '--data', data, ...words, '--json'], { env });
  await process.waitFor(/"url":"[^"]+"/);
  const [, port] = await process.waitForLog(/"port":(\d+)/);
  return { process, url: `http://127.0.0.1:${port}` };
}
