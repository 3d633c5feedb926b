import { type IssuerKey, issueStatusList } from '@zhengma/credential-core/issue';
import { BoundedMap } from './bounded-map.ts';
import { describeSignedList, type SignedList } from './signed-list.ts';

const CACHED_LISTS = 256;
/** How far a list's issue time may run ahead of the clock; readers allow twice as much. */
const MAX_LEAD_SECONDS = 30;

export interface StatusListTimes {
  /** How long a reader may keep the list before it asks again, and the age at which it is signed anew. */
  readonly ttlSeconds: number;
  /** How long after its signing the list expires. */
  readonly lifeSeconds: number;
}

export const DEFAULT_STATUS_LIST_TIMES: StatusListTimes = { ttlSeconds: 300, lifeSeconds: 24 * 3600 };

/** What the list says at one version, read at one instant. */
export interface StatusListRows {
  readonly version: number;
  readonly size: number;
  readonly entries: Iterable<[index: number, status: 'revoked' | 'suspended']>;
}

/**
 * Signs status lists and keeps the last signature of each. The rows are the truth and the list derives from them: a
 * version that has moved, by this process or another, means a new list. A list older than its ttl is signed again, so
 * a reader that asks every `ttlSeconds` always holds one that is far from its expiry.
 */
export class StatusListPublisher {
  readonly #times: StatusListTimes;
  readonly #published = new BoundedMap<string, { version: number; signer: IssuerKey; list: SignedList }>(CACHED_LISTS);

  constructor(times: StatusListTimes) {
    this.#times = times;
  }

  /** The signed list of `uri` at `version` or later. `readRows` is called only when it must be built. */
  async publish(
    head: { issuer: string; uri: string; version: number },
    readRows: () => Promise<StatusListRows>,
    signer: IssuerKey,
    currentDate: Date,
  ): Promise<SignedList> {
    const last = this.#published.get(head.uri);
    if (last && last.version === head.version && last.signer === signer && this.#isFresh(last.list, currentDate)) {
      return last.list;
    }
    const rows = await readRows();
    const issuedAt = pickIssueTime(last?.list.issuedAt, currentDate);
    const bytes = await issueStatusList(
      {
        issuer: head.issuer,
        uri: head.uri,
        expiresAt: new Date(currentDate.getTime() + this.#times.lifeSeconds * 1000),
        ttlSeconds: this.#times.ttlSeconds,
        bits: 2,
        size: rows.size,
        entries: rows.entries,
      },
      signer,
      { currentDate: issuedAt },
    );
    const list = describeSignedList(bytes, issuedAt);
    this.#published.set(head.uri, { version: rows.version, signer, list });
    return list;
  }

  #isFresh(list: SignedList, currentDate: Date): boolean {
    const ageSeconds = (currentDate.getTime() - list.issuedAt.getTime()) / 1000;
    // Beyond the lead the clock was set back: a list from the future would be refused by its readers.
    return ageSeconds >= -MAX_LEAD_SECONDS && ageSeconds < this.#times.ttlSeconds;
  }
}

/**
 * Issue times count whole seconds, and readers refuse a list that differs from the one they hold but is not younger:
 * two changes within one second would keep the second from them. So each list is a second younger than the last, at the
 * price of a small lead on the clock.
 */
function pickIssueTime(last: Date | undefined, currentDate: Date): Date {
  if (!last || last.getTime() > currentDate.getTime() + MAX_LEAD_SECONDS * 1000) return currentDate;
  const nextSecond = (Math.floor(last.getTime() / 1000) + 1) * 1000;
  const latest = currentDate.getTime() + MAX_LEAD_SECONDS * 1000;
  return new Date(Math.max(currentDate.getTime(), Math.min(nextSecond, latest)));
}
