import { renderQr } from '@zhengma/credential-core/qr';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { keepPicture, launchBrowser, openPage } from './browser.ts';
import { awaitVerdict, PERSON } from './counter.ts';
import { changeCameras, type Drawn, type DrawnCameras, drawCameras, pullPlug, showPicture } from './drawn-cameras.ts';
import { type Service, startService } from './service.ts';

const DESK = '#b9b2a4';
/** The light border that `renderQr` draws. */
const BORDER_MODULES = 4;
const PATIENCE = { timeout: 30_000 };

let service: Service;
let browser: Browser;

beforeAll(async () => {
  service = await startService();
  browser = await launchBrowser('plain', ['--use-fake-device-for-media-stream=device-count=3']);
});

// A page that is left open goes on reading.
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});

afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

describe('which camera', () => {
  test('the chosen one is used, also after a reload; where its id has changed, the one of its name; where it is gone, another', async () => {
    const { page, faults } = await openPage(browser);
    await page.goto(`${service.origin}/scan/`);
    await awaitPicture(page, 'fake_device_0');
    await page.getByLabel('摄像头').selectOption({ label: 'fake_device_1' });
    await awaitPicture(page, 'fake_device_1');
    await page.reload();
    await awaitPicture(page, 'fake_device_1');
    await keepPicture(page, 'scan-camera-choice-desk-zh');

    await remember(page, { id: 'as it was', label: 'fake_device_2' });
    await awaitPicture(page, 'fake_device_2');
    expect(await page.locator('.camera-note').isVisible()).toBe(false);

    await remember(page, { id: 'gone', label: '高拍仪' });
    await page.getByText('上次选的摄像头没有接上，现在用的是：fake_device_0').waitFor();
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: 'English' }).click();
    await page.getByText('The camera chosen last is not connected. In use: fake_device_0').waitFor();
    await keepPicture(page, 'scan-camera-substitute-phone-en');
    expect(faults).toEqual([]);
  });

  test('one that is plugged in is found without a reload; one that is pulled out gives way to the other, and comes back', async () => {
    const page = await open({ plugged: [] });
    await page.getByRole('heading', { name: '没有找到摄像头。' }).waitFor();
    await changeCameras(page, { plugged: ['Camera'] }, 'devicechange');
    await awaitPicture(page, 'Camera');
    await changeCameras(page, { plugged: ['Camera', '高拍仪'] }, 'devicechange');
    await page.getByLabel('摄像头').selectOption({ label: '高拍仪' });
    await awaitPicture(page, '高拍仪');

    await pullPlug(page, ['Camera']);
    await awaitPicture(page, 'Camera');
    await page.getByText('上次选的摄像头没有接上，现在用的是：Camera').waitFor();
    await changeCameras(page, { plugged: ['Camera', '高拍仪'] }, 'devicechange');
    await awaitPicture(page, '高拍仪');

    await pullPlug(page, []);
    await page.getByRole('heading', { name: '摄像头断开了。' }).waitFor();
    await keepPicture(page, 'scan-camera-lost-desk-zh');
    await changeCameras(page, { plugged: ['高拍仪'] }, 'devicechange');
    await awaitPicture(page, '高拍仪');
  });
});

