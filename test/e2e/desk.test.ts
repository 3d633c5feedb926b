import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exportPublicKey, generateDeviceKey, presentCredential } from '@zhengma/credential-core/present';
import { createServiceClient, type ServiceClient } from '@zhengma/verifier-service/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { keepPicture, launchBrowser, openPage, startKillableBrowser, type Watched } from './browser.ts';
import { awaitVerdict, PERSON, paste } from './counter.ts';
import { type Issued, type Service, startService } from './service.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const HOSPITAL = 'H37020000001';
const PHARMACY = 'P37020000009';
/** Where the service is asked, and where it takes receipts. */
const TAKING = /\/v1\/(?:receipts|verifications)$/;
const PAPER = { ...PERSON, paper: true };

let folder: string;
let service: Service;
let administrator: ServiceClient;
const browsers: Browser[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhengma-desk-'));
  service = await startService();
  administrator = await furnish(service);
});

afterEach(async () => {
  await Promise.all(browsers.splice(0).map((browser) => browser.close()));
});

afterAll(async () => {
  await service?.remove();
  await rm(folder, { recursive: true, force: true });
});

test('without a network: receipts are kept and counted, also over a reload; uploaded with it, and conflicts stay', async () => {
  const { id, apiKey } = await hire('二楼收费处', HOSPITAL);
  const pharmacy = await hire('收银', PHARMACY);
  const device = await generateDeviceKey();
  const holderKey = Buffer.from(exportPublicKey(device)).toString('base64url');
  const bound = await service.issue(PERSON, { holderKey });
  const [paper, revoked] = [await service.issue(PAPER), await service.issue(PAPER)];
  const watched = await open();
  const { page, context } = watched;
  await page.getByText('未登录').waitFor();
  await page.getByText('只核验，不记录回执').waitFor();
  await paste(page, paper.text);
  await awaitVerdict(page, 'valid', 'valid');
  expect(await page.locator('.desk-mark').isVisible(), 'nobody signed in: nothing is recorded').toBe(false);
  await page.keyboard.press('Enter');

  await page.getByRole('button', { name: '登录', exact: true }).click();
  await keepPicture(page, 'desk-sign-in-desk-zh');
  await page.getByLabel('API 密钥').fill('zk_no');
  await page.keyboard.press('Enter');
  await page.getByText('这不是 API 密钥').waitFor();
  await keepPicture(page, 'desk-sign-in-fault-desk-zh');
  await page.getByLabel('API 密钥').fill(apiKey);
  await page.keyboard.press('Enter');
  await page.getByText('二楼收费处').waitFor();
  await page.getByText('没有待上传的回执').waitFor();
  await chooseBusiness(page, '01301');
  await page.getByText('结算').waitFor();
  await keepPicture(page, 'desk-signed-in-desk-zh');

  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await service.setStatus(revoked, 'revoked');
  const presented = (await presentCredential(bound.text, device, { currentDate: new Date() })).text;
  const atPharmacy = createServiceClient({ origin: service.origin, apiKey: pharmacy.apiKey });
  expect(await atPharmacy.verify({ text: presented, businessType: '02121' })).toMatchObject({ value: { ok: true } });

  await scan(page, presented, 'saved_unique_unknown');
  await page.getByText('已记录。是否在别处用过，上传后才知道。').waitFor();
  await keepPicture(page, 'desk-recorded-presentation-desk-zh');
  await page.keyboard.press('Enter');
  await scan(page, paper.text, 'saved');
  await page.getByText('待上传 2 条，最早 刚刚').waitFor();
  await keepPicture(page, 'desk-recorded-desk-zh');
  await page.setViewportSize({ width: 390, height: 844 });
  await keepPicture(page, 'desk-recorded-phone-zh');
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.keyboard.press('Enter');
  await scan(page, paper.text, 'known');
  await page.keyboard.press('Enter');
  await scan(page, revoked.text, 'saved');
  await page.keyboard.press('Enter');
  await page.getByText('待上传 3 条').waitFor();
  expect(await readStored(page), 'sealed').not.toMatch(/signed|01301|二楼/);

  // Reloading signs out; what was recorded is there, and whoever was here before can go on.
  await page.reload();
  await page.getByText('未登录').waitFor();
  await page.getByText('待上传 3 条').waitFor();
  await keepPicture(page, 'desk-signed-out-waiting-desk-zh');
  await signIn(page, pharmacy.apiKey);
  await page.getByText('您没有在这台设备上登录过').waitFor();
  await page.getByLabel('API 密钥').fill(apiKey);
  await page.keyboard.press('Enter');
  // While it is being asked, the dialog says it too.
  await page.locator('.desk-bar').getByText('离线登录').waitFor();
  await scan(page, (await service.issue(PAPER)).text, 'saved');
  await page.getByText('待上传 4 条').waitFor();
  await keepPicture(page, 'desk-offline-sign-in-desk-zh');
  await page.keyboard.press('Enter');

  await context.setOffline(false);
  await page.getByText('没有待上传的回执').waitFor();
  await page.getByText('2 条要处理').waitFor();
  await page.locator('.desk-bar').getByText('离线登录').waitFor({ state: 'hidden' });
  const rows = await readRecorded(administrator, id);
  expect(rows.map(({ outcome }) => outcome).sort()).toEqual(['accepted', 'accepted', 'replayed', 'revoked']);
  await keepPicture(page, 'desk-troubles-bar-desk-zh');

  await page.reload();
  await page.getByText('2 条要处理').click();
  await page.locator('[data-code="replayed"]').getByText('同一个码在别处，或为别的业务用过。').waitFor();
  await page.locator('[data-code="revoked"]').getByText(revoked.id).waitFor();
  await keepPicture(page, 'desk-troubles-desk-zh');
  await page.setViewportSize({ width: 390, height: 844 });
  await keepPicture(page, 'desk-troubles-phone-zh');
  await page.locator('[data-code="replayed"]').getByRole('button', { name: '已处理' }).click();
  await page.locator('[data-code="replayed"]').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: '关闭' }).click();
  await page.getByText('1 条要处理').waitFor();
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('1 to look at').click();
  await page.getByText('The credential was revoked by then').waitFor();
  await keepPicture(page, 'desk-troubles-phone-en');
  expect(watched.faults.filter((fault) => !fault.includes('net::ERR_'))).toEqual([]);
  expectOwnOrigin(watched);
});

