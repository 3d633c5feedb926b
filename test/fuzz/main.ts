import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { keepCorpus, withCorpus } from './corpus.ts';
import { fuzz } from './fuzzer.ts';
import { makeTargets } from './targets.ts';
import { findWorst, measureLargeLists } from './worst.ts';

/**
 * `npm run fuzz [TARGET …]`: 10⁶ inputs for each target, or `--seconds N` for each. `--keep` writes what reached new branches
 * into the corpus; `--worst` looks for slow inputs instead, and with `--brief` for these alone.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seconds: { type: 'string' },
    executions: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    keep: { type: 'boolean', default: false },
    worst: { type: 'boolean', default: false },
    brief: { type: 'boolean', default: false },
  },
});

if (values.worst) {
  const { lines, ...worst } = await findWorst(Number(values.seconds ?? 20));
  let { isBounded } = worst;
  for (const line of lines) console.log(line);
  if (!values.brief) {
    console.log('what larger lists take:');
    for (const line of await measureLargeLists()) console.log(`  ${line}`);
    console.log('what a code takes by the algorithm of its keys:');
    for (const path of ['native', 'noble']) {
      const command = [join(import.meta.dirname, 'signatures.ts'), path];
      if (spawnSync(process.execPath, command, { stdio: 'inherit' }).status !== 0) isBounded = false;
    }
  }
  process.exit(isBounded ? 0 : 1);
}

const { branches, targets } = await makeTargets();
const chosen = targets.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
if (chosen.length === 0) {
  console.error(`usage: npm run fuzz [-- ${targets.map(({ name }) => name).join(' | ')}] [--seconds N]`);
  process.exit(2);
}
console.log(`${branches} branches`);
let findings = 0;
for (const target of chosen) {
  const fuzzed = await fuzz(withCorpus(target), {
    seconds: Number(values.seconds ?? Number.POSITIVE_INFINITY),
    executions: Number(values.executions),
    seed: Number(values.seed),
  });
  const { name, executions, seconds, features, corpus } = fuzzed;
  const rate = Math.round(executions / seconds);
  console.log(
    `${name}: ${executions} inputs, ${rate} a second, ${features} features, ${corpus.length} kept, ${fuzzed.findings.length} findings`,
  );
  for (const { input, error } of fuzzed.findings)
    console.log(`  ${Buffer.from(input).toString('hex')}\n  ${error instanceof Error ? error.stack : error}`);
  findings += fuzzed.findings.length;
  if (values.keep) keepCorpus(name, corpus);
}
process.exit(findings === 0 ? 0 : 1);
