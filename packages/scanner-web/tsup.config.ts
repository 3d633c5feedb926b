import { copyFile, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { type BundlerPlugin, leaveOutsideAddress } from './build/no-outside-address.ts';

const root = import.meta.dirname;
const outDir = 'dist/embed';

/** As vite does for the pages. */
const inlineStyles: BundlerPlugin = {
  name: 'zhengma:inline-styles',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\.css\?inline$/ }, ({ path, resolveDir }) => ({
      // Paths are written into the bundle as comments.
      path: relative(root, join(resolveDir, path)),
      namespace: 'inline-style',
    }));
    onLoad({ filter: /./, namespace: 'inline-style' }, async ({ path }) => ({
      contents: await readFile(join(root, path.replace('?inline', '')), 'utf8'),
      loader: 'text',
    }));
  },
};

const common: Options = {
  format: ['esm'],
  target: 'es2022',
  platform: 'browser',
  outDir,
  tsconfig: 'tsconfig.page.json',
  esbuildPlugins: [leaveOutsideAddress, inlineStyles],
  esbuildOptions(options) {
    options.charset = 'utf8';
    // The service is built after its pages: of its client they take the source.
    options.alias = { '@zhengma/verifier-service/client': join(root, '../verifier-service/src/client.ts') };
  },
};

/** The library for pages of others, beside the pages that vite built. */
export default defineConfig([
  {
    ...common,
    entry: { index: 'src/embed/index.ts', element: 'src/embed/element.ts', define: 'src/embed/define.ts' },
    splitting: true,
    treeshake: true,
  },
  {
    ...common,
    // What a bundler copies as it is must not import anything.
    entry: {
      standalone: 'src/embed/standalone.ts',
      worker: 'src/embed/worker.ts',
      'plain-reader': 'src/engine/plain-reader.ts',
    },
    splitting: false,
    minify: true,
    noExternal: [/./],
    async onSuccess() {
      const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
      await copyFile(wasm, join(root, outDir, 'zxing_reader.wasm'));
    },
  },
  {
    ...common,
    entry: {
      index: 'src/embed/index.ts',
      element: 'src/embed/element.ts',
      define: 'src/embed/define.ts',
      standalone: 'src/embed/standalone.ts',
    },
    dts: { only: true, compilerOptions: { composite: false } },
  },
]);
