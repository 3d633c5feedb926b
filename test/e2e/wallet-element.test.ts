import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delegateCredential, exportPublicKey, generateIssuerKey } from '@zhengma/credential-core';
import type { Browser, Locator } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type CodeReader, createCodeReader } from '../../packages/scanner-web/src/engine/code-reader.ts';
import { listTexts } from '../../packages/scanner-web/src/engine/reading.ts';
import { keepPicture, launchBrowser, openPage } from './browser.ts';
import { PERSON } from './counter.ts';
import { createIssuer, type Host, type Issuer, openHost, setHidden, startHost } from './wallet-host.ts';

const START = new Date('2026-11-20T02:00:00Z');
const PHONE = { size: 'phone' } as const;

let site: Awaited<ReturnType<typeof startHost>>;
let issuer: Issuer;
let reader: CodeReader;
let browser: Browser;

beforeAll(async () => {
  site = await startHost();
  issuer = await createIssuer(PERSON, new Date(START.getTime() - 3_600_000));
  const wasm = await readFile(createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm'));
  reader = await createCodeReader({ bytes: new Uint8Array(wasm).buffer });
  browser = await launchBrowser('plain');
});

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});

afterAll(async () => {
  await browser?.close();
  await site?.stop();
});

test('under a strict policy: each picture verifies, the next one comes at its time, and nothing else is asked for', async () => {
  const host = await openPhone();
  await showBound(host);
  const { renewAt } = await host.awaitEvent('renewed', 1);
  expect(new Date(renewAt as string).getTime() - (await readClock(host)).getTime()).toBe(30_000);
  await host.page.getByRole('img', { name: '您的凭证二维码' }).waitFor();
  const first = await readScreen(host, 'element-bound-phone-zh');
  expect(await issuer.verify(first, await readClock(host))).toMatchObject({
    ok: true,
    credential: { claims: { name: '张**' } },
  });
  await host.page.getByText('30 秒后自动更新').waitFor();
  await host.page.getByText('扫不上？请调高屏幕亮度。').waitFor();

  await host.page.clock.runFor(29_000);
  await host.page.getByText('1 秒后自动更新').waitFor();
  expect(await readScreen(host), 'not before its time').toBe(first);
  await host.page.clock.runFor(1000);
  await host.awaitEvent('renewed', 2);
  const second = await readScreen(host);
  expect(second).not.toBe(first);
  const later = new Date((await readClock(host)).getTime() + 125_000);
  expect(await issuer.verify(second, await readClock(host))).toMatchObject({ ok: true });
  expect(await issuer.verify(first, later)).toMatchObject({ ok: false, code: 'presentation_expired' });

  expect(host.faults).toEqual([]);
  expect(new Set(host.requests.map((url) => new URL(url).pathname))).toEqual(
    new Set(['/', '/host.js', '/standalone.js', '/style.css']),
  );
  expect(JSON.stringify(host.events)).not.toMatch(/张|0018/);
  expect(
    await host.page.evaluate(() => document.documentElement.outerHTML),
    'nothing personal in the page itself',
  ).not.toMatch(/张|0018|ZM1/);
});

test('no moment without a code lies between two of them', async () => {
  const host = await openPhone();
  await showBound(host);
  await host.awaitEvent('renewed', 1);
  await host.page.locator('zhengma-code').evaluate((element) => {
    const code = element.shadowRoot?.querySelector('.code') as SVGElement;
    const look = () => {
      if (code.hasAttribute('hidden') || !code.lastElementChild?.getAttribute('d')) element.dataset['gap'] = 'seen';
    };
    new MutationObserver(look).observe(code, { subtree: true, attributes: true });
  });
  await host.page.clock.runFor(30_000);
  await host.awaitEvent('renewed', 2);
  expect(await host.page.locator('zhengma-code').getAttribute('data-gap')).toBeNull();
});

