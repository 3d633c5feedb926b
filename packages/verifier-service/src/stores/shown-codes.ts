import type { Transaction } from 'kysely';
import { insertAudit } from './insert-audit.ts';
import type { Acceptance, AcceptanceOutcome } from './store.ts';
import type { Tables } from './tables.ts';

/** For so long codes are kept beyond their end: a clock that is set back by less lets none pass a second time. */
const KEPT_BEYOND_MILLISECONDS = 3600 * 1000;

/** Lets a code pass, or says that it has passed before; with its receipt and its audit row. */
export async function acceptCode(transaction: Transaction<Tables>, code: Acceptance): Promise<AcceptanceOutcome> {
  const { organisation, businessType, receipt } = code;
  const at = receipt.verifiedAt;
  const scope = code.bearer ? JSON.stringify([organisation, businessType]) : '';
  const found = await transaction
    .selectFrom('forgotten_codes')
    .leftJoin('shown_codes', (join) =>
      join.on('shown_codes.replay_key', '=', code.replayKey).on('shown_codes.scope', '=', scope),
    )
    .leftJoin('receipts', 'receipts.id', 'shown_codes.receipt')
    .select([
      'forgotten_codes.until as forgotten',
      'shown_codes.organisation',
      'shown_codes.business_type',
      'shown_codes.until',
      'receipts.id',
      'receipts.signed',
      'receipts.verified_at',
    ])
    .executeTakeFirstOrThrow();
  const { id, signed, verified_at } = found;
  // A bearer code begins another event when the first is over.
  const isKnown = found.until !== null && (!code.bearer || found.until > at.getTime());
  if (isKnown && id !== null && signed !== null && verified_at !== null) {
    const isSame = found.organisation === organisation && found.business_type === businessType;
    const audited = { at, operator: code.operator, action: 'verify', credential: code.credential } as const;
    if (!isSame) {
      await insertAudit(transaction, { ...audited, outcome: 'replayed' });
      return { outcome: 'replayed', firstShownAt: new Date(verified_at) };
    }
    await insertAudit(transaction, { ...audited, outcome: 'repeated', receipt: id });
    return {
      outcome: 'repeated',
      receipt: { id, signed: new Uint8Array(signed), verifiedAt: new Date(verified_at) },
    };
  }
  if (!code.bearer && code.until.getTime() <= found.forgotten) {
    return { outcome: 'forgotten', until: new Date(found.forgotten) };
  }
  await insertFirst(transaction, code, scope);
  return { outcome: 'first', receipt };
}

/**
 * Forgets codes that are refused for their age. Up to when is remembered: after the clock was set back, such a code would
 * be accepted again, and nobody could tell that it had been.
 */
export async function forgetCodes(transaction: Transaction<Tables>, at: Date, limit: number): Promise<void> {
  const over = await transaction
    .selectFrom('shown_codes')
    .select(['replay_key', 'scope', 'until'])
    .where('until', '<=', at.getTime() - KEPT_BEYOND_MILLISECONDS)
    .orderBy('until')
    .limit(limit)
    .execute();
  for (const { replay_key, scope } of over) {
    await transaction
      .deleteFrom('shown_codes')
      .where('replay_key', '=', replay_key)
      .where('scope', '=', scope)
      .execute();
  }
  const last = over.at(-1);
  if (!last) return;
  await transaction.updateTable('forgotten_codes').set({ until: last.until }).where('until', '<', last.until).execute();
}

async function insertFirst(transaction: Transaction<Tables>, code: Acceptance, scope: string): Promise<void> {
  const { replayKey, organisation, businessType, until, receipt, operator, credential } = code;
  const at = receipt.verifiedAt;
  await transaction
    .insertInto('receipts')
    .values({ id: receipt.id, organisation, signed: receipt.signed, verified_at: at.getTime() })
    .execute();
  const shown = { organisation, business_type: businessType, receipt: receipt.id, until: until.getTime() };
  const insert = transaction.insertInto('shown_codes').values({ replay_key: replayKey, scope, ...shown });
  await (code.bearer
    ? insert.onConflict((conflict) => conflict.columns(['replay_key', 'scope']).doUpdateSet(shown))
    : insert
  ).execute();
  await insertAudit(transaction, {
    at,
    operator,
    action: 'verify',
    credential,
    outcome: 'accepted',
    receipt: receipt.id,
  });
}
