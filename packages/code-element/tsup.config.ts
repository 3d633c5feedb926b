import type { Plugin } from 'esbuild';
import { defineConfig } from 'tsup';

/**
 * What a holder's page never needs: qrcode's own drawing, and P-256 in JavaScript, which only a page without WebCrypto would
 * load.
 */
const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^(?:@noble\/curves\/nist\.js|\.\/renderer\/.*)$/ }, ({ path }) => ({
      path,
      namespace: 'leave-out',
      sideEffects: false,
    }));
    onLoad({ filter: /./, namespace: 'leave-out' }, ({ path }) => ({
      contents: path.startsWith('@noble')
        ? "throw new Error('an ES256 key needs a page served by https');"
        : 'export default {};',
    }));
  },
};

const common = { format: ['esm' as const], target: 'es2022', platform: 'browser' as const };

export default defineConfig([
  { ...common, entry: ['src/index.ts', 'src/define.ts'], splitting: true, clean: true },
  {
    ...common,
    entry: ['src/standalone.ts'],
    splitting: false,
    minify: true,
    noExternal: [/./],
    esbuildPlugins: [leaveOut],
    esbuildOptions(options) {
      options.charset = 'utf8';
    },
    onSuccess: 'node ../../scripts/write-types.mjs',
  },
]);
