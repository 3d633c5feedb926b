import { exportPublicKey, generateDeviceKey } from '@zhengma/credential-core/present';
import { readQr } from '@zhengma/credential-core/read';
import { peekCredential } from '@zhengma/credential-core/verify';
import { createServiceClient, type ServiceClient } from '@zhengma/verifier-service/client';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepPicture, launchBrowser, openPage, type Watched } from './browser.ts';
import { PERSON } from './counter.ts';
import { type Service, startService } from './service.ts';

let service: Service;
let browser: Browser;
let administrator: ServiceClient;
const keys: Record<string, string> = {};

beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), launchBrowser('plain')]);
  administrator = createServiceClient({ origin: service.origin, apiKey: service.apiKey });
  await administrator.addOrganisation({ id: 'H37020000001', name: '市立医院', parent: '370200' });
  for (const [role, name] of [
    ['issuer', '参保大厅 3 号窗口'],
    ['verifier', '二楼收费处'],
    ['auditor', '稽核科'],
  ] as const) {
    keys[role] = (await hire(administrator, name, role)).apiKey;
  }
});

afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

test('a clerk signs in, issues, prints, revokes with a reason; the code verifies, then is revoked', async () => {
  const watched = await open('zh-CN');
  const { page } = watched;
  await signIn(page, service.apiKey);
  await page.getByRole('heading', { name: '概况' }).waitFor();
  expect(await readSections(page)).toEqual(['概况', '签发', '吊销与停用', '复核', '操作查询', '回执']);

  await page.getByRole('button', { name: '签发', exact: true }).first().click();
  await page.getByLabel('姓名').fill(PERSON.name);
  await page.getByLabel('身份证号').fill('370202196503120019');
  await page.locator('form.issue .button').click();
  await page.getByText('身份证号不对').waitFor();
  await page.getByText('请填写 6 位统筹区代码。').waitFor();
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('id-number');
  await keepPicture(page, 'admin-issue-faults-desk-zh');
  await page.getByLabel('身份证号').fill(PERSON.idNumber);
  await page.getByLabel('统筹区代码').fill(PERSON.region);
  await page.getByLabel('险种').selectOption(PERSON.scheme);
  // What was typed outlives a change of the language.
  await page.getByRole('button', { name: 'English' }).click();
  expect(await page.getByLabel('Name').inputValue()).toBe(PERSON.name);
  await page.getByRole('button', { name: '中文' }).click();
  await page.getByLabel('身份证号').press('Enter');
  await page.getByRole('heading', { name: '已签发' }).waitFor();
  await keepPicture(page, 'admin-issued-desk-zh');
  const text = await page.locator('body').textContent();
  expect(text).toContain('张**');
  expect(text).not.toContain(PERSON.idNumber);
  expect(text).not.toContain(PERSON.name);
  const code = await readCode(page);
  const peeked = peekCredential(code);
  if (!peeked.ok) throw new Error(peeked.code);
  const { id } = peeked.unverified;
  await page.emulateMedia({ media: 'print' });
  await keepPicture(page, 'admin-issued-print');
  expect(await page.getByRole('button', { name: '打印' }).isVisible()).toBe(false);
  await page.emulateMedia({ media: 'screen' });

  const verdict = await administrator.verify({ text: code, businessType: '01301' });
  expect(verdict).toMatchObject({ ok: true, value: { ok: true, bearer: true } });

  await page.locator('.sheet').getByRole('button', { name: '吊销与停用' }).click();
  expect(await page.getByLabel('凭证编号，或扫入凭证二维码').inputValue()).toBe(id);
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByText('请填写原因。').waitFor();
  await page.getByLabel('原因').fill('证号 37020219650312');
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByText('原因里不能有 11 位以上的数字').waitFor();
  await page.getByLabel('原因').fill('遗失');
  await page.getByRole('button', { name: '下一步' }).click();
  await keepPicture(page, 'admin-revoke-ask-desk-zh');
  // The harmless answer has the focus.
  await page.keyboard.press('Enter');
  expect(await administrator.verify({ text: code })).toMatchObject({ value: { ok: true } });
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '吊销' }).click();
  await page.getByText(`凭证 ${id} 已吊销`).waitFor();
  await page.getByRole('cell', { name: '遗失' }).waitFor();
  await keepPicture(page, 'admin-revoked-desk-zh');
  expect(await administrator.verify({ text: code })).toMatchObject({ value: { ok: false, code: 'revoked' } });

  await page.getByLabel('原因').fill('找回');
  await page.getByText('停用的凭证重新可用').click();
  await page.getByRole('button', { name: '下一步' }).click();
  await page.getByRole('dialog').getByRole('button', { name: '恢复' }).click();
  await page.getByText('这张凭证已经吊销').waitFor();
  expectQuiet(watched, ['409']);
  await watched.context.close();
});