test('two tabs share the queue: each receipt is sent once, whoever sends it', async () => {
  const { id, apiKey } = await hire('两个标签页', HOSPITAL);
  const codes = await issueMany(24);
  const { page, context } = await open();
  const other = await context.newPage();
  await other.goto(`${service.origin}/scan/`);
  const bodies: string[] = [];
  // Those that had an answer: without a network they only fail.
  context.on('requestfinished', (request) => {
    if (new URL(request.url()).pathname === '/v1/receipts') bodies.push(request.postData() ?? '');
  });
  for (const tab of [page, other]) await enter(tab, apiKey);
  await context.setOffline(true);
  for (const [at, { text }] of codes.entries()) {
    const tab = at % 2 === 0 ? page : other;
    await scan(tab, text, 'saved');
    await tab.keyboard.press('Enter');
  }
  for (const tab of [page, other]) await tab.getByText('待上传 24 条').waitFor();
  await context.setOffline(false);
  for (const tab of [page, other]) await tab.getByText('没有待上传的回执').waitFor();
  const sent = bodies.flatMap((body) => (JSON.parse(body) as { receipts: string[] }).receipts);
  expect(new Set(sent).size).toBe(24);
  expect(sent).toHaveLength(24);
  expect(await readRecorded(administrator, id)).toHaveLength(24);
});

