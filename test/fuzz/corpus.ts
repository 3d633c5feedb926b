import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Target } from './fuzzer.ts';

/** What reached new branches in earlier runs, one file for each target: an input in a line, in hexadecimal. */

const FOLDER = join(import.meta.dirname, 'corpus');
const pathOf = (name: string) => join(FOLDER, `${name}.hex`);

/** Long inputs reach little that short ones do not, and every clone carries them. */
const MAX_BYTES = 400;

/** The target, with what was kept among its seeds. */
export function withCorpus(target: Target): Target {
  if (!existsSync(pathOf(target.name))) return target;
  const lines = readFileSync(pathOf(target.name), 'utf8').split('\n').filter(Boolean);
  return { ...target, seeds: [...target.seeds, ...lines.map((line) => Buffer.from(line, 'hex'))] };
}

export function keepCorpus(name: string, corpus: readonly Uint8Array[]): void {
  mkdirSync(FOLDER, { recursive: true });
  const short = corpus.filter((input) => input.length <= MAX_BYTES).sort((a, b) => a.length - b.length);
  writeFileSync(pathOf(name), short.map((input) => `${Buffer.from(input).toString('hex')}\n`).join(''));
}
