import { renderQr } from '@zhengma/credential-core/qr';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type FakeCamera, keepPicture, launchBrowser, openPage } from './browser.ts';
import { awaitVerdict, chooseImage, PERSON } from './counter.ts';
import { type Service, startService } from './service.ts';

const MINUTE_MS = 60_000;

/** By themselves, in one file, and what changed since. */
const LISTS = /\/v1\/(status-lists\/1|revocation-snapshot.*)$/;

let service: Service;
const browsers: Browser[] = [];

beforeAll(async () => {
  service = await startService();
});

afterEach(async () => {
  await Promise.all(browsers.splice(0).map((browser) => browser.close()));
});

afterAll(() => service?.remove());

describe('a browser that is too old is told so, in both languages', () => {
  test.each([
    ['scan', 'no AbortSignal.timeout', 'delete AbortSignal.timeout'],
    ['scan', 'no camera interface', 'delete MediaDevices.prototype.getUserMedia'],
    [
      'scan',
      'no module workers',
      'window.Worker = class { constructor(_, options) { if (options?.type) throw new TypeError("module") } }',
    ],
    ['wallet', 'no replaceChildren', 'delete Element.prototype.replaceChildren'],
    ['wallet', 'no :has()', 'CSS.supports = () => false'],
  ])('/%s/ with %s', async (path, _, removal) => {
    const page = await openWith(removal, path);
    await expectTooOld(page);
    if (removal.includes('AbortSignal') || removal.includes('replaceChildren')) {
      await keepPicture(page, `${path}-old-browser-desk`);
    }
  });

  test.each(['scan', 'wallet'])('/%s/ in a language of next year', async (path) => {
    const { page } = await openPage(await launch());
    await page.route(`**/assets/${path}-*.js`, (route) =>
      route.fulfill({ contentType: 'text/javascript', body: 'import @@ "newer";' }),
    );
    await page.goto(`${service.origin}/${path}/`);
    await expectTooOld(page);
  });

  test('a holder needs less of a browser than a counter', async () => {
    const page = await openWith('delete AbortSignal.timeout', 'wallet');
    await page.getByRole('heading', { name: '还没有凭证' }).waitFor();
  });
});

describe('a browser that keeps no data', () => {
  const BLOCKED = `for (const name of ['localStorage', 'indexedDB']) Object.defineProperty(window, name, {
    get() { throw new DOMException('denied', 'SecurityError') } })`;

  test('the scanner is drawn and says why nothing can be checked', async () => {
    const page = await openWith(BLOCKED, 'scan');
    await page.getByText('浏览器不允许保存名单，无法核验。').waitFor();
    await page.getByText('把二维码放进框里').waitFor();
    await keepPicture(page, 'scan-no-storage-desk-zh');
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('The browser keeps no data, so nothing can be checked.').waitFor();
    await chooseCode(page, (await service.issue(PERSON)).text);
    await awaitVerdict(page, 'unsure', 'no_lists');
  });

  test('the holder’s page shows the code', async () => {
    const { text } = await service.issue(PERSON);
    const page = await openWith(BLOCKED, `wallet/#${encodeURIComponent(text)}`);
    await page.getByRole('img', { name: '您的凭证二维码' }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByRole('img', { name: 'The QR code of your credential' }).waitFor();
  });

  test('a full disk: the lists are used until the page is closed, and it is not called offline', async () => {
    const page = await openWith(
      `const put = IDBObjectStore.prototype.put;
       IDBObjectStore.prototype.put = function (value, key) {
         if (key !== 'roots') throw new DOMException('full', 'QuotaExceededError');
         return put.call(this, value, key);
       }`,
      'scan',
    );
    await page.getByText('浏览器存不下新名单').waitFor();
    await page.getByText('名单 刚刚更新').waitFor();
    expect(await page.locator('.lists-offline').isVisible()).toBe(false);
    await keepPicture(page, 'scan-full-disk-desk-zh');
    await chooseCode(page, (await service.issue(PERSON)).text);
    await awaitVerdict(page, 'valid', 'valid');
  });
});

test('a spoiled list is refused loudly, with what to do, and nothing that rests on it is green', async () => {
  const { text } = await service.issue(PERSON);
  const { page } = await openPage(await launch());
  await page.goto(`${service.origin}/scan/`);
  await chooseCode(page, text);
  await awaitVerdict(page, 'valid', 'valid');

  await page.route(LISTS, async (route) => {
    const { etag: _, 'if-none-match': __, ...headers } = route.request().headers();
    const body = await (await route.fetch({ headers })).body();
    body[body.length - 1] = (body.at(-1) as number) ^ 1;
    await route.fulfill({ body });
  });
  await page.getByRole('button', { name: '更新名单' }).click();
  await page.getByText('新名单已拒收：').waitFor();
  await page.getByText('请立即联系管理员。').first().waitFor();
  await keepPicture(page, 'scan-list-refused-valid-desk-zh');
  await page.keyboard.press('Enter');
  await chooseCode(page, text);
  await awaitVerdict(page, 'unsure', 'lists_refused');
  await keepPicture(page, 'scan-list-refused-desk-zh');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'English' }).click();
  await keepPicture(page, 'scan-list-refused-phone-en');

  await page.unroute(LISTS);
  await page.locator('.lists-refresh').click();
  await page.locator('.refusal').waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
  await chooseCode(page, text);
  await awaitVerdict(page, 'valid', 'valid');
});