test('the browser is killed in the middle of writes: what was said to be recorded is there, and is sent once', async () => {
  const { id, apiKey } = await hire('断电', HOSPITAL);
  const codes = await issueMany(40);
  const profile = await mkdtemp(join(folder, 'profile-'));
  const recorded = new Set<string>();
  let at = 0;
  for (let round = 0; round < 4; round++) {
    const killable = await startKillableBrowser(profile);
    const { page } = killable;
    await page.goto(`${service.origin}/scan/`);
    await enter(page, apiKey);
    // The service takes nothing yet: what is recorded waits on the disk.
    await page.route(TAKING, (route) => route.abort());
    let inRound = 0;
    const working = (async () => {
      for (; at < codes.length; at++) {
        const { id: credential, text } = codes[at] as Issued;
        await scan(page, text, 'saved');
        recorded.add(credential);
        inRound++;
        await page.keyboard.press('Enter');
      }
    })().catch(() => undefined);
    await expect.poll(() => inRound, { timeout: 60_000, interval: 5 }).toBeGreaterThanOrEqual(3 + round);
    await killable.kill();
    await working;
    // The code that was being written when it died is nobody's promise; it is scanned again, as at a counter.
  }
  expect(recorded.size).toBeGreaterThanOrEqual(12);
  const killable = await startKillableBrowser(profile);
  const { page } = killable;
  try {
    await page.goto(`${service.origin}/scan/`);
    await page.getByText(/待上传 \d+ 条/).waitFor();
    await keepPicture(page, 'desk-after-kill-desk-zh');
    await enter(page, apiKey);
    await page.getByText('没有待上传的回执').waitFor();
    const rows = await readRecorded(administrator, id);
    const credentials = rows.map(({ credential }) => credential);
    expect(
      [...recorded].filter((credential) => !credentials.includes(credential)),
      'lost',
    ).toEqual([]);
    const receipts = rows.map(({ receipt }) => receipt);
    expect(new Set(receipts).size).toBe(receipts.length);
    console.info(`killed 4 times: ${recorded.size} said to be recorded, ${rows.length} uploaded, 0 lost`);
  } finally {
    await killable.kill();
  }
});

test('a full disk: it is said that the receipt is not stored; with room again, or a network, it is not lost', async () => {
  const { id, apiKey } = await hire('磁盘已满', HOSPITAL);
  const codes = await issueMany(3);
  const { page, context } = await open();
  await enter(page, apiKey);
  await context.setOffline(true);
  await scan(page, (codes[0] as Issued).text, 'saved');
  await page.keyboard.press('Enter');
  const debugging = await context.newCDPSession(page);
  const setQuota = (quota: object) =>
    debugging.send('Storage.overrideQuotaForOrigin', { origin: service.origin, ...quota });
  const fill = async () => {
    await setQuota({ quotaSize: 1 });
    // The browser goes on giving out what it set aside before, for half a minute.
    await expect.poll(() => tryToStore(page), { timeout: 90_000, interval: 500 }).toBe('QuotaExceededError');
  };
  await fill();
  await scan(page, (codes[1] as Issued).text, 'unsaved');
  await page.getByText('回执没有存上：不要关闭本页，请清理磁盘空间。').waitFor();
  await page.getByText('1 条没有存上，不要关闭本页').waitFor();
  await keepPicture(page, 'desk-full-disk-desk-zh');
  await page.setViewportSize({ width: 390, height: 844 });
  await keepPicture(page, 'desk-full-disk-phone-zh');
  await page.keyboard.press('Enter');

  await setQuota({});
  await page.getByRole('button', { name: '值班' }).click();
  await page.getByRole('button', { name: '立即上传' }).click();
  await page.locator('.desk-size', { hasText: '待上传 2 条' }).waitFor();
  await page.getByText('连不上服务，有网络后自动上传。').waitFor();
  await page.getByRole('button', { name: '关闭' }).click();
  await page.reload();
  await page.getByText('待上传 2 条').waitFor();

  await enter(page, apiKey);
  await fill();
  await scan(page, (codes[2] as Issued).text, 'unsaved');
  await context.setOffline(false);
  await page.getByText('没有待上传的回执').waitFor();
  expect((await readRecorded(administrator, id)).map(({ credential }) => credential).sort()).toEqual(
    codes.map((issued) => issued.id).sort(),
  );
});

test('a new version of the page takes over without losing the queue', async () => {
  const pages = join(folder, 'pages');
  await cp(join(import.meta.dirname, '../../packages/scanner-web/dist'), pages, { recursive: true });
  const upgraded = await startService({ pages });
  try {
    const chief = await furnish(upgraded);
    const { id, apiKey } = await hire('新版本', HOSPITAL, chief);
    const [first, second] = [await upgraded.issue(PAPER), await upgraded.issue(PAPER)];
    const { page } = await open(upgraded);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await enter(page, apiKey);
    await page.route(TAKING, (route) => route.abort());
    await scan(page, first.text, 'saved');
    await page.keyboard.press('Enter');

    const worker = join(pages, 'scan/sw.js');
    const source = await readFile(worker, 'utf8');
    const [shell] = await page.evaluate(() => caches.keys());
    await upgraded.stop();
    await writeFile(worker, source.replaceAll(shell?.split('-').at(-1) as string, 'f00df00df00df00d'));
    await upgraded.restart();
    await page.evaluate(() => navigator.serviceWorker.ready.then((registration) => registration.update()));
    await expect
      .poll(() => page.evaluate(() => caches.keys()), { timeout: 60_000 })
      .toEqual(['zhengma-shell-f00df00df00df00d']);
    // The page of before goes on as it was, and so does the one of the new version.
    await scan(page, second.text, 'saved');
    await page.getByText('待上传 2 条').waitFor();
    await page.reload();
    await page.getByText('待上传 2 条').waitFor();
    await page.unroute(TAKING);
    await enter(page, apiKey);
    await page.getByText('没有待上传的回执').waitFor();
    expect(await readRecorded(chief, id)).toHaveLength(2);
  } finally {
    await upgraded.remove();
  }
});

