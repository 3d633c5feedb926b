import type { Actor, ApiKeyRecord, HisGrant, ListedOperator, Operator, Organisation } from './access.ts';
import type {
  AuditChain,
  AuditCheckpoint,
  AuditCounts,
  AuditEntry,
  AuditPage,
  AuditSearch,
  PurgeOutcome,
} from './audit.ts';
import type { OfflineStore } from './offline.ts';
import type { ProposalStore } from './proposals.ts';
import type { SignedReceipt } from './receipt.ts';
import type { SnapshotStore } from './snapshots.ts';
import type { WebhookStore } from './webhooks.ts';

export type CredentialStatus = 'valid' | 'suspended' | 'revoked';

/** What a trust list says about the issuer of this data folder. Keys are COSE_Key bytes, oldest first. */
export interface Issuer {
  readonly id: string;
  readonly name: string;
  readonly types: readonly string[];
  readonly regions: readonly string[];
  readonly statusBaseUri: string;
  readonly keys: readonly IssuerKeyRecord[];
}

export interface IssuerKeyRecord {
  readonly kid: string;
  readonly publicKey: Uint8Array;
  readonly createdAt: Date;
  /** Until then it stands in the trust list and signs nothing. */
  readonly signsFrom: Date;
  /** From then on it signs nothing; what it signed before stays good. */
  readonly retiredAt?: Date;
  /** What it signed from then on is refused. */
  readonly compromisedSince?: Date;
}

export interface KeyRetirement {
  readonly kid: string;
  readonly at: Date;
  readonly compromisedSince?: Date;
  readonly by: Actor;
}

/**
 * `unchanged`: it is retired already, and as compromised as was asked for. `only_key`: no other key may sign at that time.
 * `said_earlier`: it is known as compromised since an earlier time, which nobody takes back.
 */
export type KeyRetirementOutcome = 'retired' | 'unchanged' | 'not_found' | 'only_key' | 'said_earlier';

/** A credential as the store knows it: where its status lives and how long it lasts. No claim, no name, no QR text. */
export interface CredentialRecord {
  readonly id: string;
  readonly list: number;
  readonly index: number;
  readonly status: CredentialStatus;
  readonly type: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly changedAt: Date;
  /** Whose operator issued it. */
  readonly organisation: string;
}

export interface IssueRecord {
  readonly id: string;
  readonly list: number;
  readonly index: number;
  readonly type: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly by: Actor;
  /** For a credential that somebody else presents. */
  readonly delegation?: {
    /** A keyed hash of who is acted for. */
    readonly subject: string;
    /** How many such credentials of this subject may be in force. */
    readonly limit: number;
  };
  /** The id of the credential that is revoked by this one. */
  readonly replaces?: string;
  /** The id of the approved proposal that is carried out by it. */
  readonly proposal?: string;
  /** Who it is about, sealed; kept until the credential ends. */
  readonly identity?: Uint8Array;
}

/** That somebody was told who a credential is about, or whether it is about the person they named. */
export interface IdentityUse {
  readonly at: Date;
  readonly by: Actor;
  readonly action: 'read_identity' | 'check_identity';
  /** Absent for a token that is not ours. */
  readonly credential?: string;
  /** Empty when nobody said what for. */
  readonly businessType: string;
  readonly outcome?: string;
}

/**
 * `index_taken`: another process recorded the same index first. `too_many_delegates`: it would be one above the limit.
 * `replaced_not_found`, `replaced_final`: there is no credential to be replaced, or it is revoked already. `proposal_closed`:
 * what was proposed is not approved, or not any more.
 */
export type IssueOutcome =
  | 'recorded'
  | 'index_taken'
  | 'too_many_delegates'
  | 'replaced_not_found'
  | 'replaced_final'
  | 'proposal_closed';

/** An issue for a row of a job that issues many. */
export interface JobIssue extends IssueRecord {
  readonly row: number;
  /** Of the key that signed it, 16 hex digits. */
  readonly kid: string;
}

/** What was recorded for a row of a job: enough to sign the same again. */
export type JobRow = Omit<JobIssue, 'by' | 'type' | 'delegation' | 'replaces'>;

