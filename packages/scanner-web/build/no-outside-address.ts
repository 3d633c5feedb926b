import { readFile } from 'node:fs/promises';
import type { Options } from 'tsup';
import type { Plugin } from 'vite';

/** As esbuild takes it. */
export type BundlerPlugin = NonNullable<Options['esbuildPlugins']>[number];

/**
 * zxing-wasm carries the address of a public CDN as its default source. Neither the pages nor the library use it, but what is
 * not in the bundle cannot be called by mistake either.
 */
export function removeOutsideAddress(): Plugin {
  return {
    name: 'zhengma:no-outside-address',
    apply: 'build',
    transform(code, id) {
      return id.includes('zxing-wasm') ? { code: withoutAddress(code), map: null } : null;
    },
  };
}

/** The same for the bundler of the library. */
export const leaveOutsideAddress: BundlerPlugin = {
  name: 'zhengma:no-outside-address',
  setup({ onLoad }) {
    onLoad({ filter: /zxing-wasm.*\.js$/ }, async ({ path }) => ({
      contents: withoutAddress(await readFile(path, 'utf8')),
    }));
  },
};

function withoutAddress(code: string): string {
  return code.replaceAll(/https:\/\/[a-z]+\.jsdelivr\.net\/npm/g, '');
}