test('an auditor sees who did what, finds it by each thing, and how often it was done', async () => {
  const issued = await service.issue(PERSON);
  const accepted = await administrator.verify({ text: issued.text, businessType: '01301' });
  if (!accepted.ok || !accepted.value.ok) throw new Error('not accepted');
  await administrator.verify({ text: 'nothing of ours' });
  const watched = await open('en');
  const { page } = watched;
  await signIn(page, keys['auditor'] as string);
  expect(await readSections(page)).toEqual(['Overview', 'Who did what']);
  const counted = await administrator.countActions({ from: new Date(new Date().setHours(0, 0, 0, 0)).toISOString() });
  if (!counted.ok) throw new Error(counted.code);
  const count = (action: string, outcome?: string) =>
    counted.value.counts.find((each) => each.action === action && each.outcome === outcome)?.count;
  await page.locator('.count').first().waitFor();
  const cards = Object.fromEntries(
    await page
      .locator('.count')
      .evaluateAll((all) => all.map((card) => [...card.children].map((part) => part.textContent) as [string, string])),
  );
  expect(cards).toMatchObject({ Accepted: String(count('verify', 'accepted')), Issued: String(count('issue')) });
  expect(Number(cards['Refused'])).toBeGreaterThan(0);
  expect(Number(cards['Accepted'])).toBeGreaterThan(0);
  await page.getByRole('rowheader', { name: 'Not a Zhengma code' }).waitFor();
  await keepPicture(page, 'admin-overview-desk-en');

  await page.getByRole('button', { name: 'Who did what' }).click();
  const rows = page.locator('.entries tbody tr');
  await rows.first().waitFor();
  await keepPicture(page, 'admin-search-desk-en');
  await page.getByLabel('Receipt number').fill(accepted.value.receipt.id.toUpperCase());
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('1 in all').waitFor();
  expect(await rows.locator('td').allTextContents()).toEqual(
    expect.arrayContaining(['administrator', expect.stringContaining('（370200）'), 'Check', issued.id, 'Settlement']),
  );
  await page.getByRole('button', { name: `Show credential ${issued.id}` }).click();
  await page.getByText('2 in all').waitFor();
  expect(await page.getByLabel('Receipt number').inputValue()).toBe('');
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByLabel('Operator').selectOption({ label: 'Command line of the server · 370200' });
  await page.getByLabel('Action').selectOption('Add an operator');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('2 in all').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByLabel('Outcome of a check').selectOption('Not a Zhengma code');
  await page.getByLabel('From').fill('2099-01-01T00:00');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('Nothing was found.').waitFor();
  // The service says that it has found nothing yet: the page asks on by itself.
  await page.route('**/v1/audit?*', async (route) => {
    const url = new URL(route.request().url());
    if (!url.searchParams.has('after')) return route.fulfill({ json: { entries: [], next: '1.1.1' } });
    url.searchParams.delete('after');
    return route.continue({ url: url.href });
  });
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('button', { name: 'Search' }).click();
  await rows.first().waitFor();
  await page.unroute('**/v1/audit?*');
  await page.getByLabel('Receipt number').fill('12');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByText('A receipt number has 32 characters').waitFor();
  expectQuiet(watched);
  await watched.context.close();
});

test('a verifier looks up receipts and nothing else; an issuer issues to a phone', async () => {
  const { text } = await service.issue(PERSON);
  const desk = createServiceClient({ origin: service.origin, apiKey: keys['verifier'] as string });
  const accepted = await desk.verify({ text, businessType: '01301' });
  if (!accepted.ok || !accepted.value.ok) throw new Error('not accepted');
  const watched = await open('zh-CN', 'phone');
  const { page } = watched;
  await signIn(page, keys['verifier'] as string);
  expect(await readSections(page)).toEqual(['回执']);
  await page.getByLabel('回执编号').fill(accepted.value.receipt.id);
  await page.getByRole('button', { name: '查看' }).click();
  await page.getByText('回执真实').waitFor();
  await page.getByText('结算').waitFor();
  await keepPicture(page, 'admin-receipt-phone-zh');
  await page.getByLabel('回执编号').fill('0'.repeat(32));
  await page.getByLabel('回执编号').press('Enter');
  await page.getByText('您的机构没有这个编号的回执。').waitFor();
  expectQuiet(watched, ['404']);
  await page.getByRole('button', { name: '退出' }).click();
  await page.getByText('已退出。').waitFor();

  await signIn(page, keys['issuer'] as string);
  expect(await readSections(page)).toEqual(['签发', '吊销与停用', '复核']);
  await page.getByLabel('姓名').fill(PERSON.name);
  await page.getByLabel('身份证号').fill(PERSON.idNumber);
  await page.getByLabel('统筹区代码').fill(PERSON.region);
  await page.getByText('绑定手机').click();
  await page.getByLabel('手机登记码').fill(await makeEnrolmentCode());
  await keepPicture(page, 'admin-issue-phone-zh');
  await page.locator('form.issue .button').click();
  await page.getByRole('heading', { name: '已签发' }).waitFor();
  await keepPicture(page, 'admin-issued-phone-zh');
  expect(await readCode(page)).toMatch(new RegExp(`^${service.origin}/wallet/#ZM1`));
  await page.getByRole('button', { name: '签发下一位' }).click();
  expect(await page.getByLabel('身份证号').inputValue()).toBe('');
  await watched.context.close();
});