export interface StatusChange {
  readonly id: string;
  readonly status: CredentialStatus;
  readonly by: Actor;
  readonly at: Date;
  readonly reason?: string;
  /** The id of the pending proposal that is approved and carried out by it. */
  readonly proposal?: string;
}

export type StatusChangeOutcome =
  | { readonly outcome: 'changed' | 'unchanged'; readonly credential: CredentialRecord }
  | { readonly outcome: 'not_found' | 'final' | 'proposal_closed' };

/** A code that was found valid, and the receipt that it gets unless it was shown before. */
export interface Acceptance {
  readonly replayKey: string;
  /** A bearer code is shown again at every step of a visit; a presentation passes once. */
  readonly bearer: boolean;
  /** When a presentation was made. */
  readonly presentedAt?: Date;
  readonly by: Actor;
  /** Empty when nobody said what for. */
  readonly businessType: string;
  /** Until when the same code, at the same place for the same business, is the same event. */
  readonly until: Date;
  readonly receipt: SignedReceipt;
  readonly at: Date;
  readonly credential: string;
}

/**
 * `first`, with the receipt given; `repeated`, with the receipt of the first time; `replayed`: the code was shown
 * elsewhere or for something else; `forgotten`: whether it was shown is not known any more, `until` being past;
 * `before_restore`: nor is it of a code that was made before the database was restored.
 */
export type AcceptanceOutcome =
  | { readonly outcome: 'first' | 'repeated'; readonly receipt: SignedReceipt }
  | { readonly outcome: 'replayed'; readonly firstShownAt: Date }
  | { readonly outcome: 'forgotten'; readonly until: Date }
  | { readonly outcome: 'before_restore'; readonly restoredAt: Date };

/** A code that was refused. */
export interface RefusalRecord {
  readonly at: Date;
  readonly by: Actor;
  /** Empty when nobody said what for. */
  readonly businessType: string;
  /** The code of the verdict. */
  readonly outcome: string;
  /** Only where the issuer's signature was good. */
  readonly credential?: string;
}

/** That the database is one that was brought back. */
export interface Restoration {
  readonly at: Date;
  /** Absent where it is not known. */
  readonly backupTakenAt?: Date;
  readonly by: Actor;
}

export interface ReceiptKeyRecord {
  readonly kid: string;
  /** A COSE_Key. */
  readonly publicKey: Uint8Array;
  readonly createdAt: Date;
}

/** `version` grows with every change of a published status: equal versions, equal lists. */
export interface StatusListHead {
  readonly id: number;
  readonly size: number;
  readonly version: number;
  /** The list that was signed last. Absent while none was. */
  readonly published?: Omit<PublishedStatusList, 'bytes'>;
}

export interface PublishedStatusList {
  /** The version of the head that it says. */
  readonly version: number;
  /** Tells whether it was signed for the same address with the same key. */
  readonly fingerprint: string;
  readonly bytes: Uint8Array;
  /** Whole seconds. */
  readonly issuedAt: Date;
}

/** A status list, read at one instant: the head, the entries that are not `valid`, the bytes of `published`. */
export interface StatusListContents extends StatusListHead {
  readonly entries: readonly [index: number, status: 'revoked' | 'suspended'][];
  readonly publishedBytes?: Uint8Array;
}

export interface PublishedTrustList {
  readonly sequence: number;
  /** Tells whether the content is still what the tables say, without decoding `bytes`. */
  readonly fingerprint: string;
  readonly bytes: Uint8Array;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
}

