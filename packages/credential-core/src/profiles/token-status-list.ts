import { equalBytes } from '../bytes/equal.ts';
import { sha256 } from '../bytes/sha256.ts';
import { asBytes, asMap, asText, asUnsigned } from '../cbor/expect.ts';
import type { CborMap } from '../cbor/value.ts';
import { CLAIM, HEADER } from '../cose/headers.ts';
import { checkValidity } from '../credential/validity.ts';
import { LIST_LIMITS } from '../limits.ts';
import { malformed, type ProfileFailure, Refusal, toFailure } from '../result.ts';
import type { CredentialStatus } from '../status/evidence.ts';
import { STATUS_BY_VALUE, STATUS_LIST_TYPE, StatusBits } from '../status/status-list.ts';
import { requireHeld } from '../verification/arguments.ts';
import { type CwtClaims, readCwtClaims } from './cwt-claims.ts';
import { findKeys, findSigner, type KeySet } from './key-set.ts';
import { openMessage } from './message.ts';
import { type ProfileOptions, readProfileArguments } from './options.ts';

/** Where the status of a CWT stands (draft-ietf-oauth-status-list §6.3). */
export interface TokenStatusReference {
  /** Where the list is published: its `sub`. */
  readonly uri: string;
  /** From 0 on. */
  readonly index: number;
}

/** A status list of an issuer that no trust list names. Made by {@link verifyTokenStatusList} only. */
export class TokenStatusList {
  /** The `sub`: where the list is published. */
  readonly uri: string;
  /** The `iss`. A list with one speaks for the tokens of that issuer only; one without, for those of any. */
  readonly issuer?: string;
  /** `iat`: what tells a newer list from an older one. */
  readonly issuedAt: Date;
  /** Optional in the draft: without it, only `issuedAt` tells how old the list is. */
  readonly expiresAt?: Date;
  /** How long a copy may be used before a newer one is asked for. */
  readonly ttlSeconds?: number;
  readonly #values: StatusBits;
  readonly #digest: Uint8Array;

  /** @param claims of the verified payload, as it was read; Refusal `malformed` where they do not have the form of the draft */
  constructor({ issuer, subject, issuedAt, expiresAt }: CwtClaims, map: CborMap, payload: Uint8Array) {
    this.#digest = sha256(payload);
    if (!issuedAt) throw malformed('status list: iat is missing');
    if (subject === undefined) throw malformed('status list: sub is missing');
    this.uri = subject;
    this.issuedAt = issuedAt;
    if (issuer !== undefined) this.issuer = issuer;
    if (expiresAt) this.expiresAt = expiresAt;
    const ttl = map.get(CLAIM.ttl);
    if (ttl !== undefined) this.ttlSeconds = asUnsigned(ttl, 'status list: ttl is no number');
    const list = asMap(map.get(CLAIM.statusList), 'status list: the list is missing');
    this.#values = new StatusBits(
      asUnsigned(list.get('bits'), 'status list: bits is no number'),
      asBytes(list.get('lst'), 'status list: lst is no byte string'),
    );
  }

  /** Whether this is the list of that payload. */
  isMadeOf(payload: Uint8Array): boolean {
    return equalBytes(this.#digest, sha256(payload));
  }

  /** How many indexes there are. */
  get size(): number {
    return this.#values.size;
  }

  /** What the list says of an index; `unknown` outside the list, and for values that the draft leaves to applications. */
  get(index: number): CredentialStatus {
    return STATUS_BY_VALUE[this.#values.at(index) ?? -1] ?? 'unknown';
  }

  /**
   * Refuses a list that would take back what an earlier one said.
   *
   * @throws Refusal `wrong_list` when the earlier one is another list or of another issuer; `rollback` when this one was issued
   *   earlier, or at the same time with other content
   */
  checkSuccessorOf(previous: TokenStatusList): void {
    if (this.uri !== previous.uri || this.issuer !== previous.issuer) {
      throw new Refusal('wrong_list', 'the status list is another one than the one already held');
    }
    const age = this.issuedAt.getTime() - previous.issuedAt.getTime();
    if (age < 0 || (age === 0 && !this.#values.equals(previous.#values))) {
      throw new Refusal('rollback', 'the status list is older than the one already held');
    }
  }
}

/**
 * Verifies a Token Status List in its CWT form (draft-ietf-oauth-status-list §5.2, §8.3) of an issuer that no trust list
 * names. It asks for less than `verifyStatusList` of our own lists, as the draft does: `iss` and `exp` may be missing. An
 * expired list is given back too: what it refuses stays refused.
 *
 * @param keys those that may sign this list, as `importKeySet` prepared them
 * @param options `uri`: the one that was asked for, which must be the list's `sub`; `previous`: the list held so far, so that
 *   nobody takes you back to before a revocation
 * @returns the list, or a failure `malformed`, `too_large`, `encrypted`, `unsupported_algorithm`, `unknown_key`, `unknown_issuer`,
 *   `bad_signature`, `wrong_list`, `issued_in_future`, `rollback`
 * @throws TypeError for arguments of a wrong type
 */
export async function verifyTokenStatusList(
  bytes: Uint8Array,
  keys: KeySet,
  options: ProfileOptions & { readonly uri: string; readonly previous?: TokenStatusList },
): Promise<{ readonly ok: true; readonly list: TokenStatusList } | ProfileFailure> {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array');
  const { currentDate, skewSeconds } = readProfileArguments(keys, options);
  const { uri, previous } = options;
  if (typeof uri !== 'string') throw new TypeError('options.uri must be a string');
  requireHeld(previous, TokenStatusList);
  try {
    const copy = bytes.length > LIST_LIMITS.bytes ? bytes : Uint8Array.from(bytes);
    const message = openMessage(copy, LIST_LIMITS);
    if (message.protectedHeader.get(HEADER.typ) !== STATUS_LIST_TYPE) throw malformed('status list: typ is another');
    const { claims, map } = readCwtClaims(message.payload, LIST_LIMITS);
    await findSigner(findKeys(keys, message, claims.issuer), message);
    const list = previous?.isMadeOf(message.payload) ? previous : new TokenStatusList(claims, map, message.payload);
    if (list.uri !== uri) {
      throw new Refusal('wrong_list', 'this is another status list than the one asked for');
    }
    checkValidity({ issuedAt: list.issuedAt }, currentDate, skewSeconds);
    if (previous && list !== previous) list.checkSuccessorOf(previous);
    return { ok: true, list };
  } catch (error) {
    return toFailure(error);
  }
}

/**
 * Reads the reference out of a CWT's claims.
 *
 * @returns undefined when there is no status claim, or one that names other mechanisms only
 * @throws Refusal `malformed`
 */
export function readStatusReference(claims: CborMap): TokenStatusReference | undefined {
  if (!claims.has(CLAIM.status)) return undefined;
  const status = asMap(claims.get(CLAIM.status), 'cwt: status is no map');
  if (!status.has('status_list')) return undefined;
  const reference = asMap(status.get('status_list'), 'cwt: the status list reference is no map');
  const index = asUnsigned(reference.get('idx'), 'cwt: the status index is no number');
  return { index, uri: asText(reference.get('uri'), 'cwt: the status URI is no text') };
}
