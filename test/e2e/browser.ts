import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';

/** Pictures of every page and state, for people to look at. */
export const ARTIFACTS = join(import.meta.dirname, '../artifacts');

const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // The pictures should not differ by a machine's hinting of fonts.
  '--font-render-hinting=none',
];

/** What the camera of a browser is like. */
export type FakeCamera = { readonly frames: string } | 'denied' | 'missing' | 'plain';

/** Starts a browser with such a camera. */
export function launchBrowser(camera: FakeCamera, extra: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [...ARGUMENTS, ...cameraArguments(camera), ...extra],
    timeout: 120_000,
  });
}

/** A browser with a profile that outlives it, in a process that can be killed as a power cut would. */
export interface KillableBrowser {
  readonly browser: Browser;
  readonly page: Page;
  /** Ends every process of it at once, in the middle of whatever it writes. */
  kill(): Promise<void>;
}

/** @param profile a folder; what an earlier browser left in it is there again */
export async function startKillableBrowser(profile: string): Promise<KillableBrowser> {
  const started = spawn(
    findChromium(),
    [
      ...ARGUMENTS,
      ...cameraArguments('plain'),
      '--remote-debugging-port=0',
      `--user-data-dir=${profile}`,
      '--accept-lang=zh-CN',
      'about:blank',
    ],
    // A group of its own: the processes of the browser die together.
    { detached: true, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const ended = once(started, 'exit');
  const lines = createInterface({ input: started.stderr });
  let address: string | undefined;
  for await (const line of lines) {
    address = /DevTools listening on (ws:\S+)/.exec(line)?.[1];
    if (address) break;
  }
  if (!address) throw new Error('the browser ended before it listened');
  started.stderr.resume();
  const browser = await chromium.connectOverCDP(address, { timeout: 120_000 });
  const [context] = browser.contexts();
  const page = context?.pages()[0] ?? (await context?.newPage());
  if (!page) throw new Error('the browser has no page');
  page.setDefaultTimeout(60_000);
  return {
    browser,
    page,
    async kill() {
      if (started.pid !== undefined && started.exitCode === null) process.kill(-started.pid, 'SIGKILL');
      await ended;
      await browser.close().catch(() => undefined);
    },
  };
}

function cameraArguments(camera: FakeCamera): string[] {
  const device = '--use-fake-device-for-media-stream';
  const granted = '--use-fake-ui-for-media-stream';
  if (camera === 'denied') return [device];
  if (camera === 'missing') return [`${device}=device-count=0`, granted];
  // Nothing is read in it: every frame would only take time from the tests beside.
  if (camera === 'plain') return [`${device}=fps=5`, granted];
  return [device, granted, `--use-file-for-fake-video-capture=${camera.frames}`];
}

function findChromium(): string {
  if (process.env['ZHENGMA_CHROMIUM']) return process.env['ZHENGMA_CHROMIUM'];
  for (const name of ['chromium', 'google-chrome', 'chromium-browser']) {
    try {
      return execFileSync('which', [name], { encoding: 'utf8' }).trim();
    } catch {}
  }
  throw new Error('no Chromium: install one, or name it in ZHENGMA_CHROMIUM');
}

/** A page and all that went wrong in it or left its origin. */
export interface Watched {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly requests: string[];
  readonly faults: string[];
}

const VIEWPORTS = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } } as const;

/** Opens a page that keeps a record of its requests, console errors, uncaught errors and policy violations. */
export async function openPage(
  browser: Browser,
  { locale = 'zh-CN', size = 'desk' as keyof typeof VIEWPORTS } = {},
): Promise<Watched> {
  const context = await browser.newContext({ locale, viewport: VIEWPORTS[size], timezoneId: 'Asia/Shanghai' });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const requests: string[] = [];
  const faults: string[] = [];
  // The context hears the service worker's requests too.
  context.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => faults.push(`uncaught: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`${message.type()}: ${message.text()}`);
  });
  return { page, context, requests, faults };
}

/** Keeps a picture of the page as it is. */
export async function keepPicture(page: Page, name: string): Promise<Buffer> {
  await mkdir(ARTIFACTS, { recursive: true });
  return page.screenshot({ path: join(ARTIFACTS, `${name}.png`) });
}
