import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as core from '@zhengma/credential-core';
import { build } from 'tsup';
import { expect, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('../../packages/credential-core', import.meta.url));
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What an application does with each entry. */
const CONSUMER = `
import { generateIssuerKey, issueCredential, type IssuerKey, verifyCredential } from '@zhengma/credential-core';
import { issueTrustList } from '@zhengma/credential-core/issue';
import { renderQr } from '@zhengma/credential-core/qr';
import { type VerificationResult, verifyTrustList } from '@zhengma/credential-core/verify';
export async function use(bytes: Uint8Array, currentDate: Date): Promise<VerificationResult | string> {
  const key: IssuerKey = await generateIssuerKey();
  const content = { type: 'medical-insurance', issuer: 'x', expiresAt: currentDate, claims: { region: '370202' } } as const;
  const { text } = await issueCredential(content, key, { currentDate });
  const trust = await verifyTrustList(bytes, [], { currentDate });
  if (!trust.ok) return trust.code;
  void issueTrustList;
  const svg: string = await renderQr(text, { format: 'svg' });
  return svg ? verifyCredential(text, trust.list, { currentDate, status: 'not_checked' }) : svg;
}
`;

const ENTRIES = ['', '/issue', '/present', '/verify', '/qr', '/read', '/snapshot', '/codes', '/profiles', '/sm2'];

test.each(ENTRIES)('require and import give the same names: @zhengma/credential-core%s', async (entry) => {
  const script = `console.log(JSON.stringify(Object.keys(require('@zhengma/credential-core${entry}')).sort()))`;
  const required = JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: import.meta.dirname }).toString());
  const imported = Object.keys(await import(`@zhengma/credential-core${entry}`)).sort();
  expect(required.filter((name: string) => name !== '__esModule')).toEqual(imported);
  expect(imported).not.toEqual([]);
});

test('the front door shows every name of the design', () => {
  const shown = new Map<string, unknown>(Object.entries(core));
  for (const name of [
    'generateIssuerKey',
    'importIssuerKey',
    'exportPublicKey',
    'issueCredential',
    'issueStrips',
    'presentCredential',
    'delegateCredential',
    'generateDeviceKey',
    'issueTrustList',
    'issueStatusList',
    'verifyCredential',
    'verifyTrustList',
    'verifyStatusList',
    'peekCredential',
    'createReplayGuard',
    'encodeQrText',
    'decodeQrText',
    'renderQr',
    'readQr',
  ]) {
    expect(shown.get(name), name).toBeTypeOf('function');
  }
});

