import { readDate } from './arguments.ts';
import type { VerificationSuccess } from './verdict.ts';

/**
 * What a guard knows of a code. `first`: never shown here. `repeated`: shown before in the same context, which is the same
 * event. `replayed`: a presentation shown before in another context. `full`: it could not be remembered, so nobody can tell.
 */
export type Seen = 'first' | 'repeated' | 'replayed' | 'full';

/** Remembers which codes were shown, in memory and for one process: single use across counters needs a store. */
export interface ReplayGuard {
  /**
   * Remembers a code and says whether it was shown before. A bearer code is the same at every visit and at every desk: it is
   * `first` or, within 24 hours in the same context, `repeated`.
   *
   * @param verdict of a verification that succeeded
   * @param context where and for what, such as organisation and businessType: at most 256 UTF-16 units
   * @throws TypeError for arguments of a wrong type; then nothing is remembered
   */
  admit(verdict: Pick<VerificationSuccess, 'replay' | 'bearer'>, context: string, currentDate: Date): Seen;
}

/** A visit: for so long a bearer code that is shown again in the same context is the same event. */
const VISIT_MILLISECONDS = 24 * 3600 * 1000;

/**
 * A guard that never holds more than `maxEntries` presentations. Those that are refused for their age are forgotten; when all
 * that it holds could still be shown again, it forgets none of them and answers `full`. Bearer codes take no place among them:
 * of those it holds as many again, and forgets the oldest.
 *
 * @param options `maxEntries`: default 10 000, some 2 MB, and as much for bearer codes
 * @throws TypeError when `options` is no object, or `maxEntries` no positive integer
 */
export function createReplayGuard(options: { readonly maxEntries?: number } = {}): ReplayGuard {
  if (typeof options !== 'object' || options === null) throw new TypeError('options must be an object');
  const { maxEntries = 10_000 } = options;
  if (!Number.isInteger(maxEntries) || maxEntries < 1) throw new TypeError('maxEntries must be a positive integer');
  const presentations = new Map<string, { readonly until: number; readonly context: string }>();
  /** Before then none of them can be forgotten: where it is full, nothing is gone through for each code that is shown. */
  let earliest = Number.POSITIVE_INFINITY;
  /** When each visit ends, in the order in which they began. */
  const visits = new Map<string, number>();

  function admitPresentation(key: string, until: number, context: string, now: number): Seen {
    const known = presentations.get(key);
    if (known && known.until > now) return known.context === context ? 'repeated' : 'replayed';
    if (presentations.size >= maxEntries && earliest <= now) forget(now);
    if (presentations.size >= maxEntries) return 'full';
    presentations.set(key, { until, context });
    earliest = Math.min(earliest, until);
    return 'first';
  }

  function forget(now: number): void {
    earliest = Number.POSITIVE_INFINITY;
    for (const [key, { until }] of presentations) {
      if (until <= now) presentations.delete(key);
      else earliest = Math.min(earliest, until);
    }
  }

  function admitBearer(key: string, context: string, now: number): Seen {
    const visit = `${key} ${context}`;
    if ((visits.get(visit) ?? now) > now) return 'repeated';
    visits.delete(visit);
    for (const oldest of visits.keys()) {
      if (visits.size < maxEntries) break;
      visits.delete(oldest);
    }
    visits.set(visit, now + VISIT_MILLISECONDS);
    return 'first';
  }

  return {
    admit(verdict, context, currentDate) {
      const now = readDate(currentDate).getTime();
      const { key, until } = verdict?.replay ?? {};
      const isVerdict = typeof key === 'string' && until instanceof Date && !Number.isNaN(until.getTime());
      if (!isVerdict || typeof verdict.bearer !== 'boolean') {
        throw new TypeError('verdict must be the result of a verification that succeeded');
      }
      if (typeof context !== 'string' || context.length > 256) {
        throw new TypeError('context must be a string of at most 256 units');
      }
      return verdict.bearer ? admitBearer(key, context, now) : admitPresentation(key, until.getTime(), context, now);
    },
  };
}
