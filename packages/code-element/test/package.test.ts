import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeAll, expect, test } from 'vitest';

const DIST = join(import.meta.dirname, '../dist');

beforeAll(() => {
  expect(existsSync(join(DIST, 'standalone.js')), 'the package is built: npm run build').toBe(true);
});

test('the file that stands alone does, in 40 kB, and runs under a strict policy', () => {
  const bundle = readFileSync(join(DIST, 'standalone.js'));
  const size = gzipSync(bundle, { level: 9 }).length;
  console.info(`zhengma-code, standing alone: ${(size / 1000).toFixed(1)} kB gzip`);
  expect(size).toBeLessThanOrEqual(40_000);
  expect(bundle.toString()).not.toMatch(
    /(?:^|[;}])import[\s{*"'(]|\bimport\(|new Function|\beval\(|innerHTML|fetch\(|XMLHttpRequest/,
  );
});

test('a server that renders pages can import it, and nothing is defined there', () => {
  const script = `const { ZhengmaCode } = await import('@zhengma/code-element/define'); console.log(typeof ZhengmaCode)`;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd: join(import.meta.dirname, '..'),
    encoding: 'utf8',
  });
  expect([stdout.trim(), stderr]).toEqual(['function', '']);
});
