type Entries = Iterable<readonly [index: number, status: 'revoked' | 'suspended']>;

/** What a delta says of a list: every index that is another now than before. A revocation is final, so none is taken back. */
export function findChanges(
  before: Entries,
  now: Entries,
): readonly (readonly [index: number, status: 'revoked' | 'suspended' | 'valid'])[] {
  const left = new Map(before);
  const changes: [number, 'revoked' | 'suspended' | 'valid'][] = [];
  for (const [index, status] of now) {
    if (left.get(index) !== status) changes.push([index, status]);
    left.delete(index);
  }
  for (const [index, status] of left) if (status === 'suspended') changes.push([index, 'valid']);
  return changes;
}
