import { Buffer } from 'node:buffer';
import type { Plain } from './cbor.ts';

/** A set of docs/format.md §9 with this k, its gaps written as text of 0 and 1 first. */
export function set(k: number, ...sorted: readonly number[]): Plain {
  const bits = sorted.map((index, at) => {
    const gap = index - (at === 0 ? 0 : (sorted[at - 1] as number) + 1);
    const remainder = (gap % 2 ** k).toString(2).padStart(k, '0');
    return `${'0'.repeat(Math.floor(gap / 2 ** k))}1${k === 0 ? '' : remainder}`;
  });
  return [k, sorted.length, packBits(bits.join(''))];
}

/** Zeros fill the last byte. */
export function packBits(bits: string): Uint8Array {
  const bytes = bits.match(/.{1,8}/g) ?? [];
  return Buffer.from(bytes.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)));
}
