import { type RevocationSnapshot, verifyRevocationSnapshot } from '@zhengma/credential-core/snapshot';
import {
  peekCredential,
  type StatusEvidence,
  type TrustList,
  type VerificationResult,
  verifyCredential,
  verifyStatusList,
  verifyTrustList,
} from '@zhengma/credential-core/verify';
import { EnvironmentError } from '../errors.ts';
import type { Expectation } from './verify.ts';

/** Lists that were fetched earlier, as published. */
export interface FetchedLists {
  readonly roots: readonly Uint8Array[];
  readonly trustList: Uint8Array;
  readonly statusLists: readonly Uint8Array[];
  readonly snapshots: readonly Uint8Array[];
  readonly deltas: readonly Uint8Array[];
}

/**
 * Verifies a QR text against fetched lists, without a data folder or a network. A status list that is missing leaves
 * the status unknown, which is not valid; of a list and a snapshot, the newer one counts. Throws `EnvironmentError` when the trust list is not signed by a root.
 */
export async function verifyWithLists(
  text: string,
  expectation: Expectation,
  lists: FetchedLists,
  currentDate: Date,
): Promise<VerificationResult> {
  const trusted = await verifyTrustList(lists.trustList, [...lists.roots], { currentDate });
  if (!trusted.ok)
    throw new EnvironmentError(`The trust list is not accepted (${trusted.code}): fetch it again with its roots.`);
  const status = await findStatus(text, trusted.list, lists, currentDate);
  return verifyCredential(text, trusted.list, { ...expectation, currentDate, status });
}

async function findStatus(
  text: string,
  trust: TrustList,
  { statusLists, snapshots, deltas }: FetchedLists,
  currentDate: Date,
): Promise<ReadonlyMap<string, StatusEvidence>> {
  const peeked = peekCredential(text);
  const issuer = peeked.ok && trust.issuers.find(({ id }) => id === peeked.unverified.issuer);
  if (!issuer || !peeked.unverified.status) return new Map();
  const uri = `${issuer.statusBaseUri}/${peeked.unverified.status.list}`;
  const found: StatusEvidence[] = [];
  // First: a snapshot of the same second was published after the list.
  for (const bytes of snapshots) {
    for (const { lists } of await readSnapshots(bytes, deltas, trust, currentDate)) {
      const list = lists.get(uri);
      if (list) found.push(list);
    }
  }
  for (const bytes of statusLists) {
    const result = await verifyStatusList(bytes, trust, { currentDate, uri });
    if (result.ok) found.push(result.list);
  }
  const newest = found.toSorted((one, other) => other.issuedAt.getTime() - one.issuedAt.getTime())[0];
  return new Map(newest && [[uri, newest]]);
}

/** The newest first: what the deltas make of a snapshot, and the snapshot itself. None where it is not accepted. */
async function readSnapshots(
  bytes: Uint8Array,
  deltas: readonly Uint8Array[],
  trust: TrustList,
  currentDate: Date,
): Promise<readonly RevocationSnapshot[]> {
  const whole = await verifyRevocationSnapshot(bytes, trust, { currentDate });
  if (!whole.ok) return [];
  const base = whole.snapshot;
  const found = [base];
  for (const delta of deltas) {
    const result = await verifyRevocationSnapshot(delta, trust, { currentDate, base });
    if (result.ok) found.push(result.snapshot);
  }
  return found.toSorted((one, other) => other.sequence - one.sequence);
}
