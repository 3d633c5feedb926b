import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { promisify } from 'node:util';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ARTIFACTS, launchBrowser, openPage, type Watched } from './browser.ts';

const PAGES = join(import.meta.dirname, '../../packages/scanner-web');
const ORIGIN = 'https://stories.test';
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
const POLICY =
  "default-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data: blob:; style-src 'self'";

type Language = 'zh-CN' | 'en';

interface StoryWindow {
  readonly stories: { readonly names: readonly string[]; tell(name: string, language: Language): void };
}

let folder: string;
let browser: Browser;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhengma-stories-'));
  await buildStories();
  browser = await launchBrowser('plain');
});

afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

test.each([
  ['zh-CN', 'desk', { columns: 8, width: 480 }],
  ['en', 'phone', { columns: 14, width: 273 }],
] as const)('%s on a %s: every state is accessible, and reached by keyboard alone', async (language, size, sheet) => {
  const { page, faults } = await openStories(size);
  await page.evaluate(axe.source);
  const shots: Buffer[] = [];
  const found: string[] = [];
  for (const name of await listStories(page)) {
    await tell(page, name, language);
    found.push(...(await findViolations(page)).map((each) => `${name}: ${each}`));
    if (size === 'desk')
      found.push(...(await findUnreachable(page)).map((each) => `${name}: no way by keyboard to ${each}`));
    shots.push(await page.screenshot({ type: 'jpeg', quality: 80 }));
  }
  await keepSheet(shots, sheet, `stories-${size}-${language.slice(0, 2)}`);
  expect(found).toEqual([]);
  expect(faults).toEqual([]);
});

test.each([
  ['a phone of 390 px', { width: 390, height: 844 }],
  ['200 % zoom', { width: 640, height: 400 }],
  ['a phone of 320 px', { width: 320, height: 640 }],
] as const)('%s: nothing is cut off at the side, in both languages', async (_, viewport) => {
  const { page } = await openStories('phone');
  await page.setViewportSize(viewport);
  expect(await findOverflows(page)).toEqual([]);
});

test.each(['desk', 'phone'] as const)(
  'for older people on a %s every text has 18 pt at least, lines apart, and every button 60 px',
  async (size) => {
    const { page } = await openStories(size);
    expect(await findSmall(page)).toEqual([]);
  },
);

async function buildStories(): Promise<void> {
  const vite = dirname(createRequire(join(PAGES, 'package.json')).resolve('vite/package.json'));
  const args = [
    'build',
    '--config',
    'stories/vite.config.ts',
    '--outDir',
    folder,
    '--emptyOutDir',
    '--logLevel',
    'warn',
  ];
  await promisify(execFile)(process.execPath, [join(vite, 'bin/vite.js'), ...args], { cwd: PAGES });
}

/** No server: the browser asks for what was built, and the test hands it over. */
async function openStories(size: 'desk' | 'phone'): Promise<Watched> {
  const watched = await openPage(browser, { size });
  await watched.page.route(`${ORIGIN}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname;
    await route.fulfill({
      body: await readFile(join(folder, path)),
      contentType: MEDIA_TYPES[extname(path)] ?? 'application/octet-stream',
      headers: { 'Content-Security-Policy': POLICY },
    });
  });
  await watched.page.goto(`${ORIGIN}/stories/index.html`);
  await watched.page.waitForFunction(() => 'stories' in window);
  return watched;
}

function listStories(page: Page): Promise<readonly string[]> {
  return page.evaluate('stories.names');
}

function tell(page: Page, name: string, language: Language): Promise<void> {
  return page.evaluate(`stories.tell(${JSON.stringify(name)}, ${JSON.stringify(language)})`);
}

function findViolations(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  });
}

/** Presses Tab until it is back at the start: what can be pressed and was not met. */
async function findUnreachable(page: Page): Promise<string[]> {
  const wanted = await page.evaluate(() => {
    document.activeElement instanceof HTMLElement && document.activeElement.blur();
    const all = [...document.querySelectorAll<HTMLElement>('button, input, select, summary, a')];
    const seen = all.filter((each) => each.checkVisibility());
    for (const [index, each] of seen.entries()) each.dataset['met'] = String(index);
    return seen.map((each) => each.outerHTML.slice(0, 120));
  });
  const met = new Set<string>();
  for (let press = 0; press <= wanted.length; press++) {
    await page.keyboard.press('Tab');
    met.add(await page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset['met'] ?? ''));
  }
  return wanted.filter((_, index) => !met.has(String(index)));
}

/** What stands out of the window at the side. */
function findOverflows(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { names, tell } = (window as unknown as StoryWindow).stories;
    return names.flatMap((name) =>
      (['zh-CN', 'en'] as const).flatMap((language) => {
        tell(name, language);
        if (document.documentElement.scrollWidth <= innerWidth) return [];
        return [...document.querySelectorAll('body *')]
          .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5)
          .map((each) => `${name}, ${language}: ${each.outerHTML.slice(0, 120)}`);
      }),
    );
  });
}

/** Texts below 18 pt or with lines too close, and buttons below 60 px. */
function findSmall(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { names, tell } = (window as unknown as StoryWindow).stories;
    const small: string[] = [];
    for (const name of names.filter((each) => each.endsWith('for older people'))) {
      tell(name, 'zh-CN');
      for (const each of document.querySelectorAll<HTMLElement>('body *')) {
        const { fontSize, lineHeight } = getComputedStyle(each);
        const { width, height } = each.getBoundingClientRect();
        if (!each.checkVisibility({ opacityProperty: true }) || width <= 1) continue;
        const isText = [...each.childNodes].some(
          (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
        );
        // The shortest words fill the screen: they have one line.
        const lines = Number.parseFloat(lineHeight) / Number.parseFloat(fontSize);
        const isTight = each.tagName !== 'H1' && lines < 1.299;
        const isTarget = each.matches('button, summary, label.button') && Math.min(width, height) < 60;
        if ((isText && (Number.parseFloat(fontSize) < 24 || isTight)) || isTarget) {
          small.push(`${name}: ${fontSize} / ${lineHeight}, ${width} × ${height}: ${each.outerHTML.slice(0, 120)}`);
        }
      }
    }
    return small;
  });
}

/** One picture of all of them. */
async function keepSheet(
  shots: readonly Buffer[],
  { columns, width }: { readonly columns: number; readonly width: number },
  name: string,
): Promise<void> {
  const gap = 12;
  const tiles = await Promise.all(shots.map((shot) => sharp(shot).resize(width).toBuffer({ resolveWithObject: true })));
  const height = tiles[0]?.info.height ?? 0;
  const rows = Math.ceil(tiles.length / columns);
  await mkdir(ARTIFACTS, { recursive: true });
  await sharp({
    create: {
      width: columns * (width + gap) + gap,
      height: rows * (height + gap) + gap,
      channels: 3,
      background: '#808080',
    },
  })
    .composite(
      tiles.map(({ data }, index) => ({
        input: data,
        left: gap + (index % columns) * (width + gap),
        top: gap + Math.floor(index / columns) * (height + gap),
      })),
    )
    .jpeg({ quality: 85 })
    .toFile(join(ARTIFACTS, `${name}.jpg`));
}
