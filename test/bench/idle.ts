import { readFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { drawEmptyFrames } from '../e2e/camera-frames.ts';
import { startService } from '../e2e/service.ts';
import { openCounter } from './counter-page.ts';
import { type Goal, median } from './measure.ts';

const SAMPLES = 40;
/** Loading, compiling and the first lists are over after this. */
const WARM_UP_SECONDS = 10;
/** Bytes of a page of memory, as Linux counts them. */
const PAGE_BYTES = 4096;
const MIB = 2 ** 20;

/** What the page costs while nobody stands at the counter: a camera that sees a desk and nothing else. */
export async function benchIdle(minutes: number): Promise<{ samples: object[]; goals: Goal[] }> {
  const service = await startService();
  try {
    const { browser, page, close } = await openCounter(service.origin, await drawEmptyFrames());
    try {
      await page.locator('.scan[data-camera="live"]').waitFor();
      await wait(WARM_UP_SECONDS * 1000);
      const samples: Sample[] = [await takeSample(browser)];
      for (let sample = 1; sample <= SAMPLES; sample++) {
        await wait((minutes * 60_000) / SAMPLES);
        samples.push(await takeSample(browser));
      }
      return summarize(samples);
    } finally {
      await close();
    }
  } finally {
    await service.remove();
  }
}

interface Sample {
  readonly seconds: number;
  /** Of the page and its worker. */
  readonly cpuSeconds: number;
  readonly allCpuSeconds: number;
  readonly mib: number;
}

async function takeSample(browser: Browser): Promise<Sample> {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === 'renderer');
  let pages = 0;
  for (const { id } of renderers) pages += Number((await readFile(`/proc/${id}/statm`, 'utf8')).split(' ')[1]);
  const addUp = (processes: typeof processInfo) => processes.reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  return {
    seconds: performance.now() / 1000,
    cpuSeconds: addUp(renderers),
    allCpuSeconds: addUp(processInfo),
    mib: Math.round((pages * PAGE_BYTES) / MIB),
  };
}

/** The memory of the first quarter beside that of the last: garbage comes and goes in between. */
function summarize(samples: readonly Sample[]) {
  const [first, last] = [samples[0] as Sample, samples.at(-1) as Sample];
  const seconds = last.seconds - first.seconds;
  const cores = Math.round(((last.cpuSeconds - first.cpuSeconds) / seconds) * 100) / 100;
  const allCores = Math.round(((last.allCpuSeconds - first.allCpuSeconds) / seconds) * 100) / 100;
  const quarter = Math.ceil(samples.length / 4);
  const before = median(samples.slice(0, quarter).map(({ mib }) => mib));
  const after = median(samples.slice(-quarter).map(({ mib }) => mib));
  const growth = Math.round((after / before) * 100) / 100;
  return {
    samples: [
      { minutes: Math.round(seconds / 6) / 10, cores, allCores, firstQuarterMib: before, lastQuarterMib: after },
    ],
    goals: [
      { name: 'cores of the page and its worker', value: cores, goal: 1, met: cores < 1 },
      { name: 'memory of the last quarter / of the first', value: growth, goal: 1.1, met: growth <= 1.1 },
    ],
  };
}
