import { exportPublicKey, type IssuerKey } from '@zhengma/credential-core/issue';
import { EnvironmentError } from '../errors.ts';
import { clockBehind } from '../lists/clock.ts';
import type { Issuer, IssuerKeyRecord } from '../stores/store.ts';
import type { ActionDeps } from './deps.ts';

/**
 * The key that signs today. Throws `ServiceError` `clock_behind` when each begins to sign later than the clock says:
 * verifiers would refuse what it signs.
 */
export async function requireSigningKey(
  issuer: Issuer,
  { keys, currentDate }: Pick<ActionDeps, 'keys' | 'currentDate'>,
): Promise<IssuerKey> {
  const signing = findSigningKey(issuer.keys, currentDate());
  if (signing) return keys.issuerKey(signing.kid);
  const waiting = issuer.keys.filter(isInUse).sort(bySignsFrom)[0];
  if (waiting) throw clockBehind(waiting.signsFrom, "the issuer's key");
  throw new EnvironmentError('The issuer has no key that may sign: restore the data folder from a backup.');
}

/** The newest of the keys that may sign at that time. */
export function findSigningKey(keys: readonly IssuerKeyRecord[], at: Date): IssuerKeyRecord | undefined {
  const now = toSeconds(at);
  return keys
    .filter((key) => isInUse(key) && toSeconds(key.signsFrom) <= now)
    .sort(bySignsFrom)
    .at(-1);
}

/** Makes a key, or takes one that a signer outside has ready, which is to sign `overlapSeconds` from now. */
export async function createIssuerKey(
  { inUse, overlapSeconds }: { inUse: readonly IssuerKeyRecord[]; overlapSeconds: number },
  { keys, currentDate }: Pick<ActionDeps, 'keys' | 'currentDate'>,
): Promise<IssuerKeyRecord> {
  const key = await keys.createIssuerKey(inUse.map(({ kid }) => kid));
  const createdAt = currentDate();
  return {
    kid: Buffer.from(key.kid).toString('hex'),
    publicKey: exportPublicKey(key),
    createdAt,
    signsFrom: new Date(createdAt.getTime() + overlapSeconds * 1000),
  };
}

/** The key that signs trust lists and is pinned by scanners. */
export async function requireRootKey({ keys }: Pick<ActionDeps, 'keys'>): Promise<IssuerKey> {
  const root = await keys.findRootKey();
  if (!root) throw new EnvironmentError('The root key is missing from the data folder: restore it from a backup.');
  return root;
}

function isInUse({ retiredAt }: IssuerKeyRecord): boolean {
  return retiredAt === undefined;
}

function bySignsFrom(one: IssuerKeyRecord, other: IssuerKeyRecord): number {
  return one.signsFrom.getTime() - other.signsFrom.getTime();
}

/** Instants in credentials and lists are whole seconds. */
function toSeconds(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
