import { setTimeout } from 'node:timers/promises';
import { type IssuerKey, issueStatusList } from '@zhengma/credential-core/issue';
import { BoundedMap } from '../bounded-map.ts';
import { clockBehind, isAhead } from './clock.ts';
import type { ListTimes } from './list-times.ts';
import { SharedTurns } from './shared-turns.ts';
import { describeSignedList, type SignedList } from './signed-list.ts';

const CACHED_LISTS = 256;
const SECOND = 1000;

/** What the rows say by now, and what was published last. */
export interface StatusListState {
  readonly version: number;
  readonly published?: { readonly version: number; readonly fingerprint: string; readonly issuedAt: Date };
}

/** The whole list, read at one instant; `publishedBytes` belong to `published`. */
export interface StatusListRows extends StatusListState {
  readonly size: number;
  readonly entries: Iterable<[index: number, status: 'revoked' | 'suspended']>;
  readonly publishedBytes?: Uint8Array;
}

/** Where a list comes from and where its signature is kept. */
export interface StatusListSource {
  readState(): Promise<StatusListState>;
  readRows(): Promise<StatusListRows>;
  /** Makes a list the published one, durably. False when the one published last is not `after` any more. */
  record(
    list: { version: number; fingerprint: string; bytes: Uint8Array; issuedAt: Date },
    after: Date | undefined,
  ): Promise<boolean>;
}

/**
 * Signs status lists. The rows are the truth and the list derives from them: a version that has moved, by this process
 * or another, means a new list. A list older than its ttl is signed again, so a reader that asks every `statusTtlSeconds`
 * always holds one that is far from its expiry.
 *
 * Issue times count whole seconds, and a reader refuses a list that differs from the one it holds but is not younger. So
 * no second dates two lists: the last date is in the database before its list is served, for every process and every
 * restart, and a change within the same second waits for the next, together with all who ask meanwhile.
 */
export class StatusListPublisher {
  readonly #times: ListTimes;
  readonly #known = new BoundedMap<string, SignedList>(CACHED_LISTS);
  readonly #turns = new SharedTurns<SignedList>();

  constructor(times: ListTimes) {
    this.#times = times;
  }

  /**
   * The signed list of `uri` with every change that was committed before this call. Throws `ServiceError` `clock_behind`
   * when the clock was set back so far that readers would refuse whatever follows the last list.
   */
  async publish(
    subject: { issuer: string; uri: string },
    source: StatusListSource,
    signer: IssuerKey,
    currentDate: () => Date,
  ): Promise<SignedList> {
    const fingerprint = [subject.issuer, subject.uri, Buffer.from(signer.kid).toString('hex')].join(' ');
    const state = await source.readState();
    const known = this.#known.get(fingerprint);
    if (
      known &&
      known.issuedAt.getTime() === state.published?.issuedAt.getTime() &&
      this.#isCurrent(state, fingerprint, currentDate())
    ) {
      return known;
    }
    const list = await this.#turns.take(fingerprint, async (closeDoor) => {
      for (;;) {
        const last = (await this.#waitForTurn(source, fingerprint, currentDate)).published?.issuedAt;
        closeDoor();
        const rows = await source.readRows();
        if (rows.publishedBytes && rows.published && this.#isCurrent(rows, fingerprint, currentDate())) {
          return describeSignedList(rows.publishedBytes, rows.published.issuedAt);
        }
        // Another process has published meanwhile: its second is taken.
        if (rows.published?.issuedAt.getTime() !== last?.getTime()) continue;
        const issuedAt = pickIssueTime(last, currentDate());
        const bytes = await this.#sign(subject, rows, signer, issuedAt);
        if (await source.record({ version: rows.version, fingerprint, bytes, issuedAt }, last)) {
          return describeSignedList(bytes, issuedAt);
        }
      }
    });
    this.#known.set(fingerprint, list);
    return list;
  }

  /** Fulfils at once when nothing has to be signed, or when the last list is of an earlier second than this. */
  async #waitForTurn(source: StatusListSource, fingerprint: string, currentDate: () => Date): Promise<StatusListState> {
    const state = await source.readState();
    const now = currentDate();
    const isTaken = state.published && state.published.issuedAt >= startOfSecond(now);
    if (isTaken && !this.#isCurrent(state, fingerprint, now)) {
      // A timer may fire within the millisecond before.
      await setTimeout(SECOND - (now.getTime() % SECOND) + 1);
    }
    return state;
  }

  #isCurrent({ version, published }: StatusListState, fingerprint: string, now: Date): boolean {
    if (!published) return false;
    if (isAhead(published.issuedAt, now)) throw clockBehind(published.issuedAt, 'the last status list');
    const ageSeconds = (now.getTime() - published.issuedAt.getTime()) / SECOND;
    return (
      published.version === version &&
      published.fingerprint === fingerprint &&
      ageSeconds < this.#times.statusTtlSeconds
    );
  }

  #sign(
    { issuer, uri }: { issuer: string; uri: string },
    { size, entries }: StatusListRows,
    signer: IssuerKey,
    issuedAt: Date,
  ): Promise<Uint8Array> {
    const { statusTtlSeconds: ttlSeconds, statusLifeSeconds } = this.#times;
    const expiresAt = new Date(issuedAt.getTime() + statusLifeSeconds * SECOND);
    return issueStatusList({ issuer, uri, expiresAt, ttlSeconds, bits: 2, size, entries }, signer, {
      currentDate: issuedAt,
    });
  }
}

/** This second; only where the clock was set back, the one after the last list. */
function pickIssueTime(last: Date | undefined, now: Date): Date {
  const current = startOfSecond(now);
  if (!last || last < current) return current;
  const next = new Date(last.getTime() + SECOND);
  if (isAhead(next, now)) throw clockBehind(last, 'the last status list');
  return next;
}

function startOfSecond(instant: Date): Date {
  return new Date(Math.floor(instant.getTime() / SECOND) * SECOND);
}
