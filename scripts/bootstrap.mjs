// Puts everything in place, then runs a script of this folder: `node scripts/bootstrap.mjs scripts/NAME.mjs [ARG …]`.
//
// Written for any Node from 18 on, since that may be all a machine has. It installs exactly what the lockfile says and runs
// the script on a Node that the project supports: the machine's own, or the Node 24 that the install brings (Linux on x64
// and arm64).
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// The one place where the version stands: on pnpm 12.21 both `packageManager` and `devEngines.packageManager` in
// package.json make a frozen install fail, because they are not in the lockfile.
const PNPM = 'pnpm@12.21.0';
const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MANIFESTS = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json'];
const INSTALLED = join(ROOT, 'node_modules', '.installed');

if (Number(process.versions.node.split('.')[0]) < 18) {
  stop(`Node ${process.versions.node} is too old: install Node 18 or newer (https://nodejs.org).`);
}
process.chdir(ROOT);
installDependencies();
await runOn(findNode(), process.argv.slice(2));

function installDependencies() {
  const hash = createHash('sha256');
  for (const file of MANIFESTS) hash.update(readFileSync(join(ROOT, file)));
  const wanted = hash.digest('hex');
  if (existsSync(INSTALLED) && readFileSync(INSTALLED, 'utf8') === wanted) return;
  console.error('Installing what the lockfile names …');
  const [command, ...before] = findNpm();
  const args = [...before, 'exec', '--yes', '--', PNPM, 'install', '--frozen-lockfile', '--reporter=append-only'];
  // To stderr: stdout belongs to the script, whose output may be for a machine.
  const stdio = ['ignore', process.stderr.fd, process.stderr.fd];
  const install = spawnSync(command, args, { stdio, shell: command === 'npm' && process.platform === 'win32' });
  if (install.error || install.status !== 0) {
    stop('The install failed: see the lines above. Is the npm registry reachable, and this folder writable?');
  }
  writeFileSync(INSTALLED, wanted);
}

/** npm runs its scripts with the path of its own entry; under another runner `npm` is looked for on the PATH. */
function findNpm() {
  const entry = process.env.npm_execpath;
  return entry?.endsWith('npm-cli.js') ? [process.execPath, entry] : ['npm'];
}

function findNode() {
  if (isSupported(process.versions.node)) return process.execPath;
  const bundled = join(ROOT, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  const probe = existsSync(bundled) ? spawnSync(bundled, ['--version'], { encoding: 'utf8' }) : undefined;
  if (probe?.status === 0) return bundled;
  return stop(`Node ${process.versions.node} is too old: install Node 24 (22.18 or newer will do) and run this again.`);
}

/** Even releases are the ones with long-term support. */
function isSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  return major % 2 === 0 && (major > 22 || (major === 22 && minor >= 18));
}

async function runOn(node, args) {
  const path = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
  const child = spawn(node, args, { stdio: 'inherit', env: { ...process.env, PATH: path } });
  // A terminal sends Ctrl-C to the child too; the child decides when it has finished.
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
}

function stop(sentence) {
  console.error(sentence);
  process.exit(3);
}
