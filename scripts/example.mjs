// `npm run example NAME [-- its own words]`: runs an example as a user would, installed from packed tarballs in a folder of
// its own.
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildPackages, ROOT, run, runNode } from './steps.mjs';

const EXAMPLES = readdirSync(join(ROOT, 'examples'));
const [name, ...words] = process.argv.slice(2);
const isBuilt = words[0] === '--built';
if (isBuilt) words.shift();
if (!EXAMPLES.includes(name)) {
  console.error(`usage: npm run example ${EXAMPLES.join(' | ')}`);
  process.exit(2);
}
if (!isBuilt && !(await buildPackages())) process.exit(1);

// One that is part of the workspace, for what it is built with, has its packages linked already.
const place = join(ROOT, 'examples', name);
if (existsSync(join(place, 'node_modules'))) {
  process.on('SIGINT', () => {});
  process.exit((await runNode(['main.ts', ...words], { cwd: place })) ? 0 : 1);
}

const folder = mkdtempSync(join(tmpdir(), 'zhengma-example-'));
try {
  cpSync(join(ROOT, 'examples', name), folder, { recursive: true });
  const npm = findNpm();
  if (!(await npm(['pack', '--pack-destination', folder], join(ROOT, 'packages', 'credential-core')))) process.exit(1);
  const tarball = readdirSync(folder).find((file) => file.endsWith('.tgz'));
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  manifest.dependencies['@zhengma/credential-core'] = `file:${tarball}`;
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const options = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'];
  if (!(await npm(['install', ...options], folder))) process.exit(1);
  // Ctrl+C is the example's, so that what was installed for it is removed.
  process.on('SIGINT', () => {});
  process.exitCode = (await runNode(['main.ts', ...words], { cwd: folder })) ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** npm by its own entry when it runs us, else the one beside this Node or on the PATH. */
function findNpm() {
  const entry = process.env.npm_execpath;
  if (entry?.endsWith('npm-cli.js') && existsSync(entry))
    return (args, cwd) => runNode([entry, ...args], { cwd, quiet: true });
  const beside = join(dirname(process.execPath), process.platform === 'win32' ? 'npm.cmd' : 'npm');
  return (args, cwd) => run(existsSync(beside) ? beside : 'npm', args, { cwd, quiet: true });
}
