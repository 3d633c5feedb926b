import { type RevocationSnapshot, verifyRevocationSnapshot } from '@zhengma/credential-core/snapshot';
import type { TrustList } from '@zhengma/credential-core/verify';
import { readListFile, type SnapshotFiles } from './list-files.ts';
import type { ImportOutcome } from './list-import.ts';
import type { ListSource } from './list-source.ts';
import {
  deltaKey,
  isSameMark,
  type ListStore,
  markSnapshot,
  type SnapshotMark,
  type SnapshotParts,
  type StoredList,
  snapshotKey,
} from './list-store.ts';
import { ListRefused, StorageFault } from './lists-problem.ts';
import { dateOfUse, describeStored, readAnswer } from './stored-list.ts';

/** All status lists of an issuer: a whole file, and what it became by the newest delta, which may be the same. */
interface HeldSnapshot {
  readonly base: RevocationSnapshot;
  readonly latest: RevocationSnapshot;
  /** The whole file while it is not stored: its delta is of no use without it. */
  readonly unstored?: StoredList | undefined;
}

/** One that came in files: the bytes are of what is not stored yet. */
interface Brought extends HeldSnapshot {
  readonly whole?: Uint8Array;
  readonly delta?: Uint8Array;
}

/** Keeps snapshots, one of an issuer, as the list keeper keeps lists. */
export interface SnapshotKeeper {
  /** Of each issuer, what is in use. */
  readonly latest: readonly RevocationSnapshot[];
  /** Takes what the store has and still verifies. Gives when the service last confirmed each. */
  load(trust: TrustList): Promise<readonly (Date | undefined)[]>;
  /**
   * Asks the service for what changed since the snapshot that is held; for all of it where there is none, or that is of no use.
   *
   * @throws ListRefused for what is not in order, an error where there is no answer; what is held stays
   */
  refresh(issuer: string, trust: TrustList): Promise<void>;
  /** Takes what was brought as files. */
  takeFiles(files: SnapshotFiles, trust: TrustList | undefined): Promise<ImportOutcome>;
}

