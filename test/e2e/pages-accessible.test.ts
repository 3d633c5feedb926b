import { createServiceClient } from '@zhengma/verifier-service/client';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { launchBrowser, openPage } from './browser.ts';
import { awaitVerdict, PERSON, paste } from './counter.ts';
import { type Service, startService } from './service.ts';

let service: Service;
let browser: Browser;
let apiKey: string;

beforeAll(async () => {
  service = await startService();
  const administrator = createServiceClient({ origin: service.origin, apiKey: service.apiKey });
  await administrator.addOrganisation({ id: 'H37020000001', name: '市立医院', parent: '370200' });
  const added = await administrator.addOperator({
    name: '早班',
    role: 'verifier',
    organisation: 'H37020000001',
    scope: { businessTypes: ['01101', '01301', '01302'] },
  });
  if (!added.ok || added.value.apiKey === undefined) throw new Error('nobody can sign in');
  ({ apiKey } = added.value);
  browser = await launchBrowser('missing');
});

afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
});

afterAll(async () => {
  await browser?.close();
  await service?.remove();
});

test.each(['zh-CN', 'en'] as const)('%s: each page and each dialog of the scanner is accessible', async (locale) => {
  const found = await visit(locale, false, findViolations);
  expect(found).toEqual([]);
});

test('for older people, everything on them has 18 pt at least, lines apart, and every button 60 px', async () => {
  expect(await visit('zh-CN', true, findSmall)).toEqual([]);
});

/** Looks at the page in each of its states. */
async function visit(
  locale: 'zh-CN' | 'en',
  isElder: boolean,
  look: (page: Page) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  const found: string[] = [];
  const { page, context } = await openPage(browser, { locale });
  context.setDefaultTimeout(15_000);
  const note = async (state: string, at = page) => found.push(...(await look(at)).map((each) => `${state}: ${each}`));
  const open = async (mode: string) => {
    await page.goto(`${service.origin}/scan/?mode=${mode}`);
    await page.locator('.lists-checked:not(:empty)').waitFor({ state: 'attached' });
  };
  const { text } = await service.issue({ ...PERSON, paper: true, assistance: '2304' });

  await open('counter');
  if (isElder) await chooseElder(page);
  await page.locator('.desk-open').click();
  await note('signing in');
  await page.locator('#operator-key').fill(apiKey);
  await page.locator('#operator-key').press('Enter');
  await page.locator('.desk-dialog').waitFor({ state: 'detached' });
  await note('counter');
  for (const [state, opener] of [
    ['operator', '.desk-open'],
    ['settings', '.settings-open'],
    ['log', '.log-open'],
    ['guns', '.ways button'],
  ] as const) {
    await page.locator(opener).last().click();
    await page.locator('dialog[open]').waitFor();
    await note(state);
    await page.keyboard.press('Escape');
    await page.locator('dialog[open]').waitFor({ state: 'hidden' });
  }
  await paste(page, text);
  await awaitVerdict(page, 'valid');
  await note('verdict at the counter');
  await page.keyboard.press('Enter');
  await page
    .locator('input[type="file"]')
    .first()
    .setInputFiles(
      ['one.png', 'two.png'].map((name) => ({ name, mimeType: 'image/png', buffer: Buffer.from('no picture') })),
    );
  await page.locator('.intake-dialog[open] li').nth(1).waitFor();
  await note('files');
  for (const mode of ['hospital', 'phone', 'training', 'kiosk']) {
    await open(mode);
    await note(mode);
    await paste(page, text);
    await page.locator('.verdict').waitFor();
    await note(`verdict, ${mode}`);
  }
  const patient = await context.newPage();
  await patient.goto(`${service.origin}/scan/patient/`);
  await patient.locator('h1').waitFor();
  await note('patient', patient);
  return found;
}

async function chooseElder(page: Page): Promise<void> {
  await page.locator('.settings-open').click();
  await page.locator('#settings-elder').check();
  await page.locator('.settings-form [type="submit"]').click();
  await page.locator(':root[data-elder]').waitFor();
}

async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate(async () => {
    const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(document, {
      resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`));
  });
}

/** Texts below 18 pt or with lines too close, and buttons below 60 px. */
function findSmall(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('body *')].flatMap((each) => {
      const { fontSize, lineHeight } = getComputedStyle(each);
      const { width, height } = each.getBoundingClientRect();
      if (!each.checkVisibility({ opacityProperty: true }) || width <= 1) return [];
      const isText = [...each.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
      const size = Number.parseFloat(fontSize);
      // The shortest words fill the screen: they have one line.
      const isTight = each.tagName !== 'H1' && Number.parseFloat(lineHeight) / size < 1.299;
      const isTarget = each.matches('button, summary, label.button') && Math.min(width, height) < 60;
      const isSmall = (isText && (size < 24 || isTight)) || isTarget;
      return isSmall ? [`${fontSize} / ${lineHeight}, ${width} × ${height}: ${each.outerHTML.slice(0, 160)}`] : [];
    }),
  );
}
