import { type Database, describeDatabase } from '../storage/database.ts';

/** A receipt that the service does not have yet. What it says is sealed; the rest is what it is found and sent by. */
export interface QueuedReceipt {
  /** `cti` of the receipt, 32 hexadecimal digits. */
  readonly id: string;
  /** When the code was verified. */
  readonly at: Date;
  /** Who verified, by their id, and where. */
  readonly operator: string;
  readonly organisation: string;
  readonly sealed: Uint8Array;
}

/** What somebody has to look at: a conflict that the service found, or a receipt that it does not take. Sealed too. */
export interface KeptTrouble {
  readonly id: string;
  readonly at: Date;
  readonly operator: string;
  readonly organisation: string;
  readonly sealed: Uint8Array;
}

/** What waits on this device. Shared by all tabs; each method is one step that happens or does not. */
export interface ReceiptStore {
  /** The key that seals, made at the first call. It cannot be read out. */
  takeSealingKey(): Promise<CryptoKey>;
  /** Fulfils when the receipt is on the disk. */
  addReceipt(receipt: QueuedReceipt): Promise<void>;
  /** Those of an organisation, oldest first, so many at most. */
  readReceipts(organisation: string, limit: number): Promise<readonly QueuedReceipt[]>;
  /** Those that the service has are deleted, with what is to be looked at kept in the same step. */
  settleReceipts(ids: readonly string[], troubles: readonly KeptTrouble[]): Promise<void>;
  count(): Promise<{ readonly waiting: number; readonly oldestAt?: Date; readonly troubles: number }>;
  /** Oldest first. */
  readTroubles(): Promise<readonly KeptTrouble[]>;
  deleteTrouble(id: string): Promise<void>;
}

const SEAL = 'seal';
const BY_TIME = 'at';
const BY_ORGANISATION = 'organisation';

/** The store in this browser; it is opened when it is first needed. */
export function createReceiptStore(
  database: Database = describeDatabase('zhengma-receipts', (tables) => {
    tables.createObjectStore('keys');
    const queue = tables.createObjectStore('queue', { keyPath: 'id' });
    queue.createIndex(BY_TIME, 'at');
    queue.createIndex(BY_ORGANISATION, ['organisation', 'at']);
    tables.createObjectStore('troubles', { keyPath: 'id' }).createIndex(BY_TIME, 'at');
  }),
): ReceiptStore {
  const readKey = (): Promise<CryptoKey | undefined> => database.read('keys', (table) => table.get(SEAL));

  return {
    async takeSealingKey() {
      const known = await readKey();
      if (known) return known;
      const made = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
      // Two tabs that are opened at once make two keys, and one of them is kept.
      await database.change(['keys'], (tables) => tables.objectStore('keys').add(made, SEAL)).catch(() => undefined);
      const kept = await readKey();
      if (!kept) throw new Error('the key that seals cannot be kept');
      return kept;
    },
    addReceipt: (receipt) => database.change(['queue'], (tables) => tables.objectStore('queue').put(receipt)),
    readReceipts: (organisation, limit) =>
      database.read('queue', (table) =>
        table
          .index(BY_ORGANISATION)
          // An array is after every date.
          .getAll(IDBKeyRange.bound([organisation], [organisation, []]), limit),
      ),
    settleReceipts: (ids, troubles) =>
      database.change(['queue', 'troubles'], (tables) => {
        for (const trouble of troubles) tables.objectStore('troubles').put(trouble);
        for (const id of ids) tables.objectStore('queue').delete(id);
      }),
    async count() {
      const [waiting, oldest, troubles] = await Promise.all([
        database.read('queue', (table) => table.count()),
        database.read<QueuedReceipt[]>('queue', (table) => table.index(BY_TIME).getAll(null, 1)),
        database.read('troubles', (table) => table.count()),
      ]);
      return { waiting, troubles, ...(oldest[0] && { oldestAt: oldest[0].at }) };
    },
    readTroubles: () => database.read('troubles', (table) => table.index(BY_TIME).getAll()),
    deleteTrouble: (id) => database.change(['troubles'], (tables) => tables.objectStore('troubles').delete(id)),
  };
}
