import { createListClient } from '@zhengma/verifier-service/client';
import { createListKeeper, type ListKeeper } from '../lists/list-keeper.ts';
import { createListSource } from '../lists/list-source.ts';
import { type ListStore, openListStore } from '../lists/list-store.ts';

/** Where lists come from, and what they are believed by. */
export interface ListOrigin {
  /** `https://zm.example`; of the page itself where it is empty. */
  readonly service: string;
  /** COSE_Keys in base64url, as the service names them under `/v1/roots`. */
  readonly roots: readonly string[] | undefined;
  readonly database: string;
}

/** Opens the lists of an embedded scanner. Rejects where the browser keeps no data. */
export async function openLists({ service, roots, database }: ListOrigin): Promise<ListKeeper> {
  // What was verified by other roots, or for another service, is of no use here.
  const store = await openListStore([database, service, ...(roots ?? [])].join(' '));
  const source = createListSource(createListClient({ origin: service }));
  const keeper = createListKeeper(roots ? pinRoots(store, roots) : store, source, () => new Date());
  await keeper.load();
  return keeper;
}

/** The roots that the page gave stand where the first visit would have pinned what the service offered. */
function pinRoots(store: ListStore, roots: readonly string[]): ListStore {
  return { ...store, readRoots: async () => (await store.readRoots()) ?? roots };
}
