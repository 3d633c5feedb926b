/** A signed list as it came from the service or in a file, with what is needed to ask for it again. */
export interface StoredList {
  readonly bytes: Uint8Array;
  readonly etag?: string;
  /** When the service last said that this is the newest; never, of one that came in a file. */
  readonly checkedAt?: Date;
  /** When it came in a file. */
  readonly importedAt?: Date;
}

/** What a scanner remembers between two openings: raw signed bytes, verified anew each time they are loaded. */
export interface ListStore {
  /** The pinned root keys: those by which the stored trust list is verified. */
  readRoots(): Promise<readonly string[] | undefined>;
  writeRoots(roots: readonly string[]): Promise<void>;
  /** The trust list together with the roots that it was verified by: both or neither. */
  writeTrustList(list: StoredList, roots: readonly string[]): Promise<void>;
  /** @param key {@link TRUST_KEY}, or the URI of a status list */
  readList(key: string): Promise<StoredList | undefined>;
  writeList(key: string, list: StoredList): Promise<void>;
  deleteList(key: string): Promise<void>;
  listKeys(): Promise<readonly string[]>;
}

/** Under which key the trust list stands among the lists. */
export const TRUST_KEY = 'trust';

const DATABASE = 'zhengma-scanner';
const LISTS = 'lists';
const PINS = 'pins';

/** Opens the store in this browser. */
export async function openListStore(): Promise<ListStore> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.addEventListener('upgradeneeded', () => {
    opening.result.createObjectStore(LISTS);
    opening.result.createObjectStore(PINS);
  });
  const database = await settle(opening);

  const read = (table: string) => database.transaction(table).objectStore(table);
  const change = async (tables: string[], request: (transaction: IDBTransaction) => unknown) => {
    const transaction = database.transaction(tables, 'readwrite');
    try {
      request(transaction);
    } catch (error) {
      // What was asked before the fault would be committed.
      transaction.abort();
      throw error;
    }
    await new Promise<void>((resolve, reject) => {
      transaction.addEventListener('complete', () => resolve());
      transaction.addEventListener('abort', () => reject(transaction.error));
    });
  };

  return {
    readRoots: async () => settle<string[] | undefined>(read(PINS).get('roots')),
    writeRoots: (roots) => change([PINS], (transaction) => transaction.objectStore(PINS).put([...roots], 'roots')),
    writeTrustList: (list, roots) =>
      change([LISTS, PINS], (transaction) => {
        transaction.objectStore(LISTS).put(list, TRUST_KEY);
        transaction.objectStore(PINS).put([...roots], 'roots');
      }),
    readList: async (key) => settle<StoredList | undefined>(read(LISTS).get(key)),
    writeList: (key, list) => change([LISTS], (transaction) => transaction.objectStore(LISTS).put(list, key)),
    deleteList: (key) => change([LISTS], (transaction) => transaction.objectStore(LISTS).delete(key)),
    listKeys: async () => (await settle(read(LISTS).getAllKeys())).map(String),
  };
}

function settle<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}
