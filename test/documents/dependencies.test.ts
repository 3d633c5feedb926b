import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Every dependency that a manifest names, with its version. */
function readDependencies(): Map<string, string> {
  const manifests = globSync(
    ['package.json', 'packages/*/package.json', 'test/package.json', 'examples/*/package.json'],
    {
      cwd: ROOT,
    },
  );
  const named = new Map<string, string>();
  for (const manifest of manifests) {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(ROOT, manifest), 'utf8'),
    );
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      if (!name.startsWith('@zhengma/')) named.set(name, version as string);
    }
  }
  return named;
}

test('every dependency has an exact version and its reason in docs/dependencies.md, and nothing else stands there', () => {
  const document = readFileSync(join(ROOT, 'docs', 'dependencies.md'), 'utf8');
  const listed = new Set(
    [...document.matchAll(/(@?[\w./-]+) (\d+\.\d+\.\d+(?:-[\w.]+)?)/g)].map(
      ([, name, version]) => `${name} ${version}`,
    ),
  );
  const named = [...readDependencies()].map(([name, version]) => `${name} ${version}`);
  expect([...listed].sort()).toEqual(named.sort());
});

test('the lockfile names no host', () => {
  const lockfile = readFileSync(join(ROOT, 'pnpm-lock.yaml'), 'utf8');
  expect(lockfile.match(/https?:\/\/[^\s'"]+/g) ?? []).toEqual([]);
});

test('the install prepares for the Node that it brings', () => {
  const { optionalDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const versions = new Set(Object.values(optionalDependencies));
  expect([...versions]).toEqual([
    /^nodeVersion: (\S+)$/m.exec(readFileSync(join(ROOT, 'pnpm-workspace.yaml'), 'utf8'))?.[1],
  ]);
});

test('the version of pnpm stands in one place', () => {
  const version = /'pnpm@(\d+\.\d+\.\d+)'/.exec(readFileSync(join(ROOT, 'scripts', 'bootstrap.mjs'), 'utf8'))?.[1];
  expect(version).toBeDefined();
  const files = globSync(
    ['*.{json,yaml,md}', '.github/**/*.yml', 'docs/*.md', 'packages/*/*.{json,md}', 'scripts/*.mjs'],
    {
      cwd: ROOT,
    },
  );
  const naming = files.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes(version as string));
  expect(naming).toEqual([join('scripts', 'bootstrap.mjs')]);
});
