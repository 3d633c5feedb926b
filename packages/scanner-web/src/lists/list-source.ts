import type { StoredList } from './list-store.ts';

/** No list of a whole region is larger; a server that sends more is not sending a list. */
const MAX_LIST_BYTES = 16 * 1024 * 1024;

/** A network that neither answers nor refuses must not hold up the next refresh. */
const TIMEOUT_SECONDS = 20;

/** What the service answered: new bytes, or that the held ones are still the newest. */
export type ListAnswer =
  | { readonly kind: 'fresh'; readonly bytes: Uint8Array; readonly etag?: string }
  | { readonly kind: 'unchanged' };

/** The service's public lists. Every method rejects when there is no usable answer. */
export interface ListSource {
  fetchRoots(): Promise<readonly string[]>;
  fetchTrustList(held?: StoredList): Promise<ListAnswer>;
  fetchStatusUris(): Promise<readonly string[]>;
  fetchStatusList(uri: string, held?: StoredList): Promise<ListAnswer>;
}

/** @param fetchLike the browser's fetch, or another in its shape */
export function createListSource(fetchLike: typeof fetch): ListSource {
  return {
    async fetchRoots() {
      return stringsOf(await fetchJson(fetchLike, '/v1/roots'), 'roots');
    },
    fetchTrustList: (held) => fetchList(fetchLike, '/v1/trust-list', held),
    async fetchStatusUris() {
      return stringsOf(await fetchJson(fetchLike, '/v1/status-lists'), 'status_lists');
    },
    fetchStatusList: (uri, held) => fetchList(fetchLike, `/v1/status-lists/${lastSegment(uri)}`, held),
  };
}

/** A list's URI names the issuer's host; the page asks its own origin only, by the last part of the path. */
function lastSegment(uri: string): string {
  return encodeURIComponent(decodeURIComponent(new URL(uri).pathname.split('/').at(-1) ?? ''));
}

async function fetchList(fetchLike: typeof fetch, path: string, held?: StoredList): Promise<ListAnswer> {
  // The held bytes are compared by their own tag: the HTTP cache between would only hide how old an answer is.
  const response = await fetchLike(path, {
    cache: 'no-store',
    headers: held?.etag ? { 'If-None-Match': held.etag } : {},
    signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000),
  });
  if (response.status === 304 && held) return { kind: 'unchanged' };
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (bytes.length > MAX_LIST_BYTES) throw new Error(`${path} is larger than a list may be`);
  const etag = response.headers.get('ETag');
  return { kind: 'fresh', bytes, ...(etag ? { etag } : {}) };
}

async function fetchJson(fetchLike: typeof fetch, path: string): Promise<unknown> {
  const response = await fetchLike(path, { cache: 'no-store', signal: AbortSignal.timeout(TIMEOUT_SECONDS * 1000) });
  if (!response.ok) throw new Error(`${path} answered ${response.status}`);
  return response.json();
}

function stringsOf(json: unknown, member: string): readonly string[] {
  const strings = (json as Record<string, unknown> | null)?.[member];
  if (!Array.isArray(strings) || !strings.every((entry) => typeof entry === 'string')) {
    throw new Error(`${member} is not an array of strings`);
  }
  return strings;
}
