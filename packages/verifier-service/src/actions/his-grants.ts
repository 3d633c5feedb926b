import { isAddressRange, isWithinRange } from '../address-range.ts';
import { ServiceError, UsageError } from '../errors.ts';
import type { Actor, Caller, HisGrant, Operator } from '../stores/access.ts';
import type { ActionDeps } from './deps.ts';

type GrantDeps = Pick<ActionDeps, 'store' | 'currentDate'>;

/**
 * From now on calls that name the operator's organisation and come from `network` without a key are the operator's. Throws
 * `UsageError` for a network that is too wide, and for an operator who is no verifier: of a call without a key no more is
 * believed than that.
 */
export async function addHisGrant(
  { network, operator }: { network: string; operator: Operator },
  by: Actor,
  { store, currentDate }: GrantDeps,
): Promise<HisGrant> {
  requireRange(network);
  if (operator.role !== 'verifier') throw new UsageError('--operator must be a verifier.');
  const grant = { organisation: operator.organisation, network, operator: operator.id };
  await store.addHisGrant(grant, by, currentDate());
  return grant;
}

/** Throws `UsageError` for what is no range of addresses, and for one that is too wide. */
export function requireRange(network: string): void {
  if (!isAddressRange(network))
    throw new UsageError('--from must be a range of addresses, as 10.20.0.0/16, no wider than /16 (IPv6: /48).');
}

/**
 * Whose call it is that names `organisation` and comes from `address` without a key. Throws `ServiceError`: `not_found` while
 * nobody is let in without a key, `unauthenticated` for others than those who are.
 */
export async function authenticateHis(
  organisation: string,
  address: string,
  { store, currentDate }: GrantDeps,
): Promise<Caller> {
  const grants = await store.findHisGrants(organisation, currentDate());
  const grant = grants.find(({ network }) => isWithinRange(address, network));
  if (grant) {
    const { id, scope } = grant.operator;
    return { operator: id, organisation: grant.operator.organisation, scope };
  }
  if ((await store.hisGrants()).length === 0)
    throw new ServiceError('not_found', 'There is nothing at this address for calls without an API key.');
  throw new ServiceError('unauthenticated', 'This orgId is not let in from this address, or not any more.');
}
