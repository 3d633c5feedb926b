import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportPublicKey, generateIssuerKey } from '@zhengma/credential-core';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepPicture, launchBrowser, openPage } from './browser.ts';
import { drawCameraFrames, writeCamera } from './camera-frames.ts';
import { awaitVerdict, PERSON } from './counter.ts';
import { countInUse, type EmbedHost, openEmbedPage, startEmbedHost } from './embed-host.ts';
import { type Issued, type Service, startService } from './service.ts';

const DIST = join(import.meta.dirname, '../../packages/scanner-web/dist/embed');

let folder: string;
let service: Service;
let host: EmbedHost;
let browser: Browser;
let issued: Issued;
let revoked: Issued;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhengma-element-'));
  service = await startService();
  issued = await service.issue(PERSON);
  revoked = await service.issue(PERSON);
  await service.setStatus(revoked, 'revoked');
  const camera = await writeCamera(join(folder, 'camera.mjpeg'), await drawCameraFrames(issued.text));
  [host, browser] = await Promise.all([startEmbedHost(service.origin), launchBrowser({ frames: camera })]);
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
  await service?.remove();
  await rm(folder, { recursive: true, force: true });
});

test('on a phone, in English: its parts and properties are the page’s to style, focus stays in a field, two stand side by side', async () => {
  const { page, context, faults } = await openEmbedPage(browser, `${host.origin}/`, 'phone');
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByText('valid valid 张**').waitFor();
  const scanner = page.locator('zhengma-scanner');
  await scanner.evaluate((element) => {
    element.setAttribute('lang', 'en');
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('zhengma-scanner::part(headline) { letter-spacing: 7px }');
    document.adoptedStyleSheets.push(sheet);
    const field = document.body.appendChild(document.createElement('input'));
    field.focus();
  });
  await page.getByRole('heading', { name: 'Valid' }).waitFor();
  await page.getByText('Lists updated just now').waitFor();
  const spacing = await page.locator('.verdict h1').evaluate((headline) => getComputedStyle(headline).letterSpacing);
  expect(spacing).toBe('7px');
  await keepPicture(page, 'embed-element-valid-phone-en');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);

  await scanner.evaluate((element, text) => {
    (element as HTMLElement & { scan(text: string): void }).scan(text);
  }, revoked.text);
  await awaitVerdict(page, 'refused', 'revoked');
  expect(await page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT');
  expect(await scanner.evaluate((element) => element.shadowRoot?.innerHTML.includes('ZM1:'))).toBe(false);

  await scanner.evaluate((element) => {
    const second = document.createElement('zhengma-scanner');
    second.setAttribute('service', element.getAttribute('service') ?? '');
    second.setAttribute('inputs', 'paste');
    element.after(second);
  });
  await expect.poll(() => countInUse(page)).toEqual({ cameras: 1, workers: 2 });
  await scanner.first().evaluate((element) => element.remove());
  await expect.poll(() => countInUse(page)).toEqual({ cameras: 0, workers: 1 });
  await keepPicture(page, 'embed-element-without-camera-phone-zh');
  expect(faults.filter((fault) => !fault.includes('favicon'))).toEqual([]);
  await context.close();
});

test('the page of the guide, as it is written there: green by the roots that it pins, and by no other', async () => {
  const { roots } = (await (await fetch(`${service.origin}/v1/roots`)).json()) as { roots: string[] };
  const otherRoot = Buffer.from(exportPublicKey(await generateIssuerKey())).toString('base64url');
  for (const [root, tone] of [
    [roots[0] as string, 'valid'],
    [otherRoot, 'unsure'],
  ] as const) {
    const site = await startGuidePage(root);
    const { page, context, faults } = await openPage(browser);
    const problems: string[] = [];
    page.on('console', (message) => message.type() === 'log' && problems.push(message.text()));
    await page.goto(site.origin);
    await page.locator('#last', { hasText: tone }).waitFor();
    await keepPicture(page, `embed-guide-${tone}-en`);
    await expect.poll(() => problems).toEqual(tone === 'valid' ? [] : ['lists roots_changed']);
    expect(faults.filter((fault) => !fault.includes('favicon'))).toEqual([]);
    await context.close();
    await site.stop();
  }
});

/** A server of the guide's reader, with the policy that the guide names and nothing more. */
async function startGuidePage(root: string): Promise<{ readonly origin: string; stop(): void }> {
  const guide = await readFile(join(import.meta.dirname, '../../docs/embed/scanner.md'), 'utf8');
  const fit = (text: string) => text.replaceAll('https://zm.example', service.origin).replaceAll('ROOT_KEY', root);
  const block = (language: string) => fit(guide.split(`\n\`\`\`${language}\n`)[1]?.split('\n```')[0] ?? '');
  const policy = fit(/`(script-src [^`]*)`/.exec(guide)?.[1] ?? '');
  const types = { html: 'text/html; charset=utf-8', js: 'text/javascript; charset=utf-8', wasm: 'application/wasm' };
  const server = createServer(async ({ url = '/' }, response) => {
    const [, name] = /^\/zhengma\/([\w-]+\.(?:js|wasm))$/.exec(url) ?? [];
    const type = name?.endsWith('.wasm') ? 'wasm' : url === '/' ? 'html' : 'js';
    const body = name ? await readFile(join(DIST, name)) : url === '/favicon.ico' ? '' : block(type);
    response
      .writeHead(body ? 200 : 404, {
        'Content-Type': types[type],
        'Content-Security-Policy': `default-src 'none'; ${policy}`,
      })
      .end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://localhost:${(server.address() as AddressInfo).port}/`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}