test('signing out with receipts that wait is warned of; the next of the same place uploads them, another place does not', async () => {
  const [first, second] = [await hire('早班', HOSPITAL), await hire('晚班', HOSPITAL)];
  const stranger = await hire('别的单位', PHARMACY);
  const { page, context } = await open();
  // Each has to have been here before.
  for (const { apiKey } of [stranger, second, first]) await enter(page, apiKey);
  await page.getByText('早班').waitFor();
  await context.setOffline(true);
  await scan(page, (await service.issue(PAPER)).text, 'saved');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: '值班' }).click();
  await keepPicture(page, 'desk-shift-desk-zh');
  await page.setViewportSize({ width: 390, height: 844 });
  await keepPicture(page, 'desk-shift-phone-zh');
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByText('还有 1 条回执没有上传。').waitFor();
  await keepPicture(page, 'desk-sign-out-phone-zh');
  await page.getByRole('button', { name: '不退出' }).click();
  await page.locator('.desk-bar', { hasText: '早班' }).waitFor();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.getByRole('button', { name: '仍然退出' }).click();
  await page.locator('.desk-dialog').getByText('登录后上传。本单位任何一位操作员登录都可以。').waitFor();
  await keepPicture(page, 'desk-signed-out-dialog-phone-zh');
  await page.getByRole('button', { name: '关闭' }).click();

  await context.setOffline(false);
  await enter(page, stranger.apiKey);
  await page.getByRole('button', { name: '值班' }).click();
  await page.getByRole('button', { name: '立即上传' }).click();
  await page.locator('.desk-size', { hasText: '待上传 1 条' }).waitFor();
  await page.getByRole('button', { name: '换班' }).click();
  await page.getByText('下一位登录后，现在这位的值班就结束。').waitFor();
  await keepPicture(page, 'desk-change-phone-zh');
  await page.getByLabel('API 密钥').fill(second.apiKey);
  await page.keyboard.press('Enter');
  await page.locator('.desk-bar', { hasText: '晚班' }).waitFor();
  await page.getByText('没有待上传的回执').waitFor();
  const [row] = await readRecorded(administrator, first.id);
  expect(row).toMatchObject({ operator: second.id, subject: first.id, outcome: 'accepted' });
});

test('an operator who may do certain business only records it, and a code for other business is red', async () => {
  const scoped = await hire('取药窗口', HOSPITAL, administrator, { businessTypes: ['01302'] });
  const watched = await open(service, 'en');
  const { page } = watched;
  await enter(page, scoped.apiKey);
  await page.getByText('Dispensing').waitFor();
  await scan(page, (await service.issue({ ...PAPER, businessTypes: ['01302'] })).text, 'saved');
  await keepPicture(page, 'desk-recorded-desk-en');
  await page.setViewportSize({ width: 390, height: 844 });
  await keepPicture(page, 'desk-recorded-phone-en');
  await page.keyboard.press('Enter');
  await paste(page, (await service.issue({ ...PAPER, businessTypes: ['01101'] })).text);
  await awaitVerdict(page, 'refused', 'business_not_allowed');
  await page.keyboard.press('Enter');
  await page.getByText('No receipts to upload').waitFor();
  const found = await administrator.searchAudit({ operator: scoped.id, action: 'verify' });
  expect(found.ok && found.value.entries).toMatchObject([{ outcome: 'accepted', businessType: '01302' }]);
  await page.getByRole('button', { name: 'Shift' }).click();
  await keepPicture(page, 'desk-shift-phone-en');
  expect(watched.faults).toEqual([]);
});

