import type { HeldLists } from './list-keeper.ts';

/** How wrong the clock of this device is, at the least. */
export interface ClockFault {
  readonly direction: 'behind' | 'ahead';
  readonly seconds: number;
}

/** What the service's clock said, and when, by the clock here. */
export interface ClockReading {
  /** How far it was ahead of the one here; negative where it was behind. */
  readonly aheadSeconds: number;
  readonly readAt: Date;
}

/** Reads the service's clock off its answers. */
export interface ServiceClock {
  /** As the platform's. */
  readonly fetch: typeof fetch;
  /** The last one. */
  readonly reading: ClockReading | undefined;
}

/** Codes are presented for a minute: by two, everything of this moment looks old, or of the future. */
const TOLERATED_SECONDS = 120;

/** As everywhere else: what is dated later than this was not there yet. */
const LIST_SKEW_SECONDS = 60;

/** A reading says nothing any more once the clock here was set, or nobody has answered for long. */
const READING_SECONDS = 600;

/** An answer that was so long on its way says too little of now. */
const MAX_TRIP_SECONDS = 30;

/** @param now the clock of this device */
export function createServiceClock(now: () => Date, send: typeof fetch = fetch): ServiceClock {
  let reading: ClockReading | undefined;
  return {
    get reading() {
      return reading;
    },
    async fetch(input, init) {
      const asked = now().getTime();
      const response = await send(input, init);
      const answered = now().getTime();
      // Whole seconds, rounded down (RFC 9110 §5.6.7).
      const said = Date.parse(response.headers.get('Date') ?? '') + 500;
      const tripSeconds = (answered - asked) / 1000;
      if (!Number.isNaN(said) && tripSeconds >= 0 && tripSeconds <= MAX_TRIP_SECONDS) {
        reading = { aheadSeconds: (said - (asked + answered) / 2) / 1000, readAt: new Date(answered) };
      }
      return response;
    },
  };
}

/** Nothing where nothing here contradicts the clock. What the service says counts while it is new; a signed list always. */
export function checkClock(
  { trust, status }: Pick<HeldLists, 'trust' | 'status'>,
  reading: ClockReading | undefined,
  currentDate: Date,
): ClockFault | undefined {
  const now = currentDate.getTime();
  if (reading && Math.abs(now - reading.readAt.getTime()) < READING_SECONDS * 1000) {
    const seconds = Math.abs(reading.aheadSeconds);
    if (seconds > TOLERATED_SECONDS) return { direction: reading.aheadSeconds > 0 ? 'behind' : 'ahead', seconds };
  }
  const issued = [...status.values(), ...(trust ? [trust] : [])].map(({ issuedAt }) => issuedAt.getTime());
  const behindSeconds = (Math.max(...issued) - now) / 1000;
  return behindSeconds > LIST_SKEW_SECONDS ? { direction: 'behind', seconds: behindSeconds } : undefined;
}
