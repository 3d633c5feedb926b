import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderQr } from '@zhengma/credential-core/qr';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type CodeReader, createCodeReader } from '../../packages/scanner-web/src/engine/code-reader.ts';
import type { PixelImage } from '../../packages/scanner-web/src/engine/pixels.ts';
import { listTexts } from '../../packages/scanner-web/src/engine/reading.ts';
import { type FakeCamera, keepPicture, launchBrowser, openPage, type Watched } from './browser.ts';
import { drawCameraFrames, writeCamera } from './camera-frames.ts';
import { awaitVerdict, chooseImage, PERSON, readFacts, refreshLists } from './counter.ts';
import { type Service, startService } from './service.ts';

const HOUR_MS = 3_600_000;
let folder: string;
let service: Service;
let reader: CodeReader;
const browsers: Browser[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhengma-frames-'));
  service = await startService();
  const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  reader = await createCodeReader({ bytes: new Uint8Array(wasm).buffer });
});

afterEach(async () => {
  await Promise.all(browsers.splice(0).map((browser) => browser.close()));
});

afterAll(async () => {
  await service?.remove();
  await rm(folder, { recursive: true, force: true });
});

test('camera → green with the right claims; revoked through the API → red from the same frames', async () => {
  const issued = await service.issue(PERSON);
  const watched = await openScanner(await holdBeforeCamera(issued.text));
  const { page } = watched;

  await awaitVerdict(page, 'valid', 'valid');
  expect(await readFacts(page)).toEqual({
    姓名: '张**',
    证件号码: '*0018',
    险种: '职工基本医疗保险',
    人员类别: '退休',
    参保状态: '正常参保',
    统筹区: '370202',
    有效期至: expect.stringMatching(/^\d{4}年\d{1,2}月\d{1,2}日 \d\d:\d\d$/),
    签发机构: '示例市医疗保障局',
  });
  await page.getByText('名单 刚刚更新').waitFor();
  await keepPicture(page, 'scan-valid-desk-zh');

  await service.setStatus(issued, 'revoked');
  await refreshLists(page);
  expect(await page.locator('.verdict').getAttribute('data-tone'), 'a verdict holds until the next person').toBe(
    'valid',
  );
  await page.keyboard.press('Enter');
  await awaitVerdict(page, 'refused', 'revoked');
  await page.getByRole('heading', { name: '不通过' }).waitFor();
  await page.getByText('凭证已被吊销。').waitFor();
  await keepPicture(page, 'scan-revoked-desk-zh');

  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('The credential was revoked.').waitFor();
  await keepPicture(page, 'scan-revoked-desk-en');
  expectQuiet(watched);
});

