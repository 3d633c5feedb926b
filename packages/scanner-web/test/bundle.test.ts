import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';

const FIRST_LOAD_BYTES = 150_000;
const dist = join(import.meta.dirname, '../dist');
let files: string[];

beforeAll(async () => {
  expect(existsSync(join(dist, 'scan/index.html')), 'the pages are built: npm run build').toBe(true);
  files = (await readdir(dist, { recursive: true, withFileTypes: true }))
    .filter((file) => file.isFile())
    .map((file) =>
      join(file.parentPath, file.name)
        .slice(dist.length + 1)
        .replaceAll('\\', '/'),
    );
});

test('the first load of the scanner is at most 150 kB compressed, before the WASM', async () => {
  const html = await readFile(join(dist, 'scan/index.html'), 'utf8');
  const linked = [...html.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)].map(([, file]) => file as string);
  const worker = files.filter((file) => file.startsWith('scan/worker-'));
  const loaded = ['scan/index.html', ...linked, ...worker, 'scan/sw.js'];
  let total = 0;
  for (const file of loaded) total += gzipSync(await readFile(join(dist, file))).length;
  console.info(`scanner, first load before WASM: ${(total / 1000).toFixed(1)} kB gzip in ${loaded.length} files`);
  expect(worker).toHaveLength(1);
  expect(total).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
});

test('what the policy refuses is not there: no inline script, no inline style', async () => {
  for (const page of ['scan/index.html', 'scan/patient/index.html', 'wallet/index.html', 'admin/index.html']) {
    const html = await readFile(join(dist, page), 'utf8');
    expect(html).not.toMatch(/<style|style=|\son\w+=/);
    for (const [tag] of html.matchAll(/<script[^>]*>/g)) expect(tag).toContain('src="/');
  }
});

test('no file names another origin', async () => {
  // Names of languages, and the example of where a HIS may listen on this machine.
  const namespaces = /^http:\/\/(?:www\.w3\.org|127\.0\.0\.1:9000)\//;
  for (const file of files.filter((name) => /\.(js|css|html|svg|webmanifest)$/.test(name))) {
    const text = await readFile(join(dist, file), 'utf8');
    const addresses = [...text.matchAll(/https?:\/\/[a-z0-9-]+\.[a-z0-9.-]+[^\s"'`)]*/gi)].map(([address]) => address);
    expect(
      addresses.filter((address) => !namespaces.test(address)),
      file,
    ).toEqual([]);
  }
});

test.each([
  ['scan', (file: string) => !/wallet|admin/.test(file)],
  [
    'wallet',
    (file: string) =>
      /^(?:wallet|assets)\/|^scan\/(?:icon\.svg|old-browser\.js)$/.test(file) &&
      !/scan-|patient-|admin|training|wasm/.test(file),
  ],
])(
  'the service worker of /%s/ stores its whole shell, and neither itself nor the other page',
  async (page, isShell) => {
    const worker = await readFile(join(dist, page, 'sw.js'), 'utf8');
    // The minifier writes a list, or one text that is split at its commas.
    const stored = new Set(worker.split(/[`",]/));
    for (const file of files.filter((each) => !each.startsWith('embed/'))) {
      const path = `/${file}`.replace(/\/index\.html$/, '/');
      expect(stored.has(path), path).toBe(isShell(file) && !file.endsWith('/sw.js'));
    }
  },
);
