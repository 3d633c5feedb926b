import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECK_NAMES, VERIFICATION_CODES } from '@zhengma/credential-core/verify';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeVectorFiles } from '../vectors/make/main.ts';
import { digest, findDifferences, PATHS, readVectorFiles, runInProcess } from '../vectors/runtimes.ts';
import { compareDecoders } from './independent/compare.ts';
import { judgeVector, readSnapshotVector } from './independent/judge.ts';

const VECTORS = join(import.meta.dirname, '../vectors');
const files = readVectorFiles();
const cases = [...files.values()].flatMap((file) => file.cases);

describe('the vector files', () => {
  test('are made again byte by byte', () => {
    const made = makeVectorFiles();
    expect([...made.keys()].sort()).toEqual([...files.keys()]);
    for (const [name, text] of made) expect(readFileSync(join(VECTORS, name), 'utf8') === text, name).toBe(true);
  });

  test('are what their schema says', () => {
    const schema = z.fromJSONSchema(JSON.parse(readFileSync(join(VECTORS, 'schema.json'), 'utf8')));
    for (const [name, file] of files) expect(schema.safeParse(file).error, name).toBeUndefined();
    const [first] = files.values();
    expect(schema.safeParse({ ...first, cases: [{ ...first?.cases[0], nonsense: 1 }] }).success).toBe(false);
  });

  test('name each case once, and each flag of it', () => {
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    for (const each of cases) if (each.kind === 'credential') expect('text' in each).not.toBe('bytes' in each);
    for (const { flags, cases } of files.values()) {
      expect(new Set(cases.flatMap((each) => each.flags))).toEqual(new Set(Object.keys(flags)));
    }
  });

  test('reach every code and every check', () => {
    expect(cases.length).toBeGreaterThanOrEqual(300);
    const refusals = cases.flatMap(({ expect }) => (expect.ok ? [] : [expect]));
    expect(new Set(refusals.map(({ code }) => code))).toEqual(new Set(VERIFICATION_CODES));
    expect(new Set(refusals.flatMap((refusal) => ('check' in refusal ? [refusal.check] : [])))).toEqual(
      new Set(CHECK_NAMES),
    );
  });
});

/** Node binaries at hand that the library supports, one of each version. */
function findNodes(): Map<string, string> {
  const bundled = join(
    import.meta.dirname,
    '../../node_modules',
    `node-${process.platform}-${process.arch}`,
    'bin/node',
  );
  const nodes = new Map<string, string>();
  for (const node of [process.execPath, bundled, 'node']) {
    if (node === bundled && !existsSync(bundled)) continue;
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    const [major, minor] = version.slice(1).split('.').map(Number) as [number, number];
    if (major > 22 || (major === 22 && minor >= 18)) nodes.set(version, node);
  }
  return nodes;
}

describe('one verdict everywhere', () => {
  const runtimes = [...findNodes()].flatMap(([version, node]) => PATHS.map((path) => ({ version, node, path })));

  test.each(runtimes)('Node $version, $path', async ({ node, path }) => {
    const run = await runInProcess([node, '--no-warnings'], path);
    expect(findDifferences(run, files)).toEqual([]);
  });

  test('a verdict that differs is told', () => {
    const ran = cases.map(({ id, expect }) => ({ id, outcome: expect }));
    const good = { runtime: 'good', ran };
    expect(findDifferences(good, files)).toEqual([]);
    expect(findDifferences({ ...good, ran: ran.slice(1) }, files)).toHaveLength(1);
    const [first, ...rest] = ran;
    const lying = {
      ...good,
      ran: [{ id: first?.id ?? '', outcome: { ok: false, code: 'expired' } as const }, ...rest],
    };
    expect(findDifferences(lying, files)).toHaveLength(1);
    expect(digest(lying)).not.toBe(digest(good));
  });
});

describe('an independent decoder', () => {
  test('agrees on random and mutated codes', async () => {
    const { accepted, codes, differences } = await compareDecoders(3000, 7);
    expect(differences).toEqual([]);
    expect(accepted).toBeGreaterThan(300);
    const ofLists = ['unknown_root', 'wrong_list', 'rollback'];
    expect(VERIFICATION_CODES.filter((code) => !codes.has(code))).toEqual(ofLists);
  });

  test('gives the expected verdict of every code, and finds what is in every snapshot', () => {
    for (const file of files.values()) {
      for (const vector of file.cases) {
        if (vector.kind === 'snapshot' && vector.expect.ok) {
          expect(readSnapshotVector(file, vector), vector.id).toEqual(vector.expect);
        }
        if (vector.kind !== 'credential') continue;
        expect(JSON.parse(JSON.stringify(judgeVector(file, vector))), vector.id).toEqual(vector.expect);
      }
    }
  });
});
