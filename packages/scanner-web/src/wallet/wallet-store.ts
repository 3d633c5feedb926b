import { type DeviceKey, generateDeviceKey, importDeviceKey } from '@zhengma/credential-core/present';

const DATABASE = 'zhengma-wallet';
const DEVICE_KEY = 'device';

/** A credential that this phone keeps. */
export interface KeptPerson {
  /** Of the row; {@link nameRow} gives it for a new one. */
  readonly id: string;
  /** The text of the credential or of the delegation. */
  readonly credential: string;
  /** What this phone calls the person. */
  readonly label?: string;
  readonly keptAt: Date;
}

/** What the page keeps in this browser. Nothing of it can be read out by another page, and the key by no page at all. */
export interface WalletStore {
  /** This phone's key, made at the first call. */
  readonly deviceKey: DeviceKey;
  /** In the order in which they were kept. */
  readPeople(): Promise<readonly KeptPerson[]>;
  /**
   * Resolves when the browser has committed it.
   *
   * @param replaced the row that goes in the same step
   * @throws when it is not kept; then nothing has changed
   */
  keepPerson(person: KeptPerson, replaced?: string): Promise<void>;
  /** @throws when it is still kept */
  removePerson(id: string): Promise<void>;
}

/**
 * Where a credential is kept: its own id is the same in a delegation of it, and anybody can write any id into a forgery, so
 * each text has a row of its own.
 */
export async function nameRow(credential: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(credential));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @throws where the browser keeps no data, or has no WebCrypto here */
export async function openWalletStore(): Promise<WalletStore> {
  const database = await openDatabase();
  return {
    deviceKey: await readDeviceKey(database),
    async readPeople() {
      const kept: KeptPerson[] = await settle(database.transaction('people').objectStore('people').getAll());
      return kept.sort((left, right) => left.keptAt.getTime() - right.keptAt.getTime());
    },
    async keepPerson(person, replaced) {
      await change(database, 'people', (people) => {
        if (replaced !== undefined) people.delete(replaced);
        people.put(person);
      });
      // A browser that is short of space may drop what nobody asked it to keep.
      await navigator.storage?.persist?.().catch(() => false);
    },
    removePerson: (id) => change(database, 'people', (people) => people.delete(id)),
  };
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    request.result.createObjectStore('keys');
    request.result.createObjectStore('people', { keyPath: 'id' });
  };
  return settle(request);
}

async function readDeviceKey(database: IDBDatabase): Promise<DeviceKey> {
  const read = (): Promise<CryptoKeyPair | undefined> =>
    settle(database.transaction('keys').objectStore('keys').get(DEVICE_KEY));
  const stored = await read();
  if (stored) return importDeviceKey(stored);
  const { keyPair } = await generateDeviceKey();
  // Two pages that are opened at once make two keys, and one of them is kept.
  await change(database, 'keys', (keys) => keys.add(keyPair, DEVICE_KEY)).catch(() => undefined);
  const kept = await read();
  if (!kept) throw new Error('the key of this phone cannot be kept');
  return importDeviceKey(kept);
}

/** A request that has succeeded is not yet kept: a browser without space says so only when it commits. */
function change(database: IDBDatabase, table: string, ask: (store: IDBObjectStore) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(table, 'readwrite');
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the browser did not keep it'));
    try {
      ask(transaction.objectStore(table));
    } catch (error) {
      // What was asked before the fault would be committed.
      transaction.abort();
      reject(error);
    }
  });
}

function settle<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