/** Who may do what: organisations, operators, their keys, the calls of a HIS. */
export interface AccessStore {
  /** Whether it was added: not where there is one of this id. */
  addOrganisation(organisation: Organisation, by: Actor, at: Date): Promise<boolean>;
  /** Undefined for a code that nobody added. */
  findOrganisation(id: string): Promise<Organisation | undefined>;
  /** Whether an organisation is `root` or below it. False for a code that nobody added. */
  isWithin(id: string, root: string): Promise<boolean>;
  /** The organisation and all below it, in the order of their codes. */
  organisationsWithin(id: string): Promise<readonly Organisation[]>;
  /** `undefined` lets them in again. */
  disableOrganisation(id: string, disabledAt: Date | undefined, by: Actor, at: Date): Promise<void>;
  /**
   * With `subject`, linked to it as by `linkSubject`, which it throws like: then the operator is not added either.
   */
  addOperator(operator: Operator, by: Actor, at: Date, subject?: string): Promise<void>;
  /** Whose API key this is. Undefined for one that is unknown, withdrawn or over, and when its operator, or an organisation above, is disabled or over. */
  authenticate(keyHash: string, at: Date): Promise<Operator | undefined>;
  findOperator(id: string): Promise<Operator | undefined>;
  /** Of the organisation and all below it, in the order of their names. */
  operatorsWithin(organisation: string): Promise<readonly ListedOperator[]>;
  /** `undefined` lets them in again. */
  disableOperator(id: string, disabledAt: Date | undefined, by: Actor, at: Date): Promise<void>;
  addApiKey(key: ApiKeyRecord, by: Actor): Promise<void>;
  /** From now on the operator's API keys are unknown; what was done with them stays recorded. Returns how many there were. */
  withdrawApiKeys(operator: string, by: Actor, at: Date): Promise<number>;
  /**
   * Lets whoever is known by this keyed hash act as the operator, in place of whom was linked before. Throws `ServiceError`
   * `subject_taken` where it is linked to another operator.
   */
  linkSubject(subject: string, operator: string, by: Actor, at: Date): Promise<void>;
  /** False when none was linked. */
  unlinkSubject(operator: string, by: Actor, at: Date): Promise<boolean>;
  /** Who is linked to this keyed hash, by the conditions of `authenticate`. */
  authenticateSubject(subject: string, at: Date): Promise<Operator | undefined>;
  /** Replaces each hash that `replace` gives another for. */
  rehashApiKeys(replace: (hash: string) => string | undefined): Promise<void>;
  /** Replaces the one of the same organisation and network. */
  addHisGrant(grant: HisGrant, by: Actor, at: Date): Promise<void>;
  /** Returns how many of the organisation there were. */
  removeHisGrants(organisation: string, by: Actor, at: Date): Promise<number>;
  hisGrants(): Promise<readonly HisGrant[]>;
  /** Those of the organisation whose operator is let in at this moment. */
  findHisGrants(organisation: string, at: Date): Promise<readonly { network: string; operator: Operator }[]>;
}

/** The issuer of the folder and its keys. */
export interface IssuerStore {
  /** Adds the issuer of this folder, its first key, its organisation, and the operator that stands for the folder's owner. */
  addIssuer(issuer: Omit<Issuer, 'keys'>, key: IssuerKeyRecord, owner: Operator): Promise<void>;
  findIssuer(): Promise<Issuer | undefined>;
  /**
   * Adds a key with its audit row. Where there are 16, the one that has ended longest goes, once nothing is good of what it
   * signed; `too_many` until then.
   */
  addIssuerKey(key: IssuerKeyRecord, by: Actor): Promise<'added' | 'too_many'>;
  /** Ends a key with its audit row. Of one that has ended already, it can still be said that it was compromised. */
  retireIssuerKey(retirement: KeyRetirement): Promise<KeyRetirementOutcome>;
  setStatusBaseUri(statusBaseUri: string): Promise<void>;
}

/** What was issued, its status, and who it is about. */
export interface CredentialStore {
  /** A free index, chosen at random, of the list that is being filled; opens the next list when this one is full enough. */
  proposeIndex(): Promise<{ list: number; index: number }>;
  /** So many of them, each another. */
  proposeIndexes(count: number): Promise<readonly { list: number; index: number }[]>;
  /**
   * Records an issue and its audit row, and the revocation of the credential it replaces with its own, or nothing. A
   * credential is in force unless it has expired or is revoked.
   */
  recordIssue(issue: IssueRecord): Promise<IssueOutcome>;
  /** The same for rows of a job, an outcome for each; throws, and records nothing, when a row was recorded before. */
  recordIssues(job: string, issues: readonly JobIssue[]): Promise<readonly IssueOutcome[]>;
  /** What was recorded for the rows of a job from `first` to `last`, in order. */
  readJobRows(job: string, first: number, last: number): Promise<readonly JobRow[]>;
  findCredential(id: string): Promise<CredentialRecord | undefined>;
  /** Changes a status with its audit row. `final` when the credential is revoked and another status was asked for. */
  changeStatus(change: StatusChange): Promise<StatusChangeOutcome>;
  /** The sealed identity of a credential. Undefined where none is kept. */
  findIdentity(credential: string): Promise<Uint8Array | undefined>;
  recordIdentityUse(use: IdentityUse): Promise<void>;
  /** Deletes a step of the identities whose credentials ended before; returns how many, 0 when none is left. */
  forgetIdentities(endedBefore: Date): Promise<number>;
}

