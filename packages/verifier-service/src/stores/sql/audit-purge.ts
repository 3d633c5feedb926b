import type { Transaction } from 'kysely';
import type { Actor } from '../access.ts';
import type { PurgeOutcome } from '../audit.ts';
import { describeCut } from '../audit-hash.ts';
import type { AuditLog } from './audit-log.ts';
import type { Tables } from './tables.ts';

/** So many at most of each chain, and of the receipts, in one transaction: others wait for it. */
const STEP = 20_000;

/** Removes the start of each chain, a step, and says so in rows, which the chains' own hashes then vouch for. */
export async function purge(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  before: Date,
  by: Actor,
  at: Date,
): Promise<PurgeOutcome> {
  let rows = 0;
  const cuts = [];
  for (const { chain, purged_seq, purged_hash } of await takeAllChains(transaction)) {
    const last = await findLastToGo(transaction, chain, purged_seq, before);
    if (last) {
      await transaction.deleteFrom('audit').where('chain', '=', chain).where('seq', '<=', last.seq).execute();
      const cut = { purged_seq: last.seq, purged_hash: last.hash };
      await transaction.updateTable('audit_chains').set(cut).where('chain', '=', chain).execute();
      rows += last.seq - purged_seq;
    }
    cuts.push({ chain, ...(last ?? { seq: purged_seq, hash: purged_hash }) });
  }
  // For every chain that was ever cut: the row of an earlier purge may have gone with this one.
  for (const cut of rows > 0 ? cuts : []) {
    if (cut.seq > 0) audit.add({ ...by, at, action: 'purge', reason: describeCut(cut) });
  }
  return { rows, receipts: await purgeReceipts(transaction, before) };
}

/** Those by which a code could still be known again stay. */
async function purgeReceipts(transaction: Transaction<Tables>, before: Date): Promise<number> {
  const { numDeletedRows } = await transaction
    .deleteFrom('receipts')
    .where('id', 'in', ({ selectFrom }) =>
      selectFrom('receipts')
        .select('id')
        .where('verified_at', '<', before.getTime())
        .where(({ not, exists }) =>
          not(
            exists(selectFrom('shown_codes').select('replay_key').whereRef('shown_codes.receipt', '=', 'receipts.id')),
          ),
        )
        .limit(STEP),
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** All of them, held until the end. */
async function takeAllChains(transaction: Transaction<Tables>) {
  await transaction
    .updateTable('audit_chains')
    .set((each) => ({ seq: each.ref('seq') }))
    .execute();
  return transaction.selectFrom('audit_chains').selectAll().orderBy('chain').execute();
}

/** A chain is cut before its first row that must stay: after the clock was set back its rows are not in the order of time. */
async function findLastToGo(transaction: Transaction<Tables>, chain: number, purged: number, before: Date) {
  const kept = await transaction
    .selectFrom('audit')
    .select('seq')
    .where('chain', '=', chain)
    .where('at', '>=', before.getTime())
    .orderBy('seq')
    .limit(1)
    .executeTakeFirst();
  return transaction
    .selectFrom('audit')
    .select(['seq', 'hash'])
    .where('chain', '=', chain)
    .where('seq', '<', kept?.seq ?? Number.MAX_SAFE_INTEGER)
    .where('seq', '<=', purged + STEP)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
}
