import { Refusal, type VerificationCode } from '../result.ts';

/** A signed list that is held here, if there is one. */
type HeldList = { readonly issuedAt: Date } | undefined;

/** What a clock that is behind makes of something good. */
const OF_THE_FUTURE: ReadonlySet<string> = new Set<VerificationCode>([
  'issued_in_future',
  'not_yet_valid',
  'presentation_in_future',
]);

/**
 * Makes a check of times. What seems to be of the future is blamed on the clock here where a signed list shows that the clock is
 * behind.
 */
export function checkByClock(
  check: () => void,
  lists: readonly HeldList[],
  currentDate: Date,
  skewSeconds: number,
): void {
  try {
    check();
  } catch (error) {
    if (error instanceof Refusal && OF_THE_FUTURE.has(error.code)) checkClock(lists, currentDate, skewSeconds);
    throw error;
  }
}

/**
 * Nobody can hold a list before it was issued: then it is the clock that is wrong, and expiry cannot be told.
 *
 * @throws Refusal `clock_behind`
 */
export function checkClock(lists: readonly HeldList[], currentDate: Date, skewSeconds: number): void {
  const latest = currentDate.getTime() + skewSeconds * 1000;
  if (lists.some((list) => list && list.issuedAt.getTime() > latest)) {
    throw new Refusal('clock_behind', 'the clock here is behind the issue time of a list held here');
  }
}
