/** What differs between the databases beyond what kysely hides. */
export interface Engine {
  /** Whether several transactions write at once, so that rows have to be locked. SQLite lets one write at a time. */
  readonly writesAtOnce: boolean;
  /** Whether a transaction that failed with `error` may succeed when it is run again as a whole. */
  isConflict(error: unknown): boolean;
  /**
   * Another value after each change of who is let in, and of what lists are made of, by whichever process. Absent where only
   * reading these can tell.
   */
  readonly readMark?: () => string;
}
