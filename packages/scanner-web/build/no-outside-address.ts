import type { Plugin } from 'vite';

/**
 * zxing-wasm carries the address of a public CDN as its default source. The page never uses it, but what is not in
 * the bundle cannot be called by mistake either.
 */
export function removeOutsideAddress(): Plugin {
  return {
    name: 'zhengma:no-outside-address',
    apply: 'build',
    transform(code, id) {
      if (!id.includes('zxing-wasm')) return null;
      return { code: code.replaceAll(/https:\/\/[a-z]+\.jsdelivr\.net\/npm/g, ''), map: null };
    },
  };
}