test('a device whose clock is behind says so, and blames neither the code nor the lists', async () => {
  const { text } = await service.issue(PERSON);
  const { page } = await openPage(await launch());
  await page.clock.install();
  await page.goto(`${service.origin}/scan/`);
  await chooseCode(page, text);
  await awaitVerdict(page, 'valid', 'valid');
  await page.clock.setSystemTime(Date.now() - 24 * 60 * MINUTE_MS);
  await page.keyboard.press('Enter');
  await chooseCode(page, text);
  await awaitVerdict(page, 'unsure', 'clock_behind');
  await page.getByText('签名有效，但本机时间不准：比名单的签发时间还早。').waitFor();
  await page.getByText('请校准本机的日期和时间，再重新扫描。').waitFor();
  await page.getByText('新名单已拒收：签发时间比本机时间还晚。').waitFor();
  expect(await page.getByText('请立即联系管理员').count()).toBe(0);
  await keepPicture(page, 'scan-clock-behind-desk-zh');

  await page.clock.setSystemTime(Date.now());
  await page.getByRole('button', { name: '更新名单' }).click();
  await page.locator('.warning').waitFor({ state: 'hidden' });
  await page.keyboard.press('Enter');
  await chooseCode(page, text);
  await awaitVerdict(page, 'valid', 'valid');
});

test('other root keys: refused, with the cure, in both languages', async () => {
  const { page } = await openPage(await launch());
  await page.goto(`${service.origin}/scan/`);
  await page.getByText('刚刚核对过').waitFor();
  await page.route('**/v1/roots', (route) => route.fulfill({ json: { roots: ['AAAA'] } }));
  await page.getByRole('button', { name: '更新名单' }).click();
  await page.getByText('在浏览器里清除本网站的数据，再打开本页面。').waitFor();
  await keepPicture(page, 'scan-roots-changed-desk-zh');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('clear this site’s data in the browser and open this page again.').waitFor();
});

test('two credentials in one picture are not chosen between; other codes beside one do not count', async () => {
  const [first, second] = [await service.issue(PERSON), await service.issue(PERSON)];
  const { page } = await openPage(await launch());
  await page.goto(`${service.origin}/scan/`);
  await chooseImage(page, await drawBeside(first.text, second.text));
  await page.getByText('一次只放一个码').waitFor();
  await keepPicture(page, 'scan-several-desk-zh');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('One code at a time').waitFor();
  await chooseImage(page, await drawBeside('https://example.org/poster', first.text));
  await awaitVerdict(page, 'valid', 'valid');
});