test('without the service: a verdict with the age of the lists, also after a reload; a list past its age is amber', async () => {
  const other = await startService();
  try {
    const shown = await other.issue({ ...PERSON, name: '李秀英', scheme: '390', personClass: '16' });
    const watched = await openPage(await launch(await holdBeforeCamera(shown.text)));
    const { page, faults } = watched;
    await page.clock.install();
    await page.goto(`${other.origin}/scan/`);
    await awaitVerdict(page, 'valid', 'valid');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    expectQuiet(watched);

    await other.stop();
    await page.getByRole('button', { name: '更新名单' }).click();
    await page.getByText('连不上服务，正在用本机名单。').waitFor();
    await page.keyboard.press('Space');
    await awaitVerdict(page, 'valid', 'valid');
    await page.getByText('离线核验').waitFor();
    await keepPicture(page, 'scan-offline-desk-zh');

    // The service worker must answer, for the files outside of its folder too: without the HTTP cache nobody else can.
    const debugging = await watched.context.newCDPSession(page);
    await debugging.send('Network.clearBrowserCache');
    const fromShell: string[] = [];
    page.on('response', (response) => response.fromServiceWorker() && fromShell.push(new URL(response.url()).pathname));
    await page.reload();
    await awaitVerdict(page, 'valid', 'valid');
    expect(fromShell).toEqual(expect.arrayContaining(['/scan/', expect.stringMatching(/^\/assets\/scan-.*\.js$/)]));
    expect((await readFacts(page))['姓名']).toBe('李**');
    await page.getByText(/^名单 (刚刚|\d+ 分钟前)更新$/).waitFor();
    await page.locator('.lists-offline').waitFor();

    const opened = Date.now();
    await page.clock.setSystemTime(opened + 3 * HOUR_MS);
    await page.keyboard.press('Enter');
    await awaitVerdict(page, 'valid', 'valid');
    await page.getByText('名单 3 小时前更新').waitFor();
    await keepPicture(page, 'scan-offline-3-hours-desk-zh');

    for (const days of [2, 6]) {
      await page.clock.setSystemTime(opened + days * 24 * HOUR_MS);
      await page.keyboard.press('Enter');
      await awaitVerdict(page, 'unsure', 'status_list_stale');
      await page.getByText(/^名单 [1-6] 天前更新$/).waitFor();
    }
    await page.getByRole('heading', { name: '未能完全核验' }).waitFor();
    await keepPicture(page, 'scan-stale-desk-zh');
    await page.setViewportSize({ width: 390, height: 844 });
    await keepPicture(page, 'scan-stale-phone-zh');

    // The lists come back and with them the green: nothing but their age stood in the way.
    await other.restart();
    await page.clock.setSystemTime(Date.now());
    await refreshLists(page);
    await page.keyboard.press('Enter');
    await awaitVerdict(page, 'valid', 'valid');
    expect(faults.filter((fault) => !fault.includes('net::ERR_'))).toEqual([]);
    expectOwnOrigin(watched, other.origin);
  } finally {
    await other.remove();
  }
});

test('in English, on a phone, remembered; suspended is refused too', async () => {
  const issued = await service.issue({ ...PERSON, enrolment: '2', businessTypes: ['01301', '90001'], paper: true });
  const browser = await launch(await holdBeforeCamera(issued.text));
  const watched = await openPage(browser, { locale: 'en-GB', size: 'phone' });
  const { page } = watched;
  await page.goto(`${service.origin}/scan/`);
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByText('Check the person: the name and the last four of the ID must match.').waitFor();
  expect(await readFacts(page)).toMatchObject({
    Name: '张**',
    Scheme: 'Basic medical insurance for employees',
    'Person class': 'Retired',
    Enrolment: 'Enrolment paused',
    Region: '370202',
    'May be used for': 'Settlement, 90001',
    Form: 'Paper code',
  });
  await page.getByText('The credential is valid, but: Enrolment paused').waitFor();
  await keepPicture(page, 'scan-valid-phone-en');
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByRole('heading', { name: '有效' }).waitFor();
  await keepPicture(page, 'scan-valid-phone-zh');

  await service.setStatus(issued, 'suspended');
  await refreshLists(page);
  await page.reload();
  await awaitVerdict(page, 'refused', 'suspended');
  await page.getByRole('heading', { name: '不通过' }).waitFor();
  await keepPicture(page, 'scan-suspended-phone-zh');
  expectQuiet(watched);
});

test('an official code is told apart, handed on and never shown', async () => {
  const digits = '4201123456789012345678901234';
  const watched = await openScanner(await holdBeforeCamera(digits));
  const { page } = watched;
  await awaitVerdict(page, 'foreign', 'not_zhengma');
  await page.getByText('国家医保码', { exact: true }).waitFor();
  await page.getByText('这是国家医保码，请用医院 HIS 或医保专用终端读取。').waitFor();
  expect(await page.content()).not.toContain(digits);
  await keepPicture(page, 'scan-official-desk-zh');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('This is the official 医保码: read it with the HIS or an insurance terminal.').waitFor();
  await keepPicture(page, 'scan-official-desk-en');
  expectQuiet(watched);
});

