import { createServiceClient, type ServiceClient } from '@zhengma/verifier-service/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { keepPicture, launchBrowser, openPage, type Watched } from './browser.ts';
import { awaitVerdict, PERSON, paste } from './counter.ts';
import { type HisReceiver, startHisReceiver } from './his-receiver.ts';
import { type Service, startService } from './service.ts';

const HOSPITAL = 'H37020000001';
const PAPER = { ...PERSON, paper: true };

let service: Service;
let his: HisReceiver;
let administrator: ServiceClient;
let browser: Browser;

beforeAll(async () => {
  his = await startHisReceiver(() => service.origin);
  service = await startService({ handOverOrigins: `http://127.0.0.1:${his.port},ws://127.0.0.1:${his.port}` });
  const { origin, apiKey } = service;
  administrator = createServiceClient({ origin, apiKey });
  await administrator.addOrganisation({ id: HOSPITAL, name: '市立医院', parent: '370200' });
  browser = await launchBrowser('plain');
});

afterEach(async () => {
  his.taken.length = 0;
  his.answer(204);
  await Promise.all(browser.contexts().map((context) => context.close()));
});

afterAll(async () => {
  await browser?.close();
  await service?.remove();
  await his?.stop();
});

test('counter: the window is named, a result is handed over by H, the log is searched, and goes with the shift', async () => {
  const [early, late] = [await hire('早班'), await hire('晚班')];
  const watched = await open();
  const { page } = watched;
  await page.getByRole('button', { name: '设置' }).click();
  await page.getByLabel('窗口号').fill('3');
  await page.getByLabel('结果交给 HIS').selectOption('http');
  await page.getByLabel('地址', { exact: true }).fill('http://his.example:9000/');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('地址须为本机').waitFor();
  await page.getByLabel('地址', { exact: true }).fill(`http://127.0.0.1:${his.port}/zhengma`);
  await keepPicture(page, 'place-settings-desk-zh');
  await page.getByRole('button', { name: '保存' }).click();
  await page.getByText('3 号窗口').waitFor();
  await enter(page, early.apiKey);
  await page.locator('.desk-open').click();
  await page.locator('#operator-business').selectOption('01301');
  await page.getByRole('button', { name: '关闭' }).click();
  await page.locator('.place-where', { hasText: '结算' }).waitFor();

  await paste(page, (await service.issue({ ...PAPER, assistance: '2304' })).text);
  await awaitVerdict(page, 'valid', 'valid');
  expect(await page.locator('.person-priority dd').textContent()).toBe('优先办理');
  await page.keyboard.press('h');
  await page.getByText('已交出。').waitFor();
  await keepPicture(page, 'place-counter-desk-zh');
  const found = await administrator.searchAudit({ operator: early.id, action: 'verify' });
  const [entry] = found.ok ? found.value.entries : [];
  expect(his.taken).toEqual([
    {
      version: 1,
      tone: 'valid',
      code: 'valid',
      checkedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      receipt: entry?.receipt,
      businessType: '01301',
      operator: early.id,
      windowNumber: '3',
      person: {
        name: '张**',
        idNumber: '*0018',
        region: '370202',
        scheme: '310',
        personClass: '12',
        priority: true,
        enrolment: '1',
      },
    },
  ]);

  // It answers nothing, and is asked no second time.
  his.answer('nothing');
  await page.getByRole('button', { name: '交给 HIS' }).click();
  await page.getByText('HIS 没有应答。').waitFor();
  his.answer(503);
  await page.getByRole('button', { name: '交给 HIS' }).click();
  await page.getByText('HIS 没有接收。').waitFor();
  await keepPicture(page, 'place-his-refused-desk-zh');
  await page.keyboard.press('Enter');
  await paste(page, '0'.repeat(28));
  await awaitVerdict(page, 'foreign', 'not_zhengma');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '记录' }).click();
  await page.getByText('共 2 条').waitFor();
  await page.locator('#log-search').fill(`张 ${entry?.receipt?.slice(0, 8)}`);
  await page.getByText('2 条中找到 1 条').waitFor();
  await keepPicture(page, 'place-log-desk-zh');
  await page.getByRole('button', { name: '关闭' }).click();

  await enter(page, late.apiKey);
  await page.locator('.desk-bar', { hasText: '晚班' }).waitFor();
  await page.getByRole('button', { name: '记录' }).click();
  await page.getByText('共 0 条').waitFor();
  expect(watched.faults.filter((fault) => !fault.includes('503'))).toEqual([]);
});

