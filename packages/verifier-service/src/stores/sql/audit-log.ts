import { randomInt } from 'node:crypto';
import type { Insertable, Transaction } from 'kysely';
import type { AuditRecord } from '../audit.ts';
import { hashEntry } from '../audit-hash.ts';
import type { Engine } from './engine.ts';
import { hasWebhooks, writeMessages } from './outbox.ts';
import { prepareQuery, prepareRows } from './prepared-query.ts';
import type { Tables } from './tables.ts';

/** 12 values a row; every engine takes some ten thousand parameters in one statement. */
const ROWS_PER_INSERT = 64;

/** The audit rows of one transaction, and the messages about them: said while it works, written at its end. */
export class AuditLog {
  readonly #engine: Engine;
  readonly #records: AuditRecord[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  add(record: AuditRecord): void {
    this.#records.push(record);
  }

  /** Appends what was said to a chain. Last of all, so that a chain is held for no longer than the commit takes. */
  async write(transaction: Transaction<Tables>): Promise<void> {
    if (this.#records.length === 0) return;
    const head = await takeChain(transaction, this.#engine);
    let { seq, hash } = head;
    const rows: Insertable<Tables['audit']>[] = [];
    for (const record of this.#records) {
      seq += 1;
      hash = hashEntry(hash, { ...record, chain: head.chain, seq });
      rows.push(toRow(record, { chain: head.chain, seq, hash }));
    }
    for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
      await insertRows(transaction, rows.slice(start, start + ROWS_PER_INSERT));
    }
    if (head.has_webhooks) await writeMessages(transaction, this.#records);
    await moveChain(transaction, { chain: head.chain, seq, hash });
  }
}

const insertRows = prepareRows<Insertable<Tables['audit']>>()((db, values) =>
  db.insertInto('audit').values(
    values.map((value) => ({
      chain: value('chain'),
      seq: value('seq'),
      at: value('at'),
      operator: value('operator'),
      organisation: value('organisation'),
      action: value('action'),
      credential: value('credential'),
      business_type: value('business_type'),
      reason: value('reason'),
      outcome: value('outcome'),
      receipt: value('receipt'),
      subject: value('subject'),
      hash: value('hash'),
    })),
  ),
);

const moveChain = prepareQuery<{ chain: number; seq: number; hash: Uint8Array }>()((db, value) =>
  db
    .updateTable('audit_chains')
    .set({ seq: value('seq'), hash: value('hash') })
    .where('chain', '=', value('chain')),
);

/** A chain that nobody else writes to until this transaction ends. */
async function takeChain(transaction: Transaction<Tables>, engine: Engine) {
  const chains = transaction
    .selectFrom('audit_chains')
    .select(['chain', 'seq', 'hash', hasWebhooks.as('has_webhooks')]);
  if (!engine.writesAtOnce) return chains.executeTakeFirstOrThrow();
  const free = await chains.limit(1).forUpdate().skipLocked().executeTakeFirst();
  if (free) return free;
  const all = await transaction.selectFrom('audit_chains').select('chain').execute();
  const chosen = all[randomInt(all.length)]?.chain ?? 1;
  return chains.where('chain', '=', chosen).forUpdate().executeTakeFirstOrThrow();
}

function toRow(
  { at, operator, organisation, action, credential, businessType, reason, outcome, receipt, subject }: AuditRecord,
  place: { chain: number; seq: number; hash: Uint8Array },
): Insertable<Tables['audit']> {
  return {
    ...place,
    at: at.getTime(),
    operator,
    organisation,
    action,
    credential: credential ?? null,
    business_type: businessType ?? null,
    reason: reason ?? null,
    outcome: outcome ?? null,
    receipt: receipt ?? null,
    subject: subject ?? null,
  };
}
