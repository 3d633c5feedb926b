import { type DeviceKey, generateDeviceKey, importDeviceKey } from '@zhengma/credential-core/present';

const DATABASE = 'zhengma-wallet';
const DEVICE_KEY = 'device';

/** A credential that this phone keeps. */
export interface KeptPerson {
  /** The credential's own id, 16 hexadecimal digits: the same one is kept once. */
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
  keepPerson(person: KeptPerson): Promise<void>;
  removePerson(id: string): Promise<void>;
}

/** @throws where the browser keeps no data, or has no WebCrypto here */
export async function openWalletStore(): Promise<WalletStore> {
  const database = await openDatabase();
  const people = (mode: IDBTransactionMode) => database.transaction('people', mode).objectStore('people');
  return {
    deviceKey: await readDeviceKey(database),
    async readPeople() {
      const kept: KeptPerson[] = await settle(people('readonly').getAll());
      return kept.sort((left, right) => left.keptAt.getTime() - right.keptAt.getTime());
    },
    async keepPerson(person) {
      await settle(people('readwrite').put(person));
      // A browser that is short of space may drop what nobody asked it to keep.
      await navigator.storage?.persist?.().catch(() => false);
    },
    async removePerson(id) {
      await settle(people('readwrite').delete(id));
    },
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
  const stored: CryptoKeyPair | undefined = await settle(
    database.transaction('keys').objectStore('keys').get(DEVICE_KEY),
  );
  if (stored) return importDeviceKey(stored);
  const { keyPair } = await generateDeviceKey();
  const keys = database.transaction('keys', 'readwrite').objectStore('keys');
  // Two pages that are opened at once make two keys, and one of them is kept.
  await settle(keys.add(keyPair, DEVICE_KEY)).catch(() => undefined);
  return importDeviceKey(await settle(database.transaction('keys').objectStore('keys').get(DEVICE_KEY)));
}

function settle<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      // What is handled here must not end the transaction as well.
      event.preventDefault();
      reject(request.error);
    };
  });
}
