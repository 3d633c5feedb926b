import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import {
  exportPublicKey,
  generateIssuerKey,
  issueCredential,
  issueStrips,
  issueTrustList,
  type MedicalInsuranceClaims,
  type TrustList,
  type VerificationResult,
  verifyCredential,
  verifyTrustList,
} from '@zhengma/credential-core';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { openPage, type Watched } from './browser.ts';

const DIST = join(import.meta.dirname, '../../packages/code-element/dist');

/** Stricter than any page needs: nothing but its own files, and no markup made at run time. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; require-trusted-types-for 'script'; trusted-types 'none'";

const HTML = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>host</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css">
<script type="module" src="/host.js"></script></head><body><zhengma-code></zhengma-code></body></html>`;

const HOST = `
import { exportPublicKey, generateDeviceKey } from './standalone.js';
const element = document.querySelector('zhengma-code');
const keys = [];
for (const name of ['renewed', 'failed', 'personchange']) {
  element.addEventListener(name, ({ detail }) => report(name, JSON.stringify(detail)));
}
window.host = {
  async makeKey() {
    keys.push(await generateDeviceKey());
    return [...exportPublicKey(keys.at(-1))];
  },
  /** Until it is mended, the key does what the way says. */
  spoilKey(index, way) {
    const { algorithm, publicKey } = keys[index];
    const good = keys[index];
    const ways = {
      fails: () => Promise.reject(new Error('locked')),
      hangs: () => new Promise(() => {}),
      slow: (message) => new Promise((resolve) => setTimeout(() => resolve(good.sign(message)), 2100)),
      counts: (message) => good.sign(message),
    };
    keys[index] = { algorithm, publicKey, sign(message) {
      window.signed = (window.signed ?? 0) + 1;
      return element.dataset.mended ? good.sign(message) : ways[way](message);
    } };
  },
  show(people) {
    element.people = people.map(({ key, ...person }) => (key === undefined ? person : { ...person, key: keys[key] }));
  },
};`;

/** For the README's page: its own server's files and answers, and nothing else. */
const SNIPPET_POLICY = "default-src 'none'; script-src 'self'; connect-src 'self'";

/** The files of the README's page, as they stand there. */
async function readSnippet(language: 'html' | 'js'): Promise<string> {
  const readme = await readFile(join(DIST, '../README.md'), 'utf8');
  const [, snippet] = readme.split(`\n\`\`\`${language}\n`);
  return snippet?.split('\n```')[0] ?? '';
}

