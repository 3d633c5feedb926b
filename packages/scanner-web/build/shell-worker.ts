import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

/** A page that works offline: its folder, the prefix of its caches, and which of the built files it is made of. */
interface Shell {
  readonly folder: string;
  readonly cachePrefix: string;
  includes(file: string): boolean;
}

/** Each page has a service worker of its own: one in the other's folder could not answer for it. */
const SHELLS: readonly Shell[] = [
  {
    folder: 'scan',
    cachePrefix: 'zhengma-shell-',
    includes: (file) => !/^(?:assets\/)?(?:wallet|admin)[-/]/.test(file),
  },
  {
    folder: 'wallet',
    cachePrefix: 'zhengma-wallet-shell-',
    includes: (file) =>
      file.startsWith('wallet/') || isSharedAsset(file) || /^scan\/(?:icon\.svg|old-browser\.js)$/.test(file),
  },
];

function isSharedAsset(file: string): boolean {
  return /^assets\/(?!scan-|patient-|admin-|training-)/.test(file) && !file.endsWith('.wasm');
}

/** Builds the service workers after the pages, each with the list of what its page is made of written into it. */
export function buildShellWorkers(source: string): Plugin {
  let outDir = '';
  return {
    name: 'zhengma:shell-worker',
    apply: 'build',
    configResolved(config) {
      outDir = join(config.root, config.build.outDir);
    },
    closeBundle: {
      sequential: true,
      order: 'post',
      async handler(error) {
        if (error) return;
        const built = await listFiles(outDir);
        for (const shell of SHELLS) await buildWorker(source, outDir, shell, built.filter(shell.includes));
      },
    },
  };
}

async function buildWorker(source: string, outDir: string, shell: Shell, files: readonly string[]): Promise<void> {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    define: {
      SHELL_PREFIX: JSON.stringify(shell.cachePrefix),
      SHELL_PATHS: JSON.stringify(files.map(pathOf)),
      SHELL_VERSION: JSON.stringify(await digestFiles(outDir, files)),
    },
    build: {
      outDir: join(outDir, shell.folder),
      emptyOutDir: false,
      rolldownOptions: { input: source, output: { format: 'iife', entryFileNames: 'sw.js' } },
    },
  });
}

/** Everything that was built but the service workers themselves. */
async function listFiles(outDir: string): Promise<string[]> {
  const files = await readdir(outDir, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile() && file.name !== 'sw.js')
    .map((file) =>
      join(file.parentPath, file.name)
        .slice(outDir.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

function pathOf(file: string): string {
  return file.endsWith('/index.html') ? `/${file.slice(0, -'index.html'.length)}` : `/${file}`;
}

async function digestFiles(outDir: string, files: readonly string[]): Promise<string> {
  const digest = createHash('sha256');
  for (const file of files) digest.update(file).update(await readFile(join(outDir, file)));
  return digest.digest('hex').slice(0, 16);
}