test('two people: by tap, arrow key and swipe; never the code of the one before', async () => {
  const host = await openPhone();
  const at = await readClock(host);
  const mother = await issuer.issue({}, { at, holderKey: await host.makeKey() });
  const child = await issuer.issue(
    { name: '王小雨', personClass: '1403', scheme: '390' },
    { at, holderKey: await host.makeKey() },
  );
  await host.show([
    { credential: mother, key: 0, label: '妈妈' },
    { credential: child, key: 1 },
  ]);
  await host.awaitEvent('renewed', 1);
  expect(await nameOnScreen(host)).toBe('张**');
  await tap(host.page.getByRole('tab', { name: '王**' }));
  expect(await host.awaitEvent('personchange', 1)).toEqual({ index: 1 });
  await host.awaitEvent('renewed', 2);
  expect(await nameOnScreen(host)).toBe('王**');
  await readScreen(host, 'element-two-people-phone-zh');
  expect(await host.page.getByRole('tab', { name: '王**' }).getAttribute('aria-selected')).toBe('true');

  await host.page.keyboard.press('ArrowRight');
  await host.awaitEvent('renewed', 3);
  expect(await nameOnScreen(host)).toBe('张**');
  expect(await host.page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.textContent)).toBe('妈妈');

  const box = await host.page.getByRole('img').boundingBox();
  if (!box) throw new Error('no code');
  await host.page.mouse.move(box.x + 250, box.y + 100);
  await host.page.mouse.down();
  await host.page.mouse.move(box.x + 100, box.y + 104, { steps: 4 });
  await host.page.mouse.up();
  await host.awaitEvent('renewed', 4);
  expect(await nameOnScreen(host)).toBe('王**');
  expect(await host.page.locator('.stage.enlarged').count(), 'a swipe is no tap').toBe(0);

  // Someone whose key does not answer: what was seen goes at once, before there is anything new.
  await host.spoilKey(0, 'hangs');
  await host.show([
    { credential: mother, key: 0 },
    { credential: child, key: 1 },
  ]);
  await host.awaitEvent('renewed', 5);
  expect(await nameOnScreen(host), 'the place in the list stays').toBe('王**');
  await tap(host.page.getByRole('tab').first());
  await host.page.getByText('正在生成…').waitFor();
  expect(await readTexts(await host.page.screenshot())).toEqual([]);
  expect(host.faults).toEqual([]);
});

test('hidden: nothing is signed, and an old code is not seen when the page comes back', async () => {
  const host = await openPhone();
  await showBound(host);
  await host.awaitEvent('renewed', 1);
  await setHidden(host.page, true);
  await host.page.clock.runFor(300_000);
  expect(host.events.filter(({ name }) => name === 'renewed')).toHaveLength(1);
  const seen = await host.page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, value: false });
    document.dispatchEvent(new Event('visibilitychange'));
    return document.querySelector('zhengma-code')?.shadowRoot?.querySelector('.code')?.hasAttribute('hidden');
  });
  expect(seen, 'hidden before the first picture of the screen').toBe(true);
  await host.awaitEvent('renewed', 2);
  expect(await issuer.verify(await readScreen(host), await readClock(host))).toMatchObject({ ok: true });
});

test.each([
  ['forward', 7_200_000],
  ['back', -1_800_000],
])('a clock that is set %s: a new code within a second', async (_, milliseconds) => {
  const host = await openPhone();
  await showBound(host);
  await host.awaitEvent('renewed', 1);
  const now = new Date((await readClock(host)).getTime() + milliseconds);
  await host.page.locator('zhengma-code').evaluate((element, time) => {
    (element as unknown as { now: () => Date }).now = () => new Date(time);
  }, now.getTime());
  await host.awaitEvent('renewed', 2);
  expect(await issuer.verify(await readScreen(host), now)).toMatchObject({ ok: true });
});

