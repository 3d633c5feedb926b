import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Actor } from '../access.ts';
import type {
  ClaimedDelivery,
  Delivery,
  DeliveryResult,
  DeliveryState,
  Webhook,
  WebhookEvent,
  WebhookRecord,
} from '../webhooks.ts';
import type { AuditLog } from './audit-log.ts';
import type { Engine } from './engine.ts';
import { selectWithin } from './organisations.ts';
import type { Tables } from './tables.ts';

export async function addWebhook(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  { id, organisation, url, events, createdAt, sealedSecret }: WebhookRecord,
  limit: number,
  by: Actor,
): Promise<boolean> {
  // Whoever else counts those of this organisation waits until this transaction is over.
  await transaction
    .updateTable('organisations')
    .set((each) => ({ name: each.ref('name') }))
    .where('id', '=', organisation)
    .execute();
  const { count } = await transaction
    .selectFrom('webhooks')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('organisation', '=', organisation)
    .executeTakeFirstOrThrow();
  if (Number(count) >= limit) return false;
  await transaction
    .insertInto('webhooks')
    .values({
      id,
      organisation,
      url,
      events: JSON.stringify(events),
      sealed_secret: sealedSecret,
      created_at: createdAt.getTime(),
      disabled_at: null,
    })
    .execute();
  audit.add({ ...by, at: createdAt, action: 'add_webhook', subject: id });
  return true;
}

export async function findWebhook(db: Kysely<Tables>, id: string): Promise<Webhook | undefined> {
  const row = await db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst();
  return row && readWebhook(row);
}

export async function webhooksWithin(db: Kysely<Tables>, organisation: string): Promise<readonly Webhook[]> {
  const rows = await db
    .selectFrom('webhooks')
    .selectAll()
    .where('organisation', 'in', selectWithin(db, organisation))
    .orderBy('created_at')
    .orderBy('id')
    .execute();
  return rows.map(readWebhook);
}

export async function removeWebhook(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  id: string,
  by: Actor,
  at: Date,
): Promise<void> {
  const { numDeletedRows } = await transaction.deleteFrom('webhooks').where('id', '=', id).executeTakeFirstOrThrow();
  await transaction.deleteFrom('webhook_deliveries').where('webhook', '=', id).execute();
  if (numDeletedRows > 0n) audit.add({ ...by, at, action: 'remove_webhook', subject: id });
}

export async function deliveriesOf(
  db: Kysely<Tables>,
  webhook: string,
  { state, limit }: { state?: DeliveryState; limit: number },
): Promise<readonly Delivery[]> {
  let query = db.selectFrom('webhook_deliveries').selectAll().where('webhook', '=', webhook);
  if (state) query = query.where('state', '=', state);
  const rows = await query.orderBy('occurred_at', 'desc').orderBy('id').limit(limit).execute();
  return rows.map((row) => ({
    id: row.id,
    event: row.event as WebhookEvent,
    occurredAt: new Date(row.occurred_at),
    state: row.state,
    attempts: row.attempts,
    ...(row.due_at !== null && { nextAttemptAt: new Date(row.due_at) }),
    ...(row.last_outcome !== null && { lastOutcome: row.last_outcome }),
    ...(row.ended_at !== null && { endedAt: new Date(row.ended_at) }),
  }));
}

export async function webhooksDue(db: Kysely<Tables>, at: Date): Promise<readonly WebhookRecord[]> {
  const rows = await db
    .selectFrom((query) =>
      query
        .selectFrom('webhooks')
        .selectAll()
        .select(({ selectFrom }) =>
          selectFrom('webhook_deliveries')
            .select('webhook_deliveries.due_at')
            .whereRef('webhook_deliveries.webhook', '=', 'webhooks.id')
            .where('webhook_deliveries.due_at', '<=', at.getTime())
            .orderBy('webhook_deliveries.due_at')
            .limit(1)
            .as('due_since'),
        )
        .where('disabled_at', 'is', null)
        .as('told'),
    )
    .selectAll()
    .where('due_since', 'is not', null)
    .orderBy('due_since')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ ...readWebhook(row), sealedSecret: new Uint8Array(row.sealed_secret) }));
}

