import { deflateZlib } from '../bytes/deflate.ts';
import { equalBytes } from '../bytes/equal.ts';
import { inflateZlib } from '../bytes/inflate.ts';
import { sha256 } from '../bytes/sha256.ts';
import type { CborValue } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { allowKeys, asBytes, asMap, asText, asUnsigned, decodeCborMap } from '../cbor/expect.ts';
import { CLAIM } from '../cose/headers.ts';
import { decodeNumericDate, encodeNumericDate } from '../cose/numeric-date.ts';
import { CredentialError } from '../errors.ts';
import type { PublicKey } from '../keys/cose-key.ts';
import { LIST_LIMITS, MAX_STATUS_LIST_SIZE } from '../limits.ts';
import { malformed, Refusal, requireReadable } from '../result.ts';
import type { CredentialStatus, StatusEvidence } from './evidence.ts';

/** The media type in a status list's `typ` header (draft-ietf-oauth-status-list §5.2). */
export const STATUS_LIST_TYPE = 'application/statuslist+cwt';

/** draft-ietf-oauth-status-list §7.1: VALID, INVALID, SUSPENDED. */
export const STATUS_BY_VALUE: readonly CredentialStatus[] = ['valid', 'revoked', 'suspended'];

/** The bit array of a Token Status List (draft-ietf-oauth-status-list §4.1): fixed width, least significant bits first. */
export class StatusBits {
  readonly bits: 1 | 2 | 4 | 8;
  readonly #bytes: Uint8Array;

  /** @param compressed the `lst` of a list: one zlib stream; a Refusal where it is none or too large */
  constructor(bits: number, compressed: Uint8Array) {
    if (bits !== 1 && bits !== 2 && bits !== 4 && bits !== 8) throw malformed('status list: bits is not 1, 2, 4 or 8');
    this.bits = bits;
    this.#bytes = inflateZlib(compressed, (MAX_STATUS_LIST_SIZE * bits) / 8);
  }

