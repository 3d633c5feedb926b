import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportPublicKey, generateIssuerKey, issueCredential } from '@zhengma/credential-core';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CodeReader, createCodeReader } from '../../packages/scanner-web/src/engine/code-reader.ts';
import { listTexts } from '../../packages/scanner-web/src/engine/reading.ts';
import { keepPicture, launchBrowser, openPage } from './browser.ts';
import { PERSON } from './counter.ts';
import { type Service, startService } from './service.ts';
import { createIssuer } from './wallet-host.ts';

let service: Service;
let reader: CodeReader;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhengma-wallet-'));
  service = await startService();
  const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  reader = await createCodeReader({ bytes: new Uint8Array(wasm).buffer });
  browser = await launchBrowser('plain');
});

afterAll(async () => {
  await browser?.close();
  await service?.remove();
  await rm(folder, { recursive: true, force: true });
});

test('a family on one phone: a key, credentials bound to it, kept, shown without a network, removed after asking', async () => {
  const watched = await openPage(browser, { size: 'phone' });
  const { page } = watched;
  await page.goto(`${service.origin}/wallet/`);
  const holderKey = await readEnrolment(page);
  await keepPicture(page, 'wallet-enrol-phone-zh');

  // Issued for this very phone: a counter would have read the text from its screen.
  const now = new Date();
  const issuer = await createIssuer(PERSON, now);
  const issue = (name: string) =>
    issuer.issue({ name }, { at: now, holderKey: [...Buffer.from(holderKey, 'base64url')] });
  const [mother, child] = [await issue('张建国'), await issue('王小雨')];

  await page.goto(`${service.origin}/wallet/#${encodeURIComponent(mother)}`);
  await page.getByText('这张凭证还没有保存').waitFor();
  expect(await issuer.verify(await readScreen(page, 'wallet-keep-phone-zh'), new Date())).toMatchObject({ ok: true });
  await page.getByLabel('称呼').fill('妈妈');
  await page.getByRole('button', { name: '保存到本机' }).click();
  await page.getByText('管理本机凭证').waitFor();
  expect(new URL(page.url()).hash, 'the address carries it no longer').toBe('');

  await page.getByText('添加凭证').click();
  await page.getByLabel('粘贴签发机构').fill('ZM1:HALF');
  await page.getByRole('button', { name: '添加', exact: true }).click();
  await page.getByRole('alert').filter({ hasText: '这不是完整的凭证' }).waitFor();
  await page.getByLabel('粘贴签发机构').fill(`${service.origin}/wallet/#${encodeURIComponent(child)}`);
  await page.getByRole('button', { name: '添加', exact: true }).click();
  await page.getByRole('button', { name: '保存到本机' }).click();
  await page.getByRole('tab', { name: '王**' }).waitFor();

  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await service.stop();
  const debugging = await watched.context.newCDPSession(page);
  await debugging.send('Network.clearBrowserCache');
  await page.goto(`${service.origin}/wallet/index.html`);
  await page.getByRole('tab', { name: '妈妈' }).waitFor();
  await page.goto(`${service.origin}/wallet/`);
  await page.getByRole('tab', { name: '妈妈' }).waitFor();
  await page.getByRole('img', { name: '您的凭证二维码' }).waitFor();
  const offline = await readScreen(page, 'wallet-two-people-phone-zh');
  expect(await issuer.verify(offline, new Date())).toMatchObject({
    ok: true,
    credential: { claims: { name: '张**' } },
  });
  await page.getByRole('tab', { name: '王**' }).click();
  await page.locator('.name b', { hasText: '王**' }).waitFor();
  await service.restart();

  await page.getByText('管理本机凭证').click();
  await keepPicture(page, 'wallet-manage-phone-zh');
  await page.getByRole('button', { name: '删除' }).first().click();
  await page.getByText('删除“妈妈”的凭证？').waitFor();
  await keepPicture(page, 'wallet-remove-phone-zh');
  await page.getByRole('button', { name: '取消' }).click();
  expect(await page.getByRole('tab').count()).toBe(2);
  await page.getByRole('button', { name: '删除' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
  // Who is left may have been the one in view all along: it is the other's tab that must go.
  await expect.poll(() => page.getByRole('tab').count()).toBe(0);
  await page.locator('.name b', { hasText: '王**' }).waitFor();
  await page.reload();
  await page.locator('.name b', { hasText: '王**' }).waitFor();
  expect(await readEnrolment(page), 'the same key').toBe(holderKey);

  expect(watched.faults.filter((fault) => !fault.includes('net::ERR_'))).toEqual([]);
  for (const url of watched.requests) expect(url).not.toMatch(/ZM1|张|妈妈/);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('Credentials on this phone').waitFor();
  await keepPicture(page, 'wallet-kept-phone-en');
});

test('a phone without space: said, and the code goes on being shown', async () => {
  const { page } = await openPage(browser, { size: 'phone' });
  await page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
  });
  const now = new Date();
  const text = await (await createIssuer(PERSON, now)).issue({}, { at: now });
  await page.goto(`${service.origin}/wallet/#${encodeURIComponent(text)}`);
  await page.getByRole('button', { name: '保存到本机' }).click();
  await page.getByRole('alert').filter({ hasText: '没能保存：请清理手机空间后再试。' }).waitFor();
  await page.getByRole('img', { name: '您的凭证二维码' }).scrollIntoViewIfNeeded();
  expect(await readScreen(page, 'wallet-full-phone-zh')).toBe(text);
});