test('hospital: the errand is chosen by step, results go by WebSocket with the code, and by the clipboard', async () => {
  const { apiKey } = await hire('收费处', { businessTypes: ['01101', '01301', '01302'] });
  const watched = await open({ locale: 'en', query: '?mode=hospital' });
  const { page, context } = watched;
  await enter(page, apiKey);
  expect(await page.locator('.step').allTextContents()).toEqual(['1Registration', '2Settlement', '3Dispensing']);
  await page.keyboard.press('Alt+2');
  await page.locator('.step[aria-pressed="true"]', { hasText: 'Settlement' }).waitFor();
  await setUp(page, 'websocket', `ws://127.0.0.1:${his.port}/zhengma`, true);
  const { text } = await service.issue(PAPER);
  await paste(page, text);
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByText('Handed over.').waitFor();
  expect(his.taken).toMatchObject([{ tone: 'valid', businessType: '01301', text, receipt: expect.any(String) }]);
  await keepPicture(page, 'place-hospital-valid-desk-en');
  await page.keyboard.press('Enter');
  await keepPicture(page, 'place-hospital-desk-en');
  await page.setViewportSize({ width: 390, height: 844 });
  await keepPicture(page, 'place-hospital-phone-en');
  await page.setViewportSize({ width: 1280, height: 800 });

  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: service.origin });
  await setUp(page, 'clipboard', '{businessType:csv},{name:csv}');
  await paste(page, (await service.issue(PAPER)).text);
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByRole('button', { name: 'Hand over' }).click();
  await page.getByText('Handed over.').waitFor();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('"01301","张**"');
  await page.keyboard.press('Enter');

  // An address that the service does not name: the browser refuses, and the page says who can change that.
  await setUp(page, 'http', 'http://127.0.0.1:59999/zhengma');
  await paste(page, (await service.issue(PAPER)).text);
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByRole('button', { name: 'Hand over' }).click();
  await page.getByText('The service does not allow this address.').waitFor();
  const policies = await Promise.all(
    ['/scan/', '/admin/'].map(async (path) =>
      (await fetch(service.origin + path)).headers.get('content-security-policy'),
    ),
  );
  expect(policies.map((policy) => policy?.includes(`ws://127.0.0.1:${his.port}`))).toEqual([true, false]);

  // What was chosen is there tomorrow.
  await page.reload();
  await enter(page, apiKey);
  await page.locator('.step[aria-pressed="true"]', { hasText: 'Settlement' }).waitFor();
});

test('kiosk: large, without the operator’s controls, with a slip; back to the start by itself; settings by a long press', async () => {
  const watched = await open({ withClock: true });
  const { page } = watched;
  await setUp(page, 'http', `http://127.0.0.1:${his.port}/zhengma`, true);
  await page.goto(`${service.origin}/scan/?mode=kiosk`);
  await page.locator('.lists-checked:not(:empty)').waitFor({ state: 'attached' });
  await page.evaluate(() => {
    window.print = () => document.body.setAttribute('data-printed', document.querySelector('.slip')?.textContent ?? '');
  });
  for (const hidden of ['.desk-bar', '.settings-open', '.log-open', '.choose'])
    expect(await page.locator(hidden).isVisible(), hidden).toBe(false);
  await keepPicture(page, 'place-kiosk-desk-zh');
  const { text } = await service.issue({ ...PAPER, assistance: '2304' });
  await paste(page, text);
  await awaitVerdict(page, 'valid', 'valid');
  expect(await page.locator('body').textContent(), 'the screen is everybody’s').not.toContain('优先');
  await expect.poll(() => his.taken).toMatchObject([{ tone: 'valid', deviceType: 'SelfService', text }]);
  expect(await page.locator('.hand-over').isVisible()).toBe(false);
  await page.getByRole('button', { name: '打印凭条' }).click();
  await page.locator('body[data-printed*="张**"]').waitFor();
  await page.emulateMedia({ media: 'print' });
  await keepPicture(page, 'place-kiosk-slip-zh');
  await page.emulateMedia({ media: null });
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  await page.clock.runFor(8_000);
  await keepPicture(page, 'place-kiosk-valid-desk-zh');
  expect(await page.locator('.place-left').evaluate((bar: HTMLProgressElement) => bar.value)).toBeLessThan(0.7);
  await page.clock.runFor(13_000);
  await page.locator('.verdict').waitFor({ state: 'detached' });
  expect(await page.locator('body').innerHTML(), 'nothing of the person is left').not.toContain('张**');

  const logo = await page.locator('.brand img').boundingBox();
  await page.mouse.move((logo?.x ?? 0) + 20, (logo?.y ?? 0) + 20);
  await page.mouse.down();
  await page.clock.runFor(2_000);
  expect(await page.locator('.settings-dialog').count()).toBe(0);
  await page.clock.runFor(1_100);
  await page.mouse.up();
  await page.getByRole('button', { name: '操作员与名单' }).click();
  await page.getByLabel('API 密钥').waitFor();
  expect(watched.faults).toEqual([]);
});

