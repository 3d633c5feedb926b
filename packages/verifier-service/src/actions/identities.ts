import { createHash, timingSafeEqual } from 'node:crypto';
import { ServiceError } from '../errors.ts';
import type { Caller } from '../stores/access.ts';
import type { ActionDeps } from './deps.ts';

/** The grace after a credential's end: as long as an ecToken that was given at its last moment may be good. */
const KEPT_BEYOND_MILLISECONDS = 24 * 3600 * 1000;

/** Sealed to a multiple of it, so that the length does not tell how long a name is. */
const BLOCK_BYTES = 128;

/** Who a credential is about. */
export interface Identity {
  readonly name?: string;
  /** A GB 11643 number. */
  readonly idNumber?: string;
}

type IdentityDeps = Pick<ActionDeps, 'store' | 'keys' | 'currentDate' | 'sealsIdentities'>;

/** What is kept of the claims. Undefined where nothing is. */
export async function sealIdentity(
  { name, idNumber }: Identity,
  credential: string,
  { keys, sealsIdentities }: Pick<IdentityDeps, 'keys' | 'sealsIdentities'>,
): Promise<Uint8Array | undefined> {
  if (!sealsIdentities || (name === undefined && idNumber === undefined)) return undefined;
  const plain = Buffer.from(JSON.stringify({ name, idNumber }));
  const padding = Buffer.alloc((BLOCK_BYTES - (plain.length % BLOCK_BYTES)) % BLOCK_BYTES, ' ');
  return keys.seal(Buffer.concat([plain, padding]), sealPurpose(credential));
}

/**
 * Who the credential is about, for a caller whose scope allows it; that they were told is on disk before they are. Undefined
 * without the scope, and where nothing is kept. Throws `ServiceError` `identity_unreadable`.
 */
export async function readIdentity(
  { credential, businessType }: { credential: string; businessType?: string | undefined },
  by: Caller,
  deps: IdentityDeps,
): Promise<Identity | undefined> {
  if (!by.scope.readIdNumbers) return undefined;
  const identity = await openIdentity(credential, deps);
  if (!identity) return undefined;
  const use = { at: deps.currentDate(), by, action: 'read_identity', credential } as const;
  await deps.store.recordIdentityUse({ ...use, businessType: businessType ?? '' });
  return identity;
}

/** Undefined where nothing is kept. Says nothing to the audit: whoever tells somebody does. */
export async function openIdentity(credential: string, deps: IdentityDeps): Promise<Identity | undefined> {
  if (!deps.sealsIdentities) return undefined;
  const sealed = await deps.store.findIdentity(credential);
  if (!sealed) return undefined;
  const opened = await deps.keys.open(sealed, sealPurpose(credential));
  if (opened) return JSON.parse(Buffer.from(opened).toString('utf8')) as Identity;
  throw new ServiceError(
    'identity_unreadable',
    'What is kept was not sealed with keys/seals.key of this data folder: every node needs the same file.',
  );
}

/** What the identity of a credential is sealed for. */
export function sealPurpose(credential: string): string {
  return `identity ${credential}`;
}

/** Whether it is this person, in a time that tells nothing about where the texts differ. */
export function isSamePerson(identity: Identity, { name, idNumber }: Required<Identity>): boolean {
  const sameName = isSame(identity.name, name);
  const sameNumber = isSame(identity.idNumber, idNumber);
  return sameName && sameNumber;
}

function isSame(one: string | undefined, other: string): boolean {
  const [first, second] = [one ?? '', other].map((text) => createHash('sha256').update(text).digest());
  return timingSafeEqual(first as Buffer, second as Buffer) && one !== undefined;
}

/** Deletes the identities of credentials that are over; those of revoked ones went with the revocation. */
export async function forgetIdentities({
  store,
  currentDate,
}: Pick<IdentityDeps, 'store' | 'currentDate'>): Promise<void> {
  const endedBefore = new Date(currentDate().getTime() - KEPT_BEYOND_MILLISECONDS);
  while ((await store.forgetIdentities(endedBefore)) > 0);
}
