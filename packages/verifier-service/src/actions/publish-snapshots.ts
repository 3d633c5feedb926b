import {
  type IssuerKey,
  issueRevocationSnapshot,
  type RevocationSnapshotContent,
} from '@zhengma/credential-core/issue';
import type { RevocationSnapshot } from '@zhengma/credential-core/snapshot';
import { ServiceError } from '../errors.ts';
import { clockBehind, isAhead } from '../lists/clock.ts';
import { describeSignedList, type SignedList } from '../lists/signed-list.ts';
import { findChanges } from '../lists/snapshot-changes.ts';
import type { PublishedSnapshot, SnapshotRows, SnapshotState } from '../stores/snapshots.ts';
import type { Issuer } from '../stores/store.ts';
import type { ActionDeps } from './deps.ts';
import { expandStatusListUri, listRoots, publishTrustList } from './publish-lists.ts';
import { requireIssuer } from './set-up.ts';
import { requireSigningKey } from './signing-keys.ts';

const SECOND = 1000;

/** Who signs, of what. */
interface Subject {
  readonly issuer: Issuer;
  readonly signer: IssuerKey;
  readonly fingerprint: string;
}

/**
 * All status lists in one file, as they were when it was signed: {@link publishSnapshotDelta} has what changed since. A new one
 * is signed when the last has lived half of its life, and when the key or the addresses are others: whoever fetches it has
 * to fetch all of it. Throws `ServiceError`: `clock_behind`.
 */
export async function publishSnapshot(deps: ActionDeps): Promise<SignedList> {
  const subject = await readSubject(deps);
  return publish(undefined, await deps.store.snapshotState(), subject, deps);
}

/**
 * What changed since the snapshot of this sequence, as of this moment: every change that was committed before this call. Of the
 * last few snapshots. Throws `ServiceError`: `snapshot_not_found` where a whole one has to be fetched, `clock_behind`.
 */
export async function publishSnapshotDelta(base: number, deps: ActionDeps): Promise<SignedList> {
  const subject = await readSubject(deps);
  const state = await deps.store.snapshotState();
  // So that a base goes as its time comes, and no delta grows without end.
  if (!findCurrent(state, undefined, subject, deps)) await publish(undefined, state, subject, deps);
  return publish(base, state, subject, deps);
}

/** The sequences of the snapshots that there are deltas to, oldest first. */
export async function listSnapshotBases(deps: ActionDeps): Promise<readonly number[]> {
  const { fingerprint } = await readSubject(deps);
  return findBases(await deps.store.snapshotState(), fingerprint).map(({ sequence }) => sequence);
}

/** A published snapshot, or with `base` a delta to it, read as a scanner reads it. Throws `ServiceError` `lists_unusable`. */
export async function readSnapshot(
  signed: SignedList,
  deps: ActionDeps,
  base?: RevocationSnapshot,
): Promise<RevocationSnapshot> {
  const now = deps.currentDate();
  const [root] = await listRoots(deps);
  const trust = await deps.inForce.readTrustList(await publishTrustList(deps), root as Uint8Array, now);
  return deps.inForce.readSnapshot(signed, trust, now, base);
}

/**
 * The rows are the truth, for every process and every restart: what is served is in the database first, and takes the place
 * of the very one after which its rows were read. So a higher sequence never says less.
 *
 * @param before the state as it was since the caller was asked
 */
async function publish(
  base: number | undefined,
  before: SnapshotState,
  subject: Subject,
  deps: ActionDeps,
): Promise<SignedList> {
  const { store, snapshots } = deps;
  const current = findCurrent(before, base, subject, deps);
  const known = current && snapshots.get(current.sequence);
  if (known) return known;
  return snapshots.share(`${base ?? ''} ${subject.fingerprint}`, async () => {
    for (;;) {
      const state = await store.snapshotState();
      const published = findCurrent(state, base, subject, deps);
      const stored = published && (await store.readSnapshot(published.sequence));
      if (stored) {
        const signed = describeSignedList(stored.bytes, published.issuedAt);
        snapshots.set(published.sequence, signed);
        return signed;
      }
      const signed = published ? undefined : await signNext(state, base, subject, deps);
      if (signed) return signed;
    }
  });
}

