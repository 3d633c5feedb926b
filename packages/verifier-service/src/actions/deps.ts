import type { ImageReader } from '../images/image-reader.ts';
import type { KnownSnapshots } from '../lists/known-snapshots.ts';
import type { ListTimes } from '../lists/list-times.ts';
import type { ListsInForce } from '../lists/lists-in-force.ts';
import type { StatusListPublisher } from '../lists/status-list-publisher.ts';
import type { OpenIdProvider } from '../openid/openid-provider.ts';
import type { KeyStore } from '../signing/key-store.ts';
import type { Store } from '../stores/store.ts';
import type { EndpointClient } from '../webhooks/endpoint-client.ts';

/** What the actions work with. The clock is a parameter like the rest. */
export interface ActionDeps {
  readonly store: Store;
  readonly keys: KeyStore;
  readonly statusLists: StatusListPublisher;
  readonly snapshots: KnownSnapshots;
  readonly listTimes: ListTimes;
  readonly inForce: ListsInForce;
  readonly images: ImageReader;
  /** Whoever is told what was done. */
  readonly endpoints: EndpointClient;
  /** What another operator has to agree to first. */
  readonly fourEyes: { readonly issue: boolean; readonly status: boolean };
  /** Whose tokens let operators in who are linked to them. Absent: API keys alone do. */
  readonly openId?: OpenIdProvider;
  /** How many delegated credentials one person may have in force. */
  readonly maxDelegates: number;
  /** Whether name and ID number are kept, sealed, and read by those whose scope allows it. */
  readonly sealsIdentities: boolean;
  readonly currentDate: () => Date;
}
