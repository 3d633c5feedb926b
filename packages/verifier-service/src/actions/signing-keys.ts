import type { IssuerKey } from '@zhengma/credential-core/issue';
import { EnvironmentError } from '../errors.ts';
import type { Issuer } from '../stores/store.ts';
import type { ActionDeps } from './deps.ts';

/** The key that signs today: the issuer's newest. */
export async function requireSigningKey(issuer: Issuer, { keys }: Pick<ActionDeps, 'keys'>): Promise<IssuerKey> {
  const newest = issuer.keys.at(-1);
  if (!newest) throw new EnvironmentError('The issuer has no key: restore the data folder from a backup.');
  return keys.issuerKey(newest.kid);
}

/** The key that signs trust lists and is pinned by scanners. */
export async function requireRootKey({ keys }: Pick<ActionDeps, 'keys'>): Promise<IssuerKey> {
  const root = await keys.findRootKey();
  if (!root) throw new EnvironmentError('The root key is missing from the data folder: restore it from a backup.');
  return root;
}
