import { Buffer } from 'node:buffer';
import type { CredentialCase, SnapshotCase, VectorFile } from '../../vectors/format.ts';
import { readSnapshot, statusAt, type WrittenOut } from './snapshot.ts';
import { readStatusList, readTrust, type StatusList, type Verdict, verify } from './verify.ts';

/** What the independent reader says of the vectors, in the form of their `expect`. */

const DAY = 86_400;
const fromHex = (hex: string) => Buffer.from(hex, 'hex');

export function judgeVector(file: VectorFile, vector: CredentialCase): Verdict {
  const { options = {}, text, bytes } = vector;
  return verify(text ?? fromHex(bytes ?? ''), {
    ...readTrust(fromHex(file.trust[vector.trust]?.list ?? '')),
    lists: holdLists(file, vector.lists),
    now: new Date(vector.now).getTime() / 1000,
    skew: options.clockSkewSeconds ?? 60,
    stale: options.maxStaleSeconds ?? 7 * DAY,
    audience: options.audience ?? [],
    challenge: options.challenge === undefined ? undefined : fromHex(options.challenge),
    business: options.businessType,
  });
}

/** Status lists, or those of a snapshot, by their name in the file. */
function holdLists(file: VectorFile, name: string): ReadonlyMap<string, StatusList> | undefined {
  const set = file.lists[name];
  if (!set) return holdSnapshot(file, name)?.lists;
  return new Map(Object.entries(set.lists).map(([uri, list]) => [uri, readStatusList(fromHex(list))]));
}

function holdSnapshot(file: VectorFile, name: string | undefined): WrittenOut | undefined {
  const held = name === undefined ? undefined : file.snapshots?.[name];
  if (!held) return undefined;
  const { issuers } = readTrust(fromHex(file.trust[held.trust]?.list ?? ''));
  return readSnapshot(fromHex(held.snapshot), issuers, holdSnapshot(file, held.base));
}

const STATUSES = ['valid', 'revoked', 'suspended'];

/** What the independent reader finds in a snapshot that is sound. */
export function readSnapshotVector(file: VectorFile, { bytes, trust, base, indexes = {} }: SnapshotCase): object {
  const { issuers } = readTrust(fromHex(file.trust[trust]?.list ?? ''));
  const { sequence, sizes, lists } = readSnapshot(fromHex(bytes), issuers, holdSnapshot(file, base));
  const find = (uri: string, index: number) => {
    const status = index < (sizes[uri] ?? 0) ? statusAt(lists.get(uri)?.bytes ?? Buffer.alloc(0), index) : undefined;
    return (Number.isInteger(index) && index >= 0 && STATUSES[status ?? -1]) || 'unknown';
  };
  const asked = Object.entries(indexes).map(([uri, list]) => [uri, list.map((index) => find(uri, index))]);
  return { ok: true, sequence, sizes, statuses: Object.fromEntries(asked) };
}
