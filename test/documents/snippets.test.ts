import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

/** What the snippet takes as given: a key, a trust list that knows it, and its status lists. */
const GIVEN = `
import { exportPublicKey, generateIssuerKey, issueTrustList, verifyTrustList } from '@zhengma/credential-core';
const issuerKey = await generateIssuerKey();
const rootKey = await generateIssuerKey();
const expiresAt = new Date(Date.now() + 3_600_000);
const issuers = [{ id: '370200', name: 'x', keys: [{ publicKey: exportPublicKey(issuerKey) }], types: ['medical-insurance'],
  regions: ['3702'], statusBaseUri: 'https://lists.example/status' }];
const now = { currentDate: new Date() };
const list = await issueTrustList({ sequence: 1, publisher: 'x', expiresAt, issuers }, rootKey, now);
const { list: trust } = await verifyTrustList(list, [exportPublicKey(rootKey)], now);
const status = 'not_checked';
`;

test('the snippet of the library’s README runs, and does what its comments say', async () => {
  const document = readFileSync(new URL('../../packages/credential-core/README.md', import.meta.url), 'utf8');
  const [snippet = '', ...others] = [...document.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, block]) => block);
  expect(others).toEqual([]);
  // Below this folder, so that the package is found as a dependency is.
  const folder = mkdtempSync(join(import.meta.dirname, '.snippet-'));
  try {
    const file = join(folder, 'snippet.ts');
    writeFileSync(file, `${GIVEN}${snippet}\nexport { id, svg, verdict };`);
    const { id, svg, verdict } = await import(pathToFileURL(file).href);
    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(svg).toMatch(/^<svg /);
    expect(verdict).toMatchObject({ ok: true, credential: { claims: { name: '欧***' } } });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