test('online the service is asked first: first shown, the same visit, used elsewhere; and silence is not waited out', async () => {
  const { id, apiKey } = await hire('联网窗口', HOSPITAL);
  const pharmacy = await hire('联网药房', PHARMACY);
  const device = await generateDeviceKey();
  const holderKey = Buffer.from(exportPublicKey(device)).toString('base64url');
  const bound = await service.issue(PERSON, { holderKey });
  const present = async () => (await presentCredential(bound.text, device, { currentDate: new Date() })).text;
  const { page } = await open();
  await enter(page, apiKey);
  const first = await present();
  await scan(page, first, 'first');
  await page.getByText('服务已记录，没有在别处用过。').waitFor();
  await keepPicture(page, 'desk-first-desk-zh');
  await page.keyboard.press('Enter');
  await scan(page, first, 'known');
  await page.keyboard.press('Enter');

  const atPharmacy = createServiceClient({ origin: service.origin, apiKey: pharmacy.apiKey });
  // Another second, another presentation.
  let used = await present();
  while (used === first) used = await present();
  expect(await atPharmacy.verify({ text: used })).toMatchObject({ value: { ok: true } });
  await paste(page, used);
  await awaitVerdict(page, 'refused', 'replayed');
  await page.getByText('这个码已在别处，或为别的业务用过。').waitFor();
  expect(await page.locator('.desk-mark').isVisible()).toBe(false);
  await keepPicture(page, 'desk-replayed-desk-zh');
  await page.keyboard.press('Enter');

  // It takes the question and never answers.
  await page.route('**/v1/verifications', () => undefined);
  await page.route('**/v1/receipts', (route) => route.abort());
  await scan(page, (await service.issue(PAPER)).text, 'saved');
  await page.keyboard.press('Enter');
  const asked = Date.now();
  await scan(page, (await service.issue(PAPER)).text, 'saved');
  expect(Date.now() - asked, 'not asked again with every person').toBeLessThan(1_400);
  await page.getByText('待上传 2 条').waitFor();
  await page.unroute('**/v1/receipts');
  await page.locator('.desk-open').click();
  await page.getByRole('button', { name: '立即上传' }).click();
  await page.getByRole('button', { name: '关闭' }).click();
  await page.getByText('没有待上传的回执').waitFor();
  expect(await readRecorded(administrator, id)).toHaveLength(2);
});

test('an account that may not verify, and a key that was withdrawn while at work', async () => {
  const auditor = await hire('稽核科', HOSPITAL, administrator, {}, 'auditor');
  const { id, apiKey } = await hire('停用', HOSPITAL);
  const { page } = await open();
  await signIn(page, auditor.apiKey);
  await page.getByText('这个账号不能核验').waitFor();
  await page.getByLabel('API 密钥').fill(apiKey);
  await page.keyboard.press('Enter');
  await page.locator('.desk-bar', { hasText: '停用' }).waitFor();
  await administrator.withdrawApiKeys(id);
  await paste(page, (await service.issue(PAPER)).text);
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByText('登录失效：密钥已停用或更换。请重新登录。').waitFor();
  expect(await page.locator('.desk-mark').isVisible(), 'nothing is recorded for them').toBe(false);
  await page.keyboard.press('Enter');
  await keepPicture(page, 'desk-shut-out-desk-zh');
});

test('lists from a stick: taken offline as the service’s would be; older ones are refused; a stranger’s too', async () => {
  const stranger = await startService();
  try {
    const [older, newer, foreign] = [join(folder, 'older'), join(folder, 'newer'), join(folder, 'foreign')];
    const issued = await service.issue(PAPER);
    await service.publish(older);
    await stranger.publish(foreign);
    const watched = await open();
    const { page, context } = watched;
    await paste(page, issued.text);
    await awaitVerdict(page, 'valid', 'valid');
    await page.keyboard.press('Enter');
    await context.setOffline(true);
    await service.setStatus(issued, 'revoked');
    await service.publish(newer);
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByLabel('选择文件夹').setInputFiles(newer);
    await page.getByText('全部状态名单的快照：已更新。').waitFor();
    await page.locator('.desk-outcome').scrollIntoViewIfNeeded();
    await keepPicture(page, 'desk-lists-taken-desk-zh');
    await page.getByLabel('选择文件夹').setInputFiles(older);
    await page.getByText('全部状态名单的快照：比本机的旧，已拒收，本机名单没有改变。').waitFor();
    await page.getByText('状态名单 1 份：比本机的旧，已拒收，本机名单没有改变。').waitFor();
    await page.locator('.desk-outcome').scrollIntoViewIfNeeded();
    await keepPicture(page, 'desk-lists-older-desk-zh');
    await page.getByLabel('选择文件夹').setInputFiles(foreign);
    await page.getByText('信任名单：不是本机固定的根密钥签发的').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator('.desk-outcome').scrollIntoViewIfNeeded();
    await keepPicture(page, 'desk-lists-foreign-phone-zh');
    await page.getByLabel('选择文件', { exact: true }).setInputFiles(join(newer, 'roots.json'));
    await page.getByText('没有找到名单文件').waitFor();
    await page.getByRole('button', { name: '关闭' }).click();
    await paste(page, issued.text);
    await awaitVerdict(page, 'refused', 'revoked');
    await page.reload();
    await paste(page, issued.text);
    await awaitVerdict(page, 'refused', 'revoked');
    expectOwnOrigin(watched);
  } finally {
    await stranger.remove();
  }
});

