import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fitElement } from '../src/embed/shadow-rules.ts';

test('the rules of the page, in an element, say nothing of the page and measure nothing by the window', async () => {
  const read = (file: string) => readFile(new URL(`../src/${file}`, import.meta.url), 'utf8');
  const rules = fitElement((await read('look/look.css')) + (await read('app/scan.css')));
  expect(rules).not.toMatch(/:root|\bbody\b|\d(?:vw|vmin|vmax)\b|@media \((?:min|max)-width/);
  expect(rules).toContain('.page[data-tone="valid"]');
  expect(rules).toContain('@container (max-width: 820px)');
});
