import {
  type StatusEvidence,
  type StatusList,
  type TrustList,
  verifyStatusList,
} from '@zhengma/credential-core/verify';
import type { ListAnswer } from '@zhengma/verifier-service/client';
import { type ListFiles, readListFile, type SnapshotFiles, type StatusListFile } from './list-files.ts';
import type { ImportOutcome, ListImport } from './list-import.ts';
import type { ListSource } from './list-source.ts';
import { deltaKey, type ListStore, type StoredList, snapshotKey, TRUST_KEY } from './list-store.ts';
import { type ListRefusal, ListRefused, type ListsProblem, StorageFault } from './lists-problem.ts';
import { createSnapshotKeeper } from './snapshot-keeper.ts';
import { dateOfUse, describeStored, fetchNewest } from './stored-list.ts';
import { createTrustKeeper } from './trust-keeper.ts';

/** The lists that verdicts are given by: every one of them verified against the pinned roots. */
export interface HeldLists {
  readonly trust?: TrustList;
  /** By their URIs: each as a list of its own or in a snapshot, whichever is newer. */
  readonly status: ReadonlyMap<string, StatusEvidence>;
  /** When the service last confirmed all of them. */
  readonly checkedAt?: Date;
  /** What went wrong last; the lists held before stay in use. */
  readonly problem?: ListsProblem;
  /** Whose newest form was refused: `trust`, `snapshot`, or the URI of a status list. Ends with the next one that is in order. */
  readonly refused: ReadonlyMap<string, ListRefusal>;
}

const SNAPSHOT = 'snapshot';

/** Before there are any. */
export const NO_LISTS: HeldLists = { status: new Map(), refused: new Map() };

/** Keeps the lists: from the store at once, from the service when it answers. */
export interface ListKeeper {
  readonly lists: HeldLists;
  /** Takes what the store has. Bytes that no longer verify are left out. */
  load(): Promise<void>;
  /** Asks the service. Two calls at a time are one. */
  refresh(): Promise<void>;
  /** Takes lists that were brought as files, each as if the service had sent it; what is refused changes nothing. */
  takeFiles(files: ListFiles): Promise<ListImport>;
}

