import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as core from '@zhengma/credential-core';
import { build } from 'tsup';
import { expect, test } from 'vitest';

const PACKAGE = fileURLToPath(new URL('../../packages/credential-core', import.meta.url));
const ENTRIES = ['', '/issue', '/verify', '/qr'];

test.each(ENTRIES)('require and import give the same names: @zhengma/credential-core%s', async (entry) => {
  const script = `console.log(JSON.stringify(Object.keys(require('@zhengma/credential-core${entry}')).sort()))`;
  const required = JSON.parse(execFileSync(process.execPath, ['-e', script], { cwd: import.meta.dirname }).toString());
  const imported = Object.keys(await import(`@zhengma/credential-core${entry}`)).sort();
  expect(required.filter((name: string) => name !== '__esModule')).toEqual(imported);
  expect(imported.length).toBeGreaterThan(2);
});

test('the front door shows every name of the design', () => {
  const shown = new Map<string, unknown>(Object.entries(core));
  for (const name of [
    'generateIssuerKey',
    'importIssuerKey',
    'exportPublicKey',
    'issueCredential',
    'issueTrustList',
    'issueStatusList',
    'verifyCredential',
    'verifyTrustList',
    'verifyStatusList',
    'peekCredential',
    'encodeQrText',
    'decodeQrText',
    'renderQr',
    'readQr',
  ]) {
    expect(shown.get(name), name).toBeTypeOf('function');
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

test('the verify path fits a browser in 25 kB, without signing code, picture readers or eval', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'zhengma-bundle-'));
  try {
    await build({
      entry: { verify: join(PACKAGE, 'dist', 'verify.js') },
      format: ['esm'],
      platform: 'browser',
      target: 'es2022',
      minify: true,
      noExternal: [/./],
      outDir: folder,
      config: false,
      silent: true,
    });
    const bundle = readFileSync(join(folder, 'verify.js'));
    const size = gzipSync(bundle, { level: 9 }).length;
    console.log(`verify path: ${(size / 1000).toFixed(1)} kB gzip`);
    expect(size).toBeLessThanOrEqual(25_000);
    const text = bundle.toString();
    expect(text).toContain('not_presented');
    for (const foreign of ['pkcs8', 'the ID number is too short', 'Reed', 'new Function', 'eval(', 'node:fs']) {
      expect(text, foreign).not.toContain(foreign);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