test('a browser that does not commit: nothing is called kept, and the address still carries the credential', async () => {
  const { page, faults } = await openPage(browser, { size: 'phone' });
  await page.goto(`${service.origin}/wallet/`);
  await page.getByRole('button', { name: '出示本机登记码' }).waitFor();
  const now = new Date();
  const text = await (await createIssuer(PERSON, now)).issue({}, { at: now });
  await page.goto(`${service.origin}/wallet/#${encodeURIComponent(text)}`);
  await page.evaluate(() => {
    const put = IDBObjectStore.prototype.put;
    IDBObjectStore.prototype.put = function (...given) {
      const request = put.apply(this, given);
      request.addEventListener('success', () => this.transaction.abort());
      return request;
    };
  });
  await page.getByRole('button', { name: '保存到本机' }).click();
  await page.getByRole('alert').filter({ hasText: '没能保存' }).waitFor();
  expect(decodeURIComponent(new URL(page.url()).hash)).toBe(`#${text}`);
  await page.reload();
  await page.getByText('这张凭证还没有保存').waitFor();
  expect(await page.getByText('管理本机凭证').count()).toBe(0);
  expect(faults).toEqual([]);
});

test('the same number in another credential: asked, and nobody is replaced without being named', async () => {
  const { page, faults } = await openPage(browser, { size: 'phone' });
  await page.goto(`${service.origin}/wallet/`);
  const holderKey = await readEnrolment(page);
  const { id, text } = await service.issue({ ...PERSON, name: '张建国' }, { holderKey });
  const forge = async (name: string) => {
    const forged = await issueCredential(
      {
        type: 'medical-insurance',
        issuer: 'x',
        id: Uint8Array.from(Buffer.from(id, 'hex')),
        expiresAt: new Date(Date.now() + 86_400_000),
        claims: { ...PERSON, name },
      },
      await generateIssuerKey(),
      { currentDate: new Date() },
    );
    return forged.text;
  };
  const bring = async (credential: string) => {
    await page.goto(`${service.origin}/wallet/#${encodeURIComponent(credential)}`);
    await page.getByRole('button', { name: '保存到本机' }).click();
  };
  const tabs = () => page.getByRole('tab').allTextContents();
  await page.goto(`${service.origin}/wallet/#${encodeURIComponent(text)}`);
  await page.getByLabel('称呼').fill('爸爸');
  await page.getByRole('button', { name: '保存到本机' }).click();
  await page.getByText('管理本机凭证').waitFor();

  await bring(await forge('坏人'));
  await page.getByText('替换“爸爸”的凭证？').waitFor();
  await page.getByText('新凭证（“坏*”）与本机已保存的“爸爸”编号相同。').waitFor();
  await keepPicture(page, 'wallet-replace-phone-zh');
  await page.getByRole('button', { name: '取消' }).click();
  await page.reload();
  await page.getByText('这张凭证还没有保存').waitFor();
  expect(await tabs()).toEqual(['爸爸', '坏*']);

  await page.getByRole('button', { name: '保存到本机' }).click();
  await page.getByRole('button', { name: '都保留' }).click();
  await page.getByText('这张凭证还没有保存').waitFor({ state: 'detached' });
  expect(new URL(page.url()).hash).toBe('');
  await page.reload();
  await expect.poll(tabs).toEqual(['爸爸', '坏*']);
  expect(await readRow(page, text), 'what was there before is still there').toBe('爸爸');

  await page.getByText('管理本机凭证').click();
  await page.getByRole('button', { name: '删除' }).nth(1).click();
  await page.getByRole('dialog').getByRole('button', { name: '删除' }).click();
  await expect.poll(() => page.getByRole('tab').count()).toBe(0);
  const renewed = await forge('张建国');
  await bring(renewed);
  await page.getByRole('button', { name: '替换' }).click();
  await page.getByText('这张凭证还没有保存').waitFor({ state: 'detached' });
  expect([await readRow(page, text), await readRow(page, renewed)]).toEqual([undefined, '']);
  expect(faults).toEqual([]);
});