test.each([
  ['an ES module in Node', 'consumer.mts', 'NodeNext', 'NodeNext'],
  ['a CommonJS module in Node', 'consumer.cts', 'NodeNext', 'NodeNext'],
  ['a bundler', 'consumer.ts', 'ESNext', 'Bundler'],
])('the types compile in %s, without DOM and without the types of Node', (_, file, module, moduleResolution) => {
  // Below this folder, so that the package is found as a dependency is.
  const folder = mkdtempSync(join(import.meta.dirname, '.consumer-'));
  try {
    writeFileSync(join(folder, file), CONSUMER);
    const options = {
      module,
      moduleResolution,
      target: 'ES2022',
      lib: ['ES2022'],
      types: [],
      strict: true,
      noEmit: true,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: [file] }));
    const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    const { stdout, status } = spawnSync(process.execPath, [tsc, '-p', folder], { encoding: 'utf8' });
    expect(stdout).toBe('');
    expect(status).toBe(0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('nothing that is published names a folder of the machine that built it', () => {
  for (const name of ['credential-core', 'code-element', 'verifier-service', 'scanner-web']) {
    const dist = fileURLToPath(new URL(`../../packages/${name}/dist`, import.meta.url));
    const files = readdirSync(dist, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(2);
    for (const { parentPath, name: file } of files) {
      expect(readFileSync(join(parentPath, file)).includes(ROOT), join(parentPath, file)).toBe(false);
    }
  }
});

test('nothing that is published imports a Node built-in', () => {
  const files = readdirSync(join(PACKAGE, 'dist')).filter((file) => /\.c?js$/.test(file));
  expect(files.length).toBeGreaterThan(8);
  for (const file of files) {
    const text = readFileSync(join(PACKAGE, 'dist', file), 'utf8');
    expect(text, file).not.toMatch(/(?:from\s*|require\(|import\(?\s*)["'](?:node:|crypto|zlib|fs|buffer)/);
  }
});

test.each(ENTRIES)('importing @zhengma/credential-core%s for nothing leaves nothing behind', async (entry) => {
  const folder = mkdtempSync(join(import.meta.dirname, '.nothing-'));
  try {
    writeFileSync(join(folder, 'nothing.js'), `import * as all from '@zhengma/credential-core${entry}'; void all;`);
    await build({
      entry: [join(folder, 'nothing.js')],
      format: ['esm'],
      platform: 'browser',
      minify: true,
      noExternal: [/./],
      outDir: join(folder, 'out'),
      config: false,
      silent: true,
    });
    expect(readFileSync(join(folder, 'out', 'nothing.js'), 'utf8').trim()).toBe('');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** A file and all that is loaded with it, and apart from them what it imports later, when it needs it. */
function readWithImports(
  folder: string,
  entry: string,
): { readonly loaded: string[]; readonly later: Map<string, string[]> } {
  const files = new Map<string, string>();
  const later = new Map<string, string[]>();
  const read = (file: string) => {
    if (files.has(file)) return;
    const text = readFileSync(join(folder, file), 'utf8');
    files.set(file, text);
    for (const [, imported = ''] of text.matchAll(/(?:from|import)\s*["']\.\/([^"']+)["']/g)) read(imported);
  };
  read(entry);
  for (const text of [...files.values()]) {
    for (const [, imported = ''] of text.matchAll(/import\(\s*["']\.\/([^"']+)["']\s*\)/g)) {
      const { loaded } = readWithImports(folder, imported);
      later.set(
        imported,
        loaded.filter((each) => ![...files.values()].includes(each)),
      );
    }
  }
  return { loaded: [...files.values()], later };
}

/** What stands in code that signs, that reads pictures or draws them, also when it is minified. */
const SIGNING = ['pkcs8', "the key's signature", 'must be after currentDate'];
const READING = ['Malformed data passed to binarizer'];
const DRAWING = ['amount of data is too big'];
const NOBLE_SIGNING = ['keygen', 'randomSecretKey'];

/** An entry as an application's bundler makes it for browsers: what it loads, and what only later. */
async function bundleEntry(entry: string): Promise<ReturnType<typeof readWithImports>> {
  const folder = mkdtempSync(join(tmpdir(), 'zhengma-bundle-'));
  try {
    await build({
      entry: { [entry]: join(PACKAGE, 'dist', `${entry}.js`) },
      format: ['esm'],
      platform: 'browser',
      target: 'es2022',
      minify: true,
      noExternal: [/./],
      outDir: folder,
      config: false,
      silent: true,
    });
    return readWithImports(folder, `${entry}.js`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('the verify path fits a browser in 25 kB, without signing code, picture readers or eval', async () => {
  const { loaded, later } = await bundleEntry('verify');
  const sizeOf = (files: readonly string[]) =>
    files.map((file) => gzipSync(file, { level: 9 }).length).reduce((sum, length) => sum + length, 0);
  const size = sizeOf(loaded);
  const laterSizes = new Map(
    ['ed25519-noble', 'p256-javascript'].map((name) => {
      const [file] = [...later.keys()].filter((each) => each.startsWith(name));
      return [name, sizeOf(later.get(file ?? '') ?? [])] as const;
    }),
  );
  expect(later.size).toBe(2);
  const kilobytes = (bytes: number) => (bytes / 1000).toFixed(1);
  const [ed25519 = 0, p256 = 0] = laterSizes.values();
  console.log(
    `verify path: ${kilobytes(size)} kB gzip; only where the runtime lacks them: Ed25519 ${kilobytes(ed25519)} kB, ES256 ${kilobytes(p256)} kB`,
  );
  expect(size).toBeLessThanOrEqual(25_000);
  for (const name of ['verifier.md', 'verifier.zh-CN.md']) {
    const guide = readFileSync(join(ROOT, 'docs', 'embed', name), 'utf8');
    const said = [...(guide.split('```')[0] ?? '').matchAll(/(\d+) kB/g)].map(([, figure]) => Number(figure));
    expect(said, name).toEqual([size, ed25519, p256].map((bytes) => Math.round(bytes / 1000)));
  }
  const text = loaded.join('\n');
  expect(text).toContain('not_presented');
  const foreign = [...SIGNING, ...NOBLE_SIGNING, ...READING, ...DRAWING, 'new Function', 'eval(', 'node:fs'];
  for (const part of [text, [...later.values()].flat().join('\n')]) {
    expect(foreign.filter((words) => part.includes(words))).toEqual([]);
  }
});

test.each([
  ['issue', SIGNING],
  ['read', READING],
  ['qr', DRAWING],
  // noble's P-384 comes in one piece with its signing, which nothing here calls.
  ['profiles', NOBLE_SIGNING],
])('what must not be in the verify path is found where it may be, in %s', async (entry, words) => {
  const { loaded, later } = await bundleEntry(entry);
  const text = [...loaded, ...[...later.values()].flat()].join('\n');
  expect(words.filter((each) => text.includes(each))).toEqual(words);
});
