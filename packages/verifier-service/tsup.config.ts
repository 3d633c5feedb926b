import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'tsup';

// Not by `clean`: of two builds beside each other, one would take away what the other has just written.
rmSync(join(import.meta.dirname, 'dist'), { recursive: true, force: true });

export default defineConfig([
  {
    entry: { index: 'src/index.ts', cli: 'src/cli/main.ts', 'image-worker': 'src/images/image-worker.ts' },
    format: ['esm'],
    target: 'node22',
    platform: 'node',
    dts: { entry: { index: 'src/index.ts' } },
    splitting: true,
    treeshake: true,
    // `node:sqlite` exists under its full name only.
    removeNodeProtocol: false,
  },
  // On its own, so that it shares no file with what runs in Node.
  {
    entry: { client: 'src/client.ts' },
    format: ['esm'],
    target: 'es2022',
    platform: 'neutral',
    dts: { entry: { client: 'src/client.ts' } },
    treeshake: true,
  },
]);
