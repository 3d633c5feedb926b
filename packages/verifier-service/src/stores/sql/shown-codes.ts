import type { Insertable, Transaction } from 'kysely';
import type { SignedReceipt } from '../receipt.ts';
import type { Acceptance, AcceptanceOutcome } from '../store.ts';
import type { AuditLog } from './audit-log.ts';
import { prepareQuery, prepareRows, type Value } from './prepared-query.ts';
import type { Tables } from './tables.ts';
import { WrittenMeanwhile } from './transactions.ts';

/** For so long codes are kept beyond their end: a clock that is set back by less lets none pass a second time. */
const KEPT_BEYOND_MILLISECONDS = 3600 * 1000;

const SKEW_MILLISECONDS = 60_000;

/** Lets codes pass, or says that they have passed before; each with its receipt and its audit row. */
export async function acceptCodes(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  codes: readonly Acceptance[],
): Promise<readonly AcceptanceOutcome[]> {
  const presentations = codes.filter(({ bearer }) => !bearer);
  const shown = await findShown(transaction, presentations, '');
  // After that: a code that is forgotten in between was found, and of one that was forgotten before it is known here.
  const horizon = presentations.length > 0 ? await readHorizon(transaction) : undefined;
  const passed: Acceptance[] = [];
  const outcomes: AcceptanceOutcome[] = [];
  for (const code of codes) {
    if (code.bearer) {
      outcomes.push(await acceptBearer(transaction, audit, code));
      continue;
    }
    const outcome = judge(code, shown.get(code.replayKey), horizon, audit);
    outcomes.push(outcome);
    if (outcome.outcome !== 'first') continue;
    passed.push(code);
    // Whoever else shows it in the same group shows it again.
    shown.set(code.replayKey, describeShown(code));
  }
  if (passed.length === 0) return outcomes;
  await insertReceipts(transaction, passed.map(toReceiptRow));
  const inserted = await insertPresentations(
    transaction,
    passed.map((code) => toShownRow(code, '')),
  );
  if (inserted.numAffectedRows === BigInt(passed.length)) return outcomes;
  // Another process was quicker, and has committed meanwhile: it is found the next time.
  throw new WrittenMeanwhile();
}

async function acceptBearer(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  code: Acceptance,
): Promise<AcceptanceOutcome> {
  const scope = JSON.stringify([code.by.organisation, code.businessType]);
  const earlier = (await findShown(transaction, [code], scope)).get(code.replayKey);
  // Another event begins when the first is over.
  const current = earlier && earlier.until > code.at.getTime() ? earlier : undefined;
  const outcome = judge(code, current, undefined, audit);
  if (outcome.outcome !== 'first') return outcome;
  await insertReceipts(transaction, [toReceiptRow(code)]);
  const row = { ...toShownRow(code, scope), at: code.at.getTime() };
  const { numAffectedRows } = await insertBearer(transaction, row);
  if (numAffectedRows === 1n) return outcome;
  throw new WrittenMeanwhile();
}

/** What becomes of a code, with what is said of it to the audit. A bearer code is shown again and again: it has no horizon. */
function judge(
  code: Acceptance,
  shown: ShownCode | undefined,
  horizon: Horizon | undefined,
  audit: AuditLog,
): AcceptanceOutcome {
  const { businessType, receipt, by, at, credential } = code;
  const audited = { ...by, at, action: 'verify', credential, ...(businessType && { businessType }) } as const;
  if (shown) {
    const { organisation, business_type, receipt: earlier } = shown;
    if (organisation !== by.organisation || business_type !== businessType) {
      audit.add({ ...audited, outcome: 'replayed' });
      return { outcome: 'replayed', firstShownAt: earlier.verifiedAt };
    }
    audit.add({ ...audited, outcome: 'repeated', receipt: earlier.id });
    return { outcome: 'repeated', receipt: earlier };
  }
  const { forgotten, restored } = horizon ?? NO_HORIZON;
  if (code.until.getTime() <= forgotten) return { outcome: 'forgotten', until: new Date(forgotten) };
  // Its clock may be ahead by as much as readers tolerate.
  if (restored > 0 && (code.presentedAt?.getTime() ?? 0) <= restored + SKEW_MILLISECONDS) {
    return { outcome: 'before_restore', restoredAt: new Date(restored) };
  }
  audit.add({ ...audited, outcome: 'accepted', receipt: receipt.id });
  return { outcome: 'first', receipt };
}

/**
 * Forgets codes that are refused for their age. Up to when is remembered: after the clock was set back, such a code would
 * be accepted again, and nobody could tell that it had been.
 */
