import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
import { describe, expect, test } from 'vitest';
import { REPORTED, reportApi, UNREPORTED } from '../../scripts/api.mjs';

const folderOf = (name: string) => fileURLToPath(new URL(`../../packages/${name}`, import.meta.url));
const entries = Object.entries(REPORTED).flatMap(([name, names]) => names.map((entry) => [name, entry] as const));

describe('the public API', () => {
  test.each(entries)('%s/%s is what its report says (`npm run api` writes it anew)', (name, entry) => {
    const { changed, found, reported } = reportApi(name, entry, { write: false });
    // Both, so that a failure shows what has changed.
    expect(found).toBe(reported);
    expect(changed).toBe(false);
  });

  test.each(entries)('every name that %s/%s exports has words of its own', (name, entry) => {
    const report = readFileSync(join(folderOf(name), 'api', `${entry}.api.md`), 'utf8');
    expect(report).toMatch(/^export /m);
    expect(report.match(/\(undocumented\)\nexport .*/g) ?? []).toEqual([]);
    // In the libraries that others build on, every member too.
    if (/^(?:credential-core|code-element)$/.test(name)) expect(report).not.toContain('(undocumented)');
  });

  test.each(Object.entries(REPORTED))('%s: every entry of the package has a report', (name, names) => {
    const { exports } = JSON.parse(readFileSync(join(folderOf(name), 'package.json'), 'utf8'));
    const published = Object.keys(exports).filter((path) => path !== './package.json');
    expect(published.map((path) => (path === '.' ? 'index' : path.slice(2))).sort()).toEqual(
      [...names, ...(UNREPORTED[name] ?? [])].sort(),
    );
  });
});

test.each(Object.keys(REPORTED))(
  '%s: TypeScript finds the right types for import, require and bundlers',
  async (name) => {
    const folder = mkdtempSync(join(tmpdir(), 'zhengma-pack-'));
    try {
      const packed = spawnSync('npm', ['pack', '--pack-destination', folder], {
        cwd: folderOf(name),
        encoding: 'utf8',
      });
      expect(packed.stderr).not.toMatch(/^npm (?:ERR|error)/m);
      const [tarball = ''] = readdirSync(folder);
      const analysis = await checkPackage(createPackageFromTarballData(readFileSync(join(folder, tarball))));
      if (!analysis.types) throw new Error('no types were found');
      const manifest = readFileSync(join(folderOf(name), 'package.json'), 'utf8');
      const problems = analysis.problems.filter((problem) => {
        // The oldest way of resolving knows no `exports`; no Node that is supported resolves like that.
        if ('resolutionKind' in problem && problem.resolutionKind === 'node10') return false;
        // What is for browsers alone is an ES module alone, and every supported Node can `require` that.
        return problem.kind !== 'CJSResolvesToESM' || manifest.includes('"require"');
      });
      expect(problems).toEqual([]);
      const published = Object.keys(analysis.entrypoints).filter((path) => path !== './package.json');
      expect(published).toHaveLength([...(REPORTED[name] ?? []), ...(UNREPORTED[name] ?? [])].length);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