describe('a problem that passes is gone by itself', () => {
  test('another program had the camera: tried again after a while, and at once when somebody comes back', async () => {
    const page = await open({ refusal: 'NotReadableError' });
    const heading = page.getByRole('heading', { name: '摄像头正被别的程序占用。' });
    await heading.waitFor();
    await changeCameras(page, { refusal: undefined });
    await awaitPicture(page, 'Camera');
    expect(await heading.count()).toBe(0);

    await changeCameras(page, { refusal: 'NotReadableError' });
    await pullPlug(page, ['Camera']);
    await heading.waitFor();
    await changeCameras(page, { refusal: undefined }, 'focus');
    await awaitPicture(page, 'Camera');
  });

  test('an open camera without a picture: said, and looked at again', async () => {
    const page = await open({ isStill: true });
    await page.getByRole('heading', { name: '摄像头打开了，但没有画面。' }).waitFor();
    await keepPicture(page, 'scan-camera-stalled-desk-zh');
    await changeCameras(page, { isStill: false });
    await awaitPicture(page, 'Camera');
  });

  test('a permission that is given later is noticed', async () => {
    const strict = await launchBrowser('denied');
    try {
      const { page, context } = await openPage(strict);
      await page.goto(`${service.origin}/scan/`);
      await page.getByRole('heading', { name: '浏览器没有获准使用摄像头。' }).waitFor();
      await page.getByText('改成“允许”，画面会自己出现。').waitFor();
      await context.grantPermissions(['camera']);
      await page.locator('.scan[data-camera="live"]').waitFor();
    } finally {
      await strict.close();
    }
  });

  test('a policy that forbids the camera is named', async () => {
    const { page } = await openPage(browser, { locale: 'en' });
    await page.route('**/scan/', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, headers: { ...response.headers(), 'permissions-policy': 'camera=()' } });
    });
    await page.goto(`${service.origin}/scan/`);
    await page.getByRole('heading', { name: 'The page around this one does not allow it the camera.' }).waitFor();
    await keepPicture(page, 'scan-camera-policy-desk-en');
  });
});

test('torch, lens and focus are told to the camera that has them', async () => {
  const page = await open({}, { torch: true, zoom: { min: 100, max: 300 }, focusMode: ['continuous', 'single-shot'] });
  const told = () => page.evaluate(() => (window as unknown as { drawnCameras: DrawnCameras }).drawnCameras.told);
  await awaitPicture(page, 'Camera');
  const torch = page.getByRole('button', { name: '补光灯' });
  await torch.click();
  await page.locator('[aria-pressed="true"]').waitFor();
  await page.getByRole('button', { name: '放大' }).click();
  await page.getByText('1.5 倍').waitFor();
  const box = (await page.locator('.viewfinder').boundingBox()) as Box;
  await page.mouse.click(box.x + box.width / 4, box.y + box.height / 2);
  await expect
    .poll(told)
    .toEqual([
      { focusMode: 'continuous' },
      { torch: true },
      { zoom: 150 },
      { focusMode: 'single-shot', pointsOfInterest: [{ x: expect.closeTo(0.25, 2), y: expect.closeTo(0.5, 2) }] },
    ]);
  await keepPicture(page, 'scan-camera-controls-desk-zh');
  await page.setViewportSize({ width: 390, height: 844 });
  await keepPicture(page, 'scan-camera-controls-phone-zh');
});

