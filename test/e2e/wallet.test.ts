import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CodeReader, createCodeReader } from '../../packages/scanner-web/src/engine/code-reader.ts';
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
  await page.locator('.name b', { hasText: '王**' }).waitFor();
  expect(await page.getByRole('tab').count()).toBe(0);
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

/** The phone's key as the counter gets it: from the screen, and the same in text. */
async function readEnrolment(page: Page): Promise<string> {
  await page.getByText('领取凭证：出示本机密钥').click();
  const picture = page.getByRole('img', { name: '本机密钥的二维码' });
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
  return (await reader.readStill(image))?.texts ?? [];
}
