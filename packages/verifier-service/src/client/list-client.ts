import { type Answer, type CallOptions, type ClientOptions, connect, readAs } from './connection.ts';

/** A signed list as bytes, to be verified by the core; `unchanged` where the caller's own is still the newest. */
export type ListAnswer =
  | { readonly kind: 'fresh'; readonly bytes: Uint8Array; readonly etag?: string }
  | { readonly kind: 'unchanged' };

/** How a list is asked for. */
export interface ListOptions extends CallOptions {
  /** Of the list that the caller has. */
  readonly etag?: string | undefined;
}

/** What scanners live on: public, signed, without a key. */
export interface ListClient {
  /** The root keys to pin: COSE_Keys in base64url. */
  fetchRoots(options?: CallOptions): Promise<Answer<readonly string[]>>;
  /** The signed trust list. */
  fetchTrustList(options?: ListOptions): Promise<Answer<ListAnswer>>;
  /** The URIs of all status lists. */
  fetchStatusListUris(options?: CallOptions): Promise<Answer<readonly string[]>>;
  /**
   * A signed status list.
   *
   * @param id the last part of the path of its URI
   */
  fetchStatusList(id: string, options?: ListOptions): Promise<Answer<ListAnswer>>;
  /** All status lists in one signed file, as of its issue time. */
  fetchSnapshot(options?: ListOptions): Promise<Answer<ListAnswer>>;
  /**
   * What changed since that file, as of now; `snapshot_not_found` where it has to be fetched anew.
   *
   * @param base the sequence of the snapshot that the caller has
   */
  fetchSnapshotDelta(base: number, options?: ListOptions): Promise<Answer<ListAnswer>>;
  /** Every key that ever signed a receipt, oldest first: COSE_Keys in base64url. */
  fetchReceiptKeys(options?: CallOptions): Promise<Answer<readonly string[]>>;
}

/** A client for the lists alone: for scanners, which need nothing else of the service. */
export function createListClient(options: ClientOptions = {}): ListClient {
  const send = connect(options);
  const readStrings = (path: string, member: string, call: CallOptions = {}) =>
    send({ path, ...call }, async (response) => requireStrings(await readAs<unknown>(response), member));
  const readList = (path: string, call: ListOptions = {}) => send({ path, ...call }, readListAnswer);
  return {
    fetchRoots: (call) => readStrings('/v1/roots', 'roots', call),
    fetchTrustList: (call) => readList('/v1/trust-list', call),
    fetchStatusListUris: (call) => readStrings('/v1/status-lists', 'status_lists', call),
    fetchStatusList: (id, call) => readList(`/v1/status-lists/${encodeURIComponent(id)}`, call),
    fetchSnapshot: (call) => readList('/v1/revocation-snapshot', call),
    fetchSnapshotDelta: (base, call) => readList(`/v1/revocation-snapshot/deltas/${base}`, call),
    fetchReceiptKeys: (call) => readStrings('/v1/receipt-keys', 'keys', call),
  };
}

async function readListAnswer(response: Response): Promise<ListAnswer> {
  if (response.status === 304) return { kind: 'unchanged' };
  const etag = response.headers.get('ETag');
  return { kind: 'fresh', bytes: new Uint8Array(await response.arrayBuffer()), ...(etag !== null && { etag }) };
}

/** Public, and read where nobody may have set up TLS: whoever answered may be anybody. */
function requireStrings(json: unknown, member: string): readonly string[] {
  const strings = (json as Record<string, unknown> | null)?.[member];
  if (Array.isArray(strings) && strings.every((each) => typeof each === 'string')) return strings;
  throw new SyntaxError(`${member} is not an array of strings`);
}