test('a database that does not open: the code at once, the rest is given up after three seconds', async () => {
  const { page } = await openPage(browser, { size: 'phone' });
  await page.clock.install();
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => ({}) as IDBOpenDBRequest;
  });
  const now = new Date();
  const issuer = await createIssuer(PERSON, now);
  const text = await issuer.issue({}, { at: now });
  await page.goto(`${service.origin}/wallet/#${encodeURIComponent(text)}`);
  await page.getByRole('img', { name: '您的凭证二维码' }).waitFor();
  await page.getByText('我的凭证').waitFor();
  expect(await page.getByText('这个浏览器不能保存数据').count()).toBe(0);
  await page.clock.runFor(3000);
  await page.getByText('这个浏览器不能保存数据').waitFor();
  expect(await readScreen(page, 'wallet-no-database-phone-zh')).toBe(text);
  const holderKey = [...exportPublicKey(await generateIssuerKey())];
  const bound = await issuer.issue({}, { at: now, holderKey });
  await page.goto('about:blank');
  await page.goto(`${service.origin}/wallet/#${encodeURIComponent(bound)}`);
  await page.getByText('正在打开…').waitFor({ state: 'attached' });
  await page.clock.runFor(3000);
  await page.locator('.trouble', { hasText: '本机不能出示这张凭证' }).waitFor();
});

test('nothing kept yet: two ways to a credential, on the smallest phone', async () => {
  const { page } = await openPage(browser, { size: 'phone' });
  await page.setViewportSize({ width: 320, height: 568 });
  await page.goto(`${service.origin}/wallet/`);
  await page.getByRole('heading', { name: '还没有凭证' }).waitFor();
  expect((await page.locator('.brand-name').boundingBox())?.height, 'on one line').toBeLessThan(40);
  await keepPicture(page, 'wallet-empty-320-zh');
  await page.getByRole('button', { name: '出示本机登记码' }).click();
  const picture = page.getByRole('img', { name: '本机登记码' });
  await expect.poll(async () => (await readTexts(await picture.screenshot())).length).toBe(1);
  await keepPicture(page, 'wallet-enrolment-320-zh');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'No credential yet' }).waitFor();
  expect(
    await picture.or(page.getByRole('img', { name: 'enrolment code' })).isVisible(),
    'what was open stays open',
  ).toBe(true);
  await page.getByRole('button', { name: 'Paste a credential’s link' }).click();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('pasted');
  await page.evaluate(() => scrollTo(0, 0));
  await keepPicture(page, 'wallet-empty-320-en');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
});

