/** A figure and whether it reaches what DESIGN asks for. */
export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly goal: number;
  readonly met: boolean;
}

const ROUNDS = 9;
const SLICE_MS = 150;

/** What is measured: one call, which may stand for several operations. */
type Operation = (() => Promise<void>) & { readonly count?: number };

/**
 * Measures operations in turns: a short slice of each, round after round, so that a machine that slows down or is shared
 * slows all of them. The first round warms up and is not counted.
 *
 * @returns operations per second, the median over the rounds
 */
export async function measureInTurns<N extends string>(operations: Record<N, Operation>): Promise<Record<N, number>> {
  const names = Object.keys(operations) as N[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<N, number[]>;
  for (let round = 0; round <= ROUNDS; round++) {
    for (const name of names) {
      const rate = await measureSlice(operations[name]);
      if (round > 0) samples[name].push(rate);
    }
  }
  return Object.fromEntries(names.map((name) => [name, Math.round(median(samples[name]))])) as Record<N, number>;
}

/** @returns operations per second */
export async function measureSlice(operation: Operation, milliseconds = SLICE_MS): Promise<number> {
  const start = performance.now();
  let calls = 0;
  let elapsed = 0;
  do {
    await operation();
    calls++;
    elapsed = performance.now() - start;
  } while (elapsed < milliseconds);
  return (calls * (operation.count ?? 1) * 1000) / elapsed;
}

export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}
