import type { Actor } from './access.ts';

/** What can be done that is audited. */
export type AuditAction =
  | 'issue'
  | 'valid'
  | 'suspended'
  | 'revoked'
  | 'verify'
  | 'propose'
  | 'approve'
  | 'reject'
  | 'purge'
  | 'sign_checkpoint'
  | 'restore'
  | 'read_identity'
  | 'check_identity'
  | 'add_his_grant'
  | 'remove_his_grant'
  | 'add_organisation'
  | 'disable_organisation'
  | 'enable_organisation'
  | 'add_operator'
  | 'disable_operator'
  | 'enable_operator'
  | 'add_api_key'
  | 'withdraw_api_keys'
  | 'link_subject'
  | 'unlink_subject'
  | 'add_issuer_key'
  | 'retire_issuer_key'
  | 'add_offline_key'
  | 'withdraw_offline_key'
  | 'record_offline'
  | 'add_webhook'
  | 'disable_webhook'
  | 'remove_webhook';

/** What an operator did, and for which organisation. Nothing else about a person is ever in it. */
export interface AuditRecord extends Actor {
  readonly at: Date;
  readonly action: AuditAction;
  /** The cti, 16 hex digits. Absent for a code whose signature was not good: what it says of itself is anybody's word. */
  readonly credential?: string;
  /** What it was scanned for 用码业务类型. */
  readonly businessType?: string;
  readonly reason?: string;
  /** What was changed, where it is no credential: the id of an operator, an organisation, a key. */
  readonly subject?: string;
  /** Of a verification: `accepted`, `repeated`, `replayed`, or the code of the verdict; of an offline one, what it contradicts. */
  readonly outcome?: string;
  /** The id of the receipt, 32 hex digits. */
  readonly receipt?: string;
}

/**
 * A record with its place. There are several chains where several processes write at once; `seq` counts the rows of one
 * chain from 1 without a gap, and `hash` binds the row to all before it in its chain.
 */
export interface AuditEntry extends AuditRecord {
  readonly chain: number;
  readonly seq: number;
  /** SHA-256, 32 bytes. */
  readonly hash: Uint8Array;
}

/** The last row of a chain, and the last one that was purged (0 and zero bytes while none was). */
export interface AuditChain {
  readonly chain: number;
  readonly seq: number;
  readonly hash: Uint8Array;
  readonly purgedSeq: number;
  readonly purgedHash: Uint8Array;
}

/** A signed note about where the chains ended: whoever keeps one elsewhere notices when the past is rewritten. */
export interface AuditCheckpoint {
  readonly at: Date;
  readonly note: string;
}

/** Each member narrows the search; absent ones do not. */
export interface AuditSearch {
  readonly from?: Date;
  /** Not included. */
  readonly to?: Date;
  readonly operator?: string;
  /** Of this organisation alone. */
  readonly organisation?: string;
  /** Of this organisation and all below it. */
  readonly within?: string;
  readonly action?: AuditAction;
  readonly credential?: string;
  readonly businessType?: string;
  readonly outcome?: string;
  readonly receipt?: string;
  /** Where the page before ended. */
  readonly after?: AuditPosition;
  readonly limit: number;
}

/** A place in the order of a search. */
export interface AuditPosition {
  readonly at: Date;
  readonly chain: number;
  readonly seq: number;
}

/** A page may have fewer entries than were asked for, even none, and others follow: where few of very many rows match. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Absent on the last page alone. */
  readonly next?: AuditPosition;
}

/** How often something was done, with its outcome where it has one. */
export interface AuditCount {
  readonly action: AuditAction;
  readonly outcome?: string;
  readonly count: number;
}

/** `isComplete` is false where there were more rows than were to be read: then each count is a lower bound. */
export interface AuditCounts {
  readonly counts: readonly AuditCount[];
  readonly isComplete: boolean;
}

export interface PurgeOutcome {
  readonly rows: number;
  readonly receipts: number;
}
