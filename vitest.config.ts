import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'core', include: ['packages/credential-core/test/**/*.test.ts'] } },
      { test: { name: 'service', include: ['packages/verifier-service/test/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'scanner', include: ['packages/scanner-web/test/**/*.test.ts'], testTimeout: 60_000 } },
      { test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], testTimeout: 300_000 } },
      {
        test: { name: 'examples', include: ['test/examples/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 300_000 },
      },
      { test: { name: 'documents', include: ['test/documents/**/*.test.ts'], testTimeout: 120_000 } },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'], testTimeout: 180_000, hookTimeout: 180_000 } },
    ],
  },
});