test('a key that does not sign: said, the good code stays until it ends, and comes back by itself', async () => {
  const host = await openPhone();
  await showBound(host);
  await host.awaitEvent('renewed', 1);
  const first = await readScreen(host);
  await host.page.evaluate(() => {
    const element = document.querySelector('zhengma-code') as unknown as {
      people: { key: { sign: () => Promise<never> } }[];
    };
    for (const { key } of element.people) key.sign = () => Promise.reject(new Error('locked'));
  });
  await host.page.clock.runFor(30_000);
  expect(await host.awaitEvent('failed', 1)).toEqual({ code: 'signing_failed' });
  await host.page.locator('.notice', { hasText: '没能更新，正在重试。' }).waitFor();
  expect(await readScreen(host, 'element-retrying-phone-zh')).toBe(first);
  await host.page.clock.runFor(30_000);
  await host.page.locator('.trouble', { hasText: '手机没能生成新码' }).waitFor();
  expect(await host.page.getByRole('img').isVisible()).toBe(false);
  expect(await readTexts(await keepPicture(host.page, 'element-signing-failed-phone-zh'))).toEqual([]);
  expect(
    host.events.filter(({ name }) => name === 'failed'),
    'told once',
  ).toHaveLength(1);
});

test('a key that never answers is one that fails; when it answers again, the code is back', async () => {
  const host = await openPhone();
  const at = await readClock(host);
  const credential = await issuer.issue({}, { at, holderKey: await host.makeKey() });
  await host.spoilKey(0, 'hangs');
  await host.show([{ credential, key: 0 }]);
  await host.page.getByText('正在生成…').waitFor();
  await host.page.clock.runFor(10_000);
  expect(await host.awaitEvent('failed', 1)).toEqual({ code: 'signing_failed' });
  await host.set('data-mended', 'yes');
  await host.page.clock.runFor(12_000);
  await host.awaitEvent('renewed', 1);
  expect(await issuer.verify(await readScreen(host), await readClock(host))).toMatchObject({ ok: true });
});

test('each thing that can be wrong has its own words, in both languages', async () => {
  const host = await openPhone();
  const at = await readClock(host);
  const [own, other] = [await host.makeKey(), await host.makeKey()];
  const bound = await issuer.issue({}, { at, holderKey: own });
  const early = new Date(at.getTime() - 7_200_000);
  const cases: [string, Parameters<Host['show']>[0][number], string, string][] = [
    ['unreadable', { credential: 'ZM1:NONSENSE' }, '凭证读不出来', 'The credential cannot be read'],
    ['newer_version', { credential: 'ZM2:00' }, '请更新应用', 'Please update the app'],
    ['no_key', { credential: bound }, '本机不能出示这张凭证', 'This phone cannot show the credential'],
    ['other_device', { credential: bound, key: 1 }, '凭证属于另一部手机', 'The credential belongs to another phone'],
    [
      'expired',
      { credential: await issuer.issue({}, { at: early, hours: 1, holderKey: own }), key: 0 },
      '凭证已过期',
      'The credential has expired',
    ],
    [
      'not_yet_valid',
      { credential: await issuer.issue({}, { at, from: new Date(at.getTime() + 3_600_000), holderKey: own }), key: 0 },
      '还没到可用时间',
      'Not valid yet',
    ],
    [
      'clock_behind',
      { credential: await issuer.issue({}, { at: new Date(at.getTime() + 7_200_000), holderKey: own }), key: 0 },
      '手机时间不对',
      'The phone’s time is wrong',
    ],
    ['strips_used_up', { credential: await issuer.issueStrips(early, 2, 60) }, '领取的码已用完', 'No codes left'],
  ];
  expect(other).not.toEqual(own);
  let failures = host.events.length;
  for (const [code, person, chinese, english] of cases) {
    await host.set('lang', 'zh-CN');
    await host.show([person]);
    await expect.poll(() => host.events.length).toBeGreaterThan(failures);
    failures = host.events.length;
    expect(host.events.at(-1)).toEqual({ name: 'failed', detail: { code } });
    await host.page.locator('.trouble', { hasText: chinese }).waitFor();
    await host.page.getByRole('status').filter({ hasText: chinese }).waitFor({ state: 'attached' });
    await keepPicture(host.page, `element-${code.replaceAll('_', '-')}-phone-zh`);
    await host.set('lang', 'en');
    await host.page.locator('.trouble', { hasText: english }).waitFor();
    await keepPicture(host.page, `element-${code.replaceAll('_', '-')}-phone-en`);
    expect(await host.page.getByRole('img').isVisible()).toBe(false);
  }
  expect(host.faults).toEqual([]);
});

