// Writes a package's declarations beside its bundles: .d.ts for import and the same as .d.cts for require, so that
// TypeScript sees each entry in the module format that it really has. Runs in the package's folder.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const { status } = spawnSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { stdio: 'inherit' });
if (status !== 0) process.exit(1);

for (const file of readdirSync('dist', { recursive: true })) {
  if (!file.endsWith('.d.ts')) continue;
  const path = join('dist', file);
  const text = readFileSync(path, 'utf8');
  const relative = /(from\s+|import\()'(\.{1,2}\/[^']+?)\.(?:ts|js)'/g;
  writeFileSync(path, text.replace(relative, "$1'$2.js'"));
  writeFileSync(path.replace(/\.d\.ts$/, '.d.cts'), text.replace(relative, "$1'$2.cjs'"));
}