test('an image of a code is read, a changed code is refused, an image without one is said', async () => {
  const issued = await service.issue(PERSON);
  const watched = await openScanner('plain');
  const { page } = watched;
  await page.locator('.scan[data-camera="live"]').waitFor();
  await page.getByText('把二维码放进框里').waitFor();
  await page.getByText(/核对过$/).waitFor();
  await keepPicture(page, 'scan-looking-desk-zh');
  await page.setViewportSize({ width: 390, height: 844 });
  await keepPicture(page, 'scan-looking-phone-zh');
  await page.setViewportSize({ width: 1280, height: 800 });

  await chooseImage(
    page,
    await sharp({ create: { width: 300, height: 300, channels: 3, background: '#fff' } })
      .png()
      .toBuffer(),
  );
  await page.getByText('图片里没有找到二维码。请换一张更清楚的图片。').waitFor();
  await keepPicture(page, 'scan-no-code-desk-zh');

  await chooseImage(page, Buffer.from(await renderQr(issued.text, { format: 'png' })));
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByRole('button', { name: /下一位/ }).click();

  // Another signature in the same form: the last characters of the text are the signature's.
  const forged = issued.text.slice(0, -12) + (await service.issue(PERSON)).text.slice(-12);
  await chooseImage(page, Buffer.from(await renderQr(forged, { format: 'png' })));
  await awaitVerdict(page, 'refused');
  expect(await page.locator('.person').count()).toBe(0);
  await keepPicture(page, 'scan-forged-desk-zh');
  expectQuiet(watched);
});

test.each([
  ['denied', '浏览器没有获准使用摄像头。', 'The browser may not use the camera.'],
  ['missing', '没有找到摄像头。', 'No camera was found.'],
] as const)('camera %s: one sentence and what to do, in both languages', async (camera, chinese, english) => {
  const watched = await openScanner(camera);
  const { page } = watched;
  await page.getByRole('heading', { name: chinese }).waitFor();
  await page.getByText(/核对过$/).waitFor();
  await page.getByRole('button', { name: '再试一次' }).click();
  await page.getByRole('heading', { name: chinese }).waitFor();
  await keepPicture(page, `scan-camera-${camera}-desk-zh`);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: english }).waitFor();
  await keepPicture(page, `scan-camera-${camera}-phone-en`);
  expectQuiet(watched);
});

test('an insecure address is named as the reason why there is no camera', async () => {
  const browser = await launch('plain', ['--host-resolver-rules=MAP scanner.example 127.0.0.1']);
  const { page } = await openPage(browser);
  await page.goto(`${service.origin.replace('127.0.0.1', 'scanner.example')}/scan/`);
  await page.getByRole('heading', { name: '这个网址不安全，浏览器不让用摄像头。' }).waitFor();
  await keepPicture(page, 'scan-camera-insecure-desk-zh');
});

test('the camera is let go with the page and comes back with it', async () => {
  const { page } = await openScanner('plain');
  await page.locator('.scan[data-camera="live"]').waitFor();
  await setVisibility(page, 'hidden');
  await page.locator('.scan[data-camera="paused"]').waitFor({ state: 'attached' });
  expect(await page.evaluate(() => document.querySelector('video')?.srcObject)).toBeNull();
  await setVisibility(page, 'visible');
  await page.locator('.scan[data-camera="live"]').waitFor();
});

test('the holder’s page shows a code that reads back, in both languages, and sends the credential to nobody', async () => {
  const issued = await service.issue(PERSON);
  const browser = await launch('plain');
  for (const size of ['desk', 'phone'] as const) {
    for (const [locale, unverified] of [
      ['zh-CN', '本页只显示凭证，没有核验。是否有效以窗口扫码为准。'],
      ['en', 'This page only shows the credential and has not checked it. The scan at the counter decides.'],
    ] as const) {
      const watched = await openPage(browser, { locale, size });
      const { page, requests } = watched;
      const fragment =
        size === 'desk' ? encodeURIComponent(issued.text) : Buffer.from(issued.text).toString('base64url');
      await page.goto(`${service.origin}/wallet/#${fragment}`);
      await page
        .getByRole('img', { name: locale === 'en' ? 'The QR code of your credential' : '您的凭证二维码' })
        .waitFor();
      await page.getByText(unverified).waitFor();
      await page.getByText('*0018').waitFor();
      const picture = await keepPicture(page, `wallet-${size}-${locale.slice(0, 2)}`);
      expect(listTexts(await reader.readStill(await decodePicture(picture)))).toEqual([issued.text]);
      expect(requests.filter((url) => !url.startsWith('blob:')).map((url) => new URL(url).pathname)).not.toContain(
        '/v1/verifications',
      );
      expectQuiet(watched);
    }
  }
  const { page } = await openPage(browser, { size: 'phone' });
  await page.goto(`${service.origin}/wallet/`);
  await page.getByRole('heading', { name: '还没有凭证' }).waitFor();
  await keepPicture(page, 'wallet-empty-phone-zh');
});

