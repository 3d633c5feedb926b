import { exportPublicKey, generateDeviceKey, presentCredential } from '@zhengma/credential-core/present';
import QRCode from 'qrcode';
import { drawCameraFrames } from '../e2e/camera-frames.ts';
import { startService } from '../e2e/service.ts';
import { FICTIONAL_PERSON } from '../fictional-person.ts';
import { openCounter } from './counter-page.ts';
import { quantile } from './load.ts';
import type { Goal } from './measure.ts';

const VISITS = 100;
/** A presentation counts for a minute and is on the screen for half of one: later than this it is not shown any more. */
const PRESENTED_SECONDS = 45;
/** The largest that a code on a phone may have (docs/format.md): a delegate's, for eight kinds of business. */
const VERSION = 14;
const CLAIMS = {
  ...FICTIONAL_PERSON,
  businessTypes: ['01101', '01201', '01202', '01203', '01204', '01301', '01302', '01303'],
  delegate: { name: '欧阳明珠', relation: '2' },
};

/** In milliseconds of the page's clock. */
interface Visit {
  /** When the first frame was taken since the last person left. */
  readonly first: number;
  /** When the frame was taken that was read. */
  readonly read: number;
  /** When the verdict was drawn. */
  readonly shown: number;
}

/** Notes when the page takes a frame and when it has drawn a verdict; it changes nothing that the page does. */
const WATCH = `
  window.visits = [];
  let visit;
  const note = (source) => {
    if (!(source instanceof HTMLVideoElement)) return;
    const read = performance.now();
    visit = { first: visit?.first ?? read, read };
  };
  const take = window.createImageBitmap;
  window.createImageBitmap = (source, ...rest) => {
    note(source);
    return take(source, ...rest);
  };
  window.VideoFrame = class extends window.VideoFrame {
    constructor(source, ...rest) {
      note(source);
      super(source, ...rest);
    }
  };
  let hasVerdict = false;
  new MutationObserver(() => {
    const hadVerdict = hasVerdict;
    hasVerdict = document.querySelector('.verdict') !== null;
    if (!hasVerdict || hadVerdict) return;
    const taken = visit;
    visit = undefined;
    requestAnimationFrame(() => window.visits.push({ ...taken, shown: performance.now() }));
  }).observe(document, { childList: true, subtree: true });
`;

/** From a frame of the camera to the verdict on the screen: a holder's code, live, in Chromium, with the real service. */
export async function benchVerdict(): Promise<{ milliseconds: Record<string, object>; goals: Goal[] }> {
  const service = await startService();
  try {
    const device = await generateDeviceKey();
    const holderKey = Buffer.from(exportPublicKey(device)).toString('base64url');
    const { text: credential } = await service.issue(CLAIMS, { holderKey, subject: 'bench' });
    const { text } = await presentCredential(credential, device, { currentDate: new Date() });
    const presentedAt = Date.now();
    const { version } = QRCode.create([{ data: text, mode: 'alphanumeric' }], { errorCorrectionLevel: 'M' });
    if (version !== VERSION) throw new Error(`the code is of version ${version}`);

    const { page, close } = await openCounter(service.origin, await drawCameraFrames(text), WATCH);
    const visits: Visit[] = [];
    try {
      for (let count = 1; count <= VISITS && Date.now() - presentedAt < PRESENTED_SECONDS * 1000; count++) {
        await page.waitForFunction(
          (wanted) => (window as unknown as { visits: Visit[] }).visits.length >= wanted,
          count,
        );
        const tone = await page.locator('.verdict').getAttribute('data-tone');
        if (tone !== 'valid') throw new Error(`the verdict is ${tone}`);
        await page.keyboard.press('Enter');
      }
      visits.push(...(await page.evaluate(() => (window as unknown as { visits: Visit[] }).visits)));
    } finally {
      await close();
    }
    // The first comes with the start of the camera, the reader and the lists.
    const warm = visits.slice(1);
    const first = describe(warm.map((visit) => visit.shown - visit.first));
    return {
      milliseconds: {
        'first frame to verdict': first,
        'frame that was read to verdict': describe(warm.map((visit) => visit.shown - visit.read)),
      },
      goals: [
        { name: 'first frame to verdict, median ms', value: first.median, goal: 100, met: first.median <= 100 },
        { name: 'first frame to verdict, 95th percentile ms', value: first.p95, goal: 250, met: first.p95 <= 250 },
      ],
    };
  } finally {
    await service.remove();
  }
}

function describe(milliseconds: readonly number[]) {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const [median, p95] = [0.5, 0.95].map((part) => round(quantile(sorted, part))) as [number, number];
  return { visits: sorted.length, median, p95, most: round(sorted.at(-1) as number) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
