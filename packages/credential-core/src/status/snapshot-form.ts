import type { CborMap } from '../cbor/decode.ts';
import { allowKeys, asArray, asBytes, asMap, asText, asUnsigned, decodeCborMap } from '../cbor/expect.ts';
import { CLAIM } from '../cose/headers.ts';
import { decodeNumericDate } from '../cose/numeric-date.ts';
import { LIST_LIMITS, MAX_STATUS_LIST_SIZE } from '../limits.ts';
import { malformed } from '../result.ts';
import { RiceSet } from './rice.ts';

/** The media type in a snapshot's `typ` header. */
export const SNAPSHOT_TYPE = 'application/zhengma-revocation-snapshot+cwt';

export const SNAPSHOT = { sequence: 0, lists: 1, base: 2 } as const;
export const LIST = { number: 0, size: 1, revoked: 2, suspended: 3, valid: 4 } as const;
const TOP_LEVEL = new Set<number>([CLAIM.iss, CLAIM.exp, CLAIM.iat, CLAIM.ttl, CLAIM.snapshot]);
const SNAPSHOT_KEYS = new Set<number>(Object.values(SNAPSHOT));
const LIST_KEYS = new Set<number>(Object.values(LIST));

/** What a list says of the indexes in a set; of those in none, nothing, which is `valid` but in a delta. */
export const SETS = ['revoked', 'suspended', 'valid'] as const;
export type Sets = Readonly<Partial<Record<(typeof SETS)[number], RiceSet>>>;

/** One list of a snapshot as it was read. */
export interface ReadList {
  readonly size: number;
  readonly sets: Sets;
}

/** A payload as it was read, before it is known where its lists are published. */
export interface ReadSnapshot {
  readonly issuer: string;
  readonly sequence: number;
  /** Only of a delta: the sequence of the snapshot that it changes. */
  readonly base?: number;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly ttlSeconds?: number;
  readonly lists: ReadonlyMap<number, ReadList>;
}

/** The issuer that an unverified snapshot names, to find the key that must have signed it. */
export function peekSnapshotIssuer(payload: Uint8Array): string {
  return readIssuer(decodeCborMap(payload, LIST_LIMITS));
}

/** @throws Refusal `malformed` where it does not have the form of docs/format.md */
export function readSnapshot(payload: Uint8Array): ReadSnapshot {
  const claims = decodeCborMap(payload, LIST_LIMITS);
  allowKeys(claims, TOP_LEVEL, 'snapshot');
  const map = asMap(claims.get(CLAIM.snapshot), 'snapshot: it is missing');
  allowKeys(map, SNAPSHOT_KEYS, 'snapshot');
  const sequence = asUnsigned(map.get(SNAPSHOT.sequence), 'snapshot: the sequence is no number');
  const base = map.get(SNAPSHOT.base);
  const isDelta = base !== undefined;
  if (isDelta && asUnsigned(base, 'snapshot: the base is no number') >= sequence) {
    throw malformed('snapshot: a delta to what is not older');
  }
  const issuedAt = decodeNumericDate(claims.get(CLAIM.iat), 'snapshot: iat');
  const expiresAt = decodeNumericDate(claims.get(CLAIM.exp), 'snapshot: exp');
  if (expiresAt <= issuedAt) throw malformed('snapshot: exp is not after iat');
  const ttl = claims.get(CLAIM.ttl);
  const lists = new Map<number, ReadList>();
  let last = -1;
  for (const item of asArray(map.get(SNAPSHOT.lists), 'snapshot: the lists are no array')) {
    const list = asMap(item, 'snapshot: a list is no map');
    allowKeys(list, LIST_KEYS, 'snapshot: list');
    const number = asUnsigned(list.get(LIST.number), 'snapshot: a list without number');
    if (number <= last || number > 0xffff_ffff) throw malformed('snapshot: lists that are not in order');
    last = number;
    lists.set(number, readList(list, isDelta));
  }
  return {
    issuer: readIssuer(claims),
    sequence,
    ...(isDelta && { base: base as number }),
    issuedAt,
    expiresAt,
    ...(ttl !== undefined && { ttlSeconds: asUnsigned(ttl, 'snapshot: ttl is no number') }),
    lists,
  };
}

function readList(map: CborMap, isDelta: boolean): ReadList {
  const size = asUnsigned(map.get(LIST.size), 'snapshot: a list without size');
  if (size === 0 || size > MAX_STATUS_LIST_SIZE) throw malformed('snapshot: a list of a wrong size');
  if (!isDelta && map.has(LIST.valid)) throw malformed('snapshot: only a delta takes back');
  const sets: { [name in (typeof SETS)[number]]?: RiceSet } = {};
  for (const name of SETS) {
    const value = map.get(LIST[name]);
    if (value === undefined) continue;
    const [k, count, bytes, ...rest] = asArray(value, 'snapshot: a set is no array');
    if (rest.length > 0) throw malformed('snapshot: a set in a wrong form');
    sets[name] = new RiceSet(
      {
        k: asUnsigned(k, 'snapshot: a set without parameter'),
        count: asUnsigned(count, 'snapshot: a set without count'),
        bytes: asBytes(bytes, 'snapshot: a set without bytes'),
      },
      size,
    );
  }
  return { size, sets };
}

function readIssuer(claims: CborMap): string {
  return asText(claims.get(CLAIM.iss), 'snapshot: iss is no text');
}
