import type { ActionDeps } from './actions/deps.ts';
import { DEFAULT_MAX_DELEGATES, type KeySettings } from './config.ts';
import { ImageReader } from './images/image-reader.ts';
import { ListsInForce } from './lists/lists-in-force.ts';
import { DEFAULT_STATUS_LIST_TIMES, StatusListPublisher } from './lists/status-list-publisher.ts';
import { openKeyStore } from './signing/open-key-store.ts';
import { openSqliteStore } from './stores/sqlite/open-sqlite-store.ts';

/**
 * Opens a data folder; makes it first when `create` is true. Throws `EnvironmentError` when it cannot be used. Close
 * `store` and `images` afterwards.
 *
 * @param options `maxDelegates`: how many delegated credentials one person may have in force, 5 unless given; `keys`: what
 *   its key files are encrypted with, or who signs in their place; in the clear and nobody unless given
 */
export function openDataFolder(
  folder: string,
  {
    create,
    maxDelegates = DEFAULT_MAX_DELEGATES,
    keys = {},
  }: { create: boolean; maxDelegates?: number; keys?: KeySettings },
): ActionDeps {
  return {
    // First: it opens nothing that would have to be closed.
    keys: openKeyStore(folder, keys),
    store: openSqliteStore(folder, { create }),
    statusLists: new StatusListPublisher(DEFAULT_STATUS_LIST_TIMES),
    inForce: new ListsInForce(),
    images: new ImageReader(),
    maxDelegates,
    currentDate: () => new Date(),
  };
}
