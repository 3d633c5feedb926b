import type { Plugin } from 'esbuild';
import { defineConfig } from 'tsup';

/**
 * What a holder's page never needs: qrcode's own drawing, its search for the best way to split a text and its other modes, since a
 * code is one alphanumeric segment; and curves in JavaScript. Nothing is verified here, and device keys sign by WebCrypto.
 */
const leaveOut: Plugin = {
  name: 'leave-out',
  setup({ onResolve, onLoad }) {
    onResolve(
      {
        filter:
          /^(?:@noble\/ed25519|\.\/p256-javascript-\w+\.js|dijkstrajs|\.\/renderer\/.*|\.\/(?:kanji|numeric|byte)-data)$/,
      },
      ({ path }) => ({
        path,
        namespace: 'leave-out',
        sideEffects: false,
      }),
    );
    onLoad({ filter: /./, namespace: 'leave-out' }, ({ path }) => ({
      contents: STAND_INS[path.replace(/-\w+\.js$/, '')] ?? 'export default {};',
    }));
  },
};

const NO_CURVE = "throw new Error('this needs a page served by https');";

const STAND_INS: Readonly<Record<string, string>> = {
  './p256-javascript': NO_CURVE,
  '@noble/ed25519': `const stop = () => { ${NO_CURVE} };
    export { stop as getPublicKey, stop as sign }; export const hashes = {}, Point = {};`,
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
