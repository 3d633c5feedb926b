import { ServiceError } from '../errors.ts';

/** How far ahead of the clock a list may be dated after the clock was set back: as far as readers tolerate. */
const MAX_LEAD_SECONDS = 60;

/** Whether readers with this clock would refuse a list of this date. */
export function isAhead(issuedAt: Date, currentDate: Date): boolean {
  return issuedAt.getTime() > currentDate.getTime() + MAX_LEAD_SECONDS * 1000;
}

/** The clock stands before something that was dated by it. */
export function clockBehind(instant: Date, what: string): ServiceError {
  return new ServiceError(
    'clock_behind',
    `The clock of this machine is earlier than ${instant.toISOString()}, the date of ${what}: correct it, or wait until then.`,
  );
}