test('a wrong key, one that is ended, an idle counter, a page that is reloaded, a service that is down', async () => {
  const watched = await open('zh-CN');
  const { page } = watched;
  await page.clock.install();
  await page.reload();
  await page.getByLabel('API 密钥').fill('zk_short');
  await page.getByRole('button', { name: '登录' }).click();
  await page.getByText('密钥以 zk_ 开头').waitFor();
  await signIn(page, `zk_${'A'.repeat(43)}`);
  await page.getByText('密钥不对，或已停用、到期。').waitFor();
  await keepPicture(page, 'admin-wrong-key-desk-zh');

  const added = await hire(administrator, '临时', 'auditor');
  await signIn(page, added.apiKey);
  await page.locator('.count').first().waitFor();
  await administrator.withdrawApiKeys(added.id);
  await page.getByRole('button', { name: '刷新' }).click();
  await page.getByText('密钥已停用或到期，已退出。').waitFor();

  await signIn(page, service.apiKey);
  await page.locator('.count').first().waitFor();
  await page.clock.fastForward('14:00');
  await page.keyboard.press('Shift');
  await page.clock.fastForward('14:00');
  await page.getByRole('button', { name: '吊销与停用' }).click();
  await page.getByLabel('凭证编号，或扫入凭证二维码').fill('0123456789abcdef');
  await page.getByLabel('原因').fill('遗失');
  await page.getByLabel('原因').press('Enter');
  await page.getByRole('dialog').waitFor();
  await page.clock.fastForward('15:05');
  await page.getByText('15 分钟没有操作，已自动退出。').waitFor();
  expect(await page.getByRole('dialog').count()).toBe(0);

  await signIn(page, service.apiKey);
  await page.locator('nav').waitFor();
  await page.reload();
  await page.getByLabel('API 密钥').waitFor();
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]))).not.toContain('zk_');

  await signIn(page, service.apiKey);
  await page.locator('.count').first().waitFor();
  await service.stop();
  await page.getByRole('button', { name: '刷新' }).click();
  await page.getByText('连不上服务。').waitFor();
  await keepPicture(page, 'admin-down-desk-zh');
  await page.getByRole('button', { name: '签发', exact: true }).first().click();
  await page.getByLabel('姓名').fill(PERSON.name);
  await page.getByLabel('身份证号').fill(PERSON.idNumber);
  await page.getByLabel('统筹区代码').fill(PERSON.region);
  await page.locator('form.issue .button').click();
  await page.getByText('可以放心再签发一次').waitFor();
  await service.restart();
  await page.locator('form.issue .button').click();
  await page.getByRole('heading', { name: '已签发' }).waitFor();
  expectQuiet(watched, ['401', 'ERR_CONNECTION_REFUSED']);
  await watched.context.close();
});

