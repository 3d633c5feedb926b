import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DeviceKey,
  delegateCredential,
  exportPublicKey,
  generateDeviceKey,
  presentCredential,
} from '@zhengma/credential-core/present';
import { renderQr } from '@zhengma/credential-core/qr';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { createIssuing } from '../../packages/scanner-web/test/issuing.ts';
import { type FakeCamera, keepPicture, launchBrowser, openPage } from './browser.ts';
import { drawCameraFrames, writeCamera } from './camera-frames.ts';
import { awaitVerdict, chooseImage, PERSON, readFacts, refreshLists } from './counter.ts';
import { type Service, startService } from './service.ts';

const MINUTE_MS = 60_000;
const PHONE = { width: 390, height: 844 };

let folder: string;
let service: Service;
let device: DeviceKey;
const browsers: Browser[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhengma-presented-'));
  service = await startService();
  device = await generateDeviceKey();
});

afterEach(async () => {
  await Promise.all(browsers.splice(0).map((browser) => browser.close()));
});

afterAll(async () => {
  await service?.remove();
  await rm(folder, { recursive: true, force: true });
});

test('a code on its own phone is green; rescanned it is the same visit; its picture of three minutes ago is red', async () => {
  const { text } = await service.issue(PERSON, { holderKey: encodeKey(device) });
  const { page, faults } = await openPage(await launch(await holdBeforeCamera(await present(text, device))));
  await page.clock.install();
  await page.goto(`${service.origin}/scan/`);
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByText('由本人手机当场出示。').waitFor();
  expect(await page.getByText('请核对本人').count()).toBe(0);
  expect(await page.getByText('同一次出示').count()).toBe(0);
  expect((await readFacts(page))['姓名']).toBe('张**');
  await keepPicture(page, 'scan-presented-desk-zh');

  await page.keyboard.press('Enter');
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByText('与刚才在本窗口扫到的是同一次出示。').waitFor();
  await keepPicture(page, 'scan-presented-again-desk-zh');

  await page.clock.setSystemTime(Date.now() + 3 * MINUTE_MS);
  await page.keyboard.press('Enter');
  await awaitVerdict(page, 'refused', 'presentation_expired');
  await page.getByText('这是旧的画面或截屏，已经失效。').waitFor();
  await page.getByText('请对方刷新二维码，再当面扫描手机屏幕。').waitFor();
  await keepPicture(page, 'scan-old-picture-desk-zh');
  await page.setViewportSize(PHONE);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('This is an old picture or a screenshot.').waitFor();
  await keepPicture(page, 'scan-old-picture-phone-en');
  expect(faults).toEqual([]);
});

test('a code lent by its holder is read from the camera and shows both people, and what may be done', async () => {
  const claims = { ...PERSON, delegable: true, businessTypes: ['01101', '01301', '01302'] };
  const { text } = await service.issue(claims, { holderKey: encodeKey(device) });
  const other = await generateDeviceKey();
  const currentDate = new Date();
  const lent = await delegateCredential(text, device, {
    currentDate,
    delegate: { name: '王虚构', relation: '9' },
    delegateKey: exportPublicKey(other),
    expiresAt: new Date(currentDate.getTime() + 24 * 60 * MINUTE_MS),
    businessTypes: ['01302'],
  });
  const { page, faults } = await openPage(await launch(await holdBeforeCamera(await present(lent.text, other))));
  await page.goto(`${service.origin}/scan/`);
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByText('王**（非亲属）代 张** 办理').waitFor();
  await page.getByText('由代办人手机当场出示。').waitFor();
  await page.locator('.verdict-alert', { hasText: '仅可办理：取药' }).waitFor();
  expect(await page.getByText('可以办理').count()).toBe(0);
  await page.getByText(/^参保人本人授权，有效期至 \d{4}年/).waitFor();
  expect(await readFacts(page)).toMatchObject({ 姓名: '张**', 可用于: '取药' });
  await keepPicture(page, 'scan-delegate-holder-desk-zh');
  await page.setViewportSize(PHONE);
  await keepPicture(page, 'scan-delegate-holder-phone-zh');
  await page.getByRole('button', { name: 'English' }).click();
  const limit = await page.locator('.verdict-alert', { hasText: 'Only for: Dispensing' }).boundingBox();
  const button = await page.locator('.next').boundingBox();
  expect((limit?.y ?? 844) + (limit?.height ?? 0), 'on the first screen').toBeLessThan(button?.y ?? 0);
  await keepPicture(page, 'scan-delegate-holder-phone-en');
  expect(faults).toEqual([]);
});