export async function claimDeliveries(
  transaction: Transaction<Tables>,
  engine: Engine,
  webhook: string,
  at: Date,
  until: Date,
  limit: number,
): Promise<readonly ClaimedDelivery[]> {
  let due = transaction
    .selectFrom('webhook_deliveries')
    .select('id')
    .where('webhook', '=', webhook)
    .where('due_at', '<=', at.getTime())
    .orderBy('due_at')
    .limit(limit);
  // What another node is taking just now is its own.
  if (engine.writesAtOnce) due = due.forUpdate().skipLocked();
  const ids = (await due.execute()).map(({ id }) => id);
  if (ids.length === 0) return [];
  return transaction
    .updateTable('webhook_deliveries')
    .set((each) => ({ due_at: until.getTime(), attempts: each('attempts', '+', 1) }))
    .where('id', 'in', ids)
    .returning(['id', 'payload', 'attempts'])
    .execute();
}

export async function recordDelivery(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  webhook: string,
  { id, attempts }: ClaimedDelivery,
  { outcome, at, next }: DeliveryResult,
  by: Actor,
): Promise<void> {
  const isNext = next instanceof Date;
  await transaction
    .updateTable('webhook_deliveries')
    .set({
      state: isNext ? 'pending' : next === 'delivered' ? 'delivered' : 'given_up',
      due_at: isNext ? next.getTime() : null,
      last_outcome: outcome,
      ended_at: isNext ? null : at.getTime(),
    })
    .where('id', '=', id)
    .where('attempts', '=', attempts)
    .where('state', '=', 'pending')
    .execute();
  if (next !== 'gone') return;
  const { numUpdatedRows } = await transaction
    .updateTable('webhooks')
    .set({ disabled_at: at.getTime() })
    .where('id', '=', webhook)
    .where('disabled_at', 'is', null)
    .executeTakeFirstOrThrow();
  // Several messages to it may be answered so at once.
  if (numUpdatedRows > 0n) audit.add({ ...by, at, action: 'disable_webhook', subject: webhook });
  await transaction
    .updateTable('webhook_deliveries')
    .set({ state: 'given_up', due_at: null, ended_at: at.getTime() })
    .where('webhook', '=', webhook)
    .where('state', '=', 'pending')
    .execute();
}

export async function forgetDeliveries(transaction: Transaction<Tables>, before: Date, limit: number): Promise<number> {
  const ended = await transaction
    .deleteFrom('webhook_deliveries')
    .where('id', 'in', (query) =>
      query.selectFrom('webhook_deliveries').select('id').where('ended_at', '<', before.getTime()).limit(limit),
    )
    .executeTakeFirstOrThrow();
  const forgotten = Number(ended.numDeletedRows);
  if (forgotten === limit) return forgotten;
  const orphans = await transaction
    .deleteFrom('webhook_deliveries')
    .where('id', 'in', (query) =>
      query
        .selectFrom('webhook_deliveries')
        .select('id')
        .where('webhook', 'in', toldButGone)
        .limit(limit - forgotten),
    )
    .executeTakeFirstOrThrow();
  return forgotten + Number(orphans.numDeletedRows);
}

/**
 * Endpoints that a message was written to while they were being removed. Goes from one endpoint to the next in the index, not
 * through all messages: there may be millions, and mostly there is no such endpoint.
 */
const toldButGone = sql<string>`(
  with recursive told (webhook) as (
    select min(webhook) from webhook_deliveries
    union all
    select (select min(d.webhook) from webhook_deliveries d where d.webhook > told.webhook) from told where told.webhook is not null
  ) select webhook from told where webhook is not null and webhook not in (select id from webhooks))`;

function readWebhook(row: Selectable<Tables['webhooks']>): Webhook {
  return {
    id: row.id,
    organisation: row.organisation,
    url: row.url,
    events: JSON.parse(row.events) as WebhookEvent[],
    createdAt: new Date(row.created_at),
    ...(row.disabled_at !== null && { disabledAt: new Date(row.disabled_at) }),
  };
}
