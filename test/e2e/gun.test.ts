import { renderQr } from '@zhengma/credential-core/qr';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { CHECK_TEXT } from '../../packages/scanner-web/src/scanner/gun-check.ts';
import { GERMAN, type Gun, sendKeys } from '../../packages/scanner-web/test/keyboards.ts';
import { keepPicture, launchBrowser, openPage, type Watched } from './browser.ts';
import { awaitVerdict, PERSON } from './counter.ts';
import { type Issued, type Service, startService } from './service.ts';

const OFFICIAL = '3201009876543210987654321098';
const SHIFT = 8;

let service: Service;
let browser: Browser;
let issued: Issued;
const opened: Watched[] = [];

beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), launchBrowser('plain')]);
  issued = await service.issue(PERSON);
});

afterEach(async () => {
  for (const { context, faults } of opened.splice(0)) {
    await context.close();
    expect(faults).toEqual([]);
  }
});

afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

test('a gun is read wherever the focus is, with and without a suffix, whatever the keyboard is set to', async () => {
  const page = await open();
  const debugging = await page.context().newCDPSession(page);
  await shoot(debugging, issued.text, { suffix: 'Enter' });
  await awaitVerdict(page, 'valid', 'valid');
  // The next scan is the next person's, and needs no key before it.
  await shoot(debugging, OFFICIAL);
  await page.locator('.verdict[data-tone="foreign"][data-kind="official"]').waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.verdict').waitFor({ state: 'detached' });
  // Of the wrong characters nothing of ours would be read at all: it would be grey.
  for (const gun of [
    { isComposing: true, suffix: 'Tab' },
    { isCapsLocked: true, suffix: 'Enter' },
    { layout: GERMAN },
  ] as const) {
    await shoot(debugging, `ZM1:YZ-/*:$${Object.keys(gun).join('').toUpperCase()}`, gun);
    await awaitVerdict(page, 'refused', 'malformed');
    await page.keyboard.press('Enter');
    await page.locator('.verdict').waitFor({ state: 'detached' });
  }

  // What a person types is no code, and the keys of the counter go on meaning what they mean.
  await shoot(debugging, OFFICIAL, { suffix: 'Enter' });
  await page.locator('.verdict[data-tone="foreign"]').waitFor();
  await page.keyboard.type('37020', { delay: 70 });
  await page.keyboard.press('Space');
  await page.locator('.verdict').waitFor({ state: 'detached' });

  // A form is left alone: the key that is scanned into it arrives there, and nowhere else.
  await page.getByRole('button', { name: '登录', exact: true }).click();
  await shoot(debugging, 'zk-1234567890', { suffix: 'Enter' });
  await page.getByText('这不是 API 密钥').waitFor();
  expect(await page.getByLabel('API 密钥').inputValue()).toBe('zk-1234567890');
  await page.keyboard.press('Escape');
  expect(await page.locator('.verdict').count()).toBe(0);
});

test('the set-up code: all right, or what is wrong and what to do', async () => {
  const page = await open();
  const debugging = await page.context().newCDPSession(page);
  await page.getByRole('button', { name: '扫码枪' }).click();
  await page.getByText('等待扫码…').waitFor();
  expect(
    await page.getByRole('img', { name: '检查用的二维码' }).evaluate((image: HTMLImageElement) => image.naturalWidth),
  ).toBeGreaterThan(0);
  await shoot(debugging, CHECK_TEXT, { suffix: 'Enter' });
  await page.getByText('完全正确，可以使用。').waitFor();
  await page.getByText('末尾：回车').waitFor();
  await keepPicture(page, 'gun-check-right-desk-zh');

  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'English' }).click();
  await keepPicture(page, 'scan-ways-phone-en');
  await page.getByRole('button', { name: 'Scanner gun' }).click();
  await shoot(debugging, CHECK_TEXT, { layout: GERMAN });
  await page.getByText('The keyboard layout of this computer is not that of the gun.').waitFor();
  await page.getByText('The gun sends no Enter after a code').waitFor();
  await page.getByText('Z → Y').waitFor();
  await keepPicture(page, 'gun-check-layout-phone-en');
  await shoot(debugging, CHECK_TEXT.replace('Q', ''), { suffix: 'Enter' });
  await page.getByText('Did not arrive: Q').waitFor();
  await keepPicture(page, 'gun-check-lost-phone-en');
  expect(await page.locator('.verdict').count(), 'it is no code of a person').toBe(0);
});

