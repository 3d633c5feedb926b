import { UsageError } from '../errors.ts';
import type { Actor } from '../stores/access.ts';
import type { PurgeOutcome } from '../stores/audit.ts';
import type { ActionDeps } from './deps.ts';

/**
 * Forgets what the audit says about the time before `before`, and the receipts of that time; what remains can be verified
 * as before. Interrupted, it has done a part and can be run again. Throws `UsageError` for a time in the future.
 */
export async function purgeAudit(
  before: Date,
  by: Actor,
  { store, currentDate }: Pick<ActionDeps, 'store' | 'currentDate'>,
): Promise<PurgeOutcome> {
  const now = currentDate();
  if (before > now) throw new UsageError('Only what is past can be purged.');
  let [rows, receipts] = [0, 0];
  for (;;) {
    const step = await store.purgeAudit(before, by, now);
    if (step.rows === 0 && step.receipts === 0) return { rows, receipts };
    rows += step.rows;
    receipts += step.receipts;
  }
}
