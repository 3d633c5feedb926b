import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Whom the credentials of these tests are about; nobody. */
export const PERSON = {
  name: '张建国',
  idNumber: '370202196503120018',
  region: '370202',
  scheme: '310',
  personClass: '12',
  enrolment: '1',
};

/** Waits for a verdict and compares it. */
export async function awaitVerdict(page: Page, tone: string, code?: string): Promise<void> {
  await page.locator('.verdict').waitFor();
  const verdict = page.locator('.verdict');
  expect([await verdict.getAttribute('data-tone'), code && (await verdict.getAttribute('data-code'))]).toEqual([
    tone,
    code,
  ]);
}

/** Hands the page a picture, as a file. */
export async function chooseImage(page: Page, buffer: Buffer): Promise<void> {
  await page.locator('input[type="file"]').setInputFiles({ name: 'code.png', mimeType: 'image/png', buffer });
}

/** What a scanner that pastes does. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
  }, text);
}

/** What the verdict says of the people, by its labels. */
export async function readFacts(page: Page): Promise<Record<string, string>> {
  const facts = await page
    .locator('.fact')
    .evaluateAll((rows) =>
      rows.map((row) => [row.querySelector('dt')?.textContent ?? '', row.querySelector('dd')?.textContent ?? '']),
    );
  return Object.fromEntries(facts) as Record<string, string>;
}

/** Has the page fetch its lists now; what comes after is verified by them. */
export async function refreshLists(page: Page): Promise<void> {
  const arrived = page.waitForResponse((response) =>
    /^\/v1\/(status-lists|revocation-snapshot\/deltas)\/\d+$/.test(new URL(response.url()).pathname),
  );
  await page.locator('.lists-refresh').click();
  await arrived;
  await page.locator('.lists-refresh[aria-busy="false"]').waitFor();
}