test('a scanner that only writes into fields has one, and keeps it', async () => {
  const page = await open();
  const debugging = await page.context().newCDPSession(page);
  await page.getByRole('button', { name: '扫码枪' }).click();
  await page.getByRole('button', { name: '打开扫码输入框' }).click();
  await page.keyboard.press('Escape');
  await page.reload();
  await expect.poll(() => page.evaluate(() => document.activeElement?.hasAttribute('data-gun'))).toBe(true);
  await debugging.send('Input.insertText', { text: issued.text });
  await awaitVerdict(page, 'valid', 'valid');
  await keepPicture(page, 'gun-field-valid-desk-zh');
  await expect.poll(() => page.evaluate(() => document.activeElement?.hasAttribute('data-gun'))).toBe(true);
  // Some come as a composition, in pieces.
  await debugging.send('Input.imeSetComposition', { text: OFFICIAL.slice(0, 9), selectionStart: 9, selectionEnd: 9 });
  await debugging.send('Input.imeSetComposition', { text: OFFICIAL, selectionStart: 28, selectionEnd: 28 });
  await debugging.send('Input.insertText', { text: OFFICIAL });
  await page.locator('.verdict[data-tone="foreign"][data-kind="official"]').waitFor();
  expect(await page.getByLabel('扫码输入框').inputValue()).toBe('');
  await page.keyboard.press('Enter');
  await page.locator('.verdict').waitFor({ state: 'detached' });
});

test('pictures: one is shown like any code; of many each is judged, listed, and copied without names', async () => {
  const page = await open();
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const credential = await drawFile('张建国.png', issued.text);
  const official = await drawFile('official.png', OFFICIAL);
  const broken = { name: 'broken.png', base64: Buffer.from('no picture').toString('base64') };

  await bring(page, 'paste', [credential]);
  await awaitVerdict(page, 'valid', 'valid');
  await bring(page, 'paste', [official]);
  await page.locator('.verdict[data-tone="foreign"]').waitFor();
  await page.keyboard.press('Enter');

  await bring(page, 'dragenter', [credential]);
  await page.getByText('松开鼠标，读取图片').waitFor();
  await keepPicture(page, 'scan-drop-desk-zh');
  await bring(page, 'drop', [credential, official, broken]);
  await page.getByText('共 3 张，已全部核验').waitFor();
  expect(await page.getByText('松开鼠标，读取图片').isVisible()).toBe(false);
  const rows = page.getByRole('dialog').getByRole('listitem');
  expect(await rows.evaluateAll((items) => items.map((item) => item.dataset['tone']))).toEqual([
    'valid',
    'foreign',
    'unread',
  ]);
  expect(await rows.nth(0).textContent()).toContain('张** *0018');
  await rows.nth(2).getByText('不是图片，或已损坏').waitFor();
  await keepPicture(page, 'scan-files-desk-zh');
  await page.getByRole('button', { name: '复制结果' }).click();
  await page.getByText('已复制。').waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied.split('\n').map((line) => line.split('\t')[1])).toEqual(['有效', '不是证码', '']);
  expect(copied).not.toContain('建国');
  await page.setViewportSize({ width: 390, height: 844 });
  await keepPicture(page, 'scan-files-phone-zh');
  await page.getByRole('button', { name: '关闭' }).click();
  expect(await page.getByRole('dialog').count()).toBe(0);
});

test('a gun at a serial port: chosen once, opened again by itself, and said to be gone', async () => {
  const page = await open(FAKE_SERIAL);
  await page.getByRole('button', { name: '扫码枪' }).click();
  await page.getByText('没有连接').waitFor();
  await page.getByRole('button', { name: '选择串口' }).click();
  await page.getByText('已连接，可以扫码。').waitFor();
  await page.getByLabel('波特率').selectOption('115200');
  await expect.poll(() => page.evaluate(() => window.fakeSerial.rates)).toEqual([9600, 115_200]);
  await page.getByText('已连接，可以扫码。').waitFor();
  await page.locator('.serial-controls').scrollIntoViewIfNeeded();
  await keepPicture(page, 'gun-serial-desk-zh');
  await page.getByRole('button', { name: '关闭' }).click();
  await page.evaluate((text) => window.fakeSerial.send(text), `${issued.text.slice(0, 50)}`);
  await page.evaluate((text) => window.fakeSerial.send(text), `${issued.text.slice(50)}\r\n`);
  await awaitVerdict(page, 'valid', 'valid');
  await page.keyboard.press('Enter');

  await page.evaluate(() => window.fakeSerial.unplug());
  await page.getByRole('alert').getByText('串口扫码枪断开了').waitFor();
  await keepPicture(page, 'gun-unplugged-desk-zh');
  await page.evaluate(() => window.fakeSerial.plugIn());
  await page.getByText('串口扫码枪断开了').waitFor({ state: 'hidden' });
  await page.evaluate((text) => window.fakeSerial.send(text), `${OFFICIAL}\r`);
  await page.locator('.verdict[data-tone="foreign"][data-kind="official"]').waitFor();

  // The choice of the day before, with the rate.
  await page.reload();
  await expect.poll(() => page.evaluate(() => window.fakeSerial.rates)).toEqual([115_200]);
});