/** What was verified: codes that pass once, receipts, the keys that sign them. */
export interface VerificationStore {
  /** Lets a code pass once: its key, its receipt and the audit row are one transaction, on every process of the folder. */
  recordAcceptance(acceptance: Acceptance): Promise<AcceptanceOutcome>;
  recordRefusal(refusal: RefusalRecord): Promise<void>;
  findReceipt(id: string): Promise<(SignedReceipt & { readonly organisation: string }) | undefined>;
  /** Does nothing when it is there already. */
  addReceiptKey(key: ReceiptKeyRecord): Promise<void>;
  /** Every key that ever signed a receipt, oldest first. */
  receiptKeys(): Promise<readonly ReceiptKeyRecord[]>;
}

/** The lists that were published, and what they are made of. */
export interface ListStore {
  statusLists(): Promise<readonly StatusListHead[]>;
  findStatusList(id: number): Promise<StatusListHead | undefined>;
  readStatusList(id: number): Promise<StatusListContents | undefined>;
  /** Replaces the published list. False when the one published last is not dated `after` any more: read again. */
  recordPublication(id: number, list: PublishedStatusList, after: Date | undefined): Promise<boolean>;
  latestTrustList(): Promise<PublishedTrustList | undefined>;
  /** False when the sequence is already taken: somebody published meanwhile, read again. */
  addTrustList(list: PublishedTrustList): Promise<boolean>;
}

/** The audit: search, chains, checkpoints. */
export interface AuditStore {
  /** Newest first, one page. */
  searchAudit(search: AuditSearch): Promise<AuditPage>;
  /** How often what was done, from the rows that the search finds, of which so many are read at most. */
  countAudit(search: AuditSearch): Promise<AuditCounts>;
  /** The rows of one chain after `seq`, in order, so many at most. */
  readAuditChain(chain: number, after: number, limit: number): Promise<readonly AuditEntry[]>;
  /** Where each chain begins and ends. */
  auditChains(): Promise<readonly AuditChain[]>;
  addCheckpoint(checkpoint: AuditCheckpoint, by: Actor): Promise<void>;
  /** Oldest first. */
  checkpoints(): Promise<readonly AuditCheckpoint[]>;
  /**
   * Forgets a step of the rows before `before` at the start of each chain, and of the receipts that are as old; the chains
   * go on from where they were cut, with rows that say where. Both counts are 0 when nothing is left to forget.
   */
  purgeAudit(before: Date, by: Actor, at: Date): Promise<PurgeOutcome>;
}

/** Tells whether what is kept in memory is still so. */
export interface ChangeMark {
  /**
   * Another value after each change of who is let in, and of what lists are made of, by whichever process. Costs less than
   * reading these.
   */
  mark(): string;
}

/**
 * What the service remembers. Every method is one transaction: it has happened completely when the promise fulfils and
 * is on disk, or it has not happened. Throws `ServiceError` `store_unavailable` when the database cannot answer.
 */
export interface Store
  extends AccessStore,
    IssuerStore,
    CredentialStore,
    VerificationStore,
    ListStore,
    AuditStore,
    OfflineStore,
    ProposalStore,
    SnapshotStore,
    WebhookStore {
  /** Absent where only reading can tell whether something was changed. */
  readonly changes?: ChangeMark;
  /** What was done since the backup is not known here: keeps apart from it all that follows. With its audit row. */
  markRestored(restoration: Restoration): Promise<void>;
  /** Fulfils when the database answers. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