test('a delegate whom the issuer named, in English; a revoked credential still says whose it was', async () => {
  const claims = { ...PERSON, delegate: { name: '李小红', relation: '2' } };
  const issued = await service.issue(claims, { holderKey: encodeKey(device), subject: 'e2e' });
  const { page } = await openPage(await launch(), { locale: 'en' });
  await page.goto(`${service.origin}/scan/`);
  await choose(page, await present(issued.text, device));
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByText('李** (Child) acts for 张**').waitFor();
  await page.getByText('Authorised by the issuer', { exact: true }).waitFor();
  await page.getByText('Shown live by the delegate’s phone.').waitFor();
  expect(await readFacts(page)).toMatchObject({ Name: '张**' });
  await keepPicture(page, 'scan-delegate-issuer-desk-en');
  await page.setViewportSize(PHONE);
  await keepPicture(page, 'scan-delegate-issuer-phone-en');

  await service.setStatus(issued, 'revoked');
  await refreshLists(page);
  await page.reload();
  await choose(page, await present(issued.text, device));
  await awaitVerdict(page, 'refused', 'revoked');
  await page.getByText('李** (Child) acts for 张**').waitFor();
  expect(await page.getByText('Shown live').count()).toBe(0);
});

test('somebody who is not enrolled is not let pass by the proof of their phone', async () => {
  const { text } = await service.issue({ ...PERSON, enrolment: '4' }, { holderKey: encodeKey(device) });
  const { page } = await openPage(await launch());
  await page.goto(`${service.origin}/scan/`);
  await choose(page, await present(text, device));
  await awaitVerdict(page, 'valid', 'valid');
  await page.getByText('凭证有效，但参保状态：终止参保').waitFor();
  expect(await page.getByText('可以办理').count()).toBe(0);
  await keepPicture(page, 'scan-presented-not-enrolled-desk-zh');
});

test('a code for certain business only says so as loudly as the green word; one without a name asks for it', async () => {
  const claims = { ...PERSON, businessTypes: ['01302', '01301'] };
  const redact = ['name', 'idNumber'];
  const { text } = await service.issue(claims, { holderKey: encodeKey(device), redact });
  const { page } = await openPage(await launch());
  await page.goto(`${service.origin}/scan/`);
  await choose(page, await present(text, device));
  await awaitVerdict(page, 'valid', 'valid');
  await page.locator('.verdict-alert', { hasText: '仅可办理：取药、结算' }).waitFor();
  await page.getByText('码里没有姓名：请先问姓名，或核对证件。').waitFor();
  expect(await page.getByText('可以办理').count()).toBe(0);
  await keepPicture(page, 'scan-limited-nameless-desk-zh');
  await page.setViewportSize(PHONE);
  await keepPicture(page, 'scan-limited-nameless-phone-zh');
  await page.keyboard.press('Enter');
  const bearer = await service.issue({ ...claims, enrolment: '2' });
  await choose(page, bearer.text);
  await page.getByText('凭证有效，但参保状态：暂停参保').waitFor();
  await page.locator('.verdict-alert', { hasText: '仅可办理：取药、结算' }).waitFor();
  await page.getByText('请核对本人').waitFor();
  await keepPicture(page, 'scan-limited-not-enrolled-phone-zh');
});

test('what the holder left out is counted and not shown', async () => {
  const { text } = await service.issue(PERSON, { holderKey: encodeKey(device), redact: ['scheme', 'personClass'] });
  const { page } = await openPage(await launch());
  await page.goto(`${service.origin}/scan/`);
  await choose(page, await present(text, device));
  await awaitVerdict(page, 'valid', 'valid');
  const facts = await readFacts(page);
  expect(facts).toMatchObject({ 姓名: '张**', 未出示: '至多 2 项：险种、人员类别、人员身份类别' });
  expect(facts).not.toHaveProperty('险种');
  await keepPicture(page, 'scan-undisclosed-desk-zh');
});