test('a new version of the pages replaces the stored one, and only that one', async () => {
  const pages = join(folder, 'pages');
  const built = join(import.meta.dirname, '../../packages/scanner-web/dist');
  await cp(built, pages, { recursive: true });
  const upgraded = await startService({ pages });
  try {
    const { page } = await openPage(await launch('plain'));
    await page.goto(`${upgraded.origin}/scan/`);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    const [first] = await page.evaluate(() => caches.keys());
    await upgraded.stop();

    const worker = join(pages, 'scan/sw.js');
    const version = (first as string).split('-').at(-1) as string;
    await writeFile(worker, (await readFile(worker, 'utf8')).replaceAll(version, 'f00df00df00df00d'));
    await upgraded.restart();
    await page.reload();
    await page.evaluate(() => navigator.serviceWorker.ready.then((registration) => registration.update()));
    await expect
      .poll(() => page.evaluate(() => caches.keys()), { timeout: 60_000 })
      .toEqual(['zhengma-shell-f00df00df00df00d']);
    const stored = await page.evaluate(async () => {
      const cache = await caches.open('zhengma-shell-f00df00df00df00d');
      return (await cache.keys()).map(({ url }) => new URL(url).pathname);
    });
    expect(stored).toContain('/scan/');
    expect(stored.filter((path) => path.startsWith('/v1/'))).toEqual([]);
  } finally {
    await upgraded.remove();
  }
});

test('how long one 720p frame takes the engine', async () => {
  const issued = await service.issue(PERSON);
  const frames = await Promise.all((await drawCameraFrames(issued.text)).map(decodePicture));
  const times: number[] = [];
  for (const frame of [...frames, ...frames]) {
    const start = performance.now();
    const reading = await reader.readFrame(frame);
    times.push(performance.now() - start);
    expect(listTexts(reading)).toEqual([issued.text]);
  }
  times.sort((left, right) => left - right);
  const median = times[times.length >> 1] as number;
  console.info(`720p frame: median ${median.toFixed(1)} ms, slowest ${times.at(-1)?.toFixed(1)} ms`);
});

async function launch(camera: FakeCamera, extra: readonly string[] = []): Promise<Browser> {
  const browser = await launchBrowser(camera, extra);
  browsers.push(browser);
  return browser;
}

async function openScanner(camera: FakeCamera): Promise<Watched> {
  const watched = await openPage(await launch(camera));
  await watched.page.goto(`${service.origin}/scan/`);
  return watched;
}

async function holdBeforeCamera(text: string): Promise<FakeCamera> {
  const file = join(folder, `${crypto.randomUUID()}.mjpeg`);
  return { frames: await writeCamera(file, await drawCameraFrames(text)) };
}

/** Presses the button and waits until the last list has arrived. */
/** A headless page is never hidden by itself, so it is told that it is. */
async function setVisibility(page: Page, state: 'hidden' | 'visible'): Promise<void> {
  await page.evaluate((visibility) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: visibility === 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
}

function expectQuiet(watched: Watched): void {
  expect(watched.faults).toEqual([]);
  expectOwnOrigin(watched, service.origin);
}

function expectOwnOrigin({ requests }: Watched, origin: string): void {
  expect(requests.length).toBeGreaterThan(0);
  for (const url of requests)
    expect(url.replace(/^blob:/, '').startsWith('http') ? new URL(url.replace(/^blob:/, '')).hostname : 'local').toBe(
      new URL(origin).hostname,
    );
}

async function decodePicture(file: Buffer): Promise<PixelImage> {
  const { data, info } = await sharp(file)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect(info.channels).toBe(4);
  return { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
}
