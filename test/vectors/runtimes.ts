import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { launchBrowser } from '../e2e/browser.ts';
import type { Outcome, VectorFile } from './format.ts';
import type { RanCase } from './run.ts';

/** The same files on every runtime; what came out is one digest where the verdicts are the same. */

const HERE = import.meta.dirname;
const CORE = join(HERE, '../../packages/credential-core');

/** Which implementation of the signatures a process is left with. */
export const PATHS = ['native', 'web', 'noble'] as const;
export type SignaturePath = (typeof PATHS)[number];

export function readVectorFiles(): Map<string, VectorFile> {
  const names = readdirSync(HERE).filter((name) => name.endsWith('.json') && name !== 'schema.json');
  return new Map(names.sort().map((name) => [name, JSON.parse(readFileSync(join(HERE, name), 'utf8')) as VectorFile]));
}

/** What a runtime made of all cases. */
export interface Run {
  readonly runtime: string;
  readonly ran: readonly RanCase[];
}

export function digest({ ran }: Run): string {
  const lines = ran.map(({ id, outcome }) => `${id} ${JSON.stringify(sortKeys(outcome))}\n`);
  return createHash('sha256').update(lines.join('')).digest('hex');
}

/** The cases whose outcome is not the one that the file expects. */
export function findDifferences({ ran }: Run, files: ReadonlyMap<string, VectorFile>): string[] {
  const cases = [...files.values()].flatMap((file) => file.cases);
  const expected = new Map<string, Outcome>(cases.map(({ id, expect }) => [id, expect]));
  const differs = ({ id, outcome }: RanCase) =>
    JSON.stringify(sortKeys(outcome)) !== JSON.stringify(sortKeys(expected.get(id)));
  return [
    ...ran.filter(differs).map(({ id, outcome }) => `${id}: ${JSON.stringify(outcome)}`),
    ...(ran.length === cases.length ? [] : [`${cases.length} cases, ${ran.length} of them ran`]),
  ];
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => [key, sortKeys(item)]),
  );
}

/** In a process of its own, which is left with one implementation. */
export async function runInProcess(
  [command, ...args]: readonly [string, ...string[]],
  path: SignaturePath,
): Promise<Run> {
  const child = spawn(command, [...args, join(HERE, 'run-in-process.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  if (code !== 0) throw new Error(`${command} ${path} ended with ${code}`);
  return JSON.parse(Buffer.concat(chunks).toString()) as Run;
}

/**
 * In Chromium, from the built library: on a page that came by https-like means, whose WebCrypto has everything, and on one that
 * came from an address without https, which has no `crypto.subtle` at all.
 */
export async function runInChromium(kind: 'secure' | 'insecure'): Promise<Run> {
  const origin = kind === 'secure' ? 'http://localhost' : 'http://vectors.example';
  const browser = await launchBrowser('missing');
  try {
    const page = await browser.newPage();
    await page.route('**/*', (route) => route.fulfill(serve(new URL(route.request().url()).pathname)));
    await page.goto(`${origin}/`);
    // Loaded by the page's own import map, and run there.
    const { ran, hasSubtle } = await page.evaluate(
      async (files) => {
        const { core, runVectors } = (globalThis as unknown as { vectors: BrowserModules }).vectors;
        const ran: RanCase[] = [];
        for (const file of files) ran.push(...(await runVectors(core, file)));
        return { ran, hasSubtle: globalThis.crypto.subtle !== undefined };
      },
      [...readVectorFiles().values()],
    );
    if (hasSubtle !== (kind === 'secure')) throw new Error(`crypto.subtle is ${hasSubtle} on a page that is ${kind}`);
    return { runtime: `Chromium ${browser.version()} ${kind === 'secure' ? 'web' : 'noble'}`, ran };
  } finally {
    await browser.close();
  }
}

interface BrowserModules {
  readonly core: Parameters<typeof import('./run.ts').runVectors>[0];
  readonly runVectors: typeof import('./run.ts').runVectors;
}

const NOBLE = ['@noble/ed25519/', '@noble/hashes/'];
const PAGE = `<!doctype html><link rel="icon" href="data:,">
<script type="importmap">${JSON.stringify({
  imports: {
    ...Object.fromEntries(NOBLE.map((name) => [name, `/${name}`])),
    '@noble/ed25519': '/@noble/ed25519/index.js',
  },
})}</script>
<script type="module">
import * as verify from '/dist/verify.js';
import { verifyRevocationSnapshot } from '/dist/snapshot.js';
import { runVectors } from '/run.js';
globalThis.vectors = { core: { ...verify, verifyRevocationSnapshot }, runVectors };
</script>`;

function serve(path: string): { contentType: string; body: string } {
  const script = (body: string) => ({ contentType: 'text/javascript', body });
  if (path === '/') return { contentType: 'text/html', body: PAGE };
  if (path === '/run.js') return script(transpile(readFileSync(join(HERE, 'run.ts'), 'utf8')));
  if (path.startsWith('/dist/')) return script(readFileSync(join(CORE, path), 'utf8'));
  return script(readFileSync(join(CORE, 'node_modules', path), 'utf8'));
}

function transpile(text: string): string {
  return ts.transpileModule(text, { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } })
    .outputText;
}
