import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderQr } from '@zhengma/credential-core/qr';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { keepPicture, launchBrowser } from './browser.ts';
import { drawCameraFrames, writeCamera } from './camera-frames.ts';
import { chooseImage, PERSON } from './counter.ts';
import { countInUse, type EmbedHost, openEmbedPage, startEmbedHost } from './embed-host.ts';
import { type Issued, type Service, startService } from './service.ts';

let folder: string;
let service: Service;
let host: EmbedHost;
let browser: Browser;
let issued: Issued;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhengma-embed-'));
  service = await startService();
  issued = await service.issue(PERSON);
  const camera = await writeCamera(join(folder, 'camera.mjpeg'), await drawCameraFrames(issued.text));
  [host, browser] = await Promise.all([startEmbedHost(service.origin), launchBrowser({ frames: camera })]);
});

afterAll(async () => {
  await browser?.close();
  await host?.stop();
  await service?.remove();
  await rm(folder, { recursive: true, force: true });
});

test.each(['react', 'vue'])(
  'in a page of %s: a verdict from the camera; taken out, camera and worker are let go; put in again, it goes on',
  async (framework) => {
    const { page, faults, requests } = await openEmbedPage(browser, `${host.origin}/${framework}.html`);
    await page.getByText('valid valid', { exact: true }).waitFor();
    await page.getByRole('heading', { name: '有效' }).waitFor();
    expect(await countInUse(page)).toEqual({ cameras: 1, workers: 1 });
    await keepPicture(page, `embed-${framework}-zh`);

    await page.getByRole('button', { name: 'Close' }).click();
    await expect.poll(() => countInUse(page)).toEqual({ cameras: 0, workers: 0 });
    await page.getByRole('button', { name: 'Open' }).click();
    await page.getByRole('heading', { name: '有效' }).waitFor();

    const origins = new Set(requests.filter((each) => !each.startsWith('blob:')).map((each) => new URL(each).origin));
    expect([...origins].sort()).toEqual([host.origin, service.origin].sort());
    expect(faults.filter((fault) => !fault.includes('favicon'))).toEqual([]);
    await page.context().close();
  },
);

test('without a face and without a camera: a picture, a pasted code, what it may be used for', async () => {
  const limited = await service.issue({ ...PERSON, businessTypes: ['01301'] });
  const { page, faults } = await openEmbedPage(browser, `${host.origin}/faceless.html`);
  await chooseImage(page, Buffer.from(await renderQr(issued.text, { format: 'png' })));
  await page.getByText('valid valid 张**').waitFor();
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', text);
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, limited.text);
  await page.getByText('refused business_not_allowed').waitFor();
  expect((await countInUse(page)).cameras).toBe(0);
  expect(faults.filter((fault) => !fault.includes('favicon'))).toEqual([]);
  await page.context().close();
});