test('a code that expires is gone in that second', async () => {
  const host = await openPhone();
  const at = await readClock(host);
  const credential = await issuer.issue(
    {},
    { at: new Date(at.getTime() - 3_600_000 + 10_000), hours: 1, holderKey: await host.makeKey() },
  );
  await host.show([{ credential, key: 0 }]);
  expect(await host.awaitEvent('renewed', 1)).toEqual({
    renewAt: new Date(at.getTime() + 10_000).toISOString(),
    expiresAt: new Date(at.getTime() + 10_000).toISOString(),
  });
  await host.page.clock.runFor(9_999);
  expect(await host.page.getByRole('img').isVisible()).toBe(true);
  await host.page.clock.runFor(1);
  expect(await host.page.getByRole('img').isVisible()).toBe(false);
  expect(await host.awaitEvent('failed', 1)).toEqual({ code: 'expired' });
});

test('a delegate: who shows it and for whom, in both languages', async () => {
  const host = await openPhone();
  const at = await readClock(host);
  const holder = await generateIssuerKey();
  const credential = await issuer.issue({ delegable: true }, { at, holderKey: [...exportPublicKey(holder)] });
  const delegateKey = Uint8Array.from(await host.makeKey());
  const { text } = await delegateCredential(credential, holder, {
    currentDate: at,
    delegate: { name: '李小红', relation: '2' },
    delegateKey,
    expiresAt: new Date(at.getTime() + 3_600_000),
    businessTypes: ['01302', '01301'],
  });
  await host.show([{ credential: text, key: 0 }]);
  await host.awaitEvent('renewed', 1);
  await host.page.getByText('由 李** 代办（子女）').waitFor();
  await host.page.getByText('可办：取药、结算').waitFor();
  await host.page.getByText('有效期至 11:00:01').waitFor();
  expect(await issuer.verify(await readScreen(host, 'element-delegate-phone-zh'), await readClock(host))).toMatchObject(
    { ok: true },
  );
  await host.page.evaluate(() => document.documentElement.setAttribute('lang', 'en'));
  await host.page.getByText('Shown by 李** (Child)').waitFor();
  await host.page.getByText(/^For: /).waitFor();
  await keepPicture(host.page, 'element-delegate-phone-en');
});

test('a strip: the code whose window is now, and the next one when it begins', async () => {
  const host = await openPhone();
  const at = await readClock(host);
  const strips = await issuer.issueStrips(at, 3, 60);
  await host.show([{ credential: strips.toReversed() }]);
  await host.awaitEvent('renewed', 1);
  expect(await readScreen(host, 'element-strip-phone-zh')).toBe(strips[0]);
  await host.page.locator('.notice', { hasText: '本码用到 10:01:01。' }).waitFor();
  await host.page.clock.runFor(60_000);
  await host.awaitEvent('renewed', 2);
  expect(await readScreen(host)).toBe(strips[1]);
});

test('a code without a device key is shown with what that means', async () => {
  const host = await openPhone();
  const credential = await issuer.issue({}, { at: await readClock(host) });
  await host.show([{ credential }]);
  await host.awaitEvent('renewed', 1);
  await host.page.getByText('此码可被复制：请勿截图转发，用完收好。').waitFor();
  expect(await host.page.getByRole('timer').isVisible()).toBe(false);
  expect(await readScreen(host, 'element-bearer-phone-zh')).toBe(credential);
});

