/** What stands in a vector file; schema.json says the same to other languages, and docs/vectors.md how to use it. */

export interface VectorFile {
  readonly $schema: './schema.json';
  readonly format: 'ZM1';
  readonly comment: string;
  /** What each flag of a case means. */
  readonly flags: Readonly<Record<string, string>>;
  /** Signed trust lists by a name of this file. */
  readonly trust: Readonly<Record<string, TrustMaterial>>;
  /** Sets of signed status lists by a name of this file. */
  readonly lists: Readonly<Record<string, ListMaterial>>;
  /** Signed snapshots by a name of this file. */
  readonly snapshots?: Readonly<Record<string, SnapshotMaterial>>;
  readonly cases: readonly VectorCase[];
}

export interface TrustMaterial {
  readonly list: Hex;
  /** COSE_Keys. */
  readonly roots: readonly Hex[];
  /** The time at which the verifier got the list; by then it had been issued. */
  readonly receivedAt: Instant;
}

export interface ListMaterial {
  /** The name of the trust list that they are verified with. */
  readonly trust: string;
  readonly receivedAt: Instant;
  /** Signed status lists by the URI they were fetched from. */
  readonly lists: Readonly<Record<string, Hex>>;
}

export interface SnapshotMaterial {
  /** The name of the trust list that it is verified with. */
  readonly trust: string;
  readonly receivedAt: Instant;
  readonly snapshot: Hex;
  /** Of a delta: the name of the snapshot that it changes. */
  readonly base?: string;
}

export type Hex = string;
/** RFC 3339, UTC. */
export type Instant = string;

interface AnyCase {
  readonly id: string;
  readonly comment: string;
  readonly flags: readonly string[];
  readonly now: Instant;
}

/** One code shown to a verifier. */
export interface CredentialCase extends AnyCase {
  readonly kind: 'credential';
  /** The text of the QR code; or else `bytes`. */
  readonly text?: string;
  readonly bytes?: Hex;
  readonly trust: string;
  /** A name of `lists` or of `snapshots`, or `not_checked`. */
  readonly lists: string;
  readonly options?: {
    readonly businessType?: string;
    readonly audience?: readonly string[];
    readonly challenge?: Hex;
    readonly clockSkewSeconds?: number;
    readonly maxStaleSeconds?: number;
  };
  readonly expect: CredentialSuccess | CredentialFailure;
}

export interface CredentialFailure {
  readonly ok: false;
  readonly code: string;
  /** The check that failed. */
  readonly check: string;
  /** False where the answer could not be found out here and now. */
  readonly conclusive: boolean;
}

export interface CredentialSuccess {
  readonly ok: true;
  readonly bearer: boolean;
  readonly status: 'valid' | 'not_revocable' | 'not_checked';
  readonly claims: Readonly<Record<string, unknown>>;
  /** docs/format.md §5: by what a store lets the code pass once. */
  readonly replayKey: Hex;
  readonly undisclosed?: number;
  readonly delegate?: {
    readonly name: string;
    readonly relation: string;
    readonly grantedBy: 'issuer' | 'holder';
    readonly expiresAt: Instant;
    readonly businessTypes?: readonly string[];
  };
  readonly presentation?: {
    readonly presentedAt: Instant;
    readonly audience: string;
    readonly challenged: boolean;
  };
}

/** One trust list offered to a verifier. */
export interface TrustListCase extends AnyCase {
  readonly kind: 'trust-list';
  readonly bytes: Hex;
  readonly roots: readonly Hex[];
  /** The list held before, a name of `trust`. */
  readonly previous?: string;
  readonly clockSkewSeconds?: number;
  readonly expect:
    | {
        readonly ok: true;
        readonly sequence: number;
        readonly issuers: readonly string[];
        readonly roots: readonly Hex[];
      }
    | ListFailure;
}

/** One status list offered to a verifier. */
export interface StatusListCase extends AnyCase {
  readonly kind: 'status-list';
  readonly bytes: Hex;
  readonly trust: string;
  /** The URI that was asked for. */
  readonly uri: string;
  /** The list held before, a name of `lists`, at the same URI. */
  readonly previous?: string;
  readonly clockSkewSeconds?: number;
  /** The indexes to look up. */
  readonly indexes?: readonly number[];
  readonly expect: { readonly ok: true; readonly size: number; readonly statuses: readonly string[] } | ListFailure;
}

/** One snapshot, or delta of one, offered to a verifier. */
export interface SnapshotCase extends AnyCase {
  readonly kind: 'snapshot';
  readonly bytes: Hex;
  readonly trust: string;
  /** The snapshot that a delta changes, a name of `snapshots`. */
  readonly base?: string;
  /** The snapshot held before, a name of `snapshots`. */
  readonly previous?: string;
  readonly clockSkewSeconds?: number;
  /** The indexes to look up, by the URI of their list. */
  readonly indexes?: Readonly<Record<string, readonly number[]>>;
  readonly expect:
    | {
        readonly ok: true;
        readonly sequence: number;
        /** How many indexes each list has, by its URI. */
        readonly sizes: Readonly<Record<string, number>>;
        readonly statuses: Readonly<Record<string, readonly string[]>>;
      }
    | ListFailure;
}

export interface ListFailure {
  readonly ok: false;
  readonly code: string;
}

export type VectorCase = CredentialCase | TrustListCase | StatusListCase | SnapshotCase;
export type Outcome = VectorCase['expect'];
