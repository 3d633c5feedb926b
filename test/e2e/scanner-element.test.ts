import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepPicture, launchBrowser } from './browser.ts';
import { drawCameraFrames, writeCamera } from './camera-frames.ts';
import { awaitVerdict, PERSON } from './counter.ts';
import { countInUse, type EmbedHost, openEmbedPage, startEmbedHost } from './embed-host.ts';
import { type Issued, type Service, startService } from './service.ts';

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