test('kiosk: who leaves it leaves nothing behind: no language, no open dialog, no printed slip that no printer took', async () => {
  const { page } = await open({ query: '?mode=kiosk', withClock: true });
  await page.evaluate(() => {
    window.print = () => undefined;
    document.documentElement.requestFullscreen = async () => document.body.setAttribute('data-full', 'yes');
  });
  await page.getByRole('button', { name: 'English' }).click();
  await page.locator('html[lang="en"]').waitFor();
  await page.locator('body[data-full]').waitFor({ state: 'attached' });
  for (const _ of ['one', 'another']) {
    await paste(page, (await service.issue(PAPER)).text);
    await awaitVerdict(page, 'valid', 'valid');
    await page.getByRole('button', { name: 'Print' }).click();
    await page.locator('.slip').waitFor({ state: 'attached' });
  }
  expect(await page.locator('.slip').count()).toBe(1);
  await page.keyboard.press('h');
  await page.clock.runFor(21_000);
  await page.locator('.slip').waitFor({ state: 'detached' });
  expect(his.taken, 'nobody hands over at a kiosk').toEqual([]);

  const logo = await page.locator('.brand img').boundingBox();
  await page.mouse.move((logo?.x ?? 0) + 20, (logo?.y ?? 0) + 20);
  await page.mouse.down();
  await page.clock.runFor(3_100);
  await page.mouse.up();
  await page.locator('.settings-dialog').waitFor();
  await page.clock.runFor(61_000);
  await page.locator('.settings-dialog').waitFor({ state: 'detached' });
  await page.locator('html[lang="zh-CN"]').waitFor();
  await page.reload();
  await page.locator('html[lang="zh-CN"]').waitFor();
});

test('what is handed over is what was checked, by whom and for what, whatever changes while the answer is read', async () => {
  const scope = { businessTypes: ['01101', '01301'] };
  const [early, late] = [await hire('早班', scope), await hire('晚班', scope)];
  const { page } = await open({ query: '?mode=hospital' });
  await enter(page, early.apiKey);
  await page.keyboard.press('Alt+1');
  await setUp(page, 'http', `http://127.0.0.1:${his.port}/zhengma`);
  await paste(page, (await service.issue(PAPER)).text);
  await awaitVerdict(page, 'valid', 'valid');
  await page.keyboard.press('Alt+2');
  await page.locator('.step[aria-pressed="true"]', { hasText: '结算' }).waitFor({ state: 'attached' });
  await page.getByRole('button', { name: '交给 HIS' }).click();
  await page.getByText('已交出。').waitFor();
  const found = await administrator.searchAudit({ operator: early.id, action: 'verify' });
  const [entry] = found.ok ? found.value.entries : [];
  expect(entry).toMatchObject({ businessType: '01101' });
  expect(his.taken).toMatchObject([{ businessType: '01101', operator: early.id, receipt: entry?.receipt }]);

  await enter(page, late.apiKey);
  await page.locator('.verdict').waitFor({ state: 'detached' });
});

test('a specimen is nobody: it goes when the training ends, and reaches no HIS', async () => {
  const { page } = await open();
  await setUp(page, 'http', `http://127.0.0.1:${his.port}/zhengma`, true);
  await page.goto(`${service.origin}/scan/?mode=training`);
  await page.getByRole('button', { name: '纸质码' }).click();
  await awaitVerdict(page, 'valid', 'valid');
  await page.locator('.settings-open').click();
  await page.locator('#settings-mode').selectOption('counter');
  await page.locator('.settings-form [type="submit"]').click();
  await page.locator('.verdict').waitFor({ state: 'detached' });
  await page.keyboard.press('h');
  await paste(page, (await service.issue(PAPER)).text);
  await awaitVerdict(page, 'valid', 'valid');
  await expect.poll(() => his.taken).toMatchObject([{ person: { name: '张**' } }]);
});

test('training without what it needs says so, and goes on when it can be had', async () => {
  const watched = await openPage(browser);
  const { page } = watched;
  await page.route('**/training-*.js', (route) => route.abort());
  await page.goto(`${service.origin}/scan/?mode=training`);
  await page.getByRole('button', { name: '纸质码' }).click();
  await page.getByText('没有核验成').waitFor();
  await page.unroute('**/training-*.js');
  await page.getByRole('button', { name: '纸质码' }).click();
  await awaitVerdict(page, 'valid', 'valid');
});

