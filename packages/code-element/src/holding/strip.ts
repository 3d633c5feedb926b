import type { Problem } from '../problem.ts';

/** One code of a strip. */
export interface Strip {
  readonly text: string;
  readonly notBefore: Date;
  readonly expiresAt: Date;
}

/** The code to show now, and until when it is the one. */
export interface ChosenStrip {
  readonly strip: Strip;
  readonly shownUntil: Date;
}

/**
 * The code whose window is now: of those that are valid, the one that began last, for codes stay valid for a while after
 * the next one has begun.
 *
 * @param strips in the order of their beginnings
 */
export function chooseStrip(strips: readonly Strip[], now: Date): ChosenStrip | Problem {
  const next = strips.find(({ notBefore }) => notBefore > now);
  const strip = strips.findLast(({ notBefore, expiresAt }) => notBefore <= now && now < expiresAt);
  if (strip) {
    const endsFirst = next && next.notBefore < strip.expiresAt ? next.notBefore : strip.expiresAt;
    return { strip, shownUntil: endsFirst };
  }
  return next ? { code: 'not_yet_valid', availableFrom: next.notBefore } : { code: 'strips_used_up' };
}
