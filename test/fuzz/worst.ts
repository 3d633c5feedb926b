import { Buffer } from 'node:buffer';
import { createPublicKey, verify } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Random } from '../conformance/independent/mutate.ts';
import { issuer } from '../vectors/make/people.ts';
import { mutate } from './fuzzer.ts';
import { makeLargeLists, makeSubjects, type Subject } from './slow-inputs.ts';

/** Looks for inputs of at most 4 KiB that take long, and measures them against one bare Ed25519 check. */

export const MAX_MILLISECONDS = 5;
/** What is not collected yet is counted too: a list of 4 KiB inflates to 4 MiB, from a buffer that grew. */
const MAX_HEAP_BYTES = 16 * 1024 * 1024;

/** How many of the slowest have their memory looked at, which takes a collection each. */
const MEASURED = 30;

interface Timed {
  readonly subject: Subject;
  readonly comment: string;
  readonly input: Uint8Array;
  /** The least of several runs: what is more is the machine's. */
  readonly milliseconds: number;
}

export interface Worst {
  readonly lines: readonly string[];
  readonly isBounded: boolean;
}

/** @param seconds for changing the slowest ones at random, in search of slower ones; of all subjects together */
export async function findWorst(seconds: number): Promise<Worst> {
  const subjects = await makeSubjects();
  const bare = measureBare(200);
  const lines = [`a bare Ed25519 check: ${bare.toFixed(3)} ms`];
  const worst: Timed[] = [];
  let mostHeap = 0;
  for (const subject of subjects) {
    const { timed, tried } = await search(subject, seconds / subjects.length);
    const [slowest] = timed;
    if (!slowest) throw new Error('nothing was measured');
    worst.push({ ...slowest, milliseconds: await time(subject, slowest.input, 60) });
    const heaps: number[] = [];
    for (const { input } of timed.slice(0, MEASURED)) heaps.push(await measureMemory(subject.prepare(input)));
    const heap = Math.max(...heaps);
    mostHeap = Math.max(mostHeap, heap);
    lines.push(
      `${subject.name}: ${subject.inputs.size} made to be slow, ${tried} changed ones tried, most heap ${kibibytes(heap)}`,
      ...timed.slice(0, 3).map((each) => `  ${describe(each, bare)}`),
    );
  }
  const [most] = worst.sort((a, b) => b.milliseconds - a.milliseconds);
  if (!most) throw new Error('nothing was measured');
  return {
    lines: [
      ...lines,
      `worst, least of 60: ${describe(most, bare)} (${most.subject.name})`,
      `most heap for one input: ${kibibytes(mostHeap)}`,
    ],
    isBounded: most.milliseconds <= MAX_MILLISECONDS && mostHeap <= MAX_HEAP_BYTES,
  };
}

function describe({ milliseconds, comment }: Timed, bare: number): string {
  return `${milliseconds.toFixed(3)} ms, ${(milliseconds / bare).toFixed(1)} × a bare check: ${comment}`;
}

const kibibytes = (bytes: number) => `${(bytes / 1024).toFixed(0)} KiB`;

/** The inputs and what became of them by changing them, the slowest first. */
async function search(subject: Subject, seconds: number): Promise<{ timed: Timed[]; tried: number }> {
  const seeds = [...subject.inputs].map(([comment, input]) => ({ comment, input: fit(subject, input) }));
  for (const { input } of seeds) await time(subject, input, 10);
  const timed: Timed[] = [];
  const add = (comment: string, input: Uint8Array, milliseconds: number) => {
    timed.push({ subject, comment, input, milliseconds });
    timed.sort((a, b) => b.milliseconds - a.milliseconds);
  };
  for (const { comment, input } of seeds) add(comment, input, await time(subject, input, 20));

  const random = new Random(1);
  const words = seeds.map(({ input }) => input.subarray(0, 64));
  let tried = 0;
  for (const end = performance.now() + seconds * 1000; performance.now() < end; tried++) {
    const best = timed.slice(0, 8);
    const { comment, input } = random.pick(best);
    const changed = mutate(random, input, { maxBytes: subject.maxBytes, words }, random.pick(timed).input);
    const least = best.at(-1)?.milliseconds ?? 0;
    // A slow run may be noise of the machine: only what is slow each time counts.
    if ((await time(subject, changed, 2)) <= least) continue;
    const milliseconds = await time(subject, changed, 12);
    if (milliseconds > least) add(`changed: ${comment.replace('changed: ', '')}`, changed, milliseconds);
  }
  return { timed, tried };
}

/** What lists take that are larger than 4 KiB: bounded too, by their caps, though not by milliseconds. */
export async function measureLargeLists(): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const [comment, read] of await makeLargeLists()) {
    const milliseconds: number[] = [];
    for (let i = 0; i < 5; i++) {
      const begin = performance.now();
      if (!(await read()).ok) throw new Error(`${comment}: refused`);
      milliseconds.push(performance.now() - begin);
    }
    const heap = await measureMemory(read);
    lines.push(`${comment}: ${Math.min(...milliseconds).toFixed(0)} ms, most heap ${kibibytes(heap)}`);
  }
  return lines;
}

/** Cut off, an input would be refused for that: one that is too long is a mistake of ours. */
function fit({ name, maxBytes }: Subject, input: Uint8Array): Uint8Array {
  if (input.length > maxBytes) throw new Error(`${name}: an input of ${input.length} bytes, of ${maxBytes} at most`);
  return input;
}

async function time(subject: Subject, input: Uint8Array, times: number): Promise<number> {
  const run = subject.prepare(input);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const begin = performance.now();
    await run();
    least = Math.min(least, performance.now() - begin);
  }
  return least;
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function measureMemory(run: () => Promise<unknown>): Promise<number> {
  collect();
  const before = process.memoryUsage();
  await run();
  const after = process.memoryUsage();
  return after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers);
}

function measureBare(times: number): number {
  const der = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), issuer.coseKey.get(-2) as Uint8Array]);
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  const message = Buffer.alloc(200, 1);
  const signature = issuer.sign(message);
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < times; i++) {
    const begin = performance.now();
    verify(null, message, key, signature);
    least = Math.min(least, performance.now() - begin);
  }
  return least;
}
