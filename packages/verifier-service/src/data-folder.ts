import type { ActionDeps } from './actions/deps.ts';
import { ImageReader } from './images/image-reader.ts';
import { ListsInForce } from './lists/lists-in-force.ts';
import { DEFAULT_STATUS_LIST_TIMES, StatusListPublisher } from './lists/status-list-publisher.ts';
import { FileKeyStore } from './signing/file-key-store.ts';
import { openSqliteStore } from './stores/sqlite/open-sqlite-store.ts';

/** As many as a family account 亲情账户 may have. */
const DEFAULT_MAX_DELEGATES = 5;

/**
 * Opens a data folder; makes it first when `create` is true. Throws `EnvironmentError` when it cannot be used. Close
 * `store` and `images` afterwards.
 *
 * @param options `maxDelegates`: how many delegated credentials one person may have in force, 5 unless given
 */
export function openDataFolder(
  folder: string,
  { create, maxDelegates = DEFAULT_MAX_DELEGATES }: { create: boolean; maxDelegates?: number },
): ActionDeps {
  return {
    store: openSqliteStore(folder, { create }),
    keys: new FileKeyStore(folder),
    statusLists: new StatusListPublisher(DEFAULT_STATUS_LIST_TIMES),
    inForce: new ListsInForce(),
    images: new ImageReader(),
    maxDelegates,
    currentDate: () => new Date(),
  };
}
