// Everything, once: builds, checks, and every test there is. The last line is `N passed, N failed`.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { provideChromium } from './chromium.mjs';
import { findCommand, PACKAGES, ROOT, runNode, runQuickCheck } from './steps.mjs';

let passed = 0;
let failed = 0;
let skipped = 0;
const count = (name, ok) => {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
  if (ok) passed++;
  else failed++;
};

const folder = mkdtempSync(join(tmpdir(), 'zhengma-test-'));
await runQuickCheck(count, (args) => runTests('core', args));
for (const path of PACKAGES) {
  const name = path.split(/[\\/]/).at(-1);
  count(
    `package: ${name}`,
    await runNode([findCommand('publint'), 'run', '--strict', '--pack', 'npm', path], { quiet: true }),
  );
}

const chromium = provideChromium();
if (!chromium)
  console.error('No Chromium for the browser tests: install one (e.g. `apt-get install chromium`) and run this again.');
count('a browser to test in', chromium !== undefined);

await runTests('rest', ['--project', '!core'], { ZHENGMA_CHROMIUM: chromium ?? '' });
rmSync(folder, { recursive: true, force: true });

console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
process.exit(failed === 0 ? 0 : 1);

async function runTests(name, words, more = {}) {
  const report = join(folder, `${name}.json`);
  const args = ['run', ...words, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const ended = await runNode([findCommand('vitest'), ...args], { env: { ...process.env, ...more } });
  const results = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined;
  passed += results?.numPassedTests ?? 0;
  failed += results?.numFailedTests ?? 0;
  const left = (results?.numPendingTests ?? 0) + (results?.numTodoTests ?? 0);
  skipped += left;
  // A file that does not load, or an error outside a test, fails the run without failing a test.
  if (!ended && !results?.numFailedTests) count(`the test run: ${name}`, false);
  if (process.env.CI && left > 0) count('nothing is skipped in CI', onlyVectorsSkipped(results));
}

/** Public test vectors are not part of a user's clone; where they lie beside it, leaving them out is a failure. */
function onlyVectorsSkipped(results) {
  if (existsSync(join(ROOT, '..', 'shared', 'vectors'))) return false;
  return results.testResults.every(({ assertionResults }) =>
    assertionResults.every(
      ({ status, fullName }) => /^(?:passed|failed)$/.test(status) || fullName.includes('skipped: no vectors'),
    ),
  );
}
