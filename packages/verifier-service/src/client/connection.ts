import type { FieldFault, ServiceErrorCode } from '../errors.ts';

/** What came of a call. */
export type Answer<Value> = { readonly ok: true; readonly value: Value } | ServiceFailure;

/**
 * Why there is no answer: `unreachable` or `timed_out`, after which nobody knows whether a request was carried out;
 * `unexpected_answer`, of something that is not the service.
 */
export type ConnectionFailureCode = 'unreachable' | 'timed_out' | 'unexpected_answer';

/** A call that failed: the problem that the service answered (RFC 9457), or that it did not answer. */
export interface ServiceFailure {
  /** Tells it apart from an answer. */
  readonly ok: false;
  /** Stable. A newer service may answer one that this version does not name. */
  readonly code: ServiceErrorCode | ConnectionFailureCode;
  /** One English sentence, without personal data. */
  readonly detail: string;
  /** HTTP; absent where there was no answer. */
  readonly status?: number;
  /** Which fields were refused, as JSON Pointers, and why; never their values. */
  readonly faults: readonly FieldFault[];
  /** After how many seconds the same request may succeed, where the service says so. */
  readonly retryAfterSeconds?: number;
}

/** Where a service is and who calls. */
export interface ClientOptions {
  /** Such as `https://zm.example`, without a slash at the end. In a browser, unless given, that of the page. */
  readonly origin?: string;
  /** `zk_…`, or a token of the OpenID provider. Without it only what is public can be asked for. */
  readonly apiKey?: string;
  /** How long one answer may take, with its body: 20 unless given. */
  readonly timeoutSeconds?: number;
  /** Another than the platform's. */
  readonly fetch?: typeof fetch;
}

/** What goes with one call. */
export interface CallOptions {
  /** Gives the call up; it then rejects with the reason of the signal, as `fetch` does. */
  readonly signal?: AbortSignal;
}

/** One request. */
export interface ServiceRequest extends CallOptions {
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  /** Sent as JSON by POST. */
  readonly json?: unknown;
  /** Sent as they are by POST. */
  readonly bytes?: { readonly body: Uint8Array; readonly mediaType: string };
  /** Where there is nothing to send. */
  readonly method?: 'POST';
  readonly etag?: string | undefined;
}

/** Sends requests. Rejects for nothing but the caller's own signal, or `read`. */
export type Connection = <Value>(
  request: ServiceRequest,
  read: (response: Response) => Promise<Value>,
) => Promise<Answer<Value>>;

const DEFAULT_TIMEOUT_SECONDS = 20;
const CODE = /^[a-z_]{1,40}$/;

/** A way to a service. */
export function connect(options: ClientOptions): Connection {
  const { origin = '', apiKey, timeoutSeconds = DEFAULT_TIMEOUT_SECONDS, fetch: fetchLike = fetch } = options;
  return async ({ path, query, json, bytes, method, etag, signal }, read) => {
    signal?.throwIfAborted();
    const stop = new AbortController();
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      stop.abort();
    }, timeoutSeconds * 1000);
    const giveUp = () => stop.abort();
    signal?.addEventListener('abort', giveUp);
    try {
      const response = await fetchLike(origin + path + writeQuery(query), {
        method: json !== undefined || bytes ? 'POST' : (method ?? 'GET'),
        headers: {
          ...(apiKey !== undefined && { Authorization: `Bearer ${apiKey}` }),
          ...(json !== undefined && { 'Content-Type': 'application/json' }),
          ...(bytes && { 'Content-Type': bytes.mediaType }),
          ...(etag !== undefined && { 'If-None-Match': etag }),
        },
        ...(json !== undefined && { body: JSON.stringify(json) }),
        ...(bytes && { body: bytes.body as Uint8Array<ArrayBuffer> }),
        // What is held is compared by its own tag: a cache between would only hide how old an answer is.
        cache: 'no-store',
        // The key goes to this origin and nowhere else.
        redirect: 'error',
        credentials: 'omit',
        signal: stop.signal,
      });
      if (!response.ok && !(response.status === 304 && etag !== undefined)) return await readProblem(response);
      const { status } = response;
      return { ok: true, value: await read(response).catch((error) => refuseBody(error, status)) };
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      if (error instanceof UnexpectedAnswer) return error.failure;
      if (isLate) return describe('timed_out', `There was no answer within ${timeoutSeconds} seconds.`);
      return describe('unreachable', 'The service could not be reached.');
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', giveUp);
    }
  };
}

/** JSON of a type that is taken on trust: the service holds its answers to the schemas, and TLS says that it is the service. */
export async function readAs<Value>(response: Response): Promise<Value> {
  return (await response.json()) as Value;
}

class UnexpectedAnswer extends Error {
  readonly failure: ServiceFailure;

  constructor(status: number) {
    super();
    this.failure = { ...describe('unexpected_answer', 'The answer is not one of the service.'), status };
  }
}

/** A body that breaks off is a connection that broke; one that is no JSON is somebody else's. */
function refuseBody(error: unknown, status: number): never {
  throw error instanceof SyntaxError ? new UnexpectedAnswer(status) : error;
}

async function readProblem(response: Response): Promise<ServiceFailure> {
  const { status } = response;
  const body: unknown = await response.json().catch((error) => refuseBody(error, status));
  const { code, detail, errors } = (body ?? {}) as { code?: unknown; detail?: unknown; errors?: unknown };
  if (typeof code !== 'string' || !CODE.test(code) || typeof detail !== 'string') throw new UnexpectedAnswer(status);
  const retryAfterSeconds = Number(response.headers.get('Retry-After') ?? Number.NaN);
  return {
    ok: false,
    code: code as ServiceErrorCode,
    detail,
    status,
    faults: Array.isArray(errors) ? (errors as FieldFault[]) : [],
    ...(retryAfterSeconds >= 0 && { retryAfterSeconds }),
  };
}

function describe(code: ConnectionFailureCode, detail: string): ServiceFailure {
  return { ok: false, code, detail, faults: [] };
}

function writeQuery(query: ServiceRequest['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  const text = new URLSearchParams(Object.fromEntries(given.map(([name, value]) => [name, String(value)]))).toString();
  return text && `?${text}`;
}
