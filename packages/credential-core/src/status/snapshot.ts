import { equalBytes } from '../bytes/equal.ts';
import { sha256 } from '../bytes/sha256.ts';
import type { PublicKey } from '../keys/cose-key.ts';
import { malformed, Refusal } from '../result.ts';
import type { CredentialStatus, StatusEvidence } from './evidence.ts';
import { type ReadSnapshot, readSnapshot, type Sets } from './snapshot-form.ts';

/** One list of a snapshot. */
class SnapshotList implements StatusEvidence {
  readonly uri: string;
  readonly issuer: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly ttlSeconds?: number;
  readonly size: number;
  readonly #signer: PublicKey | undefined;
  readonly #now: Sets;
  readonly #before: Sets;

  constructor(
    uri: string,
    about: Pick<ReadSnapshot, 'issuer' | 'issuedAt' | 'expiresAt' | 'ttlSeconds'>,
    signer: PublicKey,
    size: number,
    now: Sets,
    before: Sets,
  ) {
    this.uri = uri;
    this.issuer = about.issuer;
    this.issuedAt = about.issuedAt;
    this.expiresAt = about.expiresAt;
    if (about.ttlSeconds !== undefined) this.ttlSeconds = about.ttlSeconds;
    this.size = size;
    this.#signer = signer;
    this.#now = now;
    this.#before = before;
  }

  get(index: number): CredentialStatus {
    if (!(Number.isInteger(index) && index >= 0 && index < this.size)) return 'unknown';
    // What was revoked stays so, whatever a delta says.
    if (this.#before.revoked?.has(index) || this.#now.revoked?.has(index)) return 'revoked';
    if (this.#now.suspended?.has(index)) return 'suspended';
    return this.#before.suspended?.has(index) && !this.#now.valid?.has(index) ? 'suspended' : 'valid';
  }

  isSignedBy({ algorithm, bytes }: PublicKey): boolean {
    return this.#signer?.algorithm === algorithm && equalBytes(this.#signer.bytes, bytes);
  }
}

const NOTHING: Sets = {};
const NO_LISTS: ReadSnapshot['lists'] = new Map();

/**
 * All status lists of an issuer at one time, whose signature was checked; where a delta was applied, with what changed since.
 * Made by `verifyRevocationSnapshot` only.
 */
export class RevocationSnapshot {
  /** `iss`: whose credentials it is about. */
  readonly issuer: string;
  /** Greater in each that is published; of the delta, where one was applied. */
  readonly sequence: number;
  /** Only where a delta was applied: the sequence of the snapshot that it changes. */
  readonly base?: number;
  /** Whole seconds. */
  readonly issuedAt: Date;
  /** Whole seconds. From then on a good answer is `status_list_stale`. */
  readonly expiresAt: Date;
  /** Its lists by their URI, as `verifyCredential` takes them in `options.status`. */
  readonly lists: ReadonlyMap<string, StatusEvidence>;
  readonly #read: ReadSnapshot;
  readonly #signer: PublicKey;
  readonly #digest: Uint8Array;

  /**
   * @param expandUri where the list of this number is published
   * @param base what a delta changes; a Refusal `wrong_list` where it is another one, or was signed by another key
   */
  constructor(
    payload: Uint8Array,
    signer: PublicKey,
    expandUri: (list: number) => string,
    base: RevocationSnapshot | undefined,
  ) {
    const read = readSnapshot(payload);
    const before = read.base === undefined ? undefined : base;
    if (before ? !before.#isBaseOf(read, signer) : read.base !== undefined) {
      throw new Refusal('wrong_list', 'the delta changes another snapshot than the one at hand');
    }
    this.issuer = read.issuer;
    this.sequence = read.sequence;
    if (read.base !== undefined) this.base = read.base;
    this.issuedAt = read.issuedAt;
    this.expiresAt = read.expiresAt;
    this.#read = read;
    this.#signer = signer;
    this.#digest = sha256(payload);
    const held = before === undefined ? NO_LISTS : before.#read.lists;
    const numbers = new Set([...held.keys(), ...read.lists.keys()]);
    const lists = [...numbers].map((number) => {
      const now = read.lists.get(number);
      const then = held.get(number);
      const size = now?.size ?? then?.size ?? 0;
      if (then && then.size !== size) throw malformed('snapshot: a list that changed its size');
      return new SnapshotList(expandUri(number), read, signer, size, now?.sets ?? NOTHING, then?.sets ?? NOTHING);
    });
    this.lists = new Map(lists.map((list) => [list.uri, list]));
  }

  /** Whether a delta that this key signed changes this snapshot, which is none itself. */
  #isBaseOf(delta: ReadSnapshot, signer: PublicKey): boolean {
    return (
      this.base === undefined &&
      delta.base === this.sequence &&
      delta.issuer === this.issuer &&
      this.#signer.algorithm === signer.algorithm &&
      equalBytes(this.#signer.bytes, signer.bytes)
    );
  }

  /**
   * Refuses a snapshot that would take back what an earlier one said.
   *
   * @throws Refusal `rollback` when its sequence is lower, or the same with other content; `wrong_list` for another issuer's
   */
  checkSuccessorOf(previous: RevocationSnapshot): void {
    if (this.issuer !== previous.issuer) throw new Refusal('wrong_list', 'the snapshot is of another issuer');
    const isSame = this.sequence === previous.sequence && equalBytes(this.#digest, previous.#digest);
    if (!isSame && (this.sequence <= previous.sequence || this.issuedAt < previous.issuedAt)) {
      throw new Refusal('rollback', 'the snapshot is older than the one already held');
    }
  }
}
