import { type TrustList, verifyTrustList } from '@zhengma/credential-core/verify';
import { decodeBase64url, encodeBase64url } from '../bytes/base64url.ts';
import { type ChosenFile, readListFile } from './list-files.ts';
import type { ImportOutcome } from './list-import.ts';
import type { ListSource } from './list-source.ts';
import { type ListStore, TRUST_KEY } from './list-store.ts';
import { ListRefused, StorageFault } from './lists-problem.ts';
import { dateOfUse, describeStored, fetchNewest } from './stored-list.ts';

/** Keeps the trust list and the roots that it is verified by, as the list keeper keeps lists. */
export interface TrustKeeper {
  readonly trust: TrustList | undefined;
  /** Takes what the store has and still verifies. Gives when the service last confirmed it. */
  load(): Promise<Date | undefined>;
  /** @throws ListRefused, StorageFault where the roots cannot be kept, an error where there is no answer */
  refresh(): Promise<void>;
  /** Takes a trust list that was brought. */
  takeFile(file: ChosenFile): Promise<ImportOutcome>;
}

/** @param remember runs what writes to the store, and notes that it could not */
export function createTrustKeeper(
  store: ListStore,
  source: ListSource,
  now: () => Date,
  remember: (step: () => Promise<void>) => Promise<void>,
): TrustKeeper {
  let trust: TrustList | undefined;
  /** The list in use as it was sent, and the roots by which it was verified. */
  let trusted: { readonly bytes: Uint8Array; readonly roots: readonly string[] } | undefined;

  async function load(): Promise<Date | undefined> {
    const roots = await store.readRoots();
    const stored = await store.readList(TRUST_KEY);
    if (!roots || !stored) return undefined;
    const verified = await verifyTrustList(stored.bytes, roots.map(decodeBase64url), {
      currentDate: dateOfUse(stored, now()),
    });
    if (!verified.ok) return undefined;
    trust = verified.list;
    trusted = { bytes: stored.bytes, roots };
    return stored.checkedAt;
  }

  /**
   * A trust list may name the roots that sign the next one. So the list in use is not verified a second time, and its
   * successor is verified by the roots that it names.
   */
  async function refresh(): Promise<void> {
    const offered = await source.fetchRoots();
    const roots = trust?.roots.map(encodeBase64url) ?? (await pinRoots(store, offered));
    const { answer, held, bytes } = await fetchNewest(store, TRUST_KEY, trust !== undefined, source.fetchTrustList);
    if (!trusted || !areEqual(bytes, trusted.bytes)) {
      const result = await verifyTrustList(bytes, roots.map(decodeBase64url), {
        currentDate: now(),
        ...(trust ? { previous: trust } : {}),
      });
      if (!result.ok) {
        const isExchange = result.code === 'unknown_root' && !areAmong(offered, [...roots, ...(trusted?.roots ?? [])]);
        throw new ListRefused(isExchange ? 'roots_changed' : result.code);
      }
      trusted = { bytes, roots: result.list.verifiedBy.map(encodeBase64url) };
      trust = result.list;
    }
    const list = describeStored(answer, held, now());
    const { roots: verifiedBy } = trusted;
    if (list) await remember(() => store.writeTrustList(list, verifiedBy));
    const next = trust?.roots.map(encodeBase64url) ?? [];
    if (!areAmong(offered, [...trusted.roots, ...next])) throw new ListRefused('roots_changed');
  }

  /** As {@link refresh}, but for the roots: what a stick says of them is nobody's word. */
  async function takeFile(file: ChosenFile): Promise<ImportOutcome> {
    const bytes = await readListFile(file);
    if (typeof bytes === 'string') return bytes;
    if (trusted && areEqual(bytes, trusted.bytes)) return 'same';
    const roots = trust?.roots.map(encodeBase64url) ?? (await store.readRoots().catch(() => undefined));
    if (!roots) return 'not_pinned';
    const result = await verifyTrustList(bytes, roots.map(decodeBase64url), {
      currentDate: now(),
      ...(trust ? { previous: trust } : {}),
    });
    if (!result.ok) return result.code;
    const verifiedBy = result.list.verifiedBy.map(encodeBase64url);
    trusted = { bytes, roots: verifiedBy };
    trust = result.list;
    await remember(() => store.writeTrustList({ bytes, importedAt: now() }, verifiedBy));
    return 'newer';
  }

  return {
    get trust() {
      return trust;
    },
    load,
    refresh,
    takeFile,
  };
}

/**
 * The roots of the first visit are kept until a list that they signed names others. A service that simply shows others has
 * either been rebuilt or been taken over; the page cannot tell which, so a person must.
 */
async function pinRoots(store: ListStore, offered: readonly string[]): Promise<readonly string[]> {
  const pinned = await store.readRoots().catch(refuseWithoutPins);
  if (pinned) return pinned;
  if (offered.length === 0) throw new Error('the service has no root');
  await store.writeRoots(offered).catch(refuseWithoutPins);
  return offered;
}

/** Roots that are not kept are pinned to nothing: whoever answers next would be believed. */
function refuseWithoutPins(): never {
  throw new StorageFault('the roots cannot be kept');
}

/** During a change of roots the service may show those before, those after, or both. */
function areAmong(offered: readonly string[], known: readonly string[]): boolean {
  return offered.length > 0 && offered.every((root) => known.includes(root));
}

function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, at) => byte === right[at]);
}
