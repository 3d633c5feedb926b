import type { CborMap, CborValue } from '../cbor/value.ts';

/** Reads those of the named entries that the map has. */
export function readEach<N extends string, T>(
  map: CborMap,
  labels: Readonly<Record<N, number>>,
  read: (value: CborValue, name: string) => T,
): { readonly [K in N]?: T } {
  const found: { [K in N]?: T } = {};
  for (const [name, label] of Object.entries<number>(labels) as [N, number][]) {
    const value = map.get(label);
    if (value !== undefined) found[name] = read(value, name);
  }
  return found;
}
