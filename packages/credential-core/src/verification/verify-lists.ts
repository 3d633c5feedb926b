import { equalBytes } from '../bytes/equal.ts';
import { CredentialError } from '../errors.ts';
import { decodeCoseKey, type PublicKey } from '../keys/cose-key.ts';
import type { SignatureAlgorithm } from '../keys/signature.ts';
import { type Failure, Refusal, toFailure } from '../result.ts';
import { peekStatusListIssuer, STATUS_LIST_TYPE, StatusList } from '../status/status-list.ts';
import { checkKeyTime } from '../trust/scope.ts';
import { isStatusUriOf, TRUST_LIST_TYPE, TrustList } from '../trust/trust-list.ts';
import { requireAlgorithms, requireHeld, requireTrust } from './arguments.ts';
import { findKeys, findSigner } from './find-signer.ts';
import { checkIssueTime, openList, readListOptions } from './open-list.ts';

/** What a trust list is held against. */
export interface VerifyTrustListOptions {
  /** The verifier’s clock: a list from its future is `issued_in_future`. */
  readonly currentDate: Date;
  /**
   * The list held so far: an older one is refused as `rollback`. Its `roots`, which its signer vouched for, must have signed the
   * new one, and the argument `roots` is not looked at; the same list once more must be signed by its `verifiedBy`.
   */
  readonly previous?: TrustList;
  /** How far the list may be ahead of the clock. Default: 60; at most 600. */
  readonly clockSkewSeconds?: number;
  /**
   * Algorithms besides Ed25519 and ES256 that the list and all that is verified with it may be signed with. A list that is held,
   * fetched again, keeps those that it was first verified with: to change them, verify it without `previous`.
   */
  readonly algorithms?: readonly SignatureAlgorithm[];
}

/**
 * Verifies a trust list. An expired list is given back too: offline it still tells issuers apart, and
 * {@link verifyCredential} reports how old it is.
 *
 * @param roots pinned root keys as COSE_Keys; for a list that was kept, the `verifiedBy` that was kept with it. Not looked
 *   at where `options.previous` is given: from the first list on, each names who signs the next
 * @returns the list, or a failure `too_large`, `malformed`, `unsupported_algorithm`, `unknown_root`, `bad_signature`,
 *   `issued_in_future`, `rollback`
 * @throws TypeError for arguments of a wrong type; CredentialError `ERR_INVALID_KEY` for a pin that is no COSE_Key
 */
export async function verifyTrustList(
  bytes: Uint8Array,
  roots: readonly Uint8Array[],
  options: VerifyTrustListOptions,
): Promise<{ readonly ok: true; readonly list: TrustList } | Failure> {
  const { currentDate, skewSeconds } = readListOptions(bytes, options);
  const { previous, algorithms } = options;
  requireHeld(previous, TrustList);
  if (!Array.isArray(roots)) throw new TypeError('roots must be Uint8Arrays');
  requireAlgorithms(algorithms);
  try {
    const signed = openList(bytes, TRUST_LIST_TYPE);
    // The list that is held already, fetched again: its roots speak for the next one, not for itself.
    const isHeld = previous?.isMadeOf(signed.message.payload) === true;
    const speaking = isHeld ? previous.verifiedBy : (previous?.roots ?? roots);
    const pins = speaking.map((root) => readPin(root, algorithms));
    const candidates = pins.filter((pin) => equalBytes(pin.kid, signed.kid)).map((publicKey) => ({ publicKey }));
    if (candidates.length === 0) throw new Refusal('unknown_root', 'the trust list is not signed by a pinned root');
    await findSigner(candidates, signed);
    if (isHeld) return { ok: true, list: previous };
    const list = new TrustList(
      signed.message.payload,
      pins.map(({ coseKey }) => coseKey),
      algorithms,
    );
    checkIssueTime(list.issuedAt, currentDate, skewSeconds);
    if (previous) list.checkSuccessorOf(previous);
    return { ok: true, list };
  } catch (error) {
    return toFailure(error);
  }
}

/**
 * Verifies a Token Status List in its CWT form (draft-ietf-oauth-status-list §5.2, §8.3). An expired list is given back
 * too, as for {@link verifyTrustList}.
 *
 * @param options `uri`: the one that was asked for, which must be the list's `sub`; `previous`: the list held so far
 * @returns the list, or a failure `too_large`, `malformed`, `unsupported_algorithm`, `unknown_issuer`, `unknown_key`,
 *   `bad_signature`, `wrong_list`, `key_not_valid`, `key_compromised`, `issued_in_future`, `rollback`
 * @throws TypeError for arguments of a wrong type
 */
export async function verifyStatusList(
  bytes: Uint8Array,
  trust: TrustList,
  options: {
    readonly currentDate: Date;
    readonly uri: string;
    readonly previous?: StatusList;
    readonly clockSkewSeconds?: number;
  },
): Promise<{ readonly ok: true; readonly list: StatusList } | Failure> {
  const { currentDate, skewSeconds } = readListOptions(bytes, options);
  const { uri, previous } = options;
  if (typeof uri !== 'string') throw new TypeError('options.uri must be a string');
  requireTrust(trust);
  requireHeld(previous, StatusList);
  try {
    const signed = openList(bytes, STATUS_LIST_TYPE);
    const issuer = trust.findIssuer(peekStatusListIssuer(signed.message.payload));
    if (!issuer) throw new Refusal('unknown_issuer', 'the issuer of the status list is not in the trust list');
    const key = await findSigner(findKeys(issuer, signed.kid), signed);
    const { payload } = signed.message;
    // The list that is held already, fetched again, as most are: it is not inflated again.
    const isHeld = previous?.isMadeOf(payload) === true && previous.isSignedBy(key.publicKey);
    const list = isHeld ? previous : new StatusList(payload, key.publicKey);
    if (list.uri !== uri || !isStatusUriOf(issuer, list.uri)) {
      throw new Refusal('wrong_list', 'another status list than the one asked for');
    }
    checkKeyTime(key, list.issuedAt);
    checkIssueTime(list.issuedAt, currentDate, skewSeconds);
    if (previous && !isHeld) list.checkSuccessorOf(previous);
    return { ok: true, list };
  } catch (error) {
    return toFailure(error);
  }
}

function readPin(pin: Uint8Array, algorithms: readonly SignatureAlgorithm[] | undefined): PublicKey {
  if (!(pin instanceof Uint8Array)) throw new TypeError('roots must be Uint8Arrays');
  try {
    return decodeCoseKey(pin, algorithms);
  } catch {
    throw new CredentialError('ERR_INVALID_KEY', 'a pinned root is not a COSE_Key');
  }
}
