import { type RevocationSnapshot, verifyRevocationSnapshot } from '@zhengma/credential-core/snapshot';
import type { TrustList } from '@zhengma/credential-core/verify';
import { readListFile, type SnapshotFiles } from './list-files.ts';
import type { ImportOutcome } from './list-import.ts';
import type { ListSource } from './list-source.ts';
import { deltaKey, type ListStore, type SnapshotParts, type StoredList, snapshotKey } from './list-store.ts';
import { ListRefused } from './lists-problem.ts';
import { dateOfUse, describeStored, readAnswer } from './stored-list.ts';

/** All status lists of an issuer: a whole file, and what it became by the newest delta, which may be the same. */
interface HeldSnapshot {
  readonly base: RevocationSnapshot;
  readonly latest: RevocationSnapshot;
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

  async function load(trust: TrustList): Promise<readonly (Date | undefined)[]> {
    const checked: (Date | undefined)[] = [];
    for (const { id } of trust.issuers) {
      const [whole, delta] = [await store.readList(snapshotKey(id)), await store.readList(deltaKey(id))];
      const base = whole && (await read(whole, trust));
      if (!base) continue;
      const latest = delta && (await read(delta, trust, base));
      held.set(id, { base, latest: latest ?? base });
      checked.push((latest ? delta : whole)?.checkedAt);
    }
    return checked;
  }

  async function read(stored: StoredList, trust: TrustList, base?: RevocationSnapshot) {
    const result = await verify(stored.bytes, trust, dateOfUse(stored, now()), base);
    return result.ok ? result.snapshot : undefined;
  }

  async function refresh(issuer: string, trust: TrustList): Promise<void> {
    const base = held.get(issuer)?.base;
    let refusal: unknown;
    if (base) {
      try {
        const delta = await fetchDelta(base, issuer, trust);
        if (delta) return await keep(issuer, { base, latest: delta.latest }, { delta: delta.stored });
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
    const whole = describeStored(answer, undefined, now());
    await keep(issuer, { base, latest: delta.latest }, { whole, delta: delta.stored });
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

  /** Stored at once: either of them without the other may say less than was known before. */
  async function keep(issuer: string, snapshot: HeldSnapshot, parts: SnapshotParts): Promise<void> {
    held.set(issuer, snapshot);
    await remember(() => store.writeSnapshot(issuer, parts));
  }

  async function takeFiles({ snapshot, deltas }: SnapshotFiles, trust: TrustList | undefined): Promise<ImportOutcome> {
    if (!trust) return 'not_pinned';
    let refusal: ImportOutcome = 'wrong_list';
    const bases: Brought[] = [...held.values()].map(({ base }) => ({ base, latest: base }));
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

  async function takeBest({ base, latest, whole, delta }: Brought, trust: TrustList): Promise<ImportOutcome> {
    const { issuer } = latest;
    const inUse = held.get(issuer)?.latest;
    const bytes = delta ?? whole ?? new Uint8Array();
    const result = await verify(bytes, trust, now(), delta && base, inUse);
    if (!result.ok) return result.code;
    if (inUse?.sequence === latest.sequence) return 'same';
    const importedAt = now();
    await keep(
      issuer,
      { base, latest },
      { whole: whole && { bytes: whole, importedAt }, delta: delta && { bytes: delta, importedAt } },
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

function verify(
  bytes: Uint8Array,
  trust: TrustList,
  currentDate: Date,
  base?: RevocationSnapshot,
  previous?: RevocationSnapshot,
) {
  return verifyRevocationSnapshot(bytes, trust, { currentDate, ...(base && { base }), ...(previous && { previous }) });
}
