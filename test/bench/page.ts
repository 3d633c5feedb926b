import type { Browser, Page, Request } from 'playwright-core';
import { launchBrowser, openPage } from '../e2e/browser.ts';
import { PERSON } from '../e2e/counter.ts';
import { startService } from '../e2e/service.ts';
import { type Goal, median } from './measure.ts';

/** A cheap phone beside this machine, as Lighthouse takes it. */
const CPU_SLOWDOWN = 4;
const LOADS = 3;
/** A task that takes longer keeps a finger waiting (Long Tasks API); what is over it blocks. */
const LONG_MILLISECONDS = 50;

/** What Web Vitals and Lighthouse call good, and for the scanner what DESIGN allows. */
const LIMITS = { firstPaint: 1800, largestPaint: 2500, shift: 0.1, blocked: 200 } as const;
const FIRST_LOAD_KB = 150;

interface Marks {
  /** Milliseconds since the page was asked for, as what follows. */
  readonly firstPaint: number;
  readonly largestPaint: number;
  /** Without a unit (Layout Instability API). */
  readonly shift: number;
  /** What long tasks took beyond what is short. */
  readonly blocked: number;
  readonly longestTask: number;
  /** When what the page is for is there: lists that were just compared, a code, the field for the key. */
  readonly ready: number;
}

/** Notes what the browser tells of how the page comes to be. */
const WATCH = `
  window.marks = { firstPaint: 0, largestPaint: 0, shift: 0, tasks: [] };
  const watch = (type, take) => new PerformanceObserver((list) => list.getEntries().forEach(take)).observe({ type, buffered: true });
  watch('paint', ({ name, startTime }) => { if (name === 'first-contentful-paint') marks.firstPaint = startTime; });
  watch('largest-contentful-paint', ({ startTime }) => { marks.largestPaint = startTime; });
  watch('layout-shift', ({ value, hadRecentInput }) => { if (!hadRecentInput) marks.shift += value; });
  watch('longtask', ({ startTime, duration }) => marks.tasks.push([startTime, duration]));
`;

/** How heavy the pages are and how soon they answer, with nothing of them in any cache, on a slow processor. */
export async function benchPage(): Promise<{
  transferred: Record<string, object>;
  milliseconds: Record<string, object>;
  goals: Goal[];
}> {
  const service = await startService();
  const { text } = await service.issue(PERSON);
  const browser = await launchBrowser('plain');
  const pages = {
    scan: { path: '/scan/', ready: '.lists-checked:not(:empty)' },
    wallet: { path: `/wallet/#${Buffer.from(text).toString('base64url')}`, ready: 'zhengma-code, [role="img"]' },
    admin: { path: '/admin/', ready: 'input' },
  };
  const transferred: Record<string, object> = {};
  const milliseconds: Record<string, object> = {};
  const goals: Goal[] = [];
  try {
    for (const [name, { path, ready }] of Object.entries(pages)) {
      const loads: Awaited<ReturnType<typeof loadPage>>[] = [];
      for (let load = 0; load < LOADS; load++) loads.push(await loadPage(browser, service.origin + path, ready));
      const [{ kilobytes, requests }] = loads as [(typeof loads)[number]];
      const middle = (mark: keyof Marks) => median(loads.map(({ marks }) => marks[mark]));
      transferred[name] = { ...kilobytes, requests };
      milliseconds[name] = {
        firstPaint: middle('firstPaint'),
        largestPaint: middle('largestPaint'),
        ready: middle('ready'),
        blocked: middle('blocked'),
        longestTask: middle('longestTask'),
        shift: middle('shift'),
      };
      goals.push(reach(`${name}: kB before the WASM`, kilobytes.beforeWasm, FIRST_LOAD_KB));
      for (const [mark, limit] of Object.entries(LIMITS)) {
        goals.push(reach(`${name}: ${mark}`, middle(mark as keyof typeof LIMITS), limit));
      }
    }
  } finally {
    await browser.close();
    await service.remove();
  }
  return { transferred, milliseconds, goals };
}

function reach(name: string, value: number, goal: number): Goal {
  return { name, value, goal, met: value <= goal };
}

async function loadPage(browser: Browser, address: string, ready: string) {
  const { page, context } = await openPage(browser);
  const finished: Request[] = [];
  // What the service worker stores for later is no part of the first load.
  context.on('requestfinished', (request) => !request.serviceWorker() && finished.push(request));
  const debugging = await context.newCDPSession(page);
  await debugging.send('Emulation.setCPUThrottlingRate', { rate: CPU_SLOWDOWN });
  await page.addInitScript(WATCH);
  await page.goto(address);
  await page.locator(ready).first().waitFor({ state: 'attached' });
  const marks = await readMarks(page);
  const kilobytes = await weigh(finished);
  await context.close();
  return { marks, kilobytes, requests: finished.length };
}

/** Of the time before the page is ready: afterwards a camera's frames are work without an end. */
async function readMarks(page: Page): Promise<Marks> {
  const { tasks, shift, ...times } = await page.evaluate(
    () =>
      ({ ...(globalThis as unknown as { marks: object }).marks, ready: performance.now() }) as Marks & {
        readonly tasks: readonly (readonly [number, number])[];
      },
  );
  const durations = tasks.filter(([start]) => start < times.ready).map(([, duration]) => duration);
  return {
    firstPaint: Math.round(times.firstPaint),
    largestPaint: Math.round(times.largestPaint),
    ready: Math.round(times.ready),
    blocked: Math.round(durations.reduce((sum, duration) => sum + duration - LONG_MILLISECONDS, 0)),
    longestTask: Math.round(Math.max(0, ...durations)),
    shift: Math.round(shift * 1000) / 1000,
  };
}

/** In kB as they came over the wire, by kind. */
async function weigh(requests: readonly Request[]) {
  const bytes = { document: 0, script: 0, stylesheet: 0, wasm: 0, other: 0 };
  for (const request of requests) {
    const length = await (await request.response())?.headerValue('content-length');
    const type = request.resourceType();
    const kind = request.url().endsWith('.wasm') ? 'wasm' : type in bytes ? (type as keyof typeof bytes) : 'other';
    bytes[kind] += Number(length ?? 0);
  }
  const round = (size: number) => Math.round(size / 100) / 10;
  const { wasm, ...rest } = bytes;
  return {
    document: round(rest.document),
    script: round(rest.script),
    stylesheet: round(rest.stylesheet),
    other: round(rest.other),
    beforeWasm: round(Object.values(rest).reduce((sum, size) => sum + size, 0)),
    wasm: round(wasm),
  };
}
