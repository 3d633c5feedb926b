import type { Kysely, Transaction } from 'kysely';
import { AuditLog } from './audit-log.ts';
import type { Engine } from './engine.ts';
import type { Tables } from './tables.ts';

/** What a write does: its changes by `transaction`, and what is said about them to `audit`. */
export type Work<T> = (transaction: Transaction<Tables>, audit: AuditLog) => Promise<T>;

/** A conflict resolves itself when the others have committed; one that does not within so many runs is a fault. */
const MAX_RUNS = 10;

/** Another process has committed, after this transaction had looked, what it is about to write: it is to look again. */
export class WrittenMeanwhile extends Error {
  override readonly name = 'WrittenMeanwhile';
}

/** Runs writes, each with its audit rows in one transaction, and again where another writer was in the way. */
export class Transactions {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
  }

  /** @param work may be run again after it was rolled back: it changes nothing but the database */
  async write<T>(work: Work<T>): Promise<T> {
    for (let run = 1; ; run++) {
      try {
        return await this.#db.transaction().execute(async (transaction) => {
          const audit = new AuditLog(this.#engine);
          const value = await work(transaction, audit);
          await audit.write(transaction);
          return value;
        });
      } catch (error) {
        const isConflict = error instanceof WrittenMeanwhile || this.#engine.isConflict(error);
        if (run === MAX_RUNS || !isConflict) throw error;
      }
    }
  }

  /** Reads several things as they were at one instant. */
  async read<T>(work: (transaction: Transaction<Tables>) => Promise<T>): Promise<T> {
    return this.#db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work);
  }
}
