import {
  deltaKey,
  isSameMark,
  type ListStore,
  markSnapshot,
  type StoredList,
  snapshotKey,
  TRUST_KEY,
} from '../src/lists/list-store.ts';

/** The service's side of HTTP, as far as lists need it. */
export interface ServedLists {
  /** What it answers, by path; a path that is not there is a refused connection, and a number the status of a problem. */
  readonly served: Map<string, Uint8Array | object | number>;
  readonly asked: { readonly path: string; readonly etag: string | undefined }[];
  readonly fetch: typeof fetch;
}

export function serveLists(): ServedLists {
  const served: ServedLists['served'] = new Map();
  const asked: ServedLists['asked'] = [];

  async function answer(path: string, init?: { headers?: Record<string, string> }): Promise<Response> {
    const etag = init?.headers?.['If-None-Match'];
    asked.push({ path, etag });
    const body = served.get(path);
    if (body === undefined) throw new TypeError('fetch failed');
    if (typeof body === 'number')
      return Response.json({ code: 'snapshot_not_found', detail: 'gone' }, { status: body });
    if (!(body instanceof Uint8Array)) return Response.json(body);
    const tag = `"${Buffer.from(body).subarray(-16).toString('hex')}"`;
    if (etag === tag) return new Response(null, { status: 304 });
    return new Response(new Uint8Array(body), { headers: { ETag: tag } });
  }

  return { served, asked, fetch: answer as typeof fetch };
}

/** The same contract as the browser's store, which the end-to-end test covers. */
export function createMemoryStore(): ListStore {
  const lists = new Map<string, StoredList>();
  let pins: readonly string[] | undefined;
  return {
    readRoots: async () => pins,
    writeRoots: async (roots) => {
      pins = roots;
    },
    writeTrustList: async (list, roots) => {
      lists.set(TRUST_KEY, list);
      pins = roots;
    },
    readList: async (key) => lists.get(key),
    writeList: async (key, list) => {
      lists.set(key, list);
    },
    writeSnapshot: async (issuer, { whole, delta }, over) => {
      const held = { whole: lists.get(snapshotKey(issuer)), delta: lists.get(deltaKey(issuer)) };
      if (!isSameMark(markSnapshot(held), over)) return false;
      if (whole) lists.set(snapshotKey(issuer), whole);
      if (delta) lists.set(deltaKey(issuer), delta);
      else lists.delete(deltaKey(issuer));
      return true;
    },
    deleteList: async (key) => {
      lists.delete(key);
    },
    listKeys: async () => [...lists.keys()],
  };
}
