import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderQr } from '@zhengma/credential-core/qr';
import type { Browser } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type FakeCamera, keepPicture, launchBrowser, openPage, type Watched } from './browser.ts';
import { drawCameraFrames, writeCamera } from './camera-frames.ts';
import { awaitVerdict, chooseImage, PERSON, readFacts } from './counter.ts';
import { type Service, startService } from './service.ts';

let folder: string;
let service: Service;
let gateway: Server;
const browsers: Browser[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhengma-engine-'));
  service = await startService();
  gateway = await startGateway(service.origin);
});

afterEach(async () => {
  await Promise.all(browsers.splice(0).map((browser) => browser.close()));
});

afterAll(async () => {
  gateway?.closeAllConnections();
  gateway?.close();
  await service?.remove();
  await rm(folder, { recursive: true, force: true });
});

test('where a policy forbids WASM the camera reads all the same, and the page says that it is slower', async () => {
  const { text } = await service.issue(PERSON);
  const frames = await writeCamera(join(folder, 'code.mjpeg'), await drawCameraFrames(text));
  const { page } = await openStrict({ frames });
  await awaitVerdict(page, 'valid', 'valid');
  expect((await readFacts(page))['姓名']).toBe('张**');
});

test('the same with an image, in both languages; a picture without a code is said', async () => {
  const { text } = await service.issue(PERSON);
  const { page } = await openStrict('plain');
  await page.getByText('请拿稳，读码较慢').waitFor();
  await keepPicture(page, 'scan-reads-slowly-desk-zh');
  await page.setViewportSize({ width: 390, height: 844 });
  await keepPicture(page, 'scan-reads-slowly-phone-zh');
  await page.getByRole('button', { name: 'English' }).click();
  await page.getByText('Hold the code still: reading is slow').waitFor();
  await keepPicture(page, 'scan-reads-slowly-phone-en');
  await page.setViewportSize({ width: 1280, height: 720 });
  await keepPicture(page, 'scan-reads-slowly-desk-en');
  await chooseImage(page, await drawWhite());
  await page.getByText('There is no QR code in that image.').waitFor();
  await chooseImage(page, Buffer.from(await renderQr(text, { format: 'png' })));
  await awaitVerdict(page, 'valid', 'valid');
});

test('where WASM is allowed nothing is said of a slower reader', async () => {
  const { page, requests } = await open('plain', service.origin);
  await page.getByText('把二维码放进框里', { exact: true }).waitFor();
  expect(requests.some((url) => url.endsWith('.wasm'))).toBe(true);
});

/** A server before the service that allows no WASM, as the policy of an institution may have it. */
async function startGateway(origin: string): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    const { method, headers } = incoming;
    const onward = request(origin + incoming.url, { method, headers }, (answer) => {
      const policy = String(answer.headers['content-security-policy']).replace(" 'wasm-unsafe-eval'", '');
      outgoing.writeHead(answer.statusCode as number, { ...answer.headers, 'content-security-policy': policy });
      answer.pipe(outgoing);
    });
    incoming.pipe(onward);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return server;
}

function openStrict(camera: FakeCamera): Promise<Watched> {
  return open(camera, `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`);
}

async function open(camera: FakeCamera, origin: string): Promise<Watched> {
  const browser = await launchBrowser(camera);
  browsers.push(browser);
  const watched = await openPage(browser);
  await watched.page.goto(`${origin}/scan/`);
  return watched;
}

function drawWhite(): Promise<Buffer> {
  return sharp({ create: { width: 300, height: 300, channels: 3, background: '#fff' } })
    .png()
    .toBuffer();
}
