import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's folder. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The packages in the order in which they need each other. */
export const PACKAGES = ['credential-core', 'code-element', 'scanner-web', 'verifier-service'].map((name) =>
  join(ROOT, 'packages', name),
);

/**
 * The file behind a package's command, to run on this very Node.
 *
 * @param {string} name the package
 * @param {string} [command] the command, where the package has several
 * @param {string} [from] the folder whose dependency it is
 */
export function findCommand(name, command = name, from = ROOT) {
  const folder = join(from, 'node_modules', name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[command]);
}

/**
 * Runs a command on this Node and waits for it.
 *
 * @param {string[]} args the script and its arguments
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, quiet?: boolean }} [options] quiet: output only when it fails
 * @returns {Promise<boolean>} whether it ended well
 */
export function runNode(args, { cwd = ROOT, env = process.env, quiet = false } = {}) {
  return run(process.execPath, args, { cwd, env, quiet });
}

/** {@link runNode} for any program. */
export function run(command, args, { cwd = ROOT, env = process.env, quiet = false } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    });
    const output = [];
    child.stdout?.on('data', (chunk) => output.push(chunk));
    child.stderr?.on('data', (chunk) => output.push(chunk));
    child.on('error', () => resolve(false));
    child.on('close', (code) => {
      if (code !== 0) process.stderr.write(Buffer.concat(output));
      resolve(code === 0);
    });
  });
}

/**
 * Builds every package whose sources, or those of a package before it, have changed since its last build.
 *
 * @returns {Promise<boolean>} whether all are built
 */
export async function buildPackages() {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'pnpm-lock.yaml')));
  for (const folder of PACKAGES) {
    const name = folder.split(/[\\/]/).at(-1);
    hashSources(hash, folder);
    if (name === 'scanner-web') hashClient(hash);
    const wanted = hash.copy().digest('hex');
    const marker = join(folder, 'node_modules', '.built');
    const isBuilt = existsSync(join(folder, 'dist')) && existsSync(marker) && readFileSync(marker, 'utf8') === wanted;
    if (isBuilt) continue;
    process.stderr.write(`Building ${name} …\n`);
    const args = name === 'scanner-web' ? [findCommand('vite', 'vite', folder), 'build'] : [findCommand('tsup')];
    if (!(await runNode(args, { cwd: folder, quiet: true }))) return false;
    writeFileSync(marker, wanted);
  }
  return true;
}

/** The client of the service, which the pages are built with. */
function hashClient(hash) {
  const source = join(ROOT, 'packages', 'verifier-service', 'src');
  hashSources(hash, join(source, 'client'));
  for (const file of ['client.ts', 'errors.ts', 'problem.ts']) hash.update(readFileSync(join(source, file)));
}

/** What a build neither reads nor must look into: the links of node_modules lead from package to package and back. */
const NO_SOURCES = new Set(['node_modules', 'dist', 'test']);

/** Everything of a package that its build reads. */
function hashSources(hash, folder) {
  for (const path of listSources(folder).sort()) hash.update(relative(folder, path)).update(readFileSync(path));
}

function listSources(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NO_SOURCES.has(name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return listSources(path);
      return entry.isFile() ? [path] : [];
    });
}

/** The checks that need no test runner: name and command. */
const CHECKS = [
  ['format and lint', async () => run(findBiome(), ['check', '--error-on-warnings', '.'], { quiet: true })],
  ...PACKAGES.concat(join(ROOT, 'test')).map((folder) => [
    `types: ${folder.split(/[\\/]/).at(-1)}`,
    async () => {
      const build = folder.endsWith('scanner-web') ? ['-b'] : ['-p', 'tsconfig.json', '--noEmit'];
      return runNode([findCommand('typescript', 'tsc'), ...build], { cwd: folder, quiet: true });
    },
  ]),
  [
    'room boundaries',
    async () =>
      runNode(
        [
          findCommand('dependency-cruiser', 'depcruise'),
          '--config',
          '.dependency-cruiser.mjs',
          'packages',
          '--include-only',
          '^packages/[^/]+/src|node_modules',
        ],
        { quiet: true },
      ),
  ],
];

/**
 * The quick look before a commit, with which `npm test` begins too.
 *
 * @param {(name: string, ok: boolean) => void} count is told of each step
 * @param {(args: string[]) => Promise<boolean>} runTests runs vitest with these words
 */
export async function runQuickCheck(count, runTests) {
  count('build', await buildPackages());
  for (const [name, check] of CHECKS) count(name, await check());
  return runTests(['--project', 'core']);
}

function findBiome() {
  return findCommand('@biomejs/biome', 'biome');
}
