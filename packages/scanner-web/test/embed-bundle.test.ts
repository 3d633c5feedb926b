import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'tsup';
import { beforeAll, expect, test } from 'vitest';

const FIRST_LOAD_BYTES = 150_000;
const PACKAGE = join(import.meta.dirname, '..');
const DIST = join(PACKAGE, 'dist/embed');
const measure = (text: string | Buffer) => gzipSync(text, { level: 9 }).length;

beforeAll(() => {
  expect(existsSync(join(DIST, 'standalone.js')), 'the library is built: npm run build').toBe(true);
});

test('the first load of the embedded element is at most 150 kB compressed, before the WASM', () => {
  const sizes = ['standalone.js', 'worker.js'].map((file) => measure(readFileSync(join(DIST, file))));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  console.info(
    `zhengma-scanner, first load before WASM: ${(total / 1000).toFixed(1)} kB gzip in ${sizes.length} files`,
  );
  expect(total).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
});

test('what a bundler copies as it is imports nothing, and nothing evaluates or writes markup', () => {
  for (const file of ['standalone.js', 'worker.js', 'plain-reader.js']) {
    const text = readFileSync(join(DIST, file), 'utf8');
    expect(text, file).not.toMatch(/(?:^|[;}])import[\s{*"'(]|\bfrom\s*["']|new Function|\beval\(|innerHTML/);
  }
});

/** What stands in the code of each input, and in that of the element, also when it is minified. */
const CAMERA = 'getUserMedia';
const GUN = 'compositionend';
const SERIAL = 'requestPort';
const ELEMENT = 'attachShadow';

test.each([
  ['pasteInput', [CAMERA, GUN, SERIAL, ELEMENT]],
  ['cameraInput', [GUN, SERIAL, ELEMENT]],
  ['gunInput', [CAMERA, SERIAL, ELEMENT]],
  ['serialInput', [CAMERA, GUN, ELEMENT]],
])('createScanner with %s alone does not carry the other inputs', async (input, absent) => {
  const text = await bundle(`import { createScanner, ${input} } from './dist/embed/index.js';
    globalThis.scanner = createScanner({ inputs: [${input}(globalThis.choice)] });`);
  console.info(`createScanner with ${input}: ${(measure(text) / 1000).toFixed(1)} kB gzip`);
  expect([CAMERA, GUN, SERIAL, ELEMENT].filter((words) => !text.includes(words))).toEqual(absent);
});

test('importing the library or the class of the element for nothing leaves nothing behind', async () => {
  expect(await bundle("import './dist/embed/index.js'; import './dist/embed/element.js';")).toBe('');
});

test('a server that renders pages can import it, and nothing is defined there', () => {
  const script = `const { ZhengmaScannerElement } = await import('@zhengma/scanner-web/define');
    const { createScanner } = await import('@zhengma/scanner-web'); console.log(typeof ZhengmaScannerElement, typeof createScanner)`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: PACKAGE,
    encoding: 'utf8',
  });
  expect([stdout.trim(), stderr]).toEqual(['function function', '']);
});

/** As an application's bundler makes it. */
async function bundle(source: string): Promise<string> {
  const folder = mkdtempSync(join(PACKAGE, '.bundle-'));
  try {
    writeFileSync(join(folder, 'page.js'), source.replaceAll('./dist/', '../dist/'));
    await build({
      entry: [join(folder, 'page.js')],
      format: ['esm'],
      platform: 'browser',
      target: 'es2022',
      minify: true,
      splitting: false,
      noExternal: [/./],
      outDir: join(folder, 'out'),
      config: false,
      silent: true,
    });
    return readFileSync(join(folder, 'out/page.js'), 'utf8').trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