export async function forgetCodes(transaction: Transaction<Tables>, at: Date, limit: number): Promise<void> {
  const over = await selectOver(transaction, { until: at.getTime() - KEPT_BEYOND_MILLISECONDS, limit });
  if (over.rows.length === 0) return;
  for (const { replay_key, scope } of over.rows) await deleteShown(transaction, { replay_key, scope });
  const until = over.rows.at(-1)?.until as number;
  await transaction.updateTable('forgotten_codes').set({ until }).where('until', '<', until).execute();
}

const selectOver = prepareQuery<{ until: number; limit: number }>()((db, value) =>
  db
    .selectFrom('shown_codes')
    .select(['replay_key', 'scope', 'until'])
    .where('until', '<=', value('until'))
    .orderBy('until')
    .limit(value('limit')),
);

const deleteShown = prepareQuery<{ replay_key: string; scope: string }>()((db, value) =>
  db.deleteFrom('shown_codes').where('replay_key', '=', value('replay_key')).where('scope', '=', value('scope')),
);

/** Up to when codes were forgotten, and since when the database is one that was brought back. */
interface Horizon {
  readonly forgotten: number;
  readonly restored: number;
}

const NO_HORIZON: Horizon = { forgotten: 0, restored: 0 };

/** Where a code was accepted before. */
interface ShownCode {
  readonly organisation: string;
  readonly business_type: string;
  readonly until: number;
  readonly receipt: SignedReceipt;
}

function describeShown({ by, businessType, until, receipt }: Acceptance): ShownCode {
  return { organisation: by.organisation, business_type: businessType, until: until.getTime(), receipt };
}

const selectHorizon = prepareQuery<object>()((db) =>
  db.selectFrom('forgotten_codes').select(['until as forgotten', 'restored_at as restored']),
);

async function readHorizon(transaction: Transaction<Tables>): Promise<Horizon> {
  const [horizon] = (await selectHorizon(transaction, {})).rows;
  if (!horizon) throw new Error('The row of forgotten codes is missing');
  return horizon;
}

/** Of one scope, that of the first. */
const selectShown = prepareRows<{ replayKey: string; scope: string }>()((db, values) => {
  const [first] = values as [Value<{ replayKey: string; scope: string }>];
  return db
    .selectFrom('shown_codes')
    .innerJoin('receipts', 'receipts.id', 'shown_codes.receipt')
    .select([
      'shown_codes.replay_key',
      'shown_codes.organisation',
      'shown_codes.business_type',
      'shown_codes.until',
      'receipts.id',
      'receipts.signed',
      'receipts.verified_at',
    ])
    .where(
      'shown_codes.replay_key',
      'in',
      values.map((value) => value('replayKey')),
    )
    .where('shown_codes.scope', '=', first('scope'));
});

/** What is known of codes, by their replay keys. */
async function findShown(
  transaction: Transaction<Tables>,
  codes: readonly Acceptance[],
  scope: string,
): Promise<Map<string, ShownCode>> {
  if (codes.length === 0) return new Map();
  const asked = codes.map(({ replayKey }) => ({ replayKey, scope }));
  const { rows } = await selectShown(transaction, asked);
  return new Map(
    rows.map(({ replay_key, organisation, business_type, until, id, signed, verified_at }) => {
      const receipt = { id, signed: new Uint8Array(signed), verifiedAt: new Date(verified_at) };
      return [replay_key, { organisation, business_type, until, receipt }];
    }),
  );
}

type ReceiptRow = Insertable<Tables['receipts']>;
type ShownRow = Insertable<Tables['shown_codes']>;

const insertReceipts = prepareRows<ReceiptRow>()((db, values) =>
  db.insertInto('receipts').values(
    values.map((value) => ({
      id: value('id'),
      organisation: value('organisation'),
      signed: value('signed'),
      verified_at: value('verified_at'),
    })),
  ),
);

const insertPresentations = prepareRows<ShownRow>()((db, values) =>
  db
    .insertInto('shown_codes')
    .values(values.map(placeShown))
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

function placeShown(value: Value<ShownRow>): ShownRow {
  return {
    replay_key: value('replay_key'),
    scope: value('scope'),
    organisation: value('organisation'),
    business_type: value('business_type'),
    receipt: value('receipt'),
    until: value('until'),
  };
}

function toReceiptRow({ by, receipt }: Acceptance): ReceiptRow {
  const { id, signed, verifiedAt } = receipt;
  return { id, organisation: by.organisation, signed, verified_at: verifiedAt.getTime() };
}

function toShownRow({ replayKey, by, businessType, receipt, until }: Acceptance, scope: string): ShownRow {
  return {
    replay_key: replayKey,
    scope,
    organisation: by.organisation,
    business_type: businessType,
    receipt: receipt.id,
    until: until.getTime(),
  };
}