/** Undefined where another process was first. */
async function signNext(
  { last }: SnapshotState,
  base: number | undefined,
  { issuer, signer, fingerprint }: Subject,
  deps: ActionDeps,
): Promise<SignedList | undefined> {
  const { store, listTimes, snapshots } = deps;
  const sequence = last.sequence + 1;
  const issuedAt = pickIssueTime(last.issuedAt, deps.currentDate());
  const rows = base === undefined ? await store.readSnapshotRows() : await readChanges(base, issuer, deps);
  if (!rows) return undefined;
  const { version, versions, lists } = rows;
  const isDelta = base !== undefined;
  const bytes = await issueRevocationSnapshot(
    {
      issuer: issuer.id,
      sequence,
      ...(isDelta && { base }),
      expiresAt: new Date(issuedAt.getTime() + listTimes.statusLifeSeconds * SECOND),
      ttlSeconds: listTimes.statusTtlSeconds,
      lists,
    },
    signer,
    { currentDate: issuedAt },
  );
  const next = { sequence, version, fingerprint, bytes, issuedAt, ...(isDelta ? { base } : { versions }) };
  if (!(await store.recordSnapshot(next, last.sequence))) return undefined;
  const signed = describeSignedList(bytes, issuedAt);
  snapshots.set(sequence, signed);
  return signed;
}

/** The lists of a delta. Undefined where its base is not published any more. */
async function readChanges(
  base: number,
  { statusBaseUri }: Issuer,
  deps: ActionDeps,
): Promise<(Omit<SnapshotRows, 'lists'> & Pick<RevocationSnapshotContent, 'lists'>) | undefined> {
  const state = await deps.store.snapshotState();
  const published = state.published.find(({ sequence }) => sequence === base);
  const stored = await deps.store.readSnapshot(base);
  if (!published || !stored?.versions) return undefined;
  const { versions } = stored;
  const before = await readSnapshot(describeSignedList(stored.bytes, published.issuedAt), deps);
  const rows = await deps.store.readSnapshotRows(versions);
  const lists = rows.lists
    .map(({ list, size, entries }) => {
      const changes = findChanges(before.entriesOf(expandStatusListUri(statusBaseUri, list)), entries);
      return { list, size, entries: changes };
    })
    .filter(({ list, entries }) => entries.length > 0 || versions[list] === undefined);
  return { ...rows, lists };
}

async function readSubject(deps: ActionDeps): Promise<Subject> {
  const issuer = await requireIssuer(deps);
  const signer = await requireSigningKey(issuer, deps);
  const fingerprint = [issuer.id, issuer.statusBaseUri, Buffer.from(signer.kid).toString('hex')].join(' ');
  return { issuer, signer, fingerprint };
}

/** What may be served as it is. Throws `ServiceError`: `snapshot_not_found`, `clock_behind`. */
function findCurrent(
  state: SnapshotState,
  base: number | undefined,
  { fingerprint }: Subject,
  { listTimes, currentDate }: ActionDeps,
): PublishedSnapshot | undefined {
  const now = currentDate();
  if (isAhead(state.last.issuedAt, now)) throw clockBehind(state.last.issuedAt, 'the last snapshot');
  const ageSeconds = ({ issuedAt }: PublishedSnapshot) => (now.getTime() - issuedAt.getTime()) / SECOND;
  const bases = findBases(state, fingerprint);
  if (base === undefined) {
    const newest = bases.at(-1);
    return newest && ageSeconds(newest) < listTimes.statusLifeSeconds / 2 ? newest : undefined;
  }
  if (!bases.some(({ sequence }) => sequence === base)) {
    throw new ServiceError('snapshot_not_found', 'There are no changes since that snapshot any more: fetch it whole.');
  }
  const delta = state.published.find((each) => each.base === base);
  const isCurrent = delta?.version === state.version && ageSeconds(delta) < listTimes.statusTtlSeconds;
  return isCurrent ? delta : undefined;
}

/** A delta has to be signed by the key of its base, and to mean the same addresses. */
function findBases({ published }: SnapshotState, fingerprint: string): readonly PublishedSnapshot[] {
  return published.filter((each) => each.base === undefined && each.fingerprint === fingerprint);
}

/** This second; where the clock was set back a little, that of the last one: readers refuse an earlier one. */
function pickIssueTime(last: Date, now: Date): Date {
  const second = Math.floor(now.getTime() / SECOND) * SECOND;
  return new Date(Math.max(second, last.getTime()));
}
