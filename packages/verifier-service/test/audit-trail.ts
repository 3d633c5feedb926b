import type { AuditEntry } from '../src/stores/audit.ts';
import type { Store } from '../src/stores/store.ts';

/** Everything that was audited, oldest first. */
export async function readTrail(store: Store): Promise<readonly AuditEntry[]> {
  const { entries, next } = await store.searchAudit({ limit: 10_000 });
  if (next) throw new Error('The trail is longer than a test expects');
  return entries.toReversed();
}
