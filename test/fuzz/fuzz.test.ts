import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { withCorpus } from './corpus.ts';
import { fuzz } from './fuzzer.ts';
import { counters } from './instrument.ts';
import { makeTargets } from './targets.ts';

/** For all targets together; the nightly command goes on for a million inputs each. */
const SMOKE_SECONDS = 60;

const { branches, targets } = await makeTargets();

describe('fuzzing by coverage', () => {
  test.each(targets)('$name: no invariant breaks', async (target) => {
    const limits = { seconds: SMOKE_SECONDS / targets.length, executions: Number.POSITIVE_INFINITY, seed: 1 };
    const { findings, executions, features } = await fuzz(withCorpus(target), limits);
    expect(findings.map(({ input, error }) => `${Buffer.from(input).toString('hex')}: ${error}`)).toEqual([]);
    expect(executions).toBeGreaterThan(200);
    expect(features).toBeGreaterThan(50);
  });

  test('counts the branches of the library', () => {
    expect(branches).toBeGreaterThan(1000);
    expect(counters.length).toBeGreaterThan(branches);
  });

  test('finds its way to a fault that no seed is near', async () => {
    const fault = Buffer.from('bad');
    const target = {
      name: 'planted',
      seeds: [Buffer.alloc(8)],
      maxBytes: 16,
      words: [],
      run(input: Uint8Array) {
        for (const [at, byte] of fault.entries()) {
          if (input[at] !== byte) return;
          counters[at] = 1;
        }
        throw new Error('found');
      },
    };
    const { findings } = await fuzz(target, { seconds: 60, executions: 1_000_000, seed: 1 });
    expect(findings[0]?.error).toEqual(new Error('found'));
  });
});

test('no input of 4 KiB takes long, or much memory', async () => {
  const command = [join(import.meta.dirname, 'main.ts'), '--worst', '--brief', '--seconds', '4'];
  // Ends with 1 where one takes more than 5 ms; on a machine that is busy with other tests, what holds is the ratio.
  const { stdout } = await promisify(execFile)(process.execPath, command).catch((error) => error as { stdout: string });
  const [, ratio] = /^worst, least of \d+: [\d.]+ ms, ([\d.]+) ×/m.exec(stdout) ?? [];
  const [, heap] = /^most heap for one input: (\d+) KiB$/m.exec(stdout) ?? [];
  const [, milliseconds] = /^codes: .*\n {2}([\d.]+) ms/m.exec(stdout) ?? [];
  expect(Number(milliseconds)).toBeLessThanOrEqual(5);
  expect(Number(ratio)).toBeLessThanOrEqual(150);
  expect(Number(heap)).toBeLessThanOrEqual(16 * 1024);
});
