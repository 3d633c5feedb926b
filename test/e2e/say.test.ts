import { renderQr } from '@zhengma/credential-core/qr';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createIssuing } from '../../packages/scanner-web/test/issuing.ts';
import { keepPicture, launchBrowser, openPage, type Watched } from './browser.ts';
import { awaitVerdict, chooseImage, readFacts } from './counter.ts';
import { type Service, startService } from './service.ts';

let service: Service;
let browser: Browser;
let issuing: Awaited<ReturnType<typeof createIssuing>>;
/** Carries the name in full, and more of the number than a screen may show. */
let text: string;

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser('plain');
  issuing = await createIssuing();
  ({ text } = await issuing.signCredential(new Date(), { masks: { name: 'full', idNumber: '6+4' } }));
});

afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

describe('the screen that faces the patient', () => {
  test('is opened from the header, follows the counter, says nobody’s name in full, and notices that the scanner is gone', async () => {
    const { page, context, faults } = await openScanner();
    const patient = await openPatientScreen(page, context);
    await patient.getByRole('heading', { name: '您好，请出示凭证二维码' }).waitFor();
    await keepPicture(patient, 'patient-waiting');

    await scan(page, text);
    await patient.locator('[data-tone="valid"]').waitFor();
    await patient.getByRole('heading', { name: '核验通过' }).waitFor();
    await patient.getByText('张**').waitFor();
    const seen = await patient.content();
    for (const secret of ['建国', '0018', '370202', '职工']) expect(seen).not.toContain(secret);
    await keepPicture(patient, 'patient-valid');

    await patient.getByRole('button', { name: 'English' }).click();
    await patient.getByText('Your credential is valid.').waitFor();
    expect(await page.locator('html').getAttribute('lang'), 'the language of each screen is its own').toBe('zh-CN');
    await page.keyboard.press('Enter');
    await patient.getByRole('heading', { name: 'Hello, please show' }).waitFor();

    await scan(page, `${text.slice(0, -12)}${(await issuing.signCredential(new Date())).text.slice(-12)}`, 'refused');
    await patient.getByRole('heading', { name: 'Not this time' }).waitFor();
    await keepPicture(patient, 'patient-refused-en');

    await page.close();
    await patient.getByRole('heading', { name: 'Not in service just now' }).waitFor();
    await keepPicture(patient, 'patient-lost-en');
    expect(faults).toEqual([]);
    await context.close();
  });

  test('of two scanners the one in front has it: the other says so, and gets it back when that one is closed', async () => {
    const { page, context, faults } = await openScanner();
    const patient = await openPatientScreen(page, context);
    await patient.getByRole('heading', { name: '您好，请出示凭证二维码' }).waitFor();
    const second = await context.newPage();
    await second.goto(`${service.origin}/scan/`);
    await page.getByRole('button', { name: '对客屏：在另一窗口' }).waitFor();
    await keepPicture(page, 'scan-patient-screen-elsewhere-desk-zh');
    await second.getByText(/核对过$/).waitFor({ state: 'attached' });
    await scan(page, text);
    await scan(second, `${text.slice(0, -12)}${(await issuing.signCredential(new Date())).text.slice(-12)}`, 'refused');
    await patient.locator('[data-tone="refused"]').waitFor();

    await page.evaluate(() => dispatchEvent(new Event('focus')));
    await patient.locator('[data-tone="valid"]').waitFor();
    await second.getByRole('button', { name: '对客屏：在另一窗口' }).waitFor();
    await page.close();
    await patient.locator('[data-tone="refused"]').waitFor();
    await second.getByRole('button', { name: '对客屏', exact: true }).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  });

  test('clears a verdict by itself, opens without a network, and sends nothing', async () => {
    const { page, context, requests } = await openScanner();
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    const asked = requests.length;
    const patient = await context.newPage();
    await patient.clock.install();
    await patient.goto(`${service.origin}/scan/patient/`);
    await patient.getByRole('heading', { name: '您好，请出示凭证二维码' }).waitFor();
    await scan(page, text);
    await patient.locator('[data-tone="valid"]').waitFor();
    await patient.clock.fastForward(19_000);
    await patient.getByRole('heading', { name: '核验通过' }).waitFor();
    await patient.clock.fastForward(3_000);
    await patient.getByRole('heading', { name: '您好，请出示凭证二维码' }).waitFor();
    expect(await page.locator('.verdict').count(), 'the operator still reads').toBe(1);
    const paths = requests.slice(asked).map((url) => new URL(url).pathname);
    expect(paths.filter((path) => path.startsWith('/v1/') && !/lists?(\/|$)|revocation-snapshot/.test(path))).toEqual(
      [],
    );
    await context.close();
  });
});

test('names and numbers are masked until the operator asks, for fifteen seconds, and never beside the next person', async () => {
  const { page, context } = await openScanner();
  await scan(page, text);
  const masked = { 姓名: '张**', 证件号码: '*0018' };
  const full = { 姓名: '张建国', 证件号码: '370202*0018' };
  expect(await readFacts(page)).toMatchObject(masked);
  expect(await page.content()).not.toContain('建国');
  await keepPicture(page, 'scan-masked-desk-zh');

  await page.getByRole('button', { name: '显示完整信息' }).click();
  await page.getByText('张建国', { exact: true }).waitFor();
  expect(await readFacts(page)).toMatchObject(full);
  await page.getByRole('button', { name: /^隐藏（\d+）$/ }).waitFor();
  await keepPicture(page, 'scan-in-full-desk-zh');
  await page.getByRole('button', { name: '隐藏（13）' }).waitFor();
  await page.getByRole('button', { name: /^隐藏/ }).click();
  await page.getByText('张**', { exact: true }).waitFor();

  await page.getByRole('button', { name: '显示完整信息' }).focus();
  await page.keyboard.press('Enter');
  await page.getByText('张建国', { exact: true }).waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event('blur')));
  await page.getByText('张**', { exact: true }).waitFor();
  expect(await page.content()).not.toContain('建国');

  await page.getByRole('button', { name: '显示完整信息' }).click();
  await page.getByText('张建国', { exact: true }).waitFor();
  await page.getByRole('button', { name: /下一位/ }).click();
  await scan(page, text);
  expect(await readFacts(page)).toMatchObject(masked);
  await context.close();
});

