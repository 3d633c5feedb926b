import type { Insertable, Transaction } from 'kysely';
import type { Acceptance, AcceptanceOutcome } from '../store.ts';
import type { AuditLog } from './audit-log.ts';
import { prepareQuery } from './prepared-query.ts';
import type { Tables } from './tables.ts';

/** For so long codes are kept beyond their end: a clock that is set back by less lets none pass a second time. */
const KEPT_BEYOND_MILLISECONDS = 3600 * 1000;

const SKEW_MILLISECONDS = 60_000;

/** Whoever was quicker has committed, and is found the next time. */
const MAX_TRIES = 3;

/** Lets a code pass, or says that it has passed before; with its receipt and its audit row. */
export async function acceptCode(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  code: Acceptance,
): Promise<AcceptanceOutcome> {
  const { businessType, receipt, by, at, credential } = code;
  const scope = code.bearer ? JSON.stringify([by.organisation, businessType]) : '';
  const audited = { ...by, at, action: 'verify', credential, ...(businessType && { businessType }) } as const;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const found = await findShown(transaction, code.replayKey, scope);
    // A bearer code begins another event when the first is over.
    if (found.shown && (!code.bearer || found.shown.until > at.getTime())) {
      const { organisation, business_type, receipt: earlier } = found.shown;
      if (organisation !== by.organisation || business_type !== businessType) {
        audit.add({ ...audited, outcome: 'replayed' });
        return { outcome: 'replayed', firstShownAt: earlier.verifiedAt };
      }
      audit.add({ ...audited, outcome: 'repeated', receipt: earlier.id });
      return { outcome: 'repeated', receipt: earlier };
    }
    if (!code.bearer && code.until.getTime() <= found.forgotten) {
      return { outcome: 'forgotten', until: new Date(found.forgotten) };
    }
    // Its clock may be ahead by as much as readers tolerate.
    if (
      !code.bearer &&
      found.restored > 0 &&
      (code.presentedAt?.getTime() ?? 0) <= found.restored + SKEW_MILLISECONDS
    ) {
      return { outcome: 'before_restore', restoredAt: new Date(found.restored) };
    }
    if (await insertFirst(transaction, code, scope)) {
      audit.add({ ...audited, outcome: 'accepted', receipt: receipt.id });
      return { outcome: 'first', receipt };
    }
    // Another process was first, and has committed meanwhile.
  }
  throw new Error('A code is neither known nor can it be recorded');
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

/** What is known of a code, and up to when codes were forgotten, both at one instant. */
const selectShown = prepareQuery<{ replayKey: string; scope: string }>()((db, value) =>
  db
    .selectFrom('forgotten_codes')
    .leftJoin('shown_codes', (join) =>
      join.on('shown_codes.replay_key', '=', value('replayKey')).on('shown_codes.scope', '=', value('scope')),
    )
    .leftJoin('receipts', 'receipts.id', 'shown_codes.receipt')
    .select([
      'forgotten_codes.until as forgotten',
      'forgotten_codes.restored_at as restored',
      'shown_codes.organisation',
      'shown_codes.business_type',
      'shown_codes.until',
      'receipts.id',
      'receipts.signed',
      'receipts.verified_at',
    ]),
);

async function findShown(transaction: Transaction<Tables>, replayKey: string, scope: string) {
  const [row] = (await selectShown(transaction, { replayKey, scope })).rows;
  if (!row) throw new Error('The row of forgotten codes is missing');
  const { forgotten, restored, organisation, business_type, until, id, signed, verified_at } = row;
  if (until === null || id === null || signed === null || verified_at === null) return { forgotten, restored };
  const receipt = { id, signed: new Uint8Array(signed), verifiedAt: new Date(verified_at) };
  return { forgotten, restored, shown: { organisation, business_type, until, receipt } };
}

type ReceiptRow = Insertable<Tables['receipts']>;
type ShownRow = Insertable<Tables['shown_codes']>;

const insertReceipt = prepareQuery<ReceiptRow>()((db, value) =>
  db.insertInto('receipts').values({
    id: value('id'),
    organisation: value('organisation'),
    signed: value('signed'),
    verified_at: value('verified_at'),
  }),
);

const insertPresentation = prepareQuery<ShownRow>()((db, value) =>
  db
    .insertInto('shown_codes')
    .values(placeShown(value))
    .onConflict((conflict) => conflict.columns(['replay_key', 'scope']).doNothing()),
);

/** In the place of one whose event is over at `at`. */
const insertBearer = prepareQuery<ShownRow & { at: number }>()((db, value) => {
  const { replay_key, scope, ...shown } = placeShown(value);
  return db
    .insertInto('shown_codes')
    .values({ replay_key, scope, ...shown })
    .onConflict((conflict) =>
      conflict.columns(['replay_key', 'scope']).doUpdateSet(shown).where('shown_codes.until', '<=', value('at')),
    );
});

function placeShown(value: <K extends keyof ShownRow>(name: K) => ShownRow[K]): ShownRow {
  return {
    replay_key: value('replay_key'),
    scope: value('scope'),
    organisation: value('organisation'),
    business_type: value('business_type'),
    receipt: value('receipt'),
    until: value('until'),
  };
}

/** False, with nothing kept, when another process was quicker. */
async function insertFirst(transaction: Transaction<Tables>, code: Acceptance, scope: string): Promise<boolean> {
  const { replayKey, by, businessType, until, receipt, at } = code;
  await insertReceipt(transaction, {
    id: receipt.id,
    organisation: by.organisation,
    signed: receipt.signed,
    verified_at: receipt.verifiedAt.getTime(),
  });
  const shown = {
    replay_key: replayKey,
    scope,
    organisation: by.organisation,
    business_type: businessType,
    receipt: receipt.id,
    until: until.getTime(),
  };
  const { numAffectedRows } = code.bearer
    ? await insertBearer(transaction, { ...shown, at: at.getTime() })
    : await insertPresentation(transaction, shown);
  if (numAffectedRows === 1n) return true;
  await transaction.deleteFrom('receipts').where('id', '=', receipt.id).execute();
  return false;
}
