import type { CborMap, CborValue } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { CLAIM } from '../cose/headers.ts';
import { encodeNumericDate } from '../cose/numeric-date.ts';
import { CredentialError } from '../errors.ts';
import { MAX_STATUS_LIST_SIZE } from '../limits.ts';
import { requireReadable } from '../result.ts';
import { encodeRice } from './rice.ts';
import { LIST, readSnapshot, SETS, SNAPSHOT } from './snapshot-form.ts';

/** What `issueRevocationSnapshot` signs. */
export interface RevocationSnapshotContent {
  /** The issuer’s `id` in the trust list; its key signs. */
  readonly issuer: string;
  /** Greater than that of every snapshot published before, deltas included. */
  readonly sequence: number;
  /** For a delta: the sequence of the snapshot that it changes, which the same key signed. */
  readonly base?: number;
  /** From then on a good answer is `status_list_stale`. */
  readonly expiresAt: Date;
  /** How long a copy may be used before a newer one is asked for. */
  readonly ttlSeconds?: number;
  /** Each list once; of a delta, those that changed. */
  readonly lists: readonly {
    /** Its number in the issuer's status URIs. */
    readonly list: number;
    /** How many indexes it has: 1 to 2^24, the same in every snapshot. */
    readonly size: number;
    /**
     * Every index that is not valid. Of a delta, every index that is another than in the base: `valid` ends a suspension, and
     * ends no revocation.
     */
    readonly entries: Iterable<readonly [index: number, status: 'revoked' | 'suspended' | 'valid']>;
  }[];
}

/** @throws TypeError; CredentialError `ERR_INVALID_CONTENT` or `ERR_STATUS_INDEX` */
export function encodeSnapshot(content: RevocationSnapshotContent, issuedAt: Date): Uint8Array {
  if (!Array.isArray(content.lists)) throw new TypeError('lists must be an array');
  const lists = [...content.lists]
    .sort((a, b) => a.list - b.list)
    .map((list) => encodeList(list, content.base !== undefined));
  const payload = encodeCbor(
    new Map<number, CborValue>([
      [CLAIM.iss, content.issuer],
      [CLAIM.exp, encodeNumericDate(content.expiresAt, 'expiresAt')],
      [CLAIM.iat, encodeNumericDate(issuedAt, 'currentDate')],
      ...(content.ttlSeconds === undefined ? [] : [[CLAIM.ttl, content.ttlSeconds] as const]),
      [
        CLAIM.snapshot,
        new Map<number, CborValue>([
          [SNAPSHOT.sequence, content.sequence],
          [SNAPSHOT.lists, lists],
          ...(content.base === undefined ? [] : [[SNAPSHOT.base, content.base] as const]),
        ]),
      ],
    ]),
  );
  requireReadable(() => readSnapshot(payload));
  return payload;
}

function encodeList({ list, size, entries }: RevocationSnapshotContent['lists'][number], isDelta: boolean): CborMap {
  if (typeof entries?.[Symbol.iterator] !== 'function') throw new TypeError('entries must be iterable');
  if (!(Number.isInteger(size) && size > 0 && size <= MAX_STATUS_LIST_SIZE)) {
    throw new CredentialError('ERR_INVALID_CONTENT', `size must be from 1 to ${MAX_STATUS_LIST_SIZE}`);
  }
  const values = new Uint8Array(size);
  for (const [index, status] of entries) {
    if (!(Number.isInteger(index) && index >= 0 && index < size)) {
      throw new CredentialError('ERR_STATUS_INDEX', 'an index is outside the list');
    }
    const value = 1 + SETS.indexOf(status);
    if (value === 0 || (status === 'valid' && !isDelta)) {
      throw new CredentialError('ERR_INVALID_CONTENT', 'a snapshot says revoked or suspended, a delta valid too');
    }
    if (values[index] !== 0) throw new CredentialError('ERR_STATUS_INDEX', 'an index stands twice');
    values[index] = value;
  }
  const map = new Map<number, CborValue>([
    [LIST.number, list],
    [LIST.size, size],
  ]);
  for (const [at, name] of SETS.entries()) {
    const sorted = indexesOf(values, at + 1);
    if (sorted.length === 0) continue;
    const { k, count, bytes } = encodeRice(sorted);
    map.set(LIST[name], [k, count, bytes]);
  }
  return map;
}

function indexesOf(values: Uint8Array, wanted: number): Uint32Array {
  const found = new Uint32Array(values.reduce((count, value) => count + (value === wanted ? 1 : 0), 0));
  let at = 0;
  for (let index = 0; index < values.length; index++) if (values[index] === wanted) found[at++] = index;
  return found;
}
