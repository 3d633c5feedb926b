import { describeDatabase } from '../storage/database.ts';

/** A signed list as it came from the service or in a file, with what is needed to ask for it again. */
export interface StoredList {
  readonly bytes: Uint8Array;
  readonly etag?: string;
  /** When the service last said that this is the newest; never, of one that came in a file. */
  readonly checkedAt?: Date;
  /** When it came in a file. */
  readonly importedAt?: Date;
  /** Of a snapshot or a delta, its number, and of a delta that of the snapshot it belongs to: by them tabs know each other's. */
  readonly sequence?: number;
  readonly base?: number;
}

/** What is to be stored of a snapshot. */
export interface SnapshotParts {
  readonly whole?: StoredList | undefined;
  readonly delta?: StoredList | undefined;
}

/** Which snapshot is stored, and what it is by its delta; neither where there is none. */
export interface SnapshotMark {
  readonly base?: number | undefined;
  readonly latest?: number | undefined;
}

/** Nothing for `latest` where the delta belongs to another snapshot. */
export function markSnapshot({ whole, delta }: SnapshotParts): SnapshotMark {
  const fits = delta === undefined || delta.base === whole?.sequence;
  return { base: whole?.sequence, latest: fits ? (delta ?? whole)?.sequence : undefined };
}

export function isSameMark(one: SnapshotMark, other: SnapshotMark): boolean {
  return one.base === other.base && one.latest === other.latest;
}

/** What a scanner remembers between two openings: raw signed bytes, verified anew each time they are loaded. */
export interface ListStore {
  /** The pinned root keys: those by which the stored trust list is verified. */
  readRoots(): Promise<readonly string[] | undefined>;
  writeRoots(roots: readonly string[]): Promise<void>;
  /** The trust list together with the roots that it was verified by: both or neither. */
  writeTrustList(list: StoredList, roots: readonly string[]): Promise<void>;
  /** @param key {@link TRUST_KEY}, the URI of a status list, or one of {@link snapshotKey} and {@link deltaKey} */
  readList(key: string): Promise<StoredList | undefined>;
  writeList(key: string, list: StoredList): Promise<void>;
  /**
   * A snapshot, where it is another one, and its delta: both or neither. Without a delta, there is none any more.
   *
   * @param over what was stored when it was last read: where another tab has written since, nothing is written
   * @returns whether it was written
   */
  writeSnapshot(issuer: string, parts: SnapshotParts, over: SnapshotMark): Promise<boolean>;
  deleteList(key: string): Promise<void>;
  listKeys(): Promise<readonly string[]>;
}

/** Under which key the trust list stands among the lists. */
export const TRUST_KEY = 'trust';

/** Under which key the snapshot of an issuer stands. No URI has a space. */
export function snapshotKey(issuer: string): string {
  return `snapshot ${issuer}`;
}

/** Under which key the newest delta to it stands. */
export function deltaKey(issuer: string): string {
  return `delta ${issuer}`;
}

const LISTS = 'lists';
const PINS = 'pins';

/**
 * Opens a store in this browser.
 *
 * @param name of its database: of two scanners on one origin each has its own pins
 * @throws where the browser keeps no data
 */
export async function openListStore(name: string): Promise<ListStore> {
  const { read, change } = describeDatabase(name, (database) => {
    database.createObjectStore(LISTS);
    database.createObjectStore(PINS);
  });
  const readRoots = () => read<string[] | undefined>(PINS, (table) => table.get('roots'));
  await readRoots();

  return {
    readRoots,
    writeRoots: (roots) => change([PINS], (transaction) => transaction.objectStore(PINS).put([...roots], 'roots')),
    writeTrustList: (list, roots) =>
      change([LISTS, PINS], (transaction) => {
        transaction.objectStore(LISTS).put(list, TRUST_KEY);
        transaction.objectStore(PINS).put([...roots], 'roots');
      }),
    readList: (key) => read<StoredList | undefined>(LISTS, (table) => table.get(key)),
    writeList: (key, list) => change([LISTS], (transaction) => transaction.objectStore(LISTS).put(list, key)),
    writeSnapshot: async (issuer, { whole, delta }, over) => {
      let isWritten = false;
      await change([LISTS], (transaction) => {
        const table = transaction.objectStore(LISTS);
        const held: IDBRequest<StoredList | undefined> = table.get(snapshotKey(issuer));
        const heldDelta: IDBRequest<StoredList | undefined> = table.get(deltaKey(issuer));
        // Requests of one transaction are answered in their order.
        heldDelta.addEventListener('success', () => {
          if (!isSameMark(markSnapshot({ whole: held.result, delta: heldDelta.result }), over)) return;
          if (whole) table.put(whole, snapshotKey(issuer));
          if (delta) table.put(delta, deltaKey(issuer));
          else table.delete(deltaKey(issuer));
          isWritten = true;
        });
      });
      return isWritten;
    },
    deleteList: (key) => change([LISTS], (transaction) => transaction.objectStore(LISTS).delete(key)),
    listKeys: async () => (await read(LISTS, (table) => table.getAllKeys())).map(String),
  };
}
