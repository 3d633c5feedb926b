import { createHash } from 'node:crypto';
import { exportPublicKey, type IssuerKey, issueTrustList, type TrustListContent } from '@zhengma/credential-core/issue';
import { verifyTrustList } from '@zhengma/credential-core/verify';
import { EnvironmentError, ServiceError } from '../errors.ts';
import { isAhead } from '../lists/clock.ts';
import { describeSignedList, type SignedList } from '../lists/signed-list.ts';
import type { StatusListSource } from '../lists/status-list-publisher.ts';
import type { Issuer, PublishedTrustList } from '../stores/store.ts';
import type { ActionDeps } from './deps.ts';
import { requireIssuer } from './set-up.ts';
import { requireRootKey, requireSigningKey } from './signing-keys.ts';

const DAY_SECONDS = 24 * 3600;
const TRUST_LIST_RENEWAL_SECONDS = DAY_SECONDS;

/** The pins of this service: COSE_Keys whose signature on a trust list its scanners accept. */
export async function listRoots(deps: Pick<ActionDeps, 'keys'>): Promise<readonly Uint8Array[]> {
  return [exportPublicKey(await requireRootKey(deps))];
}

/**
 * The trust list in force. A new one, with the next sequence number, is signed and stored when the issuers' table has
 * changed, the last one is a day old, or it was dated by a clock that ran ahead; the number is durable, for scanners
 * refuse to go back. Throws `EnvironmentError` where the root key is another than it was.
 */
export async function publishTrustList(deps: ActionDeps): Promise<SignedList> {
  for (;;) {
    const issuers = describeIssuers(await requireIssuer(deps));
    const root = await requireRootKey(deps);
    const fingerprint = fingerprintTrust(issuers, exportPublicKey(root));
    const last = await deps.store.latestTrustList();
    const now = deps.currentDate();
    if (last && last.fingerprint === fingerprint && isInForce(last.issuedAt, now)) {
      return describeSignedList(last.bytes, last.issuedAt);
    }
    if (last) await requireRootOf(last, root);
    const sequence = (last?.sequence ?? 0) + 1;
    const expiresAt = new Date(now.getTime() + deps.listTimes.trustLifeSeconds * 1000);
    const bytes = await issueTrustList({ sequence, expiresAt, publisher: issuers[0]?.id ?? '', issuers }, root, {
      currentDate: now,
    });
    if (await deps.store.addTrustList({ sequence, fingerprint, bytes, issuedAt: now, expiresAt })) {
      return describeSignedList(bytes, now);
    }
  }
}

/** Scanners pin the root: a list by another one, from a signer or a backup that was mixed up, would be refused by all of them. */
async function requireRootOf({ bytes, issuedAt }: PublishedTrustList, root: IssuerKey): Promise<void> {
  const { ok } = await verifyTrustList(bytes, [exportPublicKey(root)], { currentDate: issuedAt });
  if (ok) return;
  throw new EnvironmentError(
    'The root key is not the one that signed the last trust list, and scanners would refuse the next: bring that key back.',
  );
}

function isInForce(issuedAt: Date, now: Date): boolean {
  const ageSeconds = (now.getTime() - issuedAt.getTime()) / 1000;
  return ageSeconds < TRUST_LIST_RENEWAL_SECONDS && !isAhead(issuedAt, now);
}

/** The address of every published status list, in order. */
export async function listStatusListUris(deps: Pick<ActionDeps, 'store'>): Promise<readonly string[]> {
  const { statusBaseUri } = await requireIssuer(deps);
  const heads = await deps.store.statusLists();
  return heads.map(({ id }) => expandStatusListUri(statusBaseUri, id));
}

/** The status list as of this moment. Throws `ServiceError`: `status_list_not_found`, `clock_behind`. */
export async function publishStatusList(id: number, deps: ActionDeps): Promise<SignedList & { uri: string }> {
  const issuer = await requireIssuer(deps);
  const uri = expandStatusListUri(issuer.statusBaseUri, id);
  const source: StatusListSource = {
    readState: async () => requireList(await deps.store.findStatusList(id)),
    readRows: async () => requireList(await deps.store.readStatusList(id)),
    record: (list, after) => deps.store.recordPublication(id, list, after),
  };
  const signer = await requireSigningKey(issuer, deps);
  const list = await deps.statusLists.publish({ issuer: issuer.id, uri }, source, signer, deps.currentDate);
  return { ...list, uri };
}

function requireList<T>(found: T | undefined): T {
  if (found) return found;
  throw new ServiceError('status_list_not_found', 'There is no status list with this number.');
}

/** Where the status list of this number is published. */
export function expandStatusListUri(statusBaseUri: string, id: number): string {
  return `${statusBaseUri}/${id}`;
}

function describeIssuers(issuer: Issuer): TrustListContent['issuers'] {
  return [
    {
      id: issuer.id,
      name: issuer.name,
      keys: issuer.keys.map(({ publicKey, signsFrom, retiredAt, compromisedSince }) => ({
        publicKey,
        notBefore: signsFrom,
        ...(retiredAt && { notAfter: retiredAt }),
        ...(compromisedSince && { compromisedSince }),
      })),
      types: [...issuer.types],
      regions: [...issuer.regions],
      statusBaseUri: issuer.statusBaseUri,
    },
  ];
}

function fingerprintTrust(issuers: TrustListContent['issuers'], root: Uint8Array): string {
  const readable = [Buffer.from(root).toString('hex'), issuers];
  const text = JSON.stringify(readable, (_, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
  );
  return createHash('sha256').update(text).digest('hex');
}
