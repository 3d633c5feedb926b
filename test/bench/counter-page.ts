import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openPage } from '../e2e/browser.ts';
import { writeCamera } from '../e2e/camera-frames.ts';

/** The scanner's page in Chromium, before a camera that shows `frames` over and over. */
export interface CounterPage {
  readonly browser: Browser;
  readonly page: Page;
  close(): Promise<void>;
}

/** @param script runs in the page before anything of its own */
export async function openCounter(origin: string, frames: readonly Buffer[], script = ''): Promise<CounterPage> {
  const file = await writeCamera(join(tmpdir(), `zhengma-bench-${crypto.randomUUID()}.mjpeg`), frames);
  const browser = await launchBrowser({ frames: file });
  const { page } = await openPage(browser);
  await page.addInitScript(script);
  await page.goto(`${origin}/scan/`);
  return {
    browser,
    page,
    async close() {
      await browser.close();
      await rm(file);
    },
  };
}