test('where another operator has to agree, one asks, another approves, and the first issues', async () => {
  const careful = await startService({ fourEyes: 'both' });
  try {
    const root = createServiceClient({ origin: careful.origin, apiKey: careful.apiKey });
    const clerk = await hire(root, '3 号窗口', 'issuer');
    const watched = await openPage(browser, { locale: 'zh-CN' });
    const { page } = watched;
    await page.goto(`${careful.origin}/admin/`);
    await signIn(page, clerk.apiKey);
    await page.getByLabel('姓名').fill(PERSON.name);
    await page.getByLabel('身份证号').fill(PERSON.idNumber);
    await page.getByLabel('统筹区代码').fill(PERSON.region);
    await page.locator('form.issue .button').click();
    await page.getByText('已提交，等待另一位操作员复核。').waitFor();
    expect(await page.getByLabel('身份证号').inputValue()).toBe('');
    await page.getByRole('button', { name: '复核' }).click();
    await page.getByText('您提出的事项，须由他人复核').waitFor();
    await page.getByRole('button', { name: '退出' }).click();

    await signIn(page, careful.apiKey);
    await page.getByRole('button', { name: '复核' }).click();
    await page.getByText('3 号窗口').waitFor();
    const shown = await page.locator('.proposal').textContent();
    expect(shown).toContain('张**');
    expect(shown).not.toContain(PERSON.idNumber);
    await keepPicture(page, 'admin-proposals-open-desk-zh');
    await page.getByRole('button', { name: '通过', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: '通过' }).click();
    await page.getByText('已通过。').waitFor();
    await page.getByRole('button', { name: '退出' }).click();

    await signIn(page, clerk.apiKey);
    await page.getByRole('button', { name: '复核' }).click();
    await page.locator('.proposal').getByRole('button', { name: '签发' }).click();
    await page.getByRole('heading', { name: '已签发' }).waitFor();
    expect(await root.verify({ text: await readCode(page) })).toMatchObject({ value: { ok: true } });
    await page.getByText('没有待复核的事项。').waitFor();
    await keepPicture(page, 'admin-proposals-issued-desk-zh');
    expectQuiet({ ...watched, requests: watched.requests.map((url) => url.replace(careful.origin, service.origin)) });
    await watched.context.close();
  } finally {
    await careful.remove();
  }
});

test.each(['zh-CN', 'en'])('every part fits a phone and twice the size of letters, in %s', async (locale) => {
  const watched = await open(locale, 'phone');
  const { page } = watched;
  const language = locale.slice(0, 2);
  await keepPicture(page, `admin-sign-in-phone-${language}`);
  await signIn(page, service.apiKey);
  await page.locator('.count').first().waitFor();
  for (const [n, part] of ['overview', 'issue', 'status', 'proposals', 'search', 'receipt'].entries()) {
    await page.locator('nav button').nth(n).click();
    if (part === 'search') await page.locator('.entries tbody tr').first().waitFor();
    await keepPicture(page, `admin-${part}-phone-${language}`);
    // Half the width of a desk is a desk at 200 %.
    for (const width of [390, 640, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${part} at ${width}`).toBe(width);
      if (width === 1280) await keepPicture(page, `admin-${part}-desk-${language}`);
    }
    await page.setViewportSize({ width: 390, height: 844 });
  }
  expectQuiet(watched);
  await watched.context.close();
});

async function hire(by: ServiceClient, name: string, role: 'issuer' | 'verifier' | 'auditor') {
  const added = await by.addOperator({ name, role, organisation: '370200' });
  if (!added.ok || added.value.apiKey === undefined) throw new Error(`${name} has no key`);
  return { id: added.value.operator.id, apiKey: added.value.apiKey };
}

async function open(locale: string, size: 'desk' | 'phone' = 'desk'): Promise<Watched> {
  const watched = await openPage(browser, { locale, size });
  await watched.page.goto(`${service.origin}/admin/`);
  await watched.page.locator('#api-key').waitFor();
  return watched;
}

async function signIn(page: Page, key: string): Promise<void> {
  await page.locator('#api-key').fill(key);
  await page.locator('#api-key').press('Enter');
}

/** Which parts there are for who is signed in. */
async function readSections(page: Page): Promise<readonly string[]> {
  await page.locator('nav').waitFor();
  return page.locator('nav button').allTextContents();
}

/** Nothing left the origin, nothing personal or secret is in an address, and nothing was said but what is expected. */
function expectQuiet({ requests, faults }: Watched, expected: readonly string[] = []): void {
  expect(requests.filter((url) => !url.startsWith(service.origin) && !url.startsWith('blob:'))).toEqual([]);
  expect(requests.filter((url) => url.includes('zk_') || url.includes(PERSON.idNumber))).toEqual([]);
  expect(faults.filter((fault) => !expected.some((words) => fault.includes(words)))).toEqual([]);
}

/** What is in the picture that the page shows. */
async function readCode(page: Page): Promise<string> {
  const { data, info } = await sharp(await page.locator('img.qr').screenshot())
    .resize({ width: 1200 })
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return String(readQr({ data: new Uint8ClampedArray(data), width: info.width, height: info.height }));
}

/** What the holder's page shows of a phone. */
async function makeEnrolmentCode(): Promise<string> {
  return Buffer.from(exportPublicKey(await generateDeviceKey())).toString('base64url');
}
