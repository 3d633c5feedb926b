import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareDecoders } from '../conformance/independent/compare.ts';
import { makeVectorFiles } from './make/main.ts';
import { digest, findDifferences, PATHS, type Run, readVectorFiles, runInChromium, runInProcess } from './runtimes.ts';

/**
 * `npm run vectors`: writes the vector files and runs them here. With `--node VERSION` (repeatable) also on that Node, which npm
 * fetches; with `--deno VERSION` and `--bun VERSION` on those; with `--browser` in Chromium; with `--agree COUNT` compares with the independent decoder on so many codes.
 */
const { values } = parseArgs({
  options: {
    node: { type: 'string', multiple: true, default: [] },
    deno: { type: 'string', multiple: true, default: [] },
    bun: { type: 'string', multiple: true, default: [] },
    browser: { type: 'boolean', default: false },
    agree: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});

for (const [name, text] of makeVectorFiles()) writeFileSync(join(import.meta.dirname, name), text);
const files = readVectorFiles();
const cases = [...files.values()].flatMap((file) => file.cases);
console.log(`${cases.length} cases in ${files.size} files`);

const { platform, arch } = process;
/** The packages that bring a runtime as a binary, and where in them it is. */
const NODE = [`node-${platform}-${arch}`, 'bin/node'] as const;
const DENO = [`@deno/${platform}-${arch}${platform === 'linux' ? '-glibc' : ''}`, 'deno'] as const;
const BUN = [`@oven/bun-${platform}-${arch === 'arm64' ? 'aarch64' : arch}`, 'bin/bun'] as const;

let isOne = true;
const folder = mkdtempSync(join(tmpdir(), 'zhengma-vectors-'));
try {
  for (const node of [process.execPath, ...values.node.map((version) => fetchBinary(NODE, version))]) {
    for (const path of PATHS) report(await runInProcess([node, '--no-warnings'], path));
  }
  for (const [binary, versions, args] of [
    [DENO, values.deno, ['run', '--allow-all', '--quiet']],
    [BUN, values.bun, ['run']],
  ] as const) {
    for (const version of versions) {
      for (const path of PATHS) report(await runInProcess([fetchBinary(binary, version), ...args], path));
    }
  }
  if (values.browser) for (const kind of ['secure', 'insecure'] as const) report(await runInChromium(kind));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (values.agree !== undefined) {
  const { compared, accepted, codes, differences } = await compareDecoders(Number(values.agree), Number(values.seed));
  console.log(
    `independent decoder: ${compared} codes, ${accepted} accepted, ${codes.size - 1} failure codes, ${differences.length} differ`,
  );
  for (const difference of differences.slice(0, 5)) console.log(difference);
  if (differences.length > 0) isOne = false;
}
process.exit(isOne ? 0 : 1);

function report(run: Run): void {
  const differences = findDifferences(run, files);
  console.log(`${digest(run).slice(0, 16)} ${run.runtime}: ${run.ran.length} cases, ${differences.length} differ`);
  for (const difference of differences.slice(0, 10)) console.log(`  ${difference}`);
  if (differences.length > 0) isOne = false;
}

/** The binary of that version, from the registry. */
function fetchBinary([name, file]: readonly [string, string], version: string): string {
  const target = join(folder, name, version);
  const options = ['--prefix', target, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  execFileSync(npm, ['install', ...options, `${name}@${version}`], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return join(target, 'node_modules', name, file);
}
