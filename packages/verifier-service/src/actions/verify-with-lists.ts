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

/** Lists that were fetched earlier, as published. Of those that there are many of, the ones that a code needs are asked for. */
export interface FetchedLists {
  readonly roots: readonly Uint8Array[];
  readonly trustList: Uint8Array;
  readonly snapshot: Uint8Array | undefined;
  /** @param number the last part of its address */
  readStatusList(number: number): Promise<Uint8Array | undefined>;
  /** @param base the sequence of the snapshot that it changes */
  readDelta(base: number): Promise<Uint8Array | undefined>;
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
  lists: FetchedLists,
  currentDate: Date,
): Promise<ReadonlyMap<string, StatusEvidence>> {
  const peeked = peekCredential(text);
  const issuer = peeked.ok && trust.issuers.find(({ id }) => id === peeked.unverified.issuer);
  if (!issuer || !peeked.unverified.status) return new Map();
  const { list } = peeked.unverified.status;
  const uri = `${issuer.statusBaseUri}/${list}`;
  const found: StatusEvidence[] = [];
  // First: a snapshot of the same second was published after the list.
  for (const snapshot of await readSnapshots(lists, trust, currentDate)) {
    const evidence = snapshot.lists.get(uri);
    if (evidence) found.push(evidence);
  }
  const bytes = await lists.readStatusList(list);
  const result = bytes && (await verifyStatusList(bytes, trust, { currentDate, uri }));
  if (result?.ok) found.push(result.list);
  const newest = found.toSorted((one, other) => other.issuedAt.getTime() - one.issuedAt.getTime())[0];
  return new Map(newest && [[uri, newest]]);
}

/** The newest first: what the delta makes of the snapshot, and the snapshot itself. None where it is not accepted. */
async function readSnapshots(
  { snapshot, readDelta }: FetchedLists,
  trust: TrustList,
  currentDate: Date,
): Promise<readonly RevocationSnapshot[]> {
  const whole = snapshot && (await verifyRevocationSnapshot(snapshot, trust, { currentDate }));
  if (!whole?.ok) return [];
  const base = whole.snapshot;
  const delta = await readDelta(base.sequence);
  const changed = delta && (await verifyRevocationSnapshot(delta, trust, { currentDate, base }));
  return changed?.ok ? [changed.snapshot, base] : [base];
}