test('elder mode: large, folded, spoken calmly, with a signal of its own for each tone; the voice ends with the next person', async () => {
  const { page, context, faults } = await openScanner({ elder: true, voice: true, sound: true }, EARS);
  expect(await page.locator('html').getAttribute('data-elder')).toBe('');
  await scan(page, text);
  await expect
    .poll(() => heard(page))
    .toMatchObject({ spoken: [{ text: '核验通过', lang: 'zh-CN' }], hertz: [587, 880] });
  await page.locator('.more-facts summary').waitFor();
  expect(await page.getByText('示例签发机构').isVisible()).toBe(false);
  await keepPicture(page, 'scan-elder-desk-zh');
  await page.locator('.more-facts summary').focus();
  await page.keyboard.press('Enter');
  await page.getByText('示例签发机构').waitFor();
  expect(await page.locator('.verdict').count(), 'a key that opens is not the next person’s').toBe(1);

  const before = (await heard(page)).hushed;
  await page.getByRole('button', { name: /下一位/ }).click();
  await expect.poll(async () => (await heard(page)).hushed).toBeGreaterThan(before);
  await scan(page, '4201123456789012345678901234', 'foreign');
  await expect.poll(async () => (await heard(page)).spoken.length).toBe(2);
  const { spoken, hertz } = await heard(page);
  expect(spoken[1]?.text).toBe('这是别的码。工作人员会告诉您怎么办。');
  expect(spoken[1]?.rate).toBeLessThan(1);
  expect(hertz.slice(2)).toEqual([392]);
  for (const { text } of spoken) expect(text).not.toMatch(/张|0018|\d/);

  // No voice of this machine speaks English here: the signal alone is heard, and no voice of the network.
  await page.getByRole('button', { name: /下一位/ }).click();
  await page.getByRole('button', { name: 'English' }).click();
  await scan(page, text);
  await expect.poll(async () => (await heard(page)).hertz.length).toBe(5);
  expect((await heard(page)).spoken).toHaveLength(2);
  expect(faults).toEqual([]);
  await context.close();
});

interface Heard {
  readonly spoken: readonly { readonly text: string; readonly lang: string; readonly rate: number }[];
  readonly hertz: readonly number[];
  readonly hushed: number;
}

/** Hears what a loudspeaker would: a machine with a Chinese voice, and an English one that belongs to the network. */
const EARS = `
  const heard = (window.heard = { spoken: [], hertz: [], hushed: 0 });
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; this.rate = 1; } };
  Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => [
      { lang: 'en-US', localService: false, name: 'network' },
      { lang: 'zh-CN', localService: true, name: 'local' },
    ],
    speak: ({ text, lang, rate }) => heard.spoken.push({ text, lang, rate }),
    cancel: () => { heard.hushed++; },
  } });
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    heard.hertz.push(this.frequency.value);
    return start.apply(this, when);
  };
`;

function heard(page: Page): Promise<Heard> {
  return page.evaluate('heard');
}

/** The lists of an issuer of this test's own: the service masks whatever it issues. */
async function serveLists(context: BrowserContext): Promise<void> {
  const now = new Date();
  const lists: Readonly<Record<string, object | Uint8Array>> = {
    '/v1/roots': { roots: [Buffer.from(issuing.root).toString('base64url')] },
    '/v1/trust-list': await issuing.signTrustList(1, now),
    '/v1/status-lists': { status_lists: [issuing.uri] },
    '/v1/revocation-snapshot': await issuing.signSnapshot(1, [], now),
    '/v1/revocation-snapshot/deltas/1': await issuing.signSnapshot(2, [], now, 1),
  };
  await context.route('**/v1/**', (route) => {
    const list = lists[new URL(route.request().url()).pathname];
    if (list instanceof Uint8Array) return route.fulfill({ body: Buffer.from(list) });
    return list ? route.fulfill({ json: list }) : route.abort();
  });
}

async function openScanner(workplace: object = {}, script = ''): Promise<Watched> {
  const watched = await openPage(browser);
  await serveLists(watched.context);
  const kept = JSON.stringify(JSON.stringify({ mode: 'counter', ...workplace }));
  await watched.page.addInitScript(`localStorage.setItem('zhengma.workplace', ${kept}); ${script}`);
  await watched.page.goto(`${service.origin}/scan/`);
  await watched.page.locator('.scan[data-camera="live"]').waitFor();
  await watched.page.getByText(/核对过$/).waitFor({ state: 'attached' });
  // Somebody touches the page: before that a browser lets nothing be heard.
  await watched.page.locator('footer').click();
  return watched;
}

async function openPatientScreen(page: Page, context: BrowserContext): Promise<Page> {
  const [patient] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('button', { name: '对客屏' }).click(),
  ]);
  await patient.setViewportSize({ width: 1024, height: 720 });
  return patient;
}

async function scan(page: Page, code: string, tone = 'valid'): Promise<void> {
  await chooseImage(page, Buffer.from(await renderQr(code, { format: 'png' })));
  await awaitVerdict(page, tone);
}