test('what was written stays when the language changes; another page of the phone sees a removal', async () => {
  const { page, context } = await openPage(browser, { size: 'phone' });
  await page.goto(`${service.origin}/wallet/#${encodeURIComponent((await service.issue(PERSON)).text)}`);
  await page.getByLabel('称呼').fill('妈妈');
  await page.getByRole('button', { name: 'English' }).click();
  expect(await page.getByLabel('What to call them').inputValue()).toBe('妈妈');
  await page.getByRole('button', { name: 'Keep on this phone' }).click();
  await page.getByText('Credentials on this phone').click();
  const other = await context.newPage();
  await other.goto(`${service.origin}/wallet/`);
  await other.getByText('Credentials on this phone').waitFor();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
  await other.getByRole('heading', { name: 'No credential yet' }).waitFor();
});

test('where the clipboard is refused, the text is marked for the hand', async () => {
  const { page, faults } = await openPage(browser, { size: 'phone' });
  await page.addInitScript(() => {
    Clipboard.prototype.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.goto(`${service.origin}/wallet/`);
  const text = await readEnrolment(page);
  await page.getByRole('button', { name: '复制文字' }).click();
  await page.getByText('没能复制').waitFor();
  expect(await page.evaluate(() => getSelection()?.toString())).toBe(text);
  expect(faults).toEqual([]);
});

test('the key of the phone is out of reach, for this page too', async () => {
  const { page } = await openPage(browser, { size: 'phone' });
  await page.goto(`${service.origin}/wallet/`);
  await readEnrolment(page);
  const taken = await page.evaluate(
    () =>
      new Promise((resolve) => {
        indexedDB.open('zhengma-wallet').onsuccess = ({ target }) => {
          const { result } = target as IDBOpenDBRequest;
          const get = result.transaction('keys').objectStore('keys').get('device');
          get.onsuccess = () =>
            crypto.subtle.exportKey('pkcs8', get.result.privateKey).then(
              () => resolve('exported'),
              (error: Error) => resolve(error.name),
            );
        };
      }),
  );
  expect(taken).toBe('InvalidAccessError');
});

test('a credential of another phone: said, and what to do', async () => {
  const { page } = await openPage(browser, { size: 'phone', locale: 'en' });
  const other = await openPage(browser, { size: 'phone' });
  await other.page.goto(`${service.origin}/wallet/`);
  const now = new Date();
  const issuer = await createIssuer(PERSON, now);
  const text = await issuer.issue(
    {},
    { at: now, holderKey: [...Buffer.from(await readEnrolment(other.page), 'base64url')] },
  );
  await page.goto(`${service.origin}/wallet/#${encodeURIComponent(text)}`);
  await page.locator('.trouble', { hasText: 'The credential belongs to another phone' }).waitFor();
  await keepPicture(page, 'wallet-other-device-phone-en');
});

/** What the phone calls the person of this credential: empty where it is nothing, absent where it is not kept. */
function readRow(page: Page, credential: string): Promise<string | undefined> {
  return page.evaluate(
    (text) =>
      new Promise((resolve) => {
        indexedDB.open('zhengma-wallet').onsuccess = ({ target }) => {
          const { result } = target as IDBOpenDBRequest;
          const all = result.transaction('people').objectStore('people').getAll();
          all.onsuccess = () => {
            const row = all.result.find((one) => one.credential === text);
            resolve(row && (row.label ?? ''));
          };
        };
      }),
    credential,
  );
}

/** The phone's key as the counter gets it: from the screen, and the same in text. */
async function readEnrolment(page: Page): Promise<string> {
  const summary = page.locator('summary', { hasText: '本机登记码（不是密码，可以放心出示）' });
  await page.getByRole('button', { name: '出示本机登记码' }).or(summary).filter({ visible: true }).click();
  const picture = page.getByRole('img', { name: '本机登记码' });
  await picture.scrollIntoViewIfNeeded();
  const [text] = await readTexts(await picture.screenshot());
  expect(text).toBe(await page.locator('.enrolment-text').textContent());
  return text as string;
}

async function readScreen(page: Page, name: string): Promise<string> {
  const texts = await readTexts(await keepPicture(page, name));
  expect(texts).toHaveLength(1);
  return texts[0] as string;
}

async function readTexts(picture: Buffer): Promise<readonly string[]> {
  const { data, info } = await sharp(picture)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const image = { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
  return listTexts(await reader.readStill(image));
}