test('an online counter is not shown what no device signs: said, and what to do', async () => {
  const host = await openPhone();
  const at = await readClock(host);
  const people = [{ credential: await issuer.issue({}, { at }) }, { credential: await issuer.issueStrips(at, 2, 60) }];
  await host.page.locator('zhengma-code').evaluate((element) => Object.assign(element, { audience: 'counter-7' }));
  for (const [index, person] of people.entries()) {
    await host.show([person]);
    expect(await host.awaitEvent('failed', index + 1)).toEqual({ code: 'unbound' });
    await host.page.locator('.trouble', { hasText: '这里不能用这张凭证' }).waitFor();
    expect(await readTexts(await keepPicture(host.page, 'element-unbound-phone-zh'))).toEqual([]);
  }
});

test('redacted claims: the counter gets what stands under the code, all of it or what the app chose', async () => {
  const host = await openPhone();
  const at = await readClock(host);
  const redact = ['name', 'idNumber', 'scheme'] as const;
  const credential = await issuer.issue({}, { at, holderKey: await host.makeKey(), redact });
  const cases: [readonly string[] | undefined, object, RegExp, RegExp][] = [
    [undefined, { name: '张**', idNumber: '*0018', scheme: '310' }, /张\*\*.*\*0018.*职工/s, /^$/],
    [['name'], { name: '张**' }, /张\*\*/, /0018|职工/],
    [[], {}, /./, /张|0018|职工/],
  ];
  for (const [index, [disclose, claims, seen, unseen]] of cases.entries()) {
    await host.show([{ credential, key: 0, ...(disclose && { disclose }) }]);
    await host.awaitEvent('renewed', index + 1);
    const result = await issuer.verify(
      await readScreen(host, `element-redacted-${index}-phone-zh`),
      await readClock(host),
    );
    const { name, idNumber, scheme } = result.credential?.claims ?? {};
    const told = Object.fromEntries(Object.entries({ name, idNumber, scheme }).filter(([, value]) => value));
    expect(told).toEqual(claims);
    const words = (await host.page.locator('.stage').allInnerTexts()).join('');
    expect(words).toMatch(seen);
    expect(words).not.toMatch(unseen);
  }
});

test('an online counter: its name and its challenge are signed at once', async () => {
  const host = await openPhone();
  await showBound(host);
  await host.awaitEvent('renewed', 1);
  const challenge = new Uint8Array(16).fill(7);
  await host.page.locator('zhengma-code').evaluate(
    (element, bytes) => {
      Object.assign(element, { audience: 'counter-7', challenge: Uint8Array.from(bytes) });
    },
    [...challenge],
  );
  await host.awaitEvent('renewed', 2);
  const text = await readScreen(host);
  const asked = { audience: 'counter-7', challenge };
  expect(await issuer.verify(text, await readClock(host), asked)).toMatchObject({ ok: true });
  expect(await issuer.verify(text, await readClock(host), { ...asked, audience: 'another' })).toMatchObject({
    code: 'wrong_audience',
  });
});

test.each([
  ['renewed', 'paused in it', `event.target.setAttribute('paused', '')`],
  ['renewed', 'removed in it', 'event.target.remove()'],
  ['failed', 'removed in it', 'event.target.remove()'],
])('whoever is told %s may stop the element there and then: %s', async (name, _, action) => {
  const host = await openPhone();
  await host.page.evaluate(
    `document.querySelector('zhengma-code').addEventListener('${name}', (event) => { ${action} })`,
  );
  const at = await readClock(host);
  const credential = await issuer.issue({}, { at, holderKey: await host.makeKey() });
  await host.spoilKey(0, name === 'failed' ? 'fails' : 'counts');
  await host.show([{ credential, key: 0 }]);
  await host.awaitEvent(name, 1);
  await host.page.clock.runFor(90_000);
  expect(await host.page.evaluate('window.signed')).toBe(1);
  expect(host.events.filter((event) => event.name === 'renewed').length).toBeLessThanOrEqual(1);
});

