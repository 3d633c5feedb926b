import type { Kysely } from 'kysely';
import type { CommitGroup } from './commit-group.ts';
import type { Engine } from './engine.ts';
import type { KeptReads } from './kept-reads.ts';
import type { Tables } from './tables.ts';
import type { Transactions } from './transactions.ts';

/** A database, as every part of the store works with it. */
export interface Connection {
  readonly db: Kysely<Tables>;
  readonly engine: Engine;
  readonly transactions: Transactions;
  /** For what many ask at once: committed together. */
  readonly group: CommitGroup;
  readonly kept: KeptReads;
}
