import { randomUUID } from 'node:crypto';
import { type Insertable, sql, type Transaction } from 'kysely';
import type { AuditRecord } from '../audit.ts';
import type { WebhookEvent } from '../webhooks.ts';
import type { Tables } from './tables.ts';

const STATUS_EVENTS: Readonly<Record<string, WebhookEvent>> = {
  issue: 'credential.issued',
  revoked: 'credential.revoked',
  suspended: 'credential.suspended',
  valid: 'credential.reinstated',
};

const VERIFICATION_EVENTS: Readonly<Record<string, WebhookEvent>> = {
  accepted: 'verification.accepted',
  repeated: 'verification.repeated',
  replayed: 'verification.replayed',
};

/** 8 values a row. */
const ROWS_PER_INSERT = 128;

/** Whether anybody is to be told anything, as a column beside others: without endpoints it is all that they cost. */
export const hasWebhooks = sql<number | boolean>`exists (select 1 from webhooks where disabled_at is null)`;

/** Writes, for each endpoint that wants to be told, a message of what was audited. */
export async function writeMessages(transaction: Transaction<Tables>, records: readonly AuditRecord[]): Promise<void> {
  const told = records.flatMap((record) => {
    const event = nameEvent(record);
    return event ? [{ record, event }] : [];
  });
  if (told.length === 0) return;
  const listeners = await findListeners(transaction, [...new Set(told.map(({ record }) => record.organisation))]);
  const rows = told.flatMap(({ record, event }) =>
    listeners
      .filter(({ organisation, events }) => organisation === record.organisation && events.includes(event))
      .map(({ webhook }) => toRow(webhook, event, record)),
  );
  for (let start = 0; start < rows.length; start += ROWS_PER_INSERT) {
    await transaction
      .insertInto('webhook_deliveries')
      .values(rows.slice(start, start + ROWS_PER_INSERT))
      .execute();
  }
}

function nameEvent({ action, outcome = '' }: AuditRecord): WebhookEvent | undefined {
  if (action === 'verify') return VERIFICATION_EVENTS[outcome] ?? 'verification.refused';
  return STATUS_EVENTS[action];
}

/** Who listens to each of the organisations: its own endpoints, and those of whoever is above it. */
async function findListeners(transaction: Transaction<Tables>, organisations: readonly string[]) {
  const rows = await transaction
    .withRecursive('above', (with_) =>
      with_
        .selectFrom('organisations')
        .select(['organisations.id as origin', 'organisations.id', 'organisations.parent'])
        .where('organisations.id', 'in', organisations)
        .union(
          with_
            .selectFrom('organisations')
            .innerJoin('above', 'above.parent', 'organisations.id')
            .select(['above.origin', 'organisations.id', 'organisations.parent']),
        ),
    )
    .selectFrom('above')
    .innerJoin('webhooks', 'webhooks.organisation', 'above.id')
    .select(['above.origin', 'webhooks.id', 'webhooks.events'])
    .where('webhooks.disabled_at', 'is', null)
    .execute();
  return rows.map(({ origin, id, events }) => ({
    organisation: origin,
    webhook: id,
    events: JSON.parse(events) as WebhookEvent[],
  }));
}

function toRow(
  webhook: string,
  event: WebhookEvent,
  { at, organisation, businessType, outcome, credential, receipt }: AuditRecord,
): Insertable<Tables['webhook_deliveries']> {
  // No claim and no free text: what a reason says is for the audit.
  const data = { organisation, businessType, outcome, credential, receipt };
  return {
    id: `msg_${randomUUID()}`,
    webhook,
    event,
    occurred_at: at.getTime(),
    payload: JSON.stringify({ type: event, timestamp: at, data }),
    attempts: 0,
    due_at: at.getTime(),
    last_outcome: null,
    state: 'pending',
    ended_at: null,
  };
}