describe('what the picture shows', () => {
  test('a covered lens, too little light and a code too far away are said until they are over', async () => {
    const page = await open({});
    await awaitPicture(page, 'Camera');
    // A camera without a torch or a lens that moves offers neither.
    expect(await page.getByRole('button', { name: '补光灯' }).isVisible()).toBe(false);
    await showPicture(page, '#000000');
    await page.getByText('画面全黑：请打开镜头盖，或换一个摄像头').waitFor();
    await keepPicture(page, 'scan-camera-black-desk-zh');
    await showPicture(page, '#202020');
    await page.getByText('光线太暗：请开灯，或把手机调亮').waitFor();

    const { text } = await service.issue(PERSON);
    const { png, modules } = await drawModules(text);
    const size = 2 * modules;
    const code = { left: 560, top: 280, width: size, height: size, png };
    // Its three marks are there, and too little of what it says.
    const cover = { left: 560 + size * 0.4, top: 280 + size * 0.4, width: size * 0.6, height: size * 0.6 };
    await showPicture(page, DESK, [code, cover]);
    await page.getByText('请把码靠近一些').waitFor();
    await page.locator('.outline .unread').first().waitFor();
    await keepPicture(page, 'scan-camera-closer-desk-zh');
    await showPicture(page, DESK, [{ ...code, top: 120, width: 6 * modules, height: 6 * modules }]);
    await awaitVerdict(page, 'valid', 'valid');
  });

  test('the lines lie on the codes, also when the picture is enlarged', async () => {
    const page = await open({});
    await awaitPicture(page, 'Camera');
    const codes = await Promise.all(
      [440, 660].map(async (left): Promise<Drawn> => {
        const { png } = await drawModules((await service.issue(PERSON)).text);
        return { left, top: 270, width: 180, height: 180, png };
      }),
    );
    await showPicture(page, DESK, codes);
    await page.getByText('一次只放一个码').waitFor();
    await expectLinesOn(page, codes, 1);
    await keepPicture(page, 'scan-camera-outline-desk-zh');
    await page.getByRole('button', { name: '放大' }).click();
    await page.getByText('1.5 倍').waitFor();
    await expectLinesOn(page, codes, 1.5);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.getByRole('button', { name: '缩小' }).click();
    await expectLinesOn(page, codes, 1);
    await keepPicture(page, 'scan-camera-outline-phone-zh');
  });
});

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function open(cameras: Partial<DrawnCameras>, abilities?: object): Promise<Page> {
  const { page } = await openPage(browser);
  await drawCameras(page, cameras, abilities);
  await page.goto(`${service.origin}/scan/`);
  return page;
}

/** Waits until the picture is that of the camera with this name. */
async function awaitPicture(page: Page, label: string): Promise<void> {
  await page.locator('.scan[data-camera="live"]').waitFor();
  await expect
    .poll(
      () =>
        page.evaluate(() => {
          const stream = document.querySelector('video')?.srcObject as MediaStream | null;
          return document.querySelector('.scan[data-camera="live"]') && stream?.getVideoTracks()[0]?.label;
        }),
      PATIENCE,
    )
    .toBe(label);
}

async function remember(page: Page, camera: object): Promise<void> {
  await page.evaluate((choice) => localStorage.setItem('zhengma.camera', choice), JSON.stringify(camera));
  await page.reload();
}

/** A code of one pixel a module, without its light border. */
async function drawModules(text: string): Promise<{ readonly png: Buffer; readonly modules: number }> {
  const drawn = sharp(await renderQr(text, { format: 'png', scale: 1 }));
  const modules = (await drawn.metadata()).width - 2 * BORDER_MODULES;
  const place = { left: BORDER_MODULES, top: BORDER_MODULES, width: modules, height: modules };
  return { png: await drawn.extract(place).png().toBuffer(), modules };
}

/** Where the codes are on the screen follows from where they were drawn: the picture fills its box. */
async function expectLinesOn(page: Page, codes: readonly Drawn[], zoom: number): Promise<void> {
  await expect
    .poll(async () => {
      const view = (await page.locator('.viewfinder').boundingBox()) as Box;
      const lines = await page.locator('.outline .read').evaluateAll((all) =>
        all
          .map((line) => line.getBoundingClientRect())
          .map(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2, width }))
          .sort((left, right) => left.x - right.x),
      );
      const scale = Math.max(view.width / 1280, view.height / 720) * zoom;
      return codes.map(({ left, top, width, height }, at) => {
        const x = view.x + view.width / 2 + (left + width / 2 - 640) * scale;
        const y = view.y + view.height / 2 + (top + height / 2 - 360) * scale;
        const line = lines[at];
        if (!line) return 'no line';
        const isOn = Math.hypot(line.x - x, line.y - y) < 8 && Math.abs(line.width - width * scale) < 14;
        return isOn || `${Math.round(line.x - x)} ${Math.round(line.y - y)} ${Math.round(line.width - width * scale)}`;
      });
    }, PATIENCE)
    .toEqual(codes.map(() => true));
}
