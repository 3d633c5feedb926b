import { channel } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';
import type { Transaction } from 'kysely';
import type { AuditLog } from './audit-log.ts';
import type { Tables } from './tables.ts';
import type { Transactions, Work } from './transactions.ts';

/** Bounds how long one transaction holds the connection, and with it every other request. */
const MAX_GROUP = 64;

/** Where it is told how many were committed together: a `CommitMessage`. */
export const COMMIT_CHANNEL = 'zhengma.commit-group';

export interface CommitMessage {
  readonly size: number;
}

const committed = channel(COMMIT_CHANNEL);

/**
 * Does the same for each of several items, in as few statements as for one, and gives what came of each, in order. May be run
 * again after it was rolled back: it changes nothing but the database.
 */
export type WorkOnAll<I, O> = (
  transaction: Transaction<Tables>,
  audit: AuditLog,
  items: readonly I[],
) => Promise<readonly O[]>;

interface Waiting {
  /** What is done with its item; those that wait for the same are done at once. */
  readonly work: WorkOnAll<unknown, unknown>;
  readonly item: unknown;
  /** What it will lock: all groups of all processes lock in the same order, so that none waits for another in a circle. */
  readonly lock: string;
  resolve(outcome: unknown): void;
  reject(error: unknown): void;
}

/**
 * Commits together what is asked for at the same time. A commit waits for the disk, and waits as long for one row as for
 * sixty; nobody is answered before the commit of their own part.
 */
export class CommitGroup {
  readonly #transactions: Transactions;
  #waiting: Waiting[] = [];
  #isCommitting = false;

  constructor(transactions: Transactions) {
    this.#transactions = transactions;
  }

  /**
   * @param work may be run again after it was rolled back: it changes nothing but the database
   * @param lock what `work` will lock
   */
  run<T>(work: Work<T>, lock = ''): Promise<T> {
    return this.join(async (transaction, audit) => [await work(transaction, audit)], undefined, lock);
  }

  /**
   * @param work the same function for all items that it is to do at once
   * @param lock what `work` will lock for this item
   */
  join<I, O>(work: WorkOnAll<I, O>, item: I, lock: string): Promise<O> {
    const { promise, resolve, reject } = Promise.withResolvers<O>();
    this.#waiting.push({
      work: work as WorkOnAll<unknown, unknown>,
      item,
      lock,
      resolve: resolve as (outcome: unknown) => void,
      reject,
    });
    if (!this.#isCommitting) void this.#commitAll();
    return promise;
  }

  async #commitAll(): Promise<void> {
    this.#isCommitting = true;
    while (this.#waiting.length > 0) {
      await this.#gather();
      const group = this.#waiting.splice(0, MAX_GROUP).sort((a, b) => (a.lock < b.lock ? -1 : Number(a.lock > b.lock)));
      for (let left = [group]; left.length > 0; ) left = await this.#commitFirst(left);
    }
    this.#isCommitting = false;
  }

  /** Whatever else has arrived by now joins, and so on for as long as each turn of the event loop brings more. */
  async #gather(): Promise<void> {
    for (let before = 0; before < this.#waiting.length && before < MAX_GROUP; ) {
      before = this.#waiting.length;
      await setImmediate();
    }
  }

  /** @returns what is left to be done: a part that fails does not take the others with it */
  async #commitFirst([group = [], ...others]: Waiting[][]): Promise<Waiting[][]> {
    let running: Waiting[] | undefined;
    try {
      const answers = await this.#transactions.write(async (transaction, audit) => {
        const done: (() => void)[] = [];
        for (const parts of Map.groupBy(group, ({ work }) => work).values()) {
          running = parts;
          const [{ work }] = parts as [Waiting];
          const items = parts.map(({ item }) => item);
          const outcomes = await work(transaction, audit, items);
          for (const [at, part] of parts.entries()) done.push(() => part.resolve(outcomes[at]));
        }
        running = undefined;
        return done;
      });
      const message: CommitMessage = { size: answers.length };
      committed.publish(message);
      for (const answer of answers) answer();
      return others;
    } catch (error) {
      const failed = running;
      // Nothing could be begun, or committed: nor could the rest.
      if (!failed) {
        for (const part of [group, ...others].flat()) part.reject(error);
        return [];
      }
      const rest = group.filter((part) => !failed.includes(part));
      // Which of them failed is found out by trying each alone.
      const alone = failed.length > 1 ? failed.map((part) => [part]) : [];
      if (alone.length === 0) failed[0]?.reject(error);
      return [...(rest.length > 0 ? [rest] : []), ...alone, ...others];
    }
  }
}
