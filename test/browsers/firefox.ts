import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findProgram } from './programs.ts';
import type { BrowserKind, WebDriver } from './web-driver.ts';

const PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'intl.accept_languages': 'zh-CN',
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.disabledForTesting': true,
  // Any free port; the browser writes which into its profile.
  'marionette.port': 0,
};

const START_SECONDS = 60;

/** Firefox by Marionette, the protocol that geckodriver translates WebDriver into: commands are the same, over a socket. */
export const firefox: BrowserKind = {
  name: 'Firefox',
  howToInstall: 'apt-get install firefox-esr, or https://www.mozilla.org/firefox/ and ZHENGMA_FIREFOX=/path/to/firefox',
  isInstalled: () => findFirefox() !== undefined,
  start,
};

function findFirefox(): string | undefined {
  return process.env['ZHENGMA_FIREFOX'] ?? findProgram('firefox-esr', 'firefox');
}

async function start(): Promise<WebDriver> {
  const profile = await mkdtemp(join(tmpdir(), 'zhengma-firefox-'));
  const lines = Object.entries(PREFERENCES).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});`);
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  const browser = spawn(
    findFirefox() as string,
    ['--headless', '--no-remote', '--marionette', '--remote-allow-system-access', '--profile', profile],
    { stdio: 'ignore' },
  );
  const ended = once(browser, 'exit');
  const end = async () => {
    browser.kill('SIGKILL');
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    return await open(await readPort(profile), end);
  } catch (error) {
    await end();
    throw error;
  }
}

async function readPort(profile: string): Promise<number> {
  for (let tenths = 0; tenths < START_SECONDS * 10; tenths++) {
    const port = Number(await readFile(join(profile, 'MarionetteActivePort'), 'utf8').catch(() => ''));
    if (port > 0) return port;
    await wait(100);
  }
  throw new Error('Firefox did not open its port');
}

async function open(port: number, end: () => Promise<void>): Promise<WebDriver> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  const call = speakMarionette(socket);
  const { capabilities } = (await call('WebDriver:NewSession', {})) as {
    capabilities: { browserName: string; browserVersion: string };
  };
  return {
    name: `${capabilities.browserName} ${capabilities.browserVersion}`,
    async send(command, parameters = {}) {
      const answer = await call(`WebDriver:${command}`, parameters);
      return (answer as { value?: unknown } | null)?.value;
    },
    // The browser's own console: a violation of the policy is told nowhere else.
    async takeFaults() {
      await call('Marionette:SetContext', { value: 'chrome' });
      const { value } = (await call('WebDriver:ExecuteScript', { script: READ_CONSOLE, args: [] })) as {
        value: string[];
      };
      await call('Marionette:SetContext', { value: 'content' });
      return value;
    },
    async quit() {
      socket.destroy();
      await end();
    },
  };
}

/** Messages of web pages since it was last read; what the browser says of itself is no fault of theirs. */
const READ_CONSOLE = `
  const told = Services.console.getMessageArray()
    .filter((message) => message instanceof Ci.nsIScriptError && /^https?:/.test(message.sourceName))
    .map(({ errorMessage, sourceName, lineNumber }) => errorMessage + ' (' + sourceName + ':' + lineNumber + ')');
  const events = Cc['@mozilla.org/consoleAPI-storage;1'].getService(Ci.nsIConsoleAPIStorage);
  const logged = events.getEvents()
    .filter(({ level, filename }) => (level === 'error' || level === 'warn') && /^https?:/.test(filename))
    .map(({ level, arguments: words }) => level + ': ' + words.join(' '));
  Services.console.reset();
  events.clearEvents();
  return [...told, ...logged];
`;

/**
 * Each message is its length in bytes, a colon, and JSON: `[0, id, command, parameters]` there, `[1, id, error, result]` back.
 * The first that comes is a greeting.
 */
function speakMarionette(socket: Socket): (command: string, parameters: object) => Promise<unknown> {
  let received = Buffer.alloc(0);
  let lastId = 0;
  const waiting = new Map<number, PromiseWithResolvers<unknown>>();

  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    for (;;) {
      const colon = received.indexOf(':');
      const length = Number(received.subarray(0, Math.max(colon, 0)));
      if (colon < 0 || received.length < colon + 1 + length) return;
      take(JSON.parse(received.toString('utf8', colon + 1, colon + 1 + length)));
      received = received.subarray(colon + 1 + length);
    }
  });
  socket.on('close', () => {
    for (const { reject } of waiting.values()) reject(new Error('Firefox ended'));
  });

  function take(message: unknown): void {
    if (!Array.isArray(message)) return;
    const [, id, error, result] = message as [1, number, { error: string; message: string } | null, unknown];
    const { resolve, reject } = waiting.get(id) ?? {};
    waiting.delete(id);
    if (error) reject?.(new Error(`${error.error}: ${error.message}`));
    else resolve?.(result);
  }

  return (command, parameters) => {
    const id = ++lastId;
    const answer = Promise.withResolvers<unknown>();
    waiting.set(id, answer);
    const message = JSON.stringify([0, id, command, parameters]);
    socket.write(`${Buffer.byteLength(message)}:${message}`);
    return answer.promise;
  };
}