test('a signature that comes after its code has ended is one that failed, and is tried again', async () => {
  const host = await openPhone();
  const at = await readClock(host);
  const credential = await issuer.issue({ maxPresentationAgeSeconds: 2 }, { at, holderKey: await host.makeKey() });
  await host.spoilKey(0, 'slow');
  await host.show([{ credential, key: 0 }]);
  await expect.poll(() => host.page.evaluate('window.signed')).toBe(1);
  await host.page.clock.runFor(3000);
  expect(await host.awaitEvent('failed', 1)).toEqual({ code: 'signing_failed' });
  await host.page.locator('.trouble', { hasText: '手机没能生成新码' }).waitFor();
  await host.set('data-mended', 'yes');
  await host.page.clock.runFor(2000);
  await host.awaitEvent('renewed', 1);
});

test('a clock that fails hides the code and says so; one that is back shows a new one, alone', async () => {
  const host = await openPhone();
  await showBound(host);
  await host.awaitEvent('renewed', 1);
  await host.page.locator('zhengma-code').evaluate((element) => {
    const clock = { isBroken: true };
    Object.assign(globalThis, { clock });
    Object.assign(element, {
      now: () => {
        if (clock.isBroken) throw new Error('no clock');
        return new Date();
      },
    });
  });
  expect(await host.awaitEvent('failed', 1)).toEqual({ code: 'signing_failed' });
  await host.page.locator('zhengma-code .code').waitFor({ state: 'hidden' });
  await host.page.clock.runFor(3000);
  await host.page.evaluate(() => {
    (globalThis as unknown as { clock: { isBroken: boolean } }).clock.isBroken = false;
  });
  await host.page.clock.runFor(1000);
  await host.awaitEvent('renewed', 2);
  await readScreen(host);
  expect(host.faults).toEqual([]);
});

test('a clock that is set back by less than a code lasts: a new code within a second', async () => {
  const host = await openPhone();
  await showBound(host);
  await host.awaitEvent('renewed', 1);
  await host.page.clock.runFor(20_000);
  await host.page.clock.setSystemTime(new Date((await readClock(host)).getTime() - 12_000));
  await host.page.clock.runFor(1000);
  await host.awaitEvent('renewed', 2);
});

test('with the attribute hidden nothing is signed, and a new code is there when it goes', async () => {
  const host = await openPhone();
  await showBound(host);
  await host.awaitEvent('renewed', 1);
  await host.set('hidden', true);
  await host.page.clock.runFor(120_000);
  expect(host.events.filter(({ name }) => name === 'renewed')).toHaveLength(1);
  await host.set('hidden', false);
  await host.awaitEvent('renewed', 2);
});

test('fewer people: who is shown now is told', async () => {
  const host = await openPhone();
  const at = await readClock(host);
  const credential = await issuer.issue({}, { at });
  await host.show([{ credential }, { credential }]);
  await tap(host.page.getByRole('tab').nth(1));
  await host.awaitEvent('personchange', 1);
  await host.show([{ credential }]);
  expect(await host.awaitEvent('personchange', 2)).toEqual({ index: 0 });
});

test('paused: nothing is seen or signed; then it goes on', async () => {
  const host = await openPhone();
  await showBound(host);
  await host.awaitEvent('renewed', 1);
  await host.set('paused', true);
  expect(await host.page.getByRole('img').isVisible()).toBe(false);
  await host.page.clock.runFor(120_000);
  expect(host.events.filter(({ name }) => name === 'renewed')).toHaveLength(1);
  await host.set('paused', false);
  await host.awaitEvent('renewed', 2);
  expect(await host.page.getByRole('img').isVisible()).toBe(true);
});

