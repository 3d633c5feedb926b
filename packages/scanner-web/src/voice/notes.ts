import type { Tone } from '../verdict/verdict.ts';

/** One note of a signal. */
export interface Note {
  readonly hertz: number;
  /** From the beginning of the signal. */
  readonly startSeconds: number;
  readonly seconds: number;
}

/**
 * A signal for each tone, told apart by its melody and its rhythm, so that neither a bad loudspeaker nor old ears take one for another: two
 * that rise, three that stay, two deep ones, a single one. All below 1000 Hz, which age takes last.
 */
export const SIGNALS: Readonly<Record<Tone, readonly Note[]>> = {
  valid: [
    { hertz: 587, startSeconds: 0, seconds: 0.14 },
    { hertz: 880, startSeconds: 0.15, seconds: 0.24 },
  ],
  unsure: [
    { hertz: 523, startSeconds: 0, seconds: 0.1 },
    { hertz: 523, startSeconds: 0.16, seconds: 0.1 },
    { hertz: 523, startSeconds: 0.32, seconds: 0.1 },
  ],
  refused: [
    { hertz: 220, startSeconds: 0, seconds: 0.22 },
    { hertz: 220, startSeconds: 0.28, seconds: 0.3 },
  ],
  foreign: [{ hertz: 392, startSeconds: 0, seconds: 0.32 }],
};

/** How long a signal lasts. */
export function lengthOf(notes: readonly Note[]): number {
  return Math.max(...notes.map(({ startSeconds, seconds }) => startSeconds + seconds));
}
