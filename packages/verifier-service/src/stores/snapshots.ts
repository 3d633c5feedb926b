/** A snapshot of all status lists that was published, or what changed since one. */
export interface PublishedSnapshot {
  /** Greater in each that is published, deltas included. */
  readonly sequence: number;
  /** Only of a delta: the sequence of the snapshot that it changes. */
  readonly base?: number;
  /** The version of all lists together that it says. */
  readonly version: number;
  /** Tells whether it was signed for the same address with the same key. */
  readonly fingerprint: string;
  /** Whole seconds. */
  readonly issuedAt: Date;
}

/** What the rows say by now, and what of it was published. */
export interface SnapshotState {
  /** Grows with every change of a published status, and with every list: equal versions, equal lists. */
  readonly version: number;
  /** The one that was published last; sequence 0 before the first. */
  readonly last: Pick<PublishedSnapshot, 'sequence' | 'issuedAt'>;
  /** The last few snapshots, and of each its newest delta: the newest last. */
  readonly published: readonly PublishedSnapshot[];
}

/** Of each list by its number, the version that was read. */
export type ListVersions = Readonly<Record<number, number>>;

/** Lists as they were at one instant, with the entries that are not `valid`. */
export interface SnapshotRows {
  readonly version: number;
  readonly versions: ListVersions;
  readonly lists: readonly {
    readonly list: number;
    readonly size: number;
    readonly entries: readonly (readonly [index: number, status: 'revoked' | 'suspended'])[];
  }[];
}

/** A snapshot to be published, with what a later delta is derived by. */
export interface NewSnapshot extends PublishedSnapshot {
  readonly bytes: Uint8Array;
  /** Only of a whole one. */
  readonly versions?: ListVersions;
}

/** Snapshots of all status lists. */
export interface SnapshotStore {
  snapshotState(): Promise<SnapshotState>;
  /** Undefined for one that is not among the published any more. */
  readSnapshot(sequence: number): Promise<Pick<NewSnapshot, 'bytes' | 'versions'> | undefined>;
  /** The lists that are new since, or were changed; all of them unless given. */
  readSnapshotRows(since?: ListVersions): Promise<SnapshotRows>;
  /**
   * Publishes one, in place of the delta before it; of snapshots, the last four stay, with their deltas. False when another was
   * published last than `after`: read again.
   */
  recordSnapshot(snapshot: NewSnapshot, after: number): Promise<boolean>;
}