describe('a reader that has died is not taken for a scene without a code', () => {
  test('the worker ended without a word', async () => {
    const { page } = await openPage(await launch());
    await page.clock.install();
    await page.goto(`${service.origin}/scan/`);
    await page.getByText('把二维码放进框里').waitFor();
    await page
      .workers()
      .find((worker) => worker.url().includes('/scan/worker-'))
      ?.evaluate('self.close()');
    await page.clock.runFor(MINUTE_MS);
    await expectDeadReader(page);
  });

  test('its memory is broken', async () => {
    const { page } = await openPage(await launch());
    await page.goto(`${service.origin}/scan/`);
    await page.getByText('把二维码放进框里').waitFor();
    await page
      .workers()
      .find((worker) => worker.url().includes('/scan/worker-'))
      ?.evaluate(
        `OffscreenCanvasRenderingContext2D.prototype.getImageData = VideoFrame.prototype.copyTo = () => {
         throw new WebAssembly.RuntimeError('unreachable');
       }`,
      );
    await expectDeadReader(page);
    await keepPicture(page, 'scan-engine-failed-desk-zh');
    await page.getByRole('button', { name: '再试一次' }).click();
    await page.getByText('把二维码放进框里').waitFor();
  });
});

test('what a verdict says of a person is cleared when nobody has touched the page for two minutes', async () => {
  const { page } = await openPage(await launch());
  await page.clock.install();
  await page.goto(`${service.origin}/scan/`);
  await chooseCode(page, (await service.issue(PERSON)).text);
  await awaitVerdict(page, 'valid', 'valid');
  await page.clock.runFor(1.5 * MINUTE_MS);
  await page.keyboard.press('Shift');
  await page.clock.runFor(1.5 * MINUTE_MS);
  await awaitVerdict(page, 'valid', 'valid');
  await page.clock.runFor(MINUTE_MS);
  await page.locator('.verdict').waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain('张**');
});

test('a camera that another program holds', async () => {
  const page = await openWith(
    'MediaDevices.prototype.getUserMedia = async () => { throw new DOMException("in use", "NotReadableError") }',
    'scan',
  );
  await page.getByRole('heading', { name: '摄像头正被别的程序占用。' }).waitFor();
  await keepPicture(page, 'scan-camera-busy-desk-zh');
});

test('on a phone the button for the next person covers nothing', async () => {
  const { page } = await openPage(await launch(), { size: 'phone' });
  await page.goto(`${service.origin}/scan/`);
  const claims = { ...PERSON, enrolment: '2', businessTypes: ['01101', '01201', '01301', '01302'], paper: true };
  await chooseCode(page, (await service.issue(claims)).text);
  await awaitVerdict(page, 'valid', 'valid');
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  const person = await page.locator('.person').boundingBox();
  const next = await page.locator('.next').boundingBox();
  expect((person?.y ?? 0) + (person?.height ?? 0)).toBeLessThanOrEqual(next?.y ?? 0);
  await keepPicture(page, 'scan-valid-phone-end-zh');
});

async function launch(camera: FakeCamera = 'plain'): Promise<Browser> {
  const browser = await launchBrowser(camera);
  browsers.push(browser);
  return browser;
}

/** Opens a page in a browser that was changed before anything ran in it. */
async function openWith(change: string, path: string): Promise<Page> {
  const { page } = await openPage(await launch());
  await page.addInitScript(change);
  await page.goto(`${service.origin}/${path}${path.includes('#') ? '' : '/'}`);
  return page;
}

async function expectTooOld(page: Page): Promise<void> {
  const sentence = page.locator('#old-browser');
  await sentence.waitFor({ state: 'visible' });
  expect(await sentence.textContent()).toMatch(/这个浏览器太旧.*This browser is too old/);
  expect(await page.locator('main').count()).toBe(0);
}

async function expectDeadReader(page: Page): Promise<void> {
  await page.getByRole('heading', { name: '读码程序没有加载，或者停止了。' }).waitFor();
}

async function chooseCode(page: Page, text: string): Promise<void> {
  await chooseImage(page, Buffer.from(await renderQr(text, { format: 'png' })));
}

async function drawBeside(left: string, right: string): Promise<Buffer> {
  const [one, other] = await Promise.all(
    [left, right].map(async (text) =>
      sharp(await renderQr(text, { format: 'png' }))
        .resize(400, 400)
        .toBuffer(),
    ),
  );
  return sharp({ create: { width: 900, height: 420, channels: 3, background: '#fff' } })
    .composite([
      { input: one as Buffer, left: 10, top: 10 },
      { input: other as Buffer, left: 480, top: 10 },
    ])
    .png()
    .toBuffer();
}