test('enlarged by a tap, smaller by Escape; the screen stays on only while there is a code', async () => {
  const host = await openPhone();
  await host.page.evaluate(() => {
    const { wakeLock } = navigator;
    const request = wakeLock.request.bind(wakeLock);
    const log: string[] = [];
    Object.assign(window, { wakeLog: log });
    wakeLock.request = async (type) => {
      log.push('held');
      const sentinel = await request(type);
      sentinel.addEventListener('release', () => log.push('released'));
      return sentinel;
    };
  });
  await showBound(host);
  await host.awaitEvent('renewed', 1);
  const width = async () => (await host.page.getByRole('img').boundingBox())?.width ?? 0;
  for (const size of [
    { width: 320, height: 568 },
    { width: 390, height: 844 },
  ]) {
    await host.page.setViewportSize(size);
    await expect.poll(() => host.page.getByRole('button', { name: '放大' }).isVisible()).toBe(false);
  }
  await tap(host.page.locator('.frame'));
  expect(await host.page.locator('.stage.enlarged').count(), 'where it gains nothing a tap does nothing').toBe(0);
  await host.page.setViewportSize({ width: 768, height: 900 });
  await host.page.getByRole('button', { name: '放大' }).waitFor();
  const usual = await width();
  await tap(host.page.locator('.frame'));
  await host.page.locator('.stage.enlarged').waitFor();
  expect(await width()).toBeGreaterThan(usual);
  expect(await issuer.verify(await readScreen(host, 'element-enlarged-phone-zh'), await readClock(host))).toMatchObject(
    { ok: true },
  );
  await host.page.keyboard.press('Escape');
  await host.page.locator('.stage:not(.enlarged)').waitFor();
  await tap(host.page.getByRole('button', { name: '放大' }));
  await tap(host.page.getByRole('button', { name: '缩小' }));
  await host.page.locator('.stage:not(.enlarged)').waitFor();
  await host.set('paused', true);
  const log = () => host.page.evaluate(() => (window as unknown as { wakeLog: string[] }).wakeLog);
  await expect.poll(log).toEqual(['held', 'released']);
  await host.set('paused', false);
  await expect.poll(log).toEqual(['held', 'released', 'held']);
  // Let go and asked for again at once, as when somebody else is shown: the one before is let go later than the new one is held.
  await host.page.evaluate(() => {
    const element = document.querySelector('zhengma-code');
    for (const is of [true, false, true, false]) element?.toggleAttribute('paused', is);
  });
  await host.set('paused', true);
  const open = async () => (await log()).reduce((sum, step) => sum + (step === 'held' ? 1 : -1), 0);
  await expect.poll(open).toBe(0);
});

