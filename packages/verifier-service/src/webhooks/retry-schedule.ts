const FIRST_WAIT_SECONDS = 5;
const WAIT_FACTOR = 4;
const LONGEST_WAIT_SECONDS = 12 * 3600;

/** With the waits between them, they are spread over some 2.8 days. */
export const MAX_ATTEMPTS = 13;

/**
 * How long to wait after an attempt that failed; undefined after the last.
 *
 * @param random from 0 to 1: a quarter more or less, so that those who failed together do not come back together
 */
export function waitAfter(attempts: number, random: number): number | undefined {
  if (attempts >= MAX_ATTEMPTS) return undefined;
  const seconds = Math.min(FIRST_WAIT_SECONDS * WAIT_FACTOR ** (attempts - 1), LONGEST_WAIT_SECONDS);
  return seconds * (0.75 + random / 2);
}
