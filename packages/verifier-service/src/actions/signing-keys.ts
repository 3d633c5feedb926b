import type { IssuerKey } from '@zhengma/credential-core/issue';
import { EnvironmentError } from '../errors.ts';
import { clockBehind } from '../lists/clock.ts';
import type { Issuer } from '../stores/store.ts';
import type { ActionDeps } from './deps.ts';

/**
 * The key that signs today: the issuer's newest. Throws `ServiceError` `clock_behind` when each was made later than the
 * clock says: verifiers would refuse what it signs.
 */
export async function requireSigningKey(
  issuer: Issuer,
  { keys, currentDate }: Pick<ActionDeps, 'keys' | 'currentDate'>,
): Promise<IssuerKey> {
  const [oldest] = issuer.keys;
  if (!oldest) throw new EnvironmentError('The issuer has no key: restore the data folder from a backup.');
  const now = toSeconds(currentDate());
  const newest = issuer.keys.findLast(({ createdAt }) => toSeconds(createdAt) <= now);
  if (!newest) throw clockBehind(oldest.createdAt, "the issuer's key");
  return keys.issuerKey(newest.kid);
}

/** The key that signs trust lists and is pinned by scanners. */
export async function requireRootKey({ keys }: Pick<ActionDeps, 'keys'>): Promise<IssuerKey> {
  const root = await keys.findRootKey();
  if (!root) throw new EnvironmentError('The root key is missing from the data folder: restore it from a backup.');
  return root;
}

/** Instants in credentials and lists are whole seconds. */
function toSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
