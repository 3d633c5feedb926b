import type { PostgresPool, PostgresPoolClient } from 'kysely';
import pg from 'pg';
import { ServiceError } from '../../errors.ts';

/** Connections of one process. The group of verifications uses one of them at a time. */
const CONNECTIONS = 10;
const CONNECT_MILLISECONDS = 3000;
/** A statement that has no answer by then has none: its server is gone without a word, or is stuck. */
const QUERY_MILLISECONDS = 10_000;

/** PostgreSQL's codes for a transaction that another was in the way of: serialization failure, deadlock. */
const CONFLICTS: readonly unknown[] = ['40001', '40P01'];

/** A server that takes no writes any more, or is stopping: class 08, read-only, shutdown, crash, starting. */
const GONE = /^(?:08...|25006|57P0[123])$/;

const INT8 = 20;

/**
 * Connections to whichever of several servers is the primary. Each connection is asked once whether its server takes
 * writes; when none of the present server can be had, the next one is tried. So a standby that was promoted is found by
 * itself, and a primary that was shut down is left.
 */
export class FailoverPool implements PostgresPool {
  readonly options = {};
  readonly #pools: readonly pg.Pool[];
  readonly #known = new WeakMap<pg.PoolClient, PostgresPoolClient>();
  #current = 0;

  constructor(addresses: readonly string[]) {
    this.#pools = addresses.map((connectionString) => {
      const pool = new pg.Pool({
        connectionString,
        max: CONNECTIONS,
        connectionTimeoutMillis: CONNECT_MILLISECONDS,
        query_timeout: QUERY_MILLISECONDS,
        keepAlive: true,
        application_name: 'zhengma',
        types: { getTypeParser: readNumbers },
      });
      // An idle connection that breaks is not a fault of anybody: the pool has dropped it already.
      pool.on('error', () => {});
      return pool;
    });
  }

  /** Rejects with `ServiceError` `store_unavailable` when no server takes writes. */
  async connect(): Promise<PostgresPoolClient> {
    let last: unknown;
    for (let tries = 0; tries < this.#pools.length; tries++) {
      const place = (this.#current + tries) % this.#pools.length;
      try {
        const client = await this.#connectTo(this.#pools[place] as pg.Pool);
        this.#current = place;
        return client;
      } catch (error) {
        last = error;
      }
    }
    throw toStoreError(last);
  }

  async end(): Promise<void> {
    await Promise.all(this.#pools.map((pool) => pool.end()));
  }

  async #connectTo(pool: pg.Pool): Promise<PostgresPoolClient> {
    const client = await pool.connect();
    const known = this.#known.get(client);
    if (known) return known;
    const { rows } = await client.query('show transaction_read_only').catch((error: unknown) => {
      client.release(true);
      throw error;
    });
    if (rows[0]?.transaction_read_only === 'on') {
      client.release(true);
      throw Object.assign(new Error('The server is a standby'), { code: '25006' });
    }
    const watched = watch(client);
    this.#known.set(client, watched);
    return watched;
  }
}

/** Whether the transaction that failed with this may succeed when it is run again. */
export function isConflict(error: unknown): boolean {
  return error instanceof ServiceError && CONFLICTS.includes((error.cause as { code?: unknown } | undefined)?.code);
}

/** The client, with named errors; a connection whose server is gone is not used again. */
function watch(client: pg.PoolClient): PostgresPoolClient {
  let isGone = false;
  // Between two statements of a transaction, nobody else listens for the end of the connection.
  client.on('error', () => {
    isGone = true;
  });
  const query = async (text: string, parameters: readonly unknown[]) => {
    try {
      return await client.query(text, [...parameters]);
    } catch (error) {
      const { code } = error as { code?: string };
      isGone ||= code === undefined || GONE.test(code) || code.startsWith('E');
      throw toStoreError(error);
    }
  };
  // kysely also knows of cursors, which are not used here.
  const release = (discard = false) => client.release(isGone || discard);
  return { query: query as unknown as PostgresPoolClient['query'], release };
}

function toStoreError(error: unknown): ServiceError {
  return new ServiceError('store_unavailable', 'The database did not answer.', { cause: error });
}

/** Integers of 64 bits as numbers: milliseconds and counts are far below 2^53. */
function readNumbers(oid: number, format?: unknown) {
  if (oid === INT8) return Number;
  return pg.types.getTypeParser(oid, format as 'text');
}
