import type { ActionDeps } from './actions/deps.ts';
import { ImageReader } from './images/image-reader.ts';
import { KnownSnapshots } from './lists/known-snapshots.ts';
import { DEFAULT_LIST_TIMES, type ListTimes } from './lists/list-times.ts';
import { ListsInForce } from './lists/lists-in-force.ts';
import { StatusListPublisher } from './lists/status-list-publisher.ts';
import type { OpenIdProvider, OpenIdSettings } from './openid/openid-provider.ts';
import type { KeySettings } from './settings/data-folder-settings.ts';
import { openKeyStore } from './signing/open-key-store.ts';
import { openSqliteStore } from './stores/sqlite/open-sqlite-store.ts';
import type { Store } from './stores/store.ts';
import { EndpointClient, type WebhookNetwork } from './webhooks/endpoint-client.ts';

export interface DataFolderOptions {
  /** Makes the folder and its database where there are none. */
  readonly create: boolean;
  /** PostgreSQL that holds the tables in place of a file of the folder; the folder keeps the keys. */
  readonly database?: readonly string[] | undefined;
  /** How many delegated credentials one person may have in force; 5 unless given. */
  readonly maxDelegates?: number;
  /** Where messages may be sent to; public addresses alone unless given. */
  readonly webhookNetwork?: WebhookNetwork;
  /** Whether who a credential is about is kept, sealed; not unless given. */
  readonly sealsIdentities?: boolean;
  /** What another operator has to agree to first; nothing unless given. */
  readonly fourEyes?: 'off' | 'issue' | 'revoke' | 'both';
  /** How long lists are fresh and good; the defaults of the settings unless given. */
  readonly listTimes?: ListTimes;
  /** Whose tokens let operators in; nobody's unless given. */
  readonly openId?: OpenIdSettings;
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
  {
    create,
    database,
    maxDelegates = DEFAULT_MAX_DELEGATES,
    sealsIdentities = false,
    listTimes = DEFAULT_LIST_TIMES,
    fourEyes = 'off',
    keys = {},
    webhookNetwork = 'public',
    openId,
  }: DataFolderOptions,
): Promise<ActionDeps> {
  const provider = openId && (await createProvider(openId));
  return {
    // First: it opens nothing that would have to be closed.
    keys: openKeyStore(folder, keys),
    store: await openStore(folder, { create, database }),
    statusLists: new StatusListPublisher(listTimes),
    snapshots: new KnownSnapshots(),
    listTimes,
    fourEyes: {
      issue: fourEyes === 'issue' || fourEyes === 'both',
      status: fourEyes === 'revoke' || fourEyes === 'both',
    },
    inForce: new ListsInForce(),
    images: new ImageReader(),
    endpoints: new EndpointClient(webhookNetwork),
    ...(provider && { openId: provider }),
    maxDelegates,
    sealsIdentities,
    currentDate: () => new Date(),
  };
}

/** Loaded likewise: most folders have no provider. */
async function createProvider(settings: OpenIdSettings): Promise<OpenIdProvider> {
  const { OpenIdProvider } = await import('./openid/openid-provider.ts');
  return new OpenIdProvider(settings);
}

/** The client of PostgreSQL is loaded where it is asked for: most commands work on a file, and start without it. */
async function openStore(
  folder: string,
  { create, database }: Pick<DataFolderOptions, 'create' | 'database'>,
): Promise<Store> {
  if (database === undefined) return openSqliteStore(folder, { create });
  const { openPostgresStore } = await import('./stores/postgres/open-postgres-store.ts');
  return openPostgresStore(database);
}
