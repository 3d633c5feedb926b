/** Tables of this browser, opened when they are first needed and again after the browser has closed them. */
export interface Database {
  /** One request of one table. */
  read<Result>(table: string, ask: (table: IDBObjectStore) => IDBRequest<Result>): Promise<Result>;
  /**
   * All that `ask` asks for, or nothing. Fulfils when it is on the disk, not merely with the operating system: a power cut
   * takes nothing back of what was said to be kept.
   *
   * @throws when nothing has changed, such as for a full disk
   */
  change(tables: readonly string[], ask: (transaction: IDBTransaction) => void): Promise<void>;
}

/** @param create makes the tables in a browser that has none */
export function describeDatabase(name: string, create: (database: IDBDatabase) => void): Database {
  let opened: Promise<IDBDatabase> | undefined;

  async function open(): Promise<IDBDatabase> {
    const request = indexedDB.open(name, 1);
    request.addEventListener('upgradeneeded', () => create(request.result));
    const database = await settle(request);
    const forget = () => {
      opened = undefined;
    };
    // The site's data was cleared, or the disk gave out.
    database.addEventListener('close', forget);
    // A later version of these tables, in another tab, waits for nobody.
    database.addEventListener('versionchange', () => {
      database.close();
      forget();
    });
    return database;
  }

  function connect(): Promise<IDBDatabase> {
    opened ??= open().catch((error) => {
      opened = undefined;
      throw error;
    });
    return opened;
  }

  return {
    async read(table, ask) {
      return settle(ask((await connect()).transaction(table).objectStore(table)));
    },
    async change(tables, ask) {
      const transaction = (await connect()).transaction([...tables], 'readwrite', { durability: 'strict' });
      const ended = new Promise<void>((resolve, reject) => {
        transaction.addEventListener('complete', () => resolve());
        // A request that has succeeded is not yet kept: a browser without space says so only when it commits.
        transaction.addEventListener('abort', () => reject(transaction.error ?? new Error('nothing was kept')));
      });
      try {
        ask(transaction);
      } catch (error) {
        // What was asked before the fault would be committed.
        transaction.abort();
        await ended.catch(() => undefined);
        throw error;
      }
      return ended;
    },
  };
}

function settle<Result>(request: IDBRequest<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}