/** A page with the element, under a strict policy. */
export async function startHost(): Promise<{ readonly origin: string; stop(): Promise<void> }> {
  const standalone = await readFile(join(DIST, 'standalone.js'), 'utf8');
  const files = new Map([
    ['/readme/', ['text/html', await readSnippet('html')]],
    ['/readme/show-code.js', ['text/javascript', await readSnippet('js')]],
    ['/readme/standalone.js', ['text/javascript', standalone]],
    ['/', ['text/html', HTML]],
    ['/host.js', ['text/javascript', HOST]],
    ['/style.css', ['text/css', 'body { margin: 0 }']],
    ['/standalone.js', ['text/javascript', standalone]],
  ]);
  const server = createServer(({ url }, response) => {
    const [type = 'text/plain', body = ''] = files.get(url ?? '') ?? [];
    const policy = url?.startsWith('/readme/') ? SNIPPET_POLICY : POLICY;
    const headers = { 'Content-Type': `${type}; charset=utf-8`, 'Content-Security-Policy': policy };
    response.writeHead(body ? 200 : 404, headers).end(body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An issuer, and what a counter that trusts it says. */
export interface Issuer {
  issue(
    claims: Partial<MedicalInsuranceClaims>,
    options: {
      at: Date;
      hours?: number;
      from?: Date;
      holderKey?: number[];
      redact?: readonly (keyof MedicalInsuranceClaims)[];
    },
  ): Promise<string>;
  issueStrips(at: Date, count: number, windowSeconds: number): Promise<readonly string[]>;
  verify(text: string, currentDate: Date, options?: object): Promise<VerificationResult>;
}

const HOUR_MS = 3_600_000;

/** An issuer whose keys live in this process. */
export async function createIssuer(person: MedicalInsuranceClaims, at: Date): Promise<Issuer> {
  const [rootKey, key] = [await generateIssuerKey(), await generateIssuerKey()];
  const expiresAt = new Date(at.getTime() + 1000 * HOUR_MS);
  const content = {
    sequence: 1,
    publisher: 'x',
    expiresAt,
    issuers: [
      {
        id: '370200',
        name: 'x',
        keys: [{ publicKey: exportPublicKey(key) }],
        types: ['medical-insurance' as const],
        regions: ['3702'],
        statusBaseUri: 'https://lists.example/status',
      },
    ],
  };
  const signed = await issueTrustList(content, rootKey, { currentDate: at });
  const read = await verifyTrustList(signed, [exportPublicKey(rootKey)], { currentDate: at });
  if (!read.ok) throw new Error(read.code);
  const trust: TrustList = read.list;
  const common = { type: 'medical-insurance', issuer: '370200' } as const;
  return {
    async issue(claims, { at: currentDate, hours = 24, from, holderKey, redact }) {
      const { text } = await issueCredential(
        {
          ...common,
          claims: { ...person, ...claims },
          expiresAt: new Date(currentDate.getTime() + hours * HOUR_MS),
          ...(from && { notBefore: from }),
          ...(holderKey && { holderKey: Uint8Array.from(holderKey) }),
        },
        key,
        { currentDate, ...(redact && { redact }) },
      );
      return text;
    },
    async issueStrips(currentDate, count, windowSeconds) {
      const strips = await issueStrips({ ...common, claims: person }, key, { currentDate, count, windowSeconds });
      return strips.map(({ text }) => text);
    },
    verify: (text, currentDate, options = {}) =>
      verifyCredential(text, trust, { currentDate, status: 'not_checked', ...options }),
  };
}

/** What the page is told about a person. */
export interface ShownPerson {
  readonly credential: string | readonly string[];
  /** The number of a key that `makeKey` made. */
  readonly key?: number;
  readonly label?: string;
  readonly disclose?: readonly string[];
}

/** A page with the element, and what it reported. */
export interface Host extends Watched {
  readonly events: { readonly name: string; readonly detail: Record<string, unknown> }[];
  makeKey(): Promise<number[]>;
  spoilKey(index: number, way: 'fails' | 'hangs' | 'slow' | 'counts'): Promise<void>;
  show(people: readonly ShownPerson[]): Promise<void>;
  /** Waits until so many events of a name have come, and gives the last one's detail. */
  awaitEvent(name: string, count: number): Promise<Record<string, unknown>>;
  set(name: string, value: string | boolean): Promise<void>;
}

/** Opens the host's page with a clock that stands at `at`. */
export async function openHost(
  browser: Browser,
  origin: string,
  at: Date,
  phone: Parameters<typeof openPage>[1] = {},
): Promise<Host> {
  const watched = await openPage(browser, { size: 'phone', ...phone });
  const { page } = watched;
  const events: Host['events'] = [];
  await page.exposeFunction('report', (name: string, detail: string) => {
    events.push({ name, detail: JSON.parse(detail) });
  });
  // A clock cannot be stopped at a moment that has passed: the page may take long to load on a slow machine.
  await page.clock.install({ time: new Date(at.getTime() - HOUR_MS) });
  await page.goto(`${origin}/`);
  await page.clock.pauseAt(new Date(at.getTime() + 1000));
  const call = <Result>(method: string, ...given: unknown[]) =>
    page.evaluate(
      ([name, values]) => {
        const { host } = window as unknown as { host: Record<string, (...all: unknown[]) => unknown> };
        return host[name as string]?.(...(values as unknown[]));
      },
      [method, given] as const,
    ) as Promise<Result>;
  return {
    ...watched,
    events,
    makeKey: () => call('makeKey'),
    spoilKey: (index, way) => call('spoilKey', index, way),
    show: (people) => call('show', people),
    async awaitEvent(name, count) {
      const found = () => events.filter((event) => event.name === name);
      await expect.poll(() => found().length, { timeout: 30_000, interval: 20 }).toBeGreaterThanOrEqual(count);
      return found().at(count - 1)?.detail as Record<string, unknown>;
    },
    set: (name, value) =>
      page.locator('zhengma-code').evaluate(
        (element, [attribute, given]) => {
          if (typeof given === 'boolean') element.toggleAttribute(attribute, given);
          else element.setAttribute(attribute, given);
        },
        [name, value] as const,
      ),
  };
}

/** A headless page is never hidden by itself, so it is told that it is. */
export async function setHidden(page: Page, hidden: boolean): Promise<void> {
  await page.evaluate((state) => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: state });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}
