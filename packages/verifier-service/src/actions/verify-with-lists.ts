import {
  peekCredential,
  type StatusList,
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
}

/**
 * Verifies a QR text against fetched lists, without a data folder or a network. A status list that is missing leaves
 * the status unknown, which is not valid. Throws `EnvironmentError` when the trust list is not signed by a root.
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
  const status = await findStatusList(text, trusted.list, lists.statusLists, currentDate);
  return verifyCredential(text, trusted.list, { ...expectation, currentDate, status });
}

async function findStatusList(
  text: string,
  trust: TrustList,
  candidates: readonly Uint8Array[],
  currentDate: Date,
): Promise<ReadonlyMap<string, StatusList>> {
  const peeked = peekCredential(text);
  const issuer = peeked.ok && trust.issuers.find(({ id }) => id === peeked.unverified.issuer);
  if (!issuer || !peeked.unverified.status) return new Map();
  const uri = `${issuer.statusBaseUri}/${peeked.unverified.status.list}`;
  for (const bytes of candidates) {
    const result = await verifyStatusList(bytes, trust, { currentDate, uri });
    if (result.ok) return new Map([[uri, result.list]]);
  }
  return new Map();
}