test('for weak eyes: large targets, 200 % zoom without a bar below, contrast, dark phones, a small phone', async () => {
  const host = await openPhone();
  const at = await readClock(host);
  await host.makeKey();
  const key = await host.makeKey();
  const people = [
    { credential: await issuer.issue({}, { at, holderKey: key }), key: 1, label: '妈妈' },
    { credential: await issuer.issue({ name: '王小雨' }, { at, holderKey: key }), key: 1, label: '大宝' },
  ];
  await host.show(people);
  await host.awaitEvent('renewed', 1);
  const heights = () =>
    host.page
      .getByRole('tab')
      .or(host.page.getByRole('button'))
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height));
  expect(Math.min(...(await heights()))).toBeGreaterThanOrEqual(44);
  await host.set('large', true);
  expect(Math.min(...(await heights()))).toBeGreaterThanOrEqual(60);
  await host.page.setViewportSize({ width: 360, height: 740 });
  await readScreen(host, 'element-large-360-zh');
  await host.set('large', false);
  await readScreen(host, 'element-360-zh');
  await host.page.emulateMedia({ colorScheme: 'dark' });
  await host.set('lang', 'en');
  await readScreen(host, 'element-dark-360-en');

  // Twice the size on this screen is the same words on half of it.
  await host.page.setViewportSize({ width: 180, height: 370 });
  await keepPicture(host.page, 'element-zoom-200-en');
  expect(await host.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(180);
  await host.page.setViewportSize({ width: 1280, height: 800 });
  await readScreen(host, 'element-desk-en');
  await host.page.setViewportSize({ width: 740, height: 360 });
  await readScreen(host, 'element-landscape-en');
  await tap(host.page.getByRole('button', { name: 'Enlarge' }));
  await readScreen(host, 'element-landscape-enlarged-en');
  const side = (await host.page.getByRole('img').boundingBox())?.height ?? 0;
  expect(side, 'most of the screen').toBeGreaterThan(0.8 * 360);

  const low = await host.page.locator('zhengma-code').evaluate((element) => {
    const luminance = (colour: string) => {
      const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map((part) => {
        const value = Number(part) / 255;
        return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    const ground = (node: Element): string => {
      const colour = getComputedStyle(node).backgroundColor;
      if (colour !== 'rgba(0, 0, 0, 0)') return colour;
      return ground(node.parentElement ?? (node.getRootNode() as ShadowRoot).host);
    };
    const texts = [...(element.shadowRoot?.querySelectorAll<HTMLElement>('p, span, button, b') ?? [])];
    return texts
      .filter((text) => text.textContent && text.checkVisibility())
      .map((text) => {
        const [one, other] = [luminance(getComputedStyle(text).color), luminance(ground(text))];
        return (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
      })
      .filter((contrast) => contrast < 4.5);
  });
  expect(low).toEqual([]);
});

test('the page of the README, as it is written there, shows a code that verifies', async () => {
  const { page, faults } = await openPage(browser, PHONE);
  const at = new Date(Date.now() - 1000);
  const own = await createIssuer(PERSON, at);
  await page.route('**/credential', async (route) => {
    const holderKey = [...(route.request().postDataBuffer() ?? [])];
    await route.fulfill({ contentType: 'text/plain; charset=utf-8', body: await own.issue({}, { at, holderKey }) });
  });
  await page.goto(`${site.origin}/readme/`);
  await page
    .getByRole('tab')
    .or(page.getByRole('img', { name: '您的凭证二维码' }))
    .first()
    .waitFor();
  const [text] = await readTexts(await page.screenshot());
  expect(await own.verify(text as string, new Date())).toMatchObject({ ok: true });
  expect(faults.filter((fault) => !fault.includes('favicon'))).toEqual([]);
});

test('what a caller gets wrong throws, and says what', async () => {
  const host = await openPhone();
  const mistakes = await host.page.locator('zhengma-code').evaluate((element) =>
    [
      { people: 'ZM1' },
      { people: [{ credential: 7 }] },
      { people: [{ credential: 'x', key: {} }] },
      { people: [{ credential: 'x', disclose: 'name' }] },
      { challenge: new Uint8Array(7) },
      { audience: '' },
      { selected: 3 },
      { now: 7 },
    ].map((wrong) => {
      try {
        Object.assign(element, wrong);
        return 'taken';
      } catch (error) {
        return (error as Error).name;
      }
    }),
  );
  expect(mistakes).toEqual([
    'TypeError',
    'TypeError',
    'TypeError',
    'TypeError',
    'TypeError',
    'TypeError',
    'RangeError',
    'TypeError',
  ]);
});

function openPhone(): Promise<Host> {
  return openHost(browser, site.origin, START, PHONE);
}

async function showBound(host: Host): Promise<void> {
  const at = new Date((await readClock(host)).getTime() - 3_600_000);
  await host.show([{ credential: await issuer.issue({}, { at, holderKey: await host.makeKey() }), key: 0 }]);
}

/** By its place on the screen: `click` waits for frames of the screen, and the clock that gives them stands still. */
async function tap(what: Locator): Promise<void> {
  const box = await what.boundingBox();
  if (!box) throw new Error('not on the screen');
  await what.page().mouse.click(box.x + box.width / 2, box.y + box.height / 2);
}

async function readClock({ page }: Host): Promise<Date> {
  return new Date(await page.evaluate(() => Date.now()));
}

async function nameOnScreen({ page }: Host): Promise<string> {
  return page.locator('.name b').textContent() as Promise<string>;
}

/** What a camera before the screen reads. */
async function readScreen({ page }: Host, name?: string): Promise<string> {
  const texts = await readTexts(name ? await keepPicture(page, name) : await page.screenshot());
  expect(texts).toHaveLength(1);
  return texts[0] as string;
}

async function readTexts(picture: Buffer): Promise<readonly string[]> {
  const { data, info } = await sharp(picture)
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const image = { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
  return listTexts(await reader.readStill(image));
}