async function open(script?: string): Promise<Page> {
  const watched = await openPage(browser);
  opened.push(watched);
  if (script) await watched.page.addInitScript(script);
  await watched.page.goto(`${service.origin}/scan/`);
  await watched.page.getByText(/^名单 .*更新$/).waitFor();
  return watched.page;
}

/** Plays a gun: the keys of each character, with the times at which a gun sends them, however long it takes to send them here. */
async function shoot(debugging: CDPSession, text: string, gun: Gun = {}): Promise<void> {
  const events = sendKeys(text, gun);
  // The last key is of this moment: what a test presses afterwards comes later.
  const start = Date.now() - (events.at(-1)?.at ?? 0);
  const sent = events.flatMap((event) => {
    if (event.kind !== 'key') return [];
    const { key, code, isShifted, at } = event;
    const about = { key, code, modifiers: isShifted ? SHIFT : 0, timestamp: (start + at) / 1000 };
    const characters = key === 'Enter' ? '\r' : [...key].length === 1 ? key : '';
    return [
      debugging.send('Input.dispatchKeyEvent', {
        ...about,
        type: characters === '' ? 'rawKeyDown' : 'keyDown',
        text: characters,
        windowsVirtualKeyCode: key === 'Process' ? 229 : key === 'Tab' ? 9 : key === 'Enter' ? 13 : 0,
      }),
      debugging.send('Input.dispatchKeyEvent', { ...about, type: 'keyUp' }),
    ];
  });
  await Promise.all(sent);
}

interface BroughtFile {
  readonly name: string;
  readonly base64: string;
}

async function drawFile(name: string, text: string): Promise<BroughtFile> {
  const png = await renderQr(text, { format: 'png', scale: 4 });
  return { name, base64: Buffer.from(png).toString('base64') };
}

/** Pastes files, or holds them above the page, or lets them go. */
async function bring(page: Page, kind: 'paste' | 'dragenter' | 'drop', files: readonly BroughtFile[]): Promise<void> {
  await page.evaluate(
    ([type, brought]) => {
      const data = new DataTransfer();
      for (const { name, base64 } of brought)
        data.items.add(
          new File([Uint8Array.from(atob(base64), (byte) => byte.charCodeAt(0))], name, { type: 'image/png' }),
        );
      const event =
        type === 'paste'
          ? new ClipboardEvent(type, { clipboardData: data, bubbles: true })
          : new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true });
      document.body.dispatchEvent(event);
    },
    [kind, files] as const,
  );
}

declare global {
  interface Window {
    fakeSerial: {
      readonly rates: readonly number[];
      send(text: string): void;
      unplug(): void;
      plugIn(): void;
    };
  }
}

/** `navigator.serial` with one port; that it was chosen outlives the page. */
const FAKE_SERIAL = `{
  let controller;
  let isPlugged = true;
  const rates = [];
  class Port extends EventTarget {
    readable = null;
    async open({ baudRate }) {
      if (this.readable) throw new DOMException('The port is already open.', 'InvalidStateError');
      rates.push(baudRate);
      this.readable = new ReadableStream({ start: (started) => { controller = started; } });
    }
    async close() {
      if (this.readable?.locked) throw new TypeError('Cannot cancel a locked stream');
      this.readable = null;
    }
  }
  const port = new Port();
  class Serial extends EventTarget {
    async getPorts() {
      return isPlugged && localStorage.getItem('fake.serial') ? [port] : [];
    }
    async requestPort() {
      localStorage.setItem('fake.serial', 'chosen');
      return port;
    }
  }
  const serial = new Serial();
  Object.defineProperty(Navigator.prototype, 'serial', { configurable: true, get: () => serial });
  window.fakeSerial = {
    rates,
    send: (text) => controller.enqueue(new TextEncoder().encode(text)),
    unplug() {
      isPlugged = false;
      port.readable = null;
      controller.error(new DOMException('The device has been lost.', 'NetworkError'));
      serial.dispatchEvent(new Event('disconnect'));
    },
    plugIn() {
      isPlugged = true;
      serial.dispatchEvent(new Event('connect'));
    },
  };
}`;