describe('the clock of this device', () => {
  test('behind its own lists, with the amount, also when it was set back before the page was opened', async () => {
    const { page, context } = await open(service, 'zh-CN', true);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
    await context.setOffline(true);
    await page.clock.setSystemTime(Date.now() - 3 * DAY_MS);
    await page.reload();
    await page.getByText('本机时间慢了约 3 天。').waitFor();
    await keepPicture(page, 'desk-clock-behind-desk-zh');
    await paste(page, (await service.issue(PAPER)).text);
    await awaitVerdict(page, 'unsure', 'clock_behind');
  });

  test.each([
    [-5 * 60_000, '本机时间慢了约 5 分钟。', 'behind by about 5 minutes'],
    [2 * HOUR_MS + 60_000, '本机时间快了约 2 小时。', 'ahead by about 2 hours'],
  ])('off by %i ms against the service’s', async (off, chinese, english) => {
    const { page } = await open(service, 'zh-CN', true);
    await page.locator('.lists-refresh[aria-busy="false"]').waitFor();
    expect(await page.locator('.clock-warning').isVisible()).toBe(false);
    await page.clock.setSystemTime(Date.now() + off);
    await page.locator('.lists-refresh').click();
    await page.getByText(chinese).waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText(english).waitFor();
    await keepPicture(page, `desk-clock-${off < 0 ? 'behind' : 'ahead'}-phone-en`);
    await page.clock.setSystemTime(Date.now());
    await page.locator('.lists-refresh').click();
    await page.locator('.clock-warning').waitFor({ state: 'hidden' });
  });
});

describe('a week without a network', () => {
  test.each([
    ['a status list that is good for a day', undefined, 'unsure', 'status_list_stale'],
    ['one that is good for eight days', 8 * 24 * 3600, 'valid', 'valid'],
  ] as const)('%s', async (_, statusListLife, tone, code) => {
    const remote = await startService(statusListLife === undefined ? {} : { statusListLife });
    try {
      const chief = await furnish(remote);
      const { apiKey } = await hire('村卫生室', HOSPITAL, chief);
      const issued = await remote.issue(PAPER);
      const { page, context } = await open(remote, 'zh-CN', true);
      await enter(page, apiKey);
      await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
      await context.setOffline(true);
      const opened = Date.now();
      await page.clock.setSystemTime(opened + 7 * DAY_MS);
      await page.reload();
      await page.getByText('名单 7 天前更新').waitFor();
      await enter(page, apiKey);
      await page.locator('.desk-bar').getByText('离线登录').waitFor();
      await paste(page, issued.text);
      await awaitVerdict(page, tone, code);
      await keepPicture(page, `desk-offline-week-${tone}-desk-zh`);
      await page.locator('.desk-queue', { hasText: tone === 'valid' ? '待上传 1 条' : '没有待上传的回执' }).waitFor();
      await page.keyboard.press('Enter');

      // Seven days after its end a list decides nothing any more, and what it cannot tell is refused.
      const over = (statusListLife === undefined ? DAY_MS : statusListLife * 1000) + 7 * DAY_MS + HOUR_MS;
      await page.clock.setSystemTime(opened + over);
      await paste(page, issued.text);
      await awaitVerdict(page, 'refused', 'status_list_stale');
    } finally {
      await remote.remove();
    }
  });
});

/** A hospital and a pharmacy, and who may hire for them. */
async function furnish({ origin, apiKey }: Service): Promise<ServiceClient> {
  const chief = createServiceClient({ origin, apiKey });
  await chief.addOrganisation({ id: HOSPITAL, name: '市立医院', parent: '370200' });
  await chief.addOrganisation({ id: PHARMACY, name: '平安药房', parent: '370200' });
  return chief;
}

