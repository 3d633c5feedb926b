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

interface Waiting {
  /** What it will lock: all groups of all processes lock in the same order, so that none waits for another in a circle. */
  readonly lock: string;
  /** Does its part, and gives what tells its caller so once all is committed. */
  run(transaction: Transaction<Tables>, audit: AuditLog): Promise<() => void>;
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
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#waiting.push({
      lock,
      reject,
      run: async (transaction, audit) => {
        const value = await work(transaction, audit);
        return () => resolve(value);
      },
    });
    if (!this.#isCommitting) void this.#commitAll();
    return promise;
  }

  async #commitAll(): Promise<void> {
    this.#isCommitting = true;
    while (this.#waiting.length > 0) {
      // Whatever else has arrived by now joins.
      await setImmediate();
      let group = this.#waiting.splice(0, MAX_GROUP).sort((a, b) => (a.lock < b.lock ? -1 : Number(a.lock > b.lock)));
      while (group.length > 0) group = await this.#commit(group);
    }
    this.#isCommitting = false;
  }

  /** @returns what is left to be done: a part that fails does not take the others with it */
  async #commit(group: Waiting[]): Promise<Waiting[]> {
    let running: Waiting | undefined;
    try {
      const answers = await this.#transactions.write(async (transaction, audit) => {
        const done: (() => void)[] = [];
        for (const part of group) {
          running = part;
          done.push(await part.run(transaction, audit));
        }
        running = undefined;
        return done;
      });
      const message: CommitMessage = { size: answers.length };
      committed.publish(message);
      for (const answer of answers) answer();
      return [];
    } catch (error) {
      const failed = running === undefined ? group : [running];
      for (const part of failed) part.reject(error);
      return group.filter((part) => !failed.includes(part));
    }
  }
}
