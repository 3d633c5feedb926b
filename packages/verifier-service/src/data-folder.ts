import type { ActionDeps } from './actions/deps.ts';
import { ImageReader } from './images/image-reader.ts';
import { ListsInForce } from './lists/lists-in-force.ts';
import { DEFAULT_STATUS_LIST_TIMES, StatusListPublisher } from './lists/status-list-publisher.ts';
import type { KeySettings } from './settings/data-folder-settings.ts';
import { openKeyStore } from './signing/open-key-store.ts';
import { openPostgresStore } from './stores/postgres/open-postgres-store.ts';
import { openSqliteStore } from './stores/sqlite/open-sqlite-store.ts';

export interface DataFolderOptions {
  /** Makes the folder and its database where there are none. */
  readonly create: boolean;
  /** PostgreSQL that holds the tables in place of a file of the folder; the folder keeps the keys. */
  readonly database?: readonly string[] | undefined;
  /** How many delegated credentials one person may have in force; 5 unless given. */
  readonly maxDelegates?: number;
  /** Whether who a credential is about is kept, sealed; not unless given. */
  readonly sealsIdentities?: boolean;
  /** What its key files are encrypted with, or who signs in their place; in the clear and nobody unless given. */
  readonly keys?: KeySettings;
}

/** As many as a family account 亲情账户 may have. */
const DEFAULT_MAX_DELEGATES = 5;

/**
 * Opens a data folder. Rejects with `EnvironmentError` when it, or its database, cannot be used. Close `store` and `images`
 * afterwards.
 */
export async function openDataFolder(
  folder: string,
  { create, database, maxDelegates = DEFAULT_MAX_DELEGATES, sealsIdentities = false, keys = {} }: DataFolderOptions,
): Promise<ActionDeps> {
  return {
    // First: it opens nothing that would have to be closed.
    keys: openKeyStore(folder, keys),
    store: database === undefined ? openSqliteStore(folder, { create }) : await openPostgresStore(database),
    statusLists: new StatusListPublisher(DEFAULT_STATUS_LIST_TIMES),
    inForce: new ListsInForce(),
    images: new ImageReader(),
    maxDelegates,
    sealsIdentities,
    currentDate: () => new Date(),
  };
}
