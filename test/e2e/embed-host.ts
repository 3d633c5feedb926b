import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openPage, type Watched } from './browser.ts';

const EXAMPLE = join(import.meta.dirname, '../../examples/embed-scanner');

/** The example's pages, built and served as its command does. */
export interface EmbedHost {
  readonly origin: string;
  stop(): Promise<void>;
}

/** @param service the origin of the service whose lists the pages ask for */
export async function startEmbedHost(service: string): Promise<EmbedHost> {
  const example = spawn(process.execPath, ['main.ts', '--service', service, '--port', '0'], {
    cwd: EXAMPLE,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(example, 'exit');
  for await (const chunk of example.stdout) {
    const origin = /(http:\/\/localhost:\d+)\/$/m.exec(String(chunk))?.[1];
    if (!origin) continue;
    example.stdout.resume();
    return {
      origin,
      async stop() {
        example.kill('SIGTERM');
        await ended;
      },
    };
  }
  throw new Error('the example ended before it served');
}

/** A page of the example, whose cameras are counted. */
export async function openEmbedPage(browser: Browser, address: string, size?: 'phone'): Promise<Watched> {
  const watched = await openPage(browser, { ...(size && { size }) });
  await watched.page.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(window, { tracks });
    const { mediaDevices } = navigator;
    const getUserMedia = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (constraints) => {
      const stream = await getUserMedia(constraints);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
  await watched.page.goto(address);
  return watched;
}

/** How many cameras the page has in use, and how many workers. */
export async function countInUse(page: Page): Promise<{ readonly cameras: number; readonly workers: number }> {
  const cameras = await page.evaluate(() => {
    const { tracks } = window as unknown as { readonly tracks: readonly MediaStreamTrack[] };
    return tracks.filter(({ readyState }) => readyState === 'live').length;
  });
  return { cameras, workers: page.workers().length };
}
