import { defineConfig } from 'tsup';

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/issue.ts',
    'src/present.ts',
    'src/verify.ts',
    'src/qr.ts',
    'src/read.ts',
    'src/snapshot.ts',
    'src/codes.ts',
    'src/sm2.ts',
    'src/profiles.ts',
  ],
  format: ['esm', 'cjs'],
  target: 'es2023',
  platform: 'neutral',
  splitting: true,
  clean: true,
  onSuccess: 'node ../../scripts/write-types.mjs',
});
