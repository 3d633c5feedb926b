import { requireDate } from './arguments.ts';
import type { Replay } from './replay-key.ts';

/**
 * What a guard knows of a code. `first`: never shown here. `repeated`: shown before in the same context, which is the same
 * event. `replayed`: shown before in another context. `full`: it could not be remembered, so nobody can tell.
 */
export type Seen = 'first' | 'repeated' | 'replayed' | 'full';

/** Remembers which codes were shown, in memory and for one process: single use across counters needs a store. */
export interface ReplayGuard {
  /**
   * Remembers a code and says whether it was shown before.
   *
   * @param replay of a verification that succeeded
   * @param context where and for what, such as organisation and businessType
   */
  admit(replay: Replay, context: string, currentDate: Date): Seen;
}

/**
 * A guard that never holds more than `maxEntries` codes. Codes that are refused for their age are forgotten; when all that
 * it holds could still be shown again, it forgets none of them and answers `full`.
 *
 * @param options `maxEntries`: default 10 000, some 2 MB
 * @throws TypeError when `maxEntries` is no positive integer
 */
export function createReplayGuard({ maxEntries = 10_000 }: { readonly maxEntries?: number } = {}): ReplayGuard {
  if (!Number.isInteger(maxEntries) || maxEntries < 1) throw new TypeError('maxEntries must be a positive integer');
  const entries = new Map<string, { readonly until: number; readonly context: string }>();

  function forgetOld(now: number): void {
    for (const [key, { until }] of entries) if (until <= now) entries.delete(key);
  }

  return {
    admit({ key, until }, context, currentDate) {
      requireDate(currentDate);
      if (typeof key !== 'string' || typeof context !== 'string' || Number.isNaN(until.getTime())) {
        throw new TypeError('replay must be of a verification, and context a string');
      }
      const now = currentDate.getTime();
      const known = entries.get(key);
      if (known && known.until > now) return known.context === context ? 'repeated' : 'replayed';
      if (entries.size >= maxEntries) forgetOld(now);
      if (entries.size >= maxEntries) return 'full';
      entries.set(key, { until: until.getTime(), context });
      return 'first';
    },
  };
}
