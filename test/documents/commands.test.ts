import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { renderQr } from '@zhengma/credential-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const run = promisify(execFile);

/** The shell blocks of a document. */
function readBlocks(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8');
  return [...text.matchAll(/^( *)```sh\n([\s\S]*?)^ *```/gm)].map(([, indent = '', block = '']) =>
    block.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  );
}

/** Their lines, without comments. */
function readCommands(document: string): string[] {
  return readBlocks(document)
    .flatMap((block) => block.split('\n'))
    .map((line) => line.replace(/\s+#.*/, '').trim())
    .filter((line) => line !== '');
}

/** Run by something other than the tour below; each says by what. */
const RUN_ELSEWHERE: Record<string, string> = {
  'npm test': 'this very run: .ci/run and the workflow call it',
  'npm run --silent example forgery': 'test/examples',
  'npm run --silent example quickstart': 'test/examples',
};

/** Documents of the service, and what each of their blocks shows. */
const SERVICE_DOCUMENTS: readonly (readonly [string, RegExp])[] = [
  ['docs/his.md', /H37020000002/],
  ['docs/webhooks.md', /"secret":"whsec_/],
];

describe('the tour of the README', () => {
  const commands = readCommands('README.md');
  let folder: string;
  let server: ChildProcess;
  let port: number;
  let text = '';
  let id = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'zhengma-tour-'));
    port = await findFreePort();
  });

  afterAll(async () => {
    if (server?.exitCode === null) {
      // Ended when the last of the group has let go of its output: none is left behind.
      const closed = new Promise((resolve) => server.once('close', resolve));
      process.kill(-(server.pid as number), 'SIGTERM');
      await closed;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  const env = () => ({ ...process.env, ZHENGMA_PORT: String(port), ZHENGMA_DATA: join(folder, 'data') });

  test('is the same in both languages', () => {
    expect(readCommands('README.zh-CN.md')).toEqual(commands);
    expect(commands.slice(0, 2)).toEqual(['npm start', 'npm test']);
  });

  test('npm start issues, verifies and serves', async () => {
    // In a group of its own, as a terminal has it: npm passes no signal on, and Ctrl-C reaches them all.
    server = spawn('npm', ['start'], { cwd: ROOT, env: env(), stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const output = await readUntil(server, /\[4\/4\][\s\S]*\/docs/);
    expect(output).toMatch(/VALID 有效/);
    for (const path of ['/scan/', '/wallet/#', '/docs']) expect(output).toContain(`http://127.0.0.1:${port}${path}`);
  });

  /** What each command of the tour must show, and with which exit code. */
  const SHOWN: [RegExp, number, RegExp][] = [
    [/zhengma -- issue/, 0, /ZM1:/],
    [/zhengma -- inspect/, 0, /370202/],
    [/zhengma -- verify/, 0, /VALID 有效/],
    [/zhengma -- revoke/, 0, /[0-9a-f]{16}/],
    [/zhengma -- verify/, 1, /revoked/],
    [/status-lists$/, 0, /"status_lists":\["http/],
    [/openapi\.json$/, 0, /"openapi":"3\.1/],
  ];

  test('every further command does what the text says', async () => {
    const tour = commands.filter((command) => command !== 'npm start' && !(command in RUN_ELSEWHERE));
    expect(tour).toHaveLength(SHOWN.length);
    for (const [i, command] of tour.entries()) {
      const [form, code, shown] = SHOWN[i] as (typeof SHOWN)[number];
      expect(command).toMatch(form);
      // By functions: of a text put in as it is, `$$`, which Base45 may hold, would become one `$`.
      const line = command
        .replace('ZM1:…', () => text)
        .replace('0123456789abcdef', () => id)
        .replace('8080', String(port));
      const { stdout, code: exitCode } = await runLine(line);
      expect([command, exitCode]).toEqual([command, code]);
      expect(stdout).toMatch(shown);
      text ||= stdout.match(/ZM1:[0-9A-Z $%*+\-./:]+/)?.[0].trim() ?? '';
      id ||= stdout.match(/\b[0-9a-f]{16}\b/)?.[0] ?? '';
    }
  });

  async function runLine(line: string): Promise<{ stdout: string; code: number }> {
    try {
      const { stdout } = await run('bash', ['-c', line], { cwd: ROOT, env: env() });
      return { stdout, code: 0 };
    } catch (error) {
      return error as { stdout: string; code: number };
    }
  }

  test('the blocks of the service’s documents do what an installed user would do', async () => {
    const documents = [['packages/verifier-service/README.md', /ZM1:|VALID 有效|zk_/], ...SERVICE_DOCUMENTS] as const;
    const blocks = documents.flatMap(([document, shown]) => readBlocks(document).map((block) => ({ block, shown })));
    const cli = join(ROOT, 'packages', 'verifier-service', 'dist', 'cli.js');
    writeFileSync(join(folder, 'zhengma'), `#!/bin/sh\nexec "${process.execPath}" "${cli}" "$@"\n`, { mode: 0o755 });
    const sample = readFileSync(join(folder, 'data', 'sample-credential.txt'), 'utf8').trim();
    const picture = sharp(await renderQr(sample, { format: 'png' })).flatten({ background: '#fff' });
    await picture.toFile(join(folder, 'slip.jpg'));
    const path = `${folder}${delimiter}${process.env['PATH']}`;
    for (const { block, shown } of blocks) {
      const script = block.replaceAll('8080', String(port));
      const { stdout } = await run('bash', ['-ec', script], { cwd: folder, env: { ...env(), PATH: path } });
      expect(stdout, block).toMatch(shown);
    }
    expect(blocks.length).toBeGreaterThan(documents.length);
  });
});

test('CONTRIBUTING has the commands that there are', () => {
  // `npm test` begins with the steps of `npm run check`.
  expect(readCommands('CONTRIBUTING.md')).toEqual(['npm test', 'npm run check', 'npm run bench', 'npm run browsers']);
});

test('no other document has commands', () => {
  const documents = globSync(['*.md', 'docs/*.md', 'packages/*/README.md', 'examples/**/*.md'], { cwd: ROOT });
  expect(documents.filter((document) => readBlocks(document).length > 0).sort()).toEqual(
    ['CONTRIBUTING.md', 'README.md', 'README.zh-CN.md', 'packages/verifier-service/README.md']
      .concat(SERVICE_DOCUMENTS.map(([document]) => document))
      .sort(),
  );
});

test('pnpm bench core --json prints one object with goals', async () => {
  const { stdout } = await run(process.execPath, ['scripts/bench.mjs', 'core', '--json'], { cwd: ROOT });
  const report = JSON.parse(stdout);
  expect(report.goals.length).toBeGreaterThan(1);
  for (const goal of report.goals) {
    expect(goal).toEqual({
      name: expect.any(String),
      value: expect.any(Number),
      goal: expect.any(Number),
      met: goal.value >= goal.goal,
    });
  }
});

function readUntil(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer) => {
      output += chunk;
      if (pattern.test(output)) resolve(output);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${output}`)));
  });
}

function findFreePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}
