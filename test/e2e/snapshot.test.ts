import { renderQr } from '@zhengma/credential-core/qr';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepPicture, launchBrowser, openPage } from './browser.ts';
import { awaitVerdict, chooseImage, PERSON } from './counter.ts';
import { type Service, startService } from './service.ts';

let service: Service;
let browser: Awaited<ReturnType<typeof launchBrowser>>;

beforeAll(async () => {
  [service, browser] = await Promise.all([startService(), launchBrowser('plain')]);
});

afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

test('with one file of all lists and no list of its own, an offline scanner tells a revoked code from a good one', async () => {
  const [good, revoked, suspended] = await Promise.all([1, 2, 3].map(() => service.issue({ ...PERSON, paper: true })));
  if (!good || !revoked || !suspended) throw new Error('nothing was issued');
  await service.setStatus(revoked, 'revoked');
  const { page, context, requests } = await openPage(browser);
  await page.goto(`${service.origin}/scan/`);
  await page.getByText(/核对过$/).waitFor({ state: 'attached' });
  // This one stands in the delta.
  await service.setStatus(suspended, 'suspended');
  const arrived = page.waitForResponse((response) => response.url().includes('/revocation-snapshot/deltas/'));
  await page.locator('.lists-refresh').click();
  await arrived;
  await page.locator('.lists-refresh[aria-busy="false"]').waitFor();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);

  await context.setOffline(true);
  await page.reload();
  await page.locator('.lists-offline').waitFor();
  await page.getByText(/^名单 (刚刚|\d+ 分钟前)更新$/).waitFor();
  for (const [{ text }, tone, code] of [
    [revoked, 'refused', 'revoked'],
    [good, 'valid', 'valid'],
    [suspended, 'refused', 'suspended'],
  ] as const) {
    await chooseImage(page, Buffer.from(await renderQr(text, { format: 'png' })));
    await awaitVerdict(page, tone, code);
    await keepPicture(page, `scan-snapshot-offline-${code}-desk-zh`);
    await page.keyboard.press('Enter');
  }
  const paths = requests.map((url) => new URL(url).pathname);
  expect(paths.filter((path) => path === '/v1/revocation-snapshot')).toHaveLength(1);
  expect(paths.filter((path) => path.startsWith('/v1/status-lists/'))).toEqual([]);
});