  /** How many indexes there are. */
  get size(): number {
    return (this.#bytes.length * 8) / this.bits;
  }

  /** The value at an index, or undefined outside the list. */
  at(index: number): number | undefined {
    if (!Number.isInteger(index)) return undefined;
    const first = index * this.bits;
    const byte = this.#bytes[Math.floor(first / 8)];
    return byte === undefined ? undefined : (byte >> (first % 8)) & ((1 << this.bits) - 1);
  }

  /** Whether both hold the same values. Four bytes at a time: there may be four million. */
  equals(other: StatusBits): boolean {
    const { length } = this.#bytes;
    if (this.bits !== other.bits || length !== other.#bytes.length) return false;
    const mine = new Uint32Array(this.#bytes.buffer, 0, length >> 2);
    const theirs = new Uint32Array(other.#bytes.buffer, 0, length >> 2);
    for (let at = 0; at < mine.length; at++) if (mine[at] !== theirs[at]) return false;
    const tail = length & ~3;
    return equalBytes(this.#bytes.subarray(tail), other.#bytes.subarray(tail));
  }
}

/** A status list whose signature by its issuer was checked. Made by `verifyStatusList` only. */
export class StatusList implements StatusEvidence {
  /** The `sub`: where the list is published, and what credentials are looked up by. */
  readonly uri: string;
  /** `iss`: whose credentials it is about. */
  readonly issuer: string;
  /** Whole seconds. A list issued earlier than the one held is `rollback`. */
  readonly issuedAt: Date;
  /** Whole seconds. From then on a good answer is `status_list_stale`. */
  readonly expiresAt: Date;
  /** How long a copy may be used before a newer one is asked for. */
  readonly ttlSeconds?: number;
  readonly #values: StatusBits;
  readonly #signer: PublicKey | undefined;
  readonly #digest: Uint8Array;

  /**
   * @param payload the verified payload; Refusal where it does not have the form of docs/format.md
   * @param signer the key that signed it
   */
  constructor(payload: Uint8Array, signer?: PublicKey) {
    this.#signer = signer;
    this.#digest = sha256(payload);
    const { issuer, claims } = readClaims(payload);
    allowKeys(claims, TOP_LEVEL, 'status list');
    this.issuer = issuer;
    this.uri = asText(claims.get(CLAIM.sub), 'status list: sub is no text');
    this.issuedAt = decodeNumericDate(claims.get(CLAIM.iat), 'status list: iat');
    this.expiresAt = decodeNumericDate(claims.get(CLAIM.exp), 'status list: exp');
    const ttl = claims.get(CLAIM.ttl);
    if (this.expiresAt <= this.issuedAt) throw malformed('status list: exp is not after iat');
    if (ttl !== undefined) this.ttlSeconds = asUnsigned(ttl, 'status list: ttl is no number');
    const list = asMap(claims.get(CLAIM.statusList), 'status list: the list is missing');
    allowKeys(list, new Set(['bits', 'lst']), 'status list');
    this.#values = new StatusBits(
      asUnsigned(list.get('bits'), 'status list: bits is no number'),
      asBytes(list.get('lst'), 'status list: lst is no byte string'),
    );
  }

  /** How many indexes there are. */
  get size(): number {
    return this.#values.size;
  }

  /** How many bits each index has: 1 tells valid from revoked, 2 suspended too; 4 and 8 are read, and not written here. */
  get bits(): number {
    return this.#values.bits;
  }

  /** Whether this is the list of that payload. */
  isMadeOf(payload: Uint8Array): boolean {
    return equalBytes(this.#digest, sha256(payload));
  }

  /** Whether this key signed the list. */
  isSignedBy({ algorithm, bytes }: PublicKey): boolean {
    return this.#signer?.algorithm === algorithm && equalBytes(this.#signer.bytes, bytes);
  }

  /** What the list says of `index`. */
  get(index: number): CredentialStatus {
    return STATUS_BY_VALUE[this.#values.at(index) ?? -1] ?? 'unknown';
  }

  /**
   * Refuses a list that would take back what an earlier one said.
   *
   * @throws Refusal `rollback` when it was issued earlier, or at the same second with other content; `wrong_list` when the
   *   earlier one is another list
   */
  checkSuccessorOf(previous: StatusList): void {
    if (this.uri !== previous.uri || this.issuer !== previous.issuer) {
      throw new Refusal('wrong_list', 'the status list is another one than the one already held');
    }
    const age = this.issuedAt.getTime() - previous.issuedAt.getTime();
    if (age < 0 || (age === 0 && !this.#values.equals(previous.#values))) {
      throw new Refusal('rollback', 'the status list is older than the one already held');
    }
  }
}

/** The issuer that an unverified status list names, to find the key that must have signed it. */
export function peekStatusListIssuer(payload: Uint8Array): string {
  return readClaims(payload).issuer;
}

/** What `issueStatusList` signs. */
export interface StatusListContent {
  /** The issuer’s `id` in the trust list; its key signs. */
  readonly issuer: string;
  /** The issuer's status URI in the trust list, a slash and the list number. */
  readonly uri: string;
  /** From then on a good answer is `status_list_stale`. */
  readonly expiresAt: Date;
  /** How long a copy may be used before a newer one is asked for. */
  readonly ttlSeconds?: number;
  /** 1 can tell valid from revoked only. */
  readonly bits?: 1 | 2;
  /** How many indexes the list has, a multiple of 8. */
  readonly size: number;
  /** Every index that is not valid. */
  readonly entries: Iterable<readonly [index: number, status: 'revoked' | 'suspended']>;
}

/** @throws TypeError; CredentialError `ERR_INVALID_CONTENT` or `ERR_STATUS_INDEX` */
export async function encodeStatusList(content: StatusListContent, issuedAt: Date): Promise<Uint8Array> {
  const { size, bits = 2, entries } = content;
  if (bits !== 1 && bits !== 2) throw new CredentialError('ERR_INVALID_CONTENT', 'bits must be 1 or 2');
  if (typeof entries?.[Symbol.iterator] !== 'function') throw new TypeError('entries must be iterable');
  if (!(Number.isInteger(size) && size > 0 && size <= MAX_STATUS_LIST_SIZE && size % 8 === 0)) {
    throw new CredentialError('ERR_INVALID_CONTENT', `size must be a multiple of 8 up to ${MAX_STATUS_LIST_SIZE}`);
  }
  const bytes = new Uint8Array((size * bits) / 8);
  for (const [index, status] of entries) {
    if (!(Number.isInteger(index) && index >= 0 && index < size)) {
      throw new CredentialError('ERR_STATUS_INDEX', 'an index is outside the list');
    }
    const value = STATUS_BY_VALUE.indexOf(status);
    if (value < 1 || value >= 1 << bits) {
      throw new CredentialError('ERR_INVALID_CONTENT', 'a list of 1 bit can only say revoked');
    }
    const first = index * bits;
    const at = Math.floor(first / 8);
    const before = bytes[at] as number;
    if (((before >> (first % 8)) & ((1 << bits) - 1)) !== 0) {
      throw new CredentialError('ERR_STATUS_INDEX', 'an index stands twice');
    }
    bytes[at] = before | (value << (first % 8));
  }
  const claims = new Map<number, CborValue>([
    [CLAIM.iss, content.issuer],
    [CLAIM.sub, content.uri],
    [CLAIM.exp, encodeNumericDate(content.expiresAt, 'expiresAt')],
    [CLAIM.iat, encodeNumericDate(issuedAt, 'currentDate')],
    [
      CLAIM.statusList,
      new Map<string, CborValue>([
        ['bits', bits],
        ['lst', await deflateZlib(bytes)],
      ]),
    ],
  ]);
  if (content.ttlSeconds !== undefined) claims.set(CLAIM.ttl, content.ttlSeconds);
  const payload = encodeCbor(claims);
  requireReadable(() => new StatusList(payload));
  return payload;
}

const TOP_LEVEL = new Set<number>([CLAIM.iss, CLAIM.sub, CLAIM.exp, CLAIM.iat, CLAIM.ttl, CLAIM.statusList]);

function readClaims(payload: Uint8Array) {
  const claims = decodeCborMap(payload, LIST_LIMITS);
  return { claims, issuer: asText(claims.get(CLAIM.iss), 'status list: iss is no text') };
}
