import type { Answer, ListAnswer, ListClient } from '@zhengma/verifier-service/client';
import type { StoredList } from './list-store.ts';

/** No list of a whole region is larger; a server that sends more is not sending a list. */
export const MAX_LIST_BYTES = 16 * 1024 * 1024;

/** The service's public lists. Every method rejects when there is no usable answer. */
export interface ListSource {
  fetchRoots(): Promise<readonly string[]>;
  fetchTrustList(held?: StoredList): Promise<ListAnswer>;
  fetchStatusUris(): Promise<readonly string[]>;
  fetchStatusList(uri: string, held?: StoredList): Promise<ListAnswer>;
  /** All status lists in one file. */
  fetchSnapshot(): Promise<ListAnswer>;
  /** What changed since; nothing where the service has no delta to that snapshot any more. */
  fetchSnapshotDelta(base: number, held?: StoredList): Promise<ListAnswer | undefined>;
}

/** The lists as a client of the service fetches them. */
export function createListSource(client: ListClient): ListSource {
  return {
    fetchRoots: async () => take(await client.fetchRoots()),
    fetchTrustList: async (held) => takeList(await client.fetchTrustList({ etag: held?.etag })),
    fetchStatusUris: async () => take(await client.fetchStatusListUris()),
    fetchStatusList: async (uri, held) =>
      takeList(await client.fetchStatusList(lastSegment(uri), { etag: held?.etag })),
    fetchSnapshot: async () => takeList(await client.fetchSnapshot()),
    fetchSnapshotDelta: async (base, held) => {
      const answer = await client.fetchSnapshotDelta(base, { etag: held?.etag });
      return !answer.ok && answer.code === 'snapshot_not_found' ? undefined : takeList(answer);
    },
  };
}

/** A list's URI names the issuer's host; the page asks its own origin only, by the last part of the path. */
function lastSegment(uri: string): string {
  return decodeURIComponent(new URL(uri).pathname.split('/').at(-1) ?? '');
}

function take<Value>(answer: Answer<Value>): Value {
  if (!answer.ok) throw new Error(`the service answered ${answer.code}`);
  return answer.value;
}

function takeList(answer: Answer<ListAnswer>): ListAnswer {
  const list = take(answer);
  if (list.kind === 'fresh' && list.bytes.length > MAX_LIST_BYTES) throw new Error('no list is as large');
  return list;
}