/** @param now the clock; lists are judged by the time at which they are used */
export function createListKeeper(store: ListStore, source: ListSource, now: () => Date): ListKeeper {
  let lists = NO_LISTS;
  let running: Promise<void> | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let isUnstored = false;
  let statusLists: ReadonlyMap<string, StatusList> = new Map();
  const trusting = createTrustKeeper(store, source, now, remember);
  const snapshots = createSnapshotKeeper(store, source, now, remember);

  async function load(): Promise<void> {
    const confirmed = await trusting.load();
    const { trust } = trusting;
    if (!trust) return;
    const status = new Map<string, StatusList>();
    const checked = [confirmed, ...(await snapshots.load(trust))];
    const named = new Set(nameOtherKeys(trust));
    for (const uri of await store.listKeys()) {
      const held = named.has(uri) ? undefined : await store.readList(uri);
      if (!held) continue;
      const result = await verifyStatusList(held.bytes, trust, { currentDate: dateOfUse(held, now()), uri });
      if (!result.ok) continue;
      status.set(uri, result.list);
      checked.push(held.checkedAt);
    }
    const checkedAt = findEarliest(checked);
    lists = { ...lists, trust, ...(checkedAt && { checkedAt }) };
    useStatusLists(status);
  }

  async function refresh(): Promise<void> {
    isUnstored = false;
    const fault = (await attempt(TRUST_KEY, refreshTrust)) ?? (await refreshStatuses());
    const { problem: _, ...held } = lists;
    const [refusal] = lists.refused.values();
    const problem = refusal ?? fault ?? (isUnstored ? 'no_storage' : undefined);
    const isCurrent = !refusal && !fault;
    lists = { ...held, ...(problem ? { problem } : {}), ...(isCurrent ? { checkedAt: now() } : {}) };
  }

  /** Runs a step and notes whether what it asked for was refused. Gives what went wrong. */
  async function attempt(key: string, step: () => Promise<void>): Promise<ListsProblem | undefined> {
    let problem: ListsProblem | undefined;
    const refused = new Map(lists.refused);
    try {
      await step();
      refused.delete(key);
    } catch (error) {
      problem = nameProblem(error);
      if (error instanceof ListRefused) refused.set(key, error.code);
    }
    lists = { ...lists, refused };
    return problem;
  }

  /** In force at once: it may withdraw a key, and must not wait for a status list that fails. */
  async function refreshTrust(): Promise<void> {
    await trusting.refresh().finally(useTrustList);
  }

  function useTrustList(): void {
    const { trust } = trusting;
    lists = { ...lists, ...(trust && { trust }) };
  }

  function useStatusLists(used: ReadonlyMap<string, StatusList>): void {
    statusLists = used;
    const status = new Map<string, StatusEvidence>(used);
    for (const list of snapshots.latest.flatMap((snapshot) => [...snapshot.lists.values()])) {
      const other = status.get(list.uri);
      if (!other || other.issuedAt < list.issuedAt) status.set(list.uri, list);
    }
    lists = { ...lists, status };
  }

  /**
   * The snapshot where the service has one, and what stands in none as a list of its own: one that fails keeps its last form and
   * leaves the others be.
   */
  async function refreshStatuses(): Promise<ListsProblem | undefined> {
    const { trust } = lists;
    let uris: readonly string[];
    try {
      uris = await source.fetchStatusUris();
    } catch (error) {
      return nameProblem(error);
    }
    if (!trust) return undefined;
    const single = await refreshSnapshot(uris, trust);
    await dropOthers(new Set(uris), new Set(single), trust);
    let problem: ListsProblem | undefined;
    for (const uri of single) {
      problem = (await attempt(uri, () => refreshStatus(uri, trust))) ?? problem;
    }
    return problem;
  }

  /** Gives the lists of which it does not tell, or less than is known already. All of them where it cannot be had. */
  async function refreshSnapshot(uris: readonly string[], trust: TrustList): Promise<readonly string[]> {
    const issuer = trust.issuers.find(({ statusBaseUri }) => uris.some((uri) => uri.startsWith(`${statusBaseUri}/`)));
    if (!issuer) return uris;
    const problem = await attempt(SNAPSHOT, () => snapshots.refresh(issuer.id, trust));
    if (problem && !lists.refused.has(SNAPSHOT)) return uris;
    if (problem) {
      // What is held of them may be behind the one that was spoiled, until each has come by itself.
      const spoiled = uris.map((uri) => [uri, lists.refused.get(SNAPSHOT) as ListRefusal] as const);
      lists = { ...lists, refused: new Map([...lists.refused, ...spoiled]) };
      return uris;
    }
    const told = snapshots.latest.find((snapshot) => snapshot.issuer === issuer.id)?.lists;
    const isTold = (uri: string) => isAtLeastAsNew(told?.get(uri), statusLists.get(uri));
    // Of the same second, the one that was just fetched may know more.
    useStatusLists(new Map([...statusLists].filter(([uri]) => !isTold(uri))));
    endRefusals(isTold);
    return uris.filter((uri) => !isTold(uri));
  }

  function endRefusals(isOver: (key: string) => boolean): void {
    lists = { ...lists, refused: new Map([...lists.refused].filter(([key]) => !isOver(key))) };
  }

  async function refreshStatus(uri: string, trust: TrustList): Promise<void> {
    const previous = statusLists.get(uri);
    const { answer, held, bytes } = await fetchNewest(store, uri, previous !== undefined, (old) =>
      source.fetchStatusList(uri, old),
    );
    const result = await verifyStatusList(bytes, trust, {
      currentDate: now(),
      uri,
      ...(previous ? { previous } : {}),
    });
    if (!result.ok) throw new ListRefused(result.code);
    useStatusLists(new Map(statusLists).set(uri, result.list));
    await keep(uri, answer, held);
  }

  /**
   * A service that has moved publishes its lists under other addresses; the old ones would only look ever older. So would those
   * that a snapshot tells of.
   */
  async function dropOthers(
    published: ReadonlySet<string>,
    single: ReadonlySet<string>,
    trust: TrustList,
  ): Promise<void> {
    useStatusLists(new Map([...statusLists].filter(([uri]) => single.has(uri))));
    endRefusals((key) => key !== SNAPSHOT && !published.has(key));
    const named = new Set(nameOtherKeys(trust));
    await remember(async () => {
      for (const key of await store.listKeys()) {
        if (!named.has(key) && !single.has(key)) await store.deleteList(key);
      }
    });
  }

  /** A file says only by its number which list it is: that of any issuer whom the trust list knows. */
  async function takeStatusList({ number, file }: StatusListFile): Promise<ImportOutcome> {
    const { trust } = lists;
    if (!trust) return 'not_pinned';
    const bytes = await readListFile(file);
    if (typeof bytes === 'string') return bytes;
    let refusal: ImportOutcome = 'wrong_list';
    for (const { statusBaseUri } of trust.issuers) {
      const uri = `${statusBaseUri}/${number}`;
      const previous = statusLists.get(uri);
      const result = await verifyStatusList(bytes, trust, { currentDate: now(), uri, ...(previous && { previous }) });
      if (!result.ok && result.code === 'wrong_list') continue;
      if (!result.ok) {
        refusal = result.code;
        continue;
      }
      if (previous?.issuedAt.getTime() === result.list.issuedAt.getTime()) return 'same';
      if (!isAtLeastAsNew(result.list, lists.status.get(uri))) return 'rollback';
      useStatusLists(new Map(statusLists).set(uri, result.list));
      endRefusals((key) => key === uri);
      await remember(() => store.writeList(uri, { bytes, importedAt: now() }));
      return 'newer';
    }
    return refusal;
  }

  async function takeFiles({ trustList, statusLists: files, ...snapshotFiles }: ListFiles): Promise<ListImport> {
    isUnstored = false;
    const trust = trustList && (await trusting.takeFile(trustList));
    if (trust === 'newer') {
      useTrustList();
      endRefusals((key) => key === TRUST_KEY);
    }
    const hasSnapshot = snapshotFiles.snapshot !== undefined || snapshotFiles.deltas.length > 0;
    const snapshot = hasSnapshot ? await takeSnapshot(snapshotFiles) : undefined;
    const isTaken = snapshot === 'newer' || snapshot === 'same';
    const status: ImportOutcome[] = [];
    for (const file of files) if (!(isTaken && isTold(file))) status.push(await takeStatusList(file));
    // A refusal that a file has mended is over; whether the service can be reached is as before.
    const { problem, ...held } = lists;
    const [refusal] = lists.refused.values();
    const remaining = refusal ?? (problem === 'unreachable' ? problem : isUnstored ? 'no_storage' : undefined);
    lists = { ...held, ...(remaining && { problem: remaining }) };
    return { ...(trust && { trust }), status, ...(snapshot && { snapshot }), isStored: !isUnstored };
  }

  async function takeSnapshot(files: SnapshotFiles): Promise<ImportOutcome> {
    const outcome = await snapshots.takeFiles(files, lists.trust);
    // Also where the files brought nothing new: another tab may have.
    useStatusLists(statusLists);
    if (outcome === 'newer') endRefusals((key) => key === SNAPSHOT || isInSnapshot(key));
    return outcome;
  }

  /** Whether the snapshot that lay beside the file tells of the same list: it was written after it. */
  function isTold({ number }: StatusListFile): boolean {
    return lists.trust?.issuers.some(({ statusBaseUri }) => isInSnapshot(`${statusBaseUri}/${number}`)) === true;
  }

  /** Whether what is in use of a list is a snapshot's word. */
  function isInSnapshot(uri: string): boolean {
    return lists.status.get(uri) !== statusLists.get(uri);
  }

  async function keep(key: string, answer: ListAnswer, held: StoredList | undefined): Promise<void> {
    const list = describeStored(answer, held, now());
    if (list) await remember(() => store.writeList(key, list));
  }

  /** What a full or blocked store does not take stays in use until the page is closed. */
  async function remember(step: () => Promise<void>): Promise<void> {
    await step().catch(() => {
      isUnstored = true;
    });
  }

  /** What changes the lists waits for what changes them now. */
  function inTurn<Result>(step: () => Promise<Result>): Promise<Result> {
    const mine = turn.then(step);
    turn = mine.catch(() => undefined);
    return mine;
  }

  return {
    get lists() {
      return lists;
    },
    load,
    refresh() {
      running ??= inTurn(refresh).finally(() => {
        running = undefined;
      });
      return running;
    },
    takeFiles: (files) => inTurn(() => takeFiles(files)),
  };
}

function isAtLeastAsNew(list: StatusEvidence | undefined, other: StatusEvidence | undefined): boolean {
  return list !== undefined && (!other || other.issuedAt <= list.issuedAt);
}

/** Under which keys there is something else than a status list. */
function nameOtherKeys({ issuers }: TrustList): readonly string[] {
  return [TRUST_KEY, ...issuers.flatMap(({ id }) => [snapshotKey(id), deltaKey(id)])];
}

/** Nothing where one of them is unknown. */
function findEarliest(dates: readonly (Date | undefined)[]): Date | undefined {
  const times = dates.map((date) => date?.getTime() ?? Number.NaN);
  const earliest = Math.min(...times);
  return Number.isNaN(earliest) ? undefined : new Date(earliest);
}

function nameProblem(error: unknown): ListsProblem {
  if (error instanceof ListRefused) return error.code;
  return error instanceof StorageFault ? 'no_storage' : 'unreachable';
}
