import type { Plain } from './cbor.ts';
import { type MessageParts, mapFrom, message, withEntries } from './cose.ts';
import { listHeader } from './lists.ts';
import { DAY, EXP, HOUR, IAT, ISS, issuer, NOW_SECONDS } from './people.ts';
import { set } from './rice.ts';

type Change = readonly (readonly [Plain, Plain | undefined])[];

/** Labels, as numbers so that a slip in the library's table shows. */
export const SNAPSHOT = -65_540;
export const SEQUENCE = 0;
export const LISTS = 1;
export const BASE = 2;
export const REVOKED = 2;
export const SUSPENDED = 3;
export const VALID = 4;
export const SNAPSHOT_TYPE = 'application/zhengma-revocation-snapshot+cwt';

export function list(number: Plain, size: Plain, change: Change = []): Map<Plain, Plain> {
  const whole = mapFrom([
    [0, number],
    [1, size],
  ]);
  return withEntries(whole, change);
}

/** Of list 1: 1 and 63 revoked, 2 suspended; of list 7 with 100 indexes: the last one revoked. */
const DEFAULT_LISTS: readonly Plain[] = [
  list(1, 64, [
    [REVOKED, set(4, 1, 63)],
    [SUSPENDED, set(1, 2)],
  ]),
  list(7, 100, [[REVOKED, set(6, 99)]]),
];

export function snapshotClaims(change: Change = [], map: Change = []): Map<Plain, Plain> {
  const content = mapFrom([
    [SEQUENCE, 5],
    [LISTS, DEFAULT_LISTS],
  ]);
  const whole = mapFrom([
    [ISS, '370200'],
    [EXP, NOW_SECONDS + DAY],
    [IAT, NOW_SECONDS - HOUR],
    [SNAPSHOT, withEntries(content, map)],
  ]);
  return withEntries(whole, change);
}

export function snapshot(payload: Plain = snapshotClaims(), change: Partial<MessageParts> = {}): Uint8Array {
  const key = change.key ?? issuer;
  return message({ key, payload, header: listHeader(key, SNAPSHOT_TYPE), ...change });
}

/** A delta of the default one. */
export function delta(
  lists: readonly Plain[],
  map: Change = [],
  change: Change = [],
  parts: Partial<MessageParts> = {},
): Uint8Array {
  return snapshot(snapshotClaims(change, [[SEQUENCE, 6], [BASE, 5], [LISTS, lists], ...map]), parts);
}
