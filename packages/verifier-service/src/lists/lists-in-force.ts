import { setImmediate } from 'node:timers/promises';
import { type RevocationSnapshot, verifyRevocationSnapshot } from '@zhengma/credential-core/snapshot';
import {
  type StatusList,
  type TrustList,
  type VerificationCode,
  verifyStatusList,
  verifyTrustList,
} from '@zhengma/credential-core/verify';
import { BoundedMap } from '../bounded-map.ts';
import { ServiceError } from '../errors.ts';
import { clockBehind } from './clock.ts';
import { SharedTurns } from './shared-turns.ts';
import type { SignedList } from './signed-list.ts';

const CACHED_LISTS = 256;
const CACHED_SNAPSHOTS = 8;

/** Lists that need not be asked about again. */
export interface KeptLists {
  trust?: TrustList;
  /** By URI. */
  readonly status: Map<string, StatusList>;
}

/** Published lists, read back through the same checks a scanner makes, and kept while they are the published ones. */
export class ListsInForce {
  readonly #trust = new BoundedMap<string, TrustList>(1);
  readonly #status = new BoundedMap<string, { etag: string; list: StatusList }>(CACHED_LISTS);
  readonly #snapshots = new BoundedMap<string, RevocationSnapshot>(CACHED_SNAPSHOTS);

  #kept: { key: string; lists: KeptLists } | undefined;

  readonly #trustTurns = new SharedTurns<TrustList>();
  readonly #statusTurns = new SharedTurns<StatusList>();

  /**
   * Lists that were found to be in force while `mark` was what it is, within the same second: what time changes of a list
   * counts in seconds. Nothing yet in it after either has changed.
   */
  asOf(mark: string, currentDate: Date): KeptLists {
    const key = `${Math.floor(currentDate.getTime() / 1000)} ${mark}`;
    if (this.#kept?.key !== key) this.#kept = { key, lists: { status: new Map() } };
    return this.#kept.lists;
  }

  /** What `read` gives, read once for all who ask at the same time; for each of them, begun after they asked. */
  shareTrustList(read: () => Promise<TrustList>): Promise<TrustList> {
    return this.#trustTurns.take('', readTogether(read));
  }

  /** The same for the status list of this number. */
  shareStatusList(id: number, read: () => Promise<StatusList>): Promise<StatusList> {
    return this.#statusTurns.take(String(id), readTogether(read));
  }

  /** Throws `ServiceError` `lists_unusable` when the own trust list does not verify: a root key that was exchanged, or a damaged database. */
  async readTrustList(signed: SignedList, root: Uint8Array, currentDate: Date): Promise<TrustList> {
    const known = this.#trust.get(signed.etag);
    if (known) return known;
    const result = await verifyTrustList(signed.bytes, [root], { currentDate });
    if (!result.ok) throw describeOwnFault('trust list', signed, result.code);
    this.#trust.set(signed.etag, result.list);
    return result.list;
  }

  /** Throws `ServiceError` `lists_unusable` when the own status list does not verify. */
  async readStatusList(signed: SignedList, trust: TrustList, uri: string, currentDate: Date): Promise<StatusList> {
    const known = this.#status.get(uri);
    if (known?.etag === signed.etag) return known.list;
    const result = await verifyStatusList(signed.bytes, trust, { currentDate, uri });
    if (!result.ok) throw describeOwnFault('status list', signed, result.code);
    this.#status.set(uri, { etag: signed.etag, list: result.list });
    return result.list;
  }

  /** A snapshot, or with `base` a delta to it. Throws `ServiceError` `lists_unusable` when the own one does not verify. */
  async readSnapshot(
    signed: SignedList,
    trust: TrustList,
    currentDate: Date,
    base?: RevocationSnapshot,
  ): Promise<RevocationSnapshot> {
    const known = this.#snapshots.get(signed.etag);
    if (known) return known;
    const result = await verifyRevocationSnapshot(signed.bytes, trust, { currentDate, ...(base && { base }) });
    if (!result.ok) throw describeOwnFault('snapshot', signed, result.code);
    this.#snapshots.set(signed.etag, result.snapshot);
    return result.snapshot;
  }
}

/** The door stays open for a turn of the event loop, in which the requests that have arrived by now come to ask as well. */
function readTogether<T>(read: () => Promise<T>): (closeDoor: () => void) => Promise<T> {
  return async (closeDoor) => {
    await setImmediate();
    closeDoor();
    return read();
  };
}

function describeOwnFault(name: string, { issuedAt }: SignedList, code: VerificationCode): Error {
  if (code === 'issued_in_future') return clockBehind(issuedAt, `the last ${name}`);
  return new ServiceError('lists_unusable', `The ${name} of this service does not verify: ${code}.`);
}