/** @param remember runs what writes to the store, and notes that it could not */
export function createSnapshotKeeper(
  store: ListStore,
  source: ListSource,
  now: () => Date,
  remember: (step: () => Promise<void>) => Promise<void>,
): SnapshotKeeper {
  const held = new Map<string, HeldSnapshot>();
  /** What the store had of each when it was last read or written. */
  const seen = new Map<string, SnapshotMark>();

  async function load(trust: TrustList): Promise<readonly (Date | undefined)[]> {
    const checked: (Date | undefined)[] = [];
    for (const { id } of trust.issuers) {
      const stored = await readStored(id);
      const known = await verifyStored(stored, trust);
      if (!known) continue;
      held.set(id, known);
      checked.push((known.latest === known.base ? stored.whole : stored.delta)?.checkedAt);
    }
    return checked;
  }

  async function readStored(issuer: string): Promise<SnapshotParts> {
    const stored = {
      whole: await store.readList(snapshotKey(issuer)),
      delta: await store.readList(deltaKey(issuer)),
    };
    seen.set(issuer, markSnapshot(stored));
    return stored;
  }

  async function verifyStored({ whole, delta }: SnapshotParts, trust: TrustList): Promise<HeldSnapshot | undefined> {
    const base = whole && (await read(whole, trust));
    if (!base) return undefined;
    const latest = delta && (await read(delta, trust, base));
    return { base, latest: latest ?? base };
  }

  /** Takes what another tab has stored since, where it is no older. Gives whether it is. */
  async function takeUp(issuer: string, trust: TrustList): Promise<boolean> {
    const stored = await readStored(issuer);
    const mine = held.get(issuer);
    if (mine && isSameMark(markSnapshot(stored), markHeld(mine))) return true;
    const known = await verifyStored(stored, trust);
    if (!known || (mine && known.latest.sequence < mine.latest.sequence)) return false;
    held.set(issuer, known);
    return true;
  }

  async function read(stored: StoredList, trust: TrustList, base?: RevocationSnapshot) {
    const result = await verify(stored.bytes, trust, dateOfUse(stored, now()), base);
    return result.ok ? result.snapshot : undefined;
  }

  async function refresh(issuer: string, trust: TrustList): Promise<void> {
    await takeUp(issuer, trust).catch(() => undefined);
    const mine = held.get(issuer);
    let refusal: unknown;
    // Beside another snapshot a delta to this one cannot be stored: then both are fetched.
    if (mine && canKeepDelta(issuer, mine)) {
      const { base, unstored } = mine;
      try {
        const delta = await fetchDelta(base, issuer, trust);
        if (delta) return await keep(issuer, { base, latest: delta.latest, unstored }, delta.stored, trust);
      } catch (error) {
        if (!(error instanceof ListRefused)) throw error;
        refusal = error;
      }
    }
    await fetchWhole(issuer, trust).catch((error) => {
      throw refusal ?? error;
    });
  }

  /** The whole one may be older than what is held: it is for the sake of its delta, which is not. */
  async function fetchWhole(issuer: string, trust: TrustList): Promise<void> {
    const answer = await source.fetchSnapshot();
    const base = await accept(readAnswer(answer, undefined), issuer, trust);
    const delta = await fetchDelta(base, issuer, trust);
    if (!delta) throw new Error('the service has no delta to its newest snapshot');
    const unstored = describeStored(answer, undefined, now());
    await keep(issuer, { base, latest: delta.latest, unstored }, delta.stored, trust);
  }

  /** Nothing where the service has no delta to this snapshot any more. */
  async function fetchDelta(base: RevocationSnapshot, issuer: string, trust: TrustList) {
    const previous = held.get(issuer)?.latest;
    const isInUse = previous?.base === base.sequence;
    const before = isInUse ? await store.readList(deltaKey(issuer)).catch(() => undefined) : undefined;
    const answer = await source.fetchSnapshotDelta(base.sequence, before);
    if (!answer) return undefined;
    const latest = await accept(readAnswer(answer, before), issuer, trust, base, previous);
    return { latest, stored: describeStored(answer, before, now()) };
  }

  async function accept(
    bytes: Uint8Array,
    issuer: string,
    trust: TrustList,
    base?: RevocationSnapshot,
    previous?: RevocationSnapshot,
  ): Promise<RevocationSnapshot> {
    const result = await verify(bytes, trust, now(), base, previous);
    if (!result.ok) throw new ListRefused(result.code);
    if (result.snapshot.issuer !== issuer) throw new ListRefused('wrong_list');
    return result.snapshot;
  }

  function canKeepDelta(issuer: string, { base, unstored }: HeldSnapshot): boolean {
    return unstored !== undefined || seen.get(issuer)?.base === base.sequence;
  }

  /**
   * Stored at once: either of them without the other may say less than was known before. Of what another tab has stored
   * meanwhile nothing is lost.
   */
  async function keep(
    issuer: string,
    snapshot: HeldSnapshot,
    delta: StoredList | undefined,
    trust: TrustList,
  ): Promise<void> {
    const { base, latest, unstored } = snapshot;
    const parts = {
      whole: unstored && { ...unstored, sequence: base.sequence },
      delta: delta && { ...delta, sequence: latest.sequence, base: base.sequence },
    };
    held.set(issuer, snapshot);
    await remember(async () => {
      do {
        if (!canKeepDelta(issuer, snapshot)) throw new StorageFault();
        if (await store.writeSnapshot(issuer, parts, seen.get(issuer) ?? {})) {
          held.set(issuer, { base, latest });
          seen.set(issuer, markHeld(snapshot));
          return;
        }
      } while (!(await takeUp(issuer, trust)));
    });
  }

  async function takeFiles({ snapshot, deltas }: SnapshotFiles, trust: TrustList | undefined): Promise<ImportOutcome> {
    if (!trust) return 'not_pinned';
    for (const { id } of trust.issuers) await takeUp(id, trust).catch(() => undefined);
    let refusal: ImportOutcome = 'wrong_list';
    const bases: Brought[] = [...held.values()].map(({ base, unstored }) => ({ base, latest: base, unstored }));
    const brought: Brought[] = [];
    const whole = snapshot && (await readListFile(snapshot));
    if (typeof whole === 'string') refusal = whole;
    else if (whole) {
      const result = await verify(whole, trust, now());
      if (result.ok) brought.push({ base: result.snapshot, latest: result.snapshot, whole });
      else refusal = result.code;
    }
    bases.push(...brought);
    for (const file of deltas) {
      const delta = await readListFile(file);
      for (const base of typeof delta === 'string' ? [] : bases) {
        const result = await verify(delta as Uint8Array, trust, now(), base.base);
        if (result.ok) brought.push({ ...base, latest: result.snapshot, delta: delta as Uint8Array });
        else if (result.code !== 'wrong_list') refusal = result.code;
      }
    }
    const [best] = brought.toSorted((one, other) => other.latest.sequence - one.latest.sequence);
    return best ? takeBest(best, trust) : refusal;
  }

  async function takeBest({ base, latest, unstored, whole, delta }: Brought, trust: TrustList): Promise<ImportOutcome> {
    const { issuer } = latest;
    const inUse = held.get(issuer)?.latest;
    const bytes = delta ?? whole ?? new Uint8Array();
    const result = await verify(bytes, trust, now(), delta && base, inUse);
    if (!result.ok) return result.code;
    if (inUse?.sequence === latest.sequence) return 'same';
    const importedAt = now();
    await keep(
      issuer,
      { base, latest, unstored: whole ? { bytes: whole, importedAt } : unstored },
      delta && { bytes: delta, importedAt },
      trust,
    );
    return 'newer';
  }

  return {
    get latest() {
      return [...held.values()].map(({ latest }) => latest);
    },
    load,
    refresh,
    takeFiles,
  };
}

function markHeld({ base, latest }: HeldSnapshot): SnapshotMark {
  return { base: base.sequence, latest: latest.sequence };
}

function verify(
  bytes: Uint8Array,
  trust: TrustList,
  currentDate: Date,
  base?: RevocationSnapshot,
  previous?: RevocationSnapshot,
) {
  return verifyRevocationSnapshot(bytes, trust, { currentDate, ...(base && { base }), ...(previous && { previous }) });
}
