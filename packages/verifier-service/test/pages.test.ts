import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { type IncomingHttpHeaders, request } from 'node:http';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadStaticFiles } from '../src/pages/static-files.ts';
import { makeFolder } from './cli.ts';
import { readAnswer, startService, type TestService } from './service.ts';

/** Long enough to be worth it. */
const WORDS = 'export const word = 1;\n'.repeat(100);

let service: TestService;
let bare: TestService;

beforeAll(async () => {
  const folder = await makeFolder();
  const dist = path.join(folder, 'dist');
  await mkdir(path.join(dist, 'scan'), { recursive: true });
  await mkdir(path.join(dist, 'wallet'));
  await mkdir(path.join(dist, 'assets'));
  await mkdir(path.join(dist, '.git'));
  await writeFile(path.join(folder, 'secret.txt'), 'SECRET');
  await writeFile(path.join(dist, '.git', 'config'), 'SECRET');
  await writeFile(path.join(dist, '.env'), 'SECRET');
  await writeFile(path.join(dist, 'scan', 'index.html'), '<!doctype html>scan');
  await writeFile(path.join(dist, 'scan', 'sw.js'), 'self');
  await writeFile(path.join(dist, 'wallet', 'index.html'), '<!doctype html>wallet');
  await writeFile(path.join(dist, 'assets', 'reader-Ab_12-xy.wasm'), '\0asm');
  await writeFile(path.join(dist, 'assets', 'words-Ab_12-xy.js'), WORDS);
  await symlink(path.join(folder, 'secret.txt'), path.join(dist, 'scan', 'link.txt'));
  await symlink(folder, path.join(dist, 'up'));
  service = await startService({ pages: await loadStaticFiles(dist) });
  bare = await startService({ pages: await loadStaticFiles(path.join(folder, 'missing')) });
});

afterAll(async () => {
  await service.close();
  await bare.close();
});

/** A path as it stands: `fetch` would tidy it. */
function getRaw(
  target: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: IncomingHttpHeaders; body: Buffer }> {
  const { hostname, port } = new URL(service.url);
  return new Promise((resolve, reject) => {
    const get = request({ hostname, port, path: target, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    get.on('error', reject);
    get.end();
  });
}

it('the scanner and the holder’s page are served with their types and caching', async () => {
  for (const [address, type, cache] of [
    ['/scan/', 'text/html; charset=utf-8', 'no-cache'],
    ['/scan/index.html', 'text/html; charset=utf-8', 'no-cache'],
    ['/scan/sw.js', 'text/javascript; charset=utf-8', 'no-cache'],
    ['/wallet/', 'text/html; charset=utf-8', 'no-cache'],
    ['/assets/reader-Ab_12-xy.wasm', 'application/wasm', 'public, max-age=31536000, immutable'],
  ]) {
    const response = await fetch(service.url + address);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(type);
    expect(response.headers.get('Cache-Control')).toBe(cache);
    const etag = response.headers.get('ETag') ?? '';
    expect((await fetch(service.url + address, { headers: { 'If-None-Match': etag } })).status).toBe(304);
  }
  const redirect = await fetch(`${service.url}/scan`, { redirect: 'manual' });
  expect([redirect.status, redirect.headers.get('Location')]).toEqual([302, '/scan/']);
});

it('what shrinks is sent compressed to who takes it, under a name of its own', async () => {
  const address = `${service.url}/assets/words-Ab_12-xy.js`;
  const ask = async (headers: Record<string, string>) => {
    const { status, headers: said, body } = await getRaw('/assets/words-Ab_12-xy.js', headers);
    return { status, body, encoding: said['content-encoding'], vary: said['vary'], etag: said['etag'] ?? '' };
  };
  const plain = await ask({});
  expect(plain).toMatchObject({ status: 200, encoding: undefined, vary: 'Accept-Encoding' });
  expect(plain.body.toString()).toBe(WORDS);
  const short = await ask({ 'Accept-Encoding': 'br, gzip' });
  expect(short).toMatchObject({ status: 200, encoding: 'gzip', vary: 'Accept-Encoding' });
  expect(gunzipSync(short.body).toString()).toBe(WORDS);
  expect(short.body.length).toBeLessThan(plain.body.length / 2);
  expect(short.etag).not.toBe(plain.etag);
  for (const { etag, encoding } of [plain, short]) {
    const again = await ask({ 'If-None-Match': etag, ...(encoding && { 'Accept-Encoding': encoding }) });
    expect([again.status, again.body.length, again.etag]).toEqual([304, 0, etag]);
  }
  expect(await ask({ 'Accept-Encoding': 'gzip;q=0' })).toMatchObject({ encoding: undefined });
  expect(await (await fetch(address)).text()).toBe(WORDS);
  expect((await fetch(`${service.url}/assets/reader-Ab_12-xy.wasm`)).headers.get('Content-Encoding')).toBeNull();
});

it('nothing outside the pages can be reached: no climbing, no hidden file, no link', async () => {
  const targets = [
    '/../secret.txt',
    '/scan/../../secret.txt',
    '/%2e%2e/secret.txt',
    '/scan/..%2f..%2fsecret.txt',
    '/..\\secret.txt',
    '//etc/passwd',
    '/scan/%00',
    '/.env',
    '/.git/config',
    '/scan/link.txt',
    '/up/secret.txt',
    '/%',
  ];
  for (const target of targets) {
    const { status, body } = await getRaw(target);
    expect([400, 404]).toContain(status);
    expect(body.toString()).not.toContain('SECRET');
  }
});

it('pages that are not built are 404 in one sentence', async () => {
  for (const page of ['/scan/', '/wallet/', '/admin/']) {
    const answer = await readAnswer(await fetch(bare.url + page));
    expect(answer).toMatchObject({ status: 404, body: { code: 'pages_not_built' } });
  }
});

it('the front page links every page and the reference, without inline script or style', async () => {
  const page = (await readAnswer(await fetch(`${service.url}/`))).body as string;
  for (const link of ['/scan/', '/wallet/', '/admin/', '/docs']) expect(page).toContain(`href="${link}"`);
  const docs = (await readAnswer(await fetch(`${service.url}/docs`))).body as string;
  for (const text of [page, docs])
    expect(text).not.toMatch(/<script|<style|style=|onclick|(?:src|href)="(?:https?:|\/\/)/);
  expect((await fetch(`${service.url}/pages.css`)).headers.get('Content-Type')).toContain('text/css');
});