test('phone: the picture is at the top and what is pressed at the bottom', async () => {
  const { page } = await open({ query: '?mode=phone', size: 'phone' });
  const picture = await page.locator('.viewfinder').boundingBox();
  expect(picture?.y).toBe(0);
  for (const control of ['.choose', '.desk-open', '.settings-open', '.language']) {
    const box = await page.locator(control).boundingBox();
    expect(box?.y, control).toBeGreaterThan(480);
    expect((box?.x ?? 0) + (box?.width ?? 0), control).toBeLessThanOrEqual(390);
  }
  await keepPicture(page, 'place-phone-zh');
  await paste(page, (await service.issue(PAPER)).text);
  await awaitVerdict(page, 'valid', 'valid');
  await keepPicture(page, 'place-phone-valid-zh');
  await page.locator('.next').click();
  await page.getByRole('button', { name: 'English' }).click();
  await keepPicture(page, 'place-phone-en');
});

test('training: specimens of every tone, each marked; the service is not asked and nothing is recorded', async () => {
  const { id, apiKey } = await hire('新人');
  const watched = await open({ query: '?mode=training' });
  const { page } = watched;
  await enter(page, apiKey);
  await page.getByText('培训，无效').waitFor();
  await keepPicture(page, 'place-training-desk-zh');
  for (const [name, tone, code] of [
    ['手机出示', 'valid', 'valid'],
    ['查不到状态', 'unsure', 'status_unknown'],
    ['已吊销', 'refused', 'revoked'],
    ['官方医保码', 'foreign', 'not_zhengma'],
  ] as const) {
    await page.getByRole('button', { name }).click();
    await awaitVerdict(page, tone, code);
    expect(await page.locator('.training-banner').isVisible()).toBe(true);
    await keepPicture(page, `place-training-${tone}-desk-zh`);
    await page.keyboard.press('Enter');
  }
  await paste(page, (await service.issue(PAPER)).text);
  await page.locator('.verdict').waitFor();
  expect(await page.locator('.verdict').getAttribute('data-tone'), 'a real code').not.toBe('valid');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '记录' }).click();
  await page.getByText('共 5 条').waitFor();
  expect(await page.locator('.log-rows li', { hasText: '培训，无效' }).count()).toBe(5);
  await page.getByRole('button', { name: '关闭' }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole('button', { name: 'English' }).click();
  await keepPicture(page, 'place-training-phone-en');
  expect(watched.requests.filter((url) => /\/v1\/(?:verifications|receipts)$/.test(url))).toEqual([]);
  const found = await administrator.searchAudit({ operator: id, action: 'verify' });
  expect(found.ok && found.value.entries).toEqual([]);
  expect(watched.faults).toEqual([]);
});

async function hire(name: string, scope: { businessTypes?: string[] } = {}) {
  const added = await administrator.addOperator({ name, role: 'verifier', organisation: HOSPITAL, scope });
  if (!added.ok || added.value.apiKey === undefined) throw new Error(`${name} has no key`);
  return { id: added.value.operator.id, apiKey: added.value.apiKey };
}

async function open({
  locale = 'zh-CN',
  query = '',
  size = 'desk' as 'desk' | 'phone',
  withClock = false,
} = {}): Promise<Watched> {
  const watched = await openPage(browser, { locale, size });
  if (withClock) await watched.page.clock.install();
  await watched.page.goto(`${service.origin}/scan/${query}`);
  await watched.page.locator('.lists-checked:not(:empty)').waitFor({ state: 'attached' });
  return watched;
}

/** Signs in, or relieves whoever is signed in. */
async function enter(page: Page, apiKey: string): Promise<void> {
  await page.locator('.desk-open').click();
  const key = page.locator('#operator-key');
  if (!(await key.isVisible())) await page.locator('.desk-dialog .choices .button').first().click();
  await key.fill(apiKey);
  await key.press('Enter');
  await page.locator('.desk-dialog').waitFor({ state: 'detached' });
}

/** Where results go, by the settings. */
async function setUp(page: Page, way: 'http' | 'websocket' | 'clipboard', where: string, isAutomatic = false) {
  await page.locator('.settings-open').click();
  await page.locator('#settings-hand-over').selectOption(way);
  await page.locator(way === 'clipboard' ? '#settings-template' : '#settings-address').fill(where);
  await page.locator('#settings-automatic').setChecked(isAutomatic);
  await page.locator('#settings-with-code').setChecked(isAutomatic);
  await page.locator('.settings-form [type="submit"]').click();
  await page.locator('.settings-dialog').waitFor({ state: 'detached' });
}
