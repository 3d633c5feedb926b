import { join } from 'node:path';
import { defineConfig } from 'vite';
import { removeOutsideAddress } from './build/no-outside-address.ts';
import { buildShellWorkers } from './build/shell-worker.ts';

const root = import.meta.dirname;

export default defineConfig({
  root,
  base: '/',
  // The service is built after its pages: of its client they take the source.
  resolve: { alias: { '@zhengma/verifier-service/client': join(root, '../verifier-service/src/client.ts') } },
  plugins: [removeOutsideAddress(), buildShellWorkers(join(root, 'src/sw/sw.ts'))],
  worker: {
    format: 'es',
    plugins: () => [removeOutsideAddress()],
    // A worker is under the service worker whose folder its own address is in, not under that of its page: in
    // assets/ neither it nor the WASM it fetches would be there offline.
    rolldownOptions: {
      output: { entryFileNames: 'scan/[name]-[hash].js', chunkFileNames: 'scan/[name]-[hash].js' },
    },
  },
  build: {
    target: ['chrome120', 'edge120', 'firefox121', 'safari17'],
    // The content security policy allows neither data: scripts nor inline ones.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: {
        scan: join(root, 'scan/index.html'),
        patient: join(root, 'scan/patient/index.html'),
        wallet: join(root, 'wallet/index.html'),
        admin: join(root, 'admin/index.html'),
      },
    },
  },
});