test('a code of another system is named with what to do, and its text is not shown', async () => {
  const { page } = await openPage(await launch());
  await page.goto(`${service.origin}/scan/`);
  const codes: [string, string, string, string][] = [
    ['11010519491231002X', 'id-number', '居民身份证号码', '请核对本人和证件原件'],
    ['https://example.org/poster', 'url', '网址', '请勿在收费电脑上打开'],
    ['HC1:NCFOXN', 'hcert', '欧盟数字新冠证明（HCERT）', '不是医保凭证'],
    [encodeKey(device), 'enrolment', '这是手机的登记码，不是凭证。', '领取凭证时由签发窗口扫描'],
    ['hello', 'unknown', '无法识别的码', '请持码人打开正确的码再扫一次'],
  ];
  for (const [text, kind, label, advice] of codes) {
    await choose(page, text);
    await awaitVerdict(page, 'foreign', 'not_zhengma');
    expect(await page.locator('.verdict').getAttribute('data-kind')).toBe(kind);
    await page.getByText(label, { exact: true }).waitFor();
    await page.getByText(advice).waitFor();
    expect(await page.content()).not.toContain(text);
    if (kind === 'id-number') await keepPicture(page, 'scan-id-number-desk-zh');
    await page.keyboard.press('Enter');
    await page.locator('.verdict').waitFor({ state: 'detached' });
  }
  await choose(page, 'HC1:NCFOXN');
  await page.setViewportSize(PHONE);
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('verify it with software for HCERT.').waitFor();
  await keepPicture(page, 'scan-hcert-phone-en');
});

test('a change of root keys is followed, kept in the browser, and holds offline', async () => {
  const issuing = await createIssuing(`${service.origin}/v1/status-lists`);
  const next = await createIssuing();
  const now = new Date();
  const { text } = await issuing.signCredential(now);
  let trustList = await issuing.signTrustList(1, now);
  let roots = [issuing.root];
  const { page } = await openPage(await launch());
  const statusList = Buffer.from(await issuing.signStatusList([], now));
  await page.context().route('**/v1/roots', (route) => {
    return route.fulfill({ json: { roots: roots.map((root) => Buffer.from(root).toString('base64url')) } });
  });
  await page.context().route('**/v1/trust-list', (route) => route.fulfill({ body: Buffer.from(trustList) }));
  await page.context().route('**/v1/status-lists', (route) => {
    return route.fulfill({ json: { status_lists: [issuing.uri] } });
  });
  await page.context().route('**/v1/status-lists/1', (route) => route.fulfill({ body: statusList }));
  await page.context().route('**/v1/revocation-snapshot', (route) => route.fulfill({ status: 404 }));
  await page.goto(`${service.origin}/scan/`);

  async function expectGreen(): Promise<void> {
    await page.locator('.lists-refresh[aria-busy="false"]').waitFor();
    await choose(page, text);
    await awaitVerdict(page, 'valid', 'valid');
    expect(await page.locator('.warning').isVisible()).toBe(false);
    await page.reload();
  }

  await expectGreen();
  trustList = await issuing.signTrustList(2, now, { roots: [next.root] });
  await expectGreen();
  await expectGreen();
  trustList = await issuing.signTrustList(3, now, { signer: next.rootKey });
  roots = [next.root];
  await expectGreen();
  await page.context().unroute('**/v1/roots');
  await page.context().route('**/v1/**', (route) => route.abort());
  await page.reload();
  await page.getByText('连不上服务，正在用本机名单。').waitFor();
  await choose(page, text);
  await awaitVerdict(page, 'valid', 'valid');
});

async function launch(camera: FakeCamera = 'plain'): Promise<Browser> {
  const browser = await launchBrowser(camera);
  browsers.push(browser);
  return browser;
}

async function holdBeforeCamera(text: string): Promise<FakeCamera> {
  return { frames: await writeCamera(join(folder, `${crypto.randomUUID()}.mjpeg`), await drawCameraFrames(text)) };
}

async function choose(page: Page, text: string): Promise<void> {
  await chooseImage(page, Buffer.from(await renderQr(text, { format: 'png' })));
}

async function present(text: string, key: DeviceKey): Promise<string> {
  return (await presentCredential(text, key, { currentDate: new Date() })).text;
}

function encodeKey(key: DeviceKey): string {
  return Buffer.from(exportPublicKey(key)).toString('base64url');
}
