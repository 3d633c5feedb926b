import {
  type StatusList,
  type TrustList,
  type VerificationCode,
  verifyStatusList,
  verifyTrustList,
} from '@zhengma/credential-core/verify';
import { decodeBase64url } from './base64url.ts';
import type { ListAnswer, ListSource } from './list-source.ts';
import type { ListStore, StoredList } from './list-store.ts';
import type { ListsProblem } from './lists-problem.ts';

/** The lists that verdicts are given by: every one of them verified against the pinned roots. */
export interface HeldLists {
  readonly trust?: TrustList;
  readonly status: ReadonlyMap<string, StatusList>;
  /** When the service last confirmed all of them. */
  readonly checkedAt?: Date;
  /** What went wrong last; the lists held before stay in use. */
  readonly problem?: ListsProblem;
}

/** Keeps the lists: from the store at once, from the service when it answers. */
export interface ListKeeper {
  readonly lists: HeldLists;
  /** Takes what the store has. Bytes that no longer verify are left out. */
  load(): Promise<void>;
  /** Asks the service. Two calls at a time are one. */
  refresh(): Promise<void>;
}

const TRUST_KEY = 'trust';

/** @param now the clock; lists are judged by the time at which they are used */
export function createListKeeper(store: ListStore, source: ListSource, now: () => Date): ListKeeper {
  let lists: HeldLists = { status: new Map() };
  let running: Promise<void> | undefined;

  async function load(): Promise<void> {
    const roots = (await store.readRoots())?.map(decodeBase64url);
    const stored = await store.readList(TRUST_KEY);
    if (!roots || !stored) return;
    const verified = await verifyTrustList(stored.bytes, roots, { currentDate: now() });
    if (!verified.ok) return;

    const trust = verified.list;
    const status = new Map<string, StatusList>();
    let checkedAt = stored.checkedAt;
    for (const uri of await store.listKeys()) {
      const held = uri === TRUST_KEY ? undefined : await store.readList(uri);
      if (!held) continue;
      const result = await verifyStatusList(held.bytes, trust, { currentDate: now(), uri });
      if (!result.ok) continue;
      status.set(uri, result.list);
      if (held.checkedAt < checkedAt) checkedAt = held.checkedAt;
    }
    lists = { trust, status, checkedAt };
  }

  async function refresh(): Promise<void> {
    try {
      const trust = await fetchTrust(await pinRoots(store, source));
      // In force at once: it may withdraw a key, and must not wait for a status list that fails.
      lists = { ...lists, trust };
      const problem = await fetchStatuses(trust);
      lists = problem ? { ...lists, problem } : { trust, status: lists.status, checkedAt: now() };
    } catch (error) {
      lists = { ...lists, problem: nameProblem(error) };
    }
  }

  /** Every status list on its own: one that fails keeps its last form and leaves the others be. */
  async function fetchStatuses(trust: TrustList): Promise<ListsProblem | undefined> {
    let problem: ListsProblem | undefined;
    for (const uri of await source.fetchStatusUris()) {
      try {
        const list = await fetchStatus(uri, trust);
        lists = { ...lists, status: new Map(lists.status).set(uri, list) };
      } catch (error) {
        problem ??= nameProblem(error);
      }
    }
    return problem;
  }

  async function fetchTrust(roots: readonly Uint8Array[]): Promise<TrustList> {
    const held = lists.trust ? await store.readList(TRUST_KEY) : undefined;
    const answer = await source.fetchTrustList(held);
    const bytes = answer.kind === 'fresh' ? answer.bytes : held?.bytes;
    const result = await verifyTrustList(bytes ?? new Uint8Array(), [...roots], {
      currentDate: now(),
      ...(lists.trust ? { previous: lists.trust } : {}),
    });
    if (!result.ok) throw new ListsRefused(result.code);
    await keep(TRUST_KEY, answer, held);
    return result.list;
  }

  async function fetchStatus(uri: string, trust: TrustList): Promise<StatusList> {
    const previous = lists.status.get(uri);
    const held = previous ? await store.readList(uri) : undefined;
    const answer = await source.fetchStatusList(uri, held);
    const bytes = answer.kind === 'fresh' ? answer.bytes : held?.bytes;
    const result = await verifyStatusList(bytes ?? new Uint8Array(), trust, {
      currentDate: now(),
      uri,
      ...(previous ? { previous } : {}),
    });
    if (!result.ok) throw new ListsRefused(result.code);
    await keep(uri, answer, held);
    return result.list;
  }

  async function keep(key: string, answer: ListAnswer, held: StoredList | undefined): Promise<void> {
    const checkedAt = now();
    if (answer.kind === 'unchanged') {
      if (held) await store.writeList(key, { ...held, checkedAt });
      return;
    }
    const { bytes, etag } = answer;
    await store.writeList(key, { bytes, checkedAt, ...(etag === undefined ? {} : { etag }) });
  }

  return {
    get lists() {
      return lists;
    },
    load,
    refresh() {
      running ??= refresh().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}

/**
 * The roots of the first visit are kept for good. A service that later shows others has either been rebuilt or been
 * taken over; the page cannot tell which, so a person must.
 */
async function pinRoots(store: ListStore, source: ListSource): Promise<Uint8Array[]> {
  const offered = await source.fetchRoots();
  const pinned = await store.readRoots();
  if (!pinned) {
    if (offered.length === 0) throw new Error('the service has no root');
    await store.writeRoots(offered);
  } else if (!sameSet(pinned, offered)) {
    throw new ListsRefused('roots_changed');
  }
  return (pinned ?? offered).map(decodeBase64url);
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  const strings = new Set(left);
  return strings.size === new Set(right).size && right.every((entry) => strings.has(entry));
}

function nameProblem(error: unknown): ListsProblem {
  return error instanceof ListsRefused ? error.problem : 'unreachable';
}

class ListsRefused extends Error {
  readonly problem: 'roots_changed' | VerificationCode;

  constructor(problem: 'roots_changed' | VerificationCode) {
    super(problem);
    this.problem = problem;
  }
}
