import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'vite';

/** Builds the service worker after the pages, with the list of what they are made of written into it. */
export function buildShellWorker(source: string): Plugin {
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
        const files = await listShell(outDir);
        await build({
          configFile: false,
          publicDir: false,
          logLevel: 'warn',
          define: {
            SHELL_PATHS: JSON.stringify(files.map(pathOf)),
            SHELL_VERSION: JSON.stringify(await digestFiles(outDir, files)),
          },
          build: {
            outDir: join(outDir, 'scan'),
            emptyOutDir: false,
            rolldownOptions: { input: source, output: { format: 'iife', entryFileNames: 'sw.js' } },
          },
        });
      },
    },
  };
}

/** The scanner's own page and what both pages share; the holder's page works only with its link, online. */
async function listShell(outDir: string): Promise<string[]> {
  const files = await readdir(outDir, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) =>
      join(file.parentPath, file.name)
        .slice(outDir.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((file) => file !== 'scan/sw.js' && !file.startsWith('wallet/') && !file.startsWith('assets/wallet-'))
    .sort();
}

function pathOf(file: string): string {
  return file === 'scan/index.html' ? '/scan/' : `/${file}`;
}

async function digestFiles(outDir: string, files: readonly string[]): Promise<string> {
  const digest = createHash('sha256');
  for (const file of files) digest.update(file).update(await readFile(join(outDir, file)));
  return digest.digest('hex').slice(0, 16);
}
