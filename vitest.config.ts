import { defineConfig } from 'vitest/config';

const SECONDS = 1000;

/** A group of tests: its folder, how long one test may take on a slow machine, and how often one that failed is run again. */
function project(name: string, folder: string, testTimeout = 60 * SECONDS, retry = 0) {
  return { test: { name, include: [`${folder}/**/*.test.ts`], testTimeout, hookTimeout: 180 * SECONDS, retry } };
}

/** A browser on a machine that is shared may be late once. A test that passes at the second try is named as such: mend it. */
const BROWSER_RETRIES = process.env['CI'] ? 1 : 0;

export default defineConfig({
  test: {
    // Most tests wait for a process, a browser or a disk: one file less at a time than there are cores leaves one of two idle.
    maxWorkers: '100%',
    projects: [
      project('core', 'packages/credential-core/test'),
      project('element', 'packages/code-element/test'),
      project('service', 'packages/verifier-service/test', 120 * SECONDS),
      project('scanner', 'packages/scanner-web/test'),
      project('conformance', 'test/conformance', 300 * SECONDS),
      project('packages', 'test/packages', 120 * SECONDS),
      project('examples', 'test/examples', 300 * SECONDS),
      project('documents', 'test/documents', 120 * SECONDS),
      project('fuzz', 'test/fuzz', 180 * SECONDS),
      project('e2e', 'test/e2e', 180 * SECONDS, BROWSER_RETRIES),
    ],
  },
});
