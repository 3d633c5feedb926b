import { type Failure, Refusal, toFailure } from '../result.ts';
import { RevocationSnapshot } from '../status/snapshot.ts';
import { peekSnapshotIssuer, SNAPSHOT_TYPE } from '../status/snapshot-form.ts';
import { checkKeyTime } from '../trust/scope.ts';
import { expandStatusUri, type TrustList } from '../trust/trust-list.ts';
import { requireHeld, requireTrust } from './arguments.ts';
import { findKeys, findSigner } from './find-signer.ts';
import { checkIssueTime, openList, readListOptions } from './open-list.ts';

/** What a snapshot is held against. */
export interface VerifySnapshotOptions {
  /** The verifier’s clock: a snapshot from its future is `issued_in_future`. */
  readonly currentDate: Date;
  /** For a delta: the snapshot that it changes, itself no delta. Without it, a delta is `wrong_list`. */
  readonly base?: RevocationSnapshot;
  /** The one held so far, with its delta if it had one: an older one is refused as `rollback`. */
  readonly previous?: RevocationSnapshot;
  /** How far the snapshot may be ahead of the clock. Default: 60; at most 600. */
  readonly clockSkewSeconds?: number;
}

/**
 * Verifies all status lists of an issuer in one file, or what changed in them since such a file, for whoever checks codes of a
 * whole region without a network (docs/format.md §9). An expired one is given back too, as by `verifyStatusList`.
 *
 * @returns the snapshot, whose `lists` go into the `status` of `verifyCredential`; or a failure `too_large`, `malformed`,
 *   `unsupported_algorithm`, `unknown_issuer`, `unknown_key`, `bad_signature`, `wrong_list`, `key_not_valid`, `key_compromised`,
 *   `issued_in_future`, `rollback`
 * @throws TypeError for arguments of a wrong type
 */
export async function verifyRevocationSnapshot(
  bytes: Uint8Array,
  trust: TrustList,
  options: VerifySnapshotOptions,
): Promise<{ readonly ok: true; readonly snapshot: RevocationSnapshot } | Failure> {
  const { currentDate, skewSeconds } = readListOptions(bytes, options);
  const { base, previous } = options;
  requireTrust(trust);
  requireHeld(base, RevocationSnapshot);
  requireHeld(previous, RevocationSnapshot);
  try {
    const signed = openList(bytes, SNAPSHOT_TYPE);
    const { payload } = signed.message;
    const issuer = trust.findIssuer(peekSnapshotIssuer(payload));
    if (!issuer) throw new Refusal('unknown_issuer', 'the issuer of the snapshot is not in the trust list');
    const key = await findSigner(findKeys(issuer, signed.kid), signed);
    const snapshot = new RevocationSnapshot(payload, key.publicKey, (list) => expandStatusUri(issuer, list), base);
    checkKeyTime(key, snapshot.issuedAt);
    checkIssueTime(snapshot.issuedAt, currentDate, skewSeconds);
    if (previous) snapshot.checkSuccessorOf(previous);
    return { ok: true, snapshot };
  } catch (error) {
    return toFailure(error);
  }
}
