import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { modelDemand } from '../bench/load-model.ts';

const SCALING = readFileSync(new URL('../../docs/scaling.md', import.meta.url), 'utf8');

test('the arithmetic is what the load model computes', async () => {
  const demand = await modelDemand();
  for (const [name, value] of Object.entries(demand)) expect(SCALING).toContain(`| ${name} | ${value} |`);
  expect(SCALING).toContain(
    `${demand['scans in the busiest second, nation'].toLocaleString('en').replace(',', ' ')} a second`,
  );
});
