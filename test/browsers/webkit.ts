import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { findInstalled, findProgram } from './programs.ts';
import { type BrowserKind, COMMANDS, type WebDriver } from './web-driver.ts';

const START_SECONDS = 60;

const MINI_BROWSER = ['/usr/lib/*/webkit2gtk-4.*/MiniBrowser', '/usr/libexec/webkit2gtk-4.*/MiniBrowser'];
const BROWSER_ARGUMENTS = ['--automation', '--enable-media-stream=true', '--enable-mock-capture-devices=true'];

/** WebKitGTK by its WebDriver: the engine of Safari, without what Apple adds to it. */
export const webkit: BrowserKind = {
  name: 'WebKit',
  howToInstall: 'apt-get install webkit2gtk-driver xvfb',
  isInstalled: () =>
    findProgram('WebKitWebDriver') !== undefined &&
    findInstalled(...MINI_BROWSER) !== undefined &&
    (process.env['DISPLAY'] !== undefined || findProgram('Xvfb') !== undefined),
  start,
};

async function start(): Promise<WebDriver> {
  const screen = process.env['DISPLAY'] ? undefined : await startScreen();
  const port = await findFreePort();
  const driver = spawn('WebKitWebDriver', [`--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, DISPLAY: screen?.display ?? process.env['DISPLAY'] },
  });
  const ended = once(driver, 'exit');
  const address = `http://127.0.0.1:${port}/session`;
  let session = '';
  const quit = async () => {
    if (session) await call('DELETE', session).catch(() => undefined);
    driver.kill();
    await ended;
    screen?.process.kill();
  };
  try {
    await awaitDriver(address);
    const { sessionId, capabilities } = (await call('POST', address, {
      capabilities: {
        alwaysMatch: {
          'webkitgtk:browserOptions': { binary: findInstalled(...MINI_BROWSER), args: BROWSER_ARGUMENTS },
        },
      },
    })) as { sessionId: string; capabilities: { browserVersion: string } };
    session = `${address}/${sessionId}`;
    const run = (script: string) => call('POST', `${session}/execute/sync`, { script, args: [] });
    return {
      name: `WebKitGTK ${capabilities.browserVersion}`,
      async send(command, parameters = {}) {
        const { method, path } = COMMANDS[command];
        const { id = '' } = parameters as { id?: string };
        const value = await call(
          method,
          session + path.replace('{id}', id),
          method === 'POST' ? parameters : undefined,
        );
        if (command === 'Navigate') await run(WATCH);
        return value;
      },
      // Its console cannot be read from outside: what happens while a page loads shows in what the page does not do.
      takeFaults: async () => (await run('return (globalThis.faults ?? []).splice(0)')) as string[],
      quit,
    };
  } catch (error) {
    await quit();
    throw error;
  }
}

/** Notes what goes wrong in a page from the moment on that it has loaded. */
const WATCH = `
  globalThis.faults = [];
  addEventListener('error', ({ message }) => faults.push('uncaught: ' + message));
  addEventListener('unhandledrejection', ({ reason }) => faults.push('uncaught: ' + reason));
  addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
    faults.push('policy: ' + violatedDirective + ' ' + blockedURI));
  for (const level of ['error', 'warn']) {
    const log = console[level];
    console[level] = (...words) => {
      faults.push(level + ': ' + words.join(' '));
      log(...words);
    };
  }
`;

async function call(method: string, address: string, body?: object): Promise<unknown> {
  const response = await fetch(address, { method, ...(body && { body: JSON.stringify(body) }) });
  const { value } = (await response.json()) as { value: { error?: string; message?: string } | null };
  if (!response.ok) throw new Error(`${value?.error}: ${value?.message}`);
  return value;
}

async function awaitDriver(address: string): Promise<void> {
  for (let tenths = 0; tenths < START_SECONDS * 10; tenths++) {
    const isThere = await fetch(new URL('/status', address)).then(
      () => true,
      () => false,
    );
    if (isThere) return;
    await wait(100);
  }
  throw new Error('WebKitWebDriver did not open its port');
}

/** A screen that nobody sees: this browser has no mode without one. */
async function startScreen(): Promise<{ readonly display: string; readonly process: ChildProcess }> {
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1280x800x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const [number] = await once(screen.stdio[3] as NodeJS.ReadableStream, 'data');
  return { display: `:${String(number).trim()}`, process: screen };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
