import { Buffer } from 'node:buffer';
import { Random } from '../conformance/independent/mutate.ts';
import { counters } from './instrument.ts';

/** What is fuzzed: a run throws when an invariant does not hold. */
export interface Target {
  readonly name: string;
  /** Inputs to begin with. */
  readonly seeds: readonly Uint8Array[];
  /** The longest input, in bytes. */
  readonly maxBytes: number;
  /** Bytes that mean something to the target: put into inputs whole. */
  readonly words: readonly Uint8Array[];
  run(input: Uint8Array): unknown;
}

export interface Fuzzed {
  readonly name: string;
  readonly executions: number;
  readonly seconds: number;
  /** Branches, each in the ranges of how often it was taken. */
  readonly features: number;
  /** The inputs that reached something new, the smallest for each feature. */
  readonly corpus: readonly Uint8Array[];
  readonly findings: readonly { readonly input: Uint8Array; readonly error: unknown }[];
}

export interface FuzzLimits {
  readonly seconds: number;
  readonly executions: number;
  readonly seed: number;
}

const MAX_FINDINGS = 5;
const words = new Uint32Array(counters.buffer);

/** Mutates what reached new branches, as long as it is allowed to. */
export async function fuzz(target: Target, { seconds, executions, seed }: FuzzLimits): Promise<Fuzzed> {
  const random = new Random(seed);
  const begin = performance.now();
  /** The smallest input for each feature. */
  const best = new Map<number, Uint8Array>();
  const findings: { input: Uint8Array; error: unknown }[] = [];
  let corpus: readonly Uint8Array[] = target.seeds;
  let done = 0;

  const attempt = async (input: Uint8Array) => {
    counters.fill(0);
    done++;
    try {
      // A copy: what a target keeps or changes is not the corpus.
      const result = target.run(Uint8Array.from(input));
      if (result instanceof Promise) await result;
    } catch (error) {
      findings.push({ input, error });
    }
    let isNew = false;
    for (let at = 0; at < counters.length; at++) {
      // Most are zero: four are looked at in one.
      if (at % 4 === 0 && words[at / 4] === 0) {
        at += 3;
        continue;
      }
      const count = counters[at] as number;
      if (count === 0) continue;
      const feature = at * 8 + bucket(count);
      const known = best.get(feature);
      if (known && known.length <= input.length) continue;
      best.set(feature, input);
      isNew = true;
    }
    if (isNew) corpus = [...new Set(best.values())];
  };

  for (const input of target.seeds) await attempt(input);
  const hasTime = () => (performance.now() - begin) / 1000 < seconds && done < executions;
  while (hasTime() && findings.length < MAX_FINDINGS) {
    await attempt(mutate(random, random.pick(corpus), target, random.pick(corpus)));
  }
  return {
    name: target.name,
    executions: done,
    seconds: (performance.now() - begin) / 1000,
    features: best.size,
    corpus,
    findings,
  };
}

/** 1, 2, 3, 4 to 7, 8 to 15 … as AFL counts. */
function bucket(count: number): number {
  return count < 4 ? count - 1 : Math.min(7, 1 + Math.floor(Math.log2(count)));
}

/** One to four steps; {@link Target.words} and pieces of another input among them. */
export function mutate(
  random: Random,
  input: Uint8Array,
  { maxBytes, words }: Pick<Target, 'maxBytes' | 'words'>,
  other: Uint8Array,
): Uint8Array {
  let mutated = Buffer.from(input);
  for (let steps = 1 + random.below(4); steps > 0; steps--) {
    const at = random.below(mutated.length + 1);
    const end = Math.min(mutated.length, at + 1 + random.below(random.chance(80) ? 4 : 40));
    const put = (piece: Uint8Array, from = at) =>
      Buffer.concat([mutated.subarray(0, at), piece, mutated.subarray(from)]);
    switch (random.below(9)) {
      case 0:
        if (at < mutated.length) mutated[at] = (mutated[at] as number) ^ (1 << random.below(8));
        break;
      case 1:
        if (at < mutated.length) mutated[at] = random.below(256);
        break;
      case 2:
        if (at < mutated.length) mutated[at] = (mutated[at] as number) + random.pick([-1, 1, 8, 32, 64]);
        break;
      case 3:
        mutated = put(Buffer.alloc(0), end);
        break;
      case 4:
        mutated = put(random.bytes(end - at));
        break;
      case 5:
        mutated = put(mutated.subarray(at, end));
        break;
      case 6:
        if (words.length > 0) mutated = put(random.pick(words), random.chance(50) ? at : end);
        break;
      case 7:
        mutated = Buffer.concat([mutated.subarray(0, at), other.subarray(random.below(other.length + 1))]);
        break;
      default: {
        const from = random.below(other.length + 1);
        mutated = put(other.subarray(from, from + 1 + random.below(32)));
      }
    }
  }
  return mutated.subarray(0, maxBytes);
}
