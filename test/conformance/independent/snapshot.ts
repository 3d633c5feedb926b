import { Buffer } from 'node:buffer';
import { asBytes, asMap, type Item, need } from './read.ts';
import { readList, type StatusList } from './verify.ts';

const REVOKED = 1;
const SUSPENDED = 2;

/** The lists of a snapshot by their URI, each written out as a status list of 2 bits. */
export interface WrittenOut {
  readonly sequence: number;
  /** How many indexes each has: the last byte of a list may have room for more. */
  readonly sizes: Readonly<Record<string, number>>;
  readonly lists: ReadonlyMap<string, StatusList>;
}

/** @param base what it changes, where it is a delta */
export function readSnapshot(
  snapshot: Uint8Array,
  bases: ReadonlyMap<string, { readonly base: string }>,
  base: WrittenOut | undefined,
): WrittenOut {
  const { header, claims } = readList(snapshot);
  const map = asMap(claims.get(-65_540));
  const about = {
    issuer: claims.get(1) as string,
    kid: asBytes(header.get(4)),
    times: [claims.get(6) as number, claims.get(4) as number] as const,
    bits: 2,
  };
  const before = map.has(2) ? base : undefined;
  const lists = new Map([...(before?.lists ?? [])].map(([uri, { bytes }]) => [uri, { ...about, bytes }]));
  const sizes = { ...before?.sizes };
  for (const item of map.get(1) as Item[]) {
    const list = asMap(item);
    const uri = `${bases.get(about.issuer)?.base}/${list.get(0)}`;
    const size = list.get(1) as number;
    const bytes = Buffer.alloc(Math.ceil(size / 4));
    lists.get(uri)?.bytes.copy(bytes);
    // In this order: what is suspended is no longer valid again, and a revocation stands above all.
    for (const index of readSet(list.get(4))) if (statusAt(bytes, index) === SUSPENDED) put(bytes, index, 0);
    for (const index of readSet(list.get(3))) if (statusAt(bytes, index) !== REVOKED) put(bytes, index, SUSPENDED);
    for (const index of readSet(list.get(2))) put(bytes, index, REVOKED);
    lists.set(uri, { ...about, bytes });
    sizes[uri] = size;
  }
  return { sequence: map.get(0) as number, sizes, lists };
}

/** As text of 0 and 1, one gap after the other. */
function readSet(set: Item | undefined): number[] {
  if (set === undefined) return [];
  const [k, count, bytes] = set as [number, number, Uint8Array];
  let bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  let next = 0;
  return Array.from({ length: count }, () => {
    const quotient = bits.indexOf('1');
    need(quotient >= 0, 'a set that is cut off');
    const end = quotient + 1 + k;
    const index = next + quotient * 2 ** k + Number.parseInt(`0${bits.slice(quotient + 1, end)}`, 2);
    bits = bits.slice(end);
    next = index + 1;
    return index;
  });
}

export function statusAt(bytes: Uint8Array, index: number): number | undefined {
  const byte = bytes[index >> 2];
  return byte === undefined ? undefined : (byte >> (2 * (index & 3))) & 3;
}

function put(bytes: Uint8Array, index: number, status: number): void {
  const shift = 2 * (index & 3);
  bytes[index >> 2] = ((bytes[index >> 2] as number) & ~(3 << shift)) | (status << shift);
}