async function hire(
  name: string,
  organisation: string,
  by: ServiceClient = administrator,
  scope: { businessTypes?: string[] } = {},
  role: 'verifier' | 'auditor' = 'verifier',
): Promise<{ readonly id: string; readonly apiKey: string }> {
  const added = await by.addOperator({ name, role, organisation, scope });
  if (!added.ok || added.value.apiKey === undefined) throw new Error(`${name} has no key`);
  return { id: added.value.operator.id, apiKey: added.value.apiKey };
}

async function issueMany(count: number): Promise<readonly Issued[]> {
  const issued: Issued[] = [];
  for (let at = 0; at < count; at++) issued.push(await service.issue(PAPER));
  return issued;
}

async function readRecorded(by: ServiceClient, operator: string) {
  const found = await by.searchAudit({ action: 'record_offline', limit: 200 });
  if (!found.ok) throw new Error(found.code);
  return found.value.entries.filter(({ subject }) => subject === operator);
}

async function open(at: Service = service, locale = 'zh-CN', withClock = false): Promise<Watched> {
  const browser = await launchBrowser('missing');
  browsers.push(browser);
  const watched = await openPage(browser, { locale });
  await watched.page.setViewportSize({ width: 1280, height: 720 });
  if (withClock) await watched.page.clock.install();
  await watched.page.goto(`${at.origin}/scan/`);
  await watched.page.locator('.lists-checked:not(:empty)').waitFor();
  return watched;
}

async function signIn(page: Page, apiKey: string): Promise<void> {
  await page.locator('.desk-open').click();
  const key = page.locator('#operator-key');
  if (!(await key.isVisible())) await page.locator('.desk-dialog .choices .button').first().click();
  await key.fill(apiKey);
  await key.press('Enter');
}

/** Signs in, or relieves whoever is signed in, and waits until it is done. */
async function enter(page: Page, apiKey: string): Promise<void> {
  await signIn(page, apiKey);
  await page.locator('.desk-dialog').waitFor({ state: 'detached' });
}

async function chooseBusiness(page: Page, code: string): Promise<void> {
  await page.locator('.desk-open').click();
  await page.locator('#operator-business').selectOption(code);
  await page.getByRole('button', { name: '关闭' }).click();
}

/** Shows a good code, and waits until the page says what became of its receipt. */
async function scan(page: Page, text: string, mark: string): Promise<void> {
  await paste(page, text);
  await awaitVerdict(page, 'valid', 'valid');
  await page.locator(`.desk-mark[data-mark="${mark}"]`).waitFor();
}

/** All that the queue holds, as text. */
async function readStored(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('zhengma-receipts');
    const database = await new Promise<IDBDatabase>((resolve) => {
      opening.onsuccess = () => resolve(opening.result);
    });
    const reading = database.transaction('queue').objectStore('queue').getAll();
    const rows = await new Promise<{ sealed: Uint8Array }[]>((resolve) => {
      reading.onsuccess = () => resolve(reading.result);
    });
    database.close();
    return rows.map(({ sealed, ...row }) => JSON.stringify(row) + new TextDecoder().decode(sealed)).join('\n');
  });
}

/** Writes something of its own. Gives the name of the fault, if there is one. */
async function tryToStore(page: Page): Promise<string | undefined> {
  return page.evaluate(async () => {
    const opening = indexedDB.open('room', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('room');
    const database = await new Promise<IDBDatabase | undefined>((resolve) => {
      opening.onsuccess = () => resolve(opening.result);
      opening.onerror = () => resolve(undefined);
    });
    if (!database) return opening.error?.name;
    const transaction = database.transaction('room', 'readwrite');
    transaction.objectStore('room').put('x'.repeat(4096), 'x');
    const fault = await new Promise<string | undefined>((resolve) => {
      transaction.oncomplete = () => resolve(undefined);
      transaction.onabort = () => resolve(transaction.error?.name);
    });
    database.close();
    return fault;
  });
}

function expectOwnOrigin({ requests }: Watched): void {
  expect(requests.length).toBeGreaterThan(0);
  const hosts = requests.filter((url) => url.startsWith('http')).map((url) => new URL(url).host);
  expect(new Set(hosts)).toEqual(new Set([new URL(service.origin).host]));
}
