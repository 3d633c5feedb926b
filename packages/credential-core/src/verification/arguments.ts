import type { StatusList } from '../status/status-list.ts';
import { TrustList } from '../trust/trust-list.ts';

const DEFAULT_CLOCK_SKEW_SECONDS = 60;
const MAX_CLOCK_SKEW_SECONDS = 600;

export function requireWhat(what: unknown): void {
  if (typeof what !== 'string' && !(what instanceof Uint8Array)) {
    throw new TypeError('the first argument must be the text of a code or a Uint8Array');
  }
}

export function requireTrust(trust: TrustList): void {
  if (!(trust instanceof TrustList)) throw new TypeError('trust must be a list that verifyTrustList gave');
}

/** Of another shape, `previous` would compare with nothing, and every older list would pass. */
export function requireHeld(previous: unknown, kind: typeof TrustList | typeof StatusList): void {
  if (previous !== undefined && !(previous instanceof kind)) {
    throw new TypeError('options.previous must be the list of a former result');
  }
}

export function requireDate(date: unknown): asserts date is Date {
  if (!(date instanceof Date) || Number.isNaN(date.getTime())) {
    throw new TypeError('options.currentDate must be a valid Date');
  }
}

/** Bounded: a tolerance without end would be an option that turns the validity check off. */
export function readSkew(value: number | undefined): number {
  return readSeconds(value, DEFAULT_CLOCK_SKEW_SECONDS, MAX_CLOCK_SKEW_SECONDS);
}

export function readSeconds(value: number | undefined, fallback: number, most: number): number {
  if (value === undefined) return fallback;
  if (Number.isFinite(value) && value >= 0 && value <= most) return value;
  throw new TypeError(`a tolerance must be a number of seconds from 0 to ${most}`);
}
