import { randomUUID } from 'node:crypto';
import { ServiceError } from '../errors.ts';
import type { Actor } from '../stores/access.ts';
import type { Delivery, DeliveryState, Webhook, WebhookEvent } from '../stores/webhooks.ts';
import { createWebhookSecret, formatWebhookSecret } from '../webhooks/message-signature.ts';
import type { ActionDeps } from './deps.ts';
import { requireWithin } from './organisations.ts';

/** Each costs a row in the transaction of whatever it is told of. */
const MAX_WEBHOOKS = 8;

type WebhookDeps = Pick<ActionDeps, 'store' | 'keys' | 'endpoints' | 'currentDate'>;

export interface NewWebhook {
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** The caller's own unless given. */
  readonly organisation?: string;
}

/**
 * Registers an endpoint and returns the secret that its messages are signed with, which is not shown a second time. Throws
 * `ServiceError`: `organisation_not_found`, `too_many_webhooks`, and `invalid_request` for an address that this service sends
 * nothing to.
 */
export async function addWebhook(
  { url, events, organisation }: NewWebhook,
  by: Actor,
  { store, keys, endpoints, currentDate }: WebhookDeps,
): Promise<{ webhook: Webhook; secret: string }> {
  const { id: owner } = await requireWithin(organisation ?? by.organisation, by, { store });
  if (!endpoints.accepts(url)) {
    throw new ServiceError('invalid_request', 'This service sends no messages to such an address.', {
      faults: [{ pointer: '/url', reason: 'must be https, or as the setting webhook-network allows' }],
    });
  }
  const secret = createWebhookSecret();
  const id = randomUUID();
  const webhook = { id, organisation: owner, url, events: [...new Set(events)], createdAt: currentDate() };
  const sealedSecret = await keys.seal(secret, sealPurpose(id));
  if (await store.addWebhook({ ...webhook, sealedSecret }, MAX_WEBHOOKS, by))
    return { webhook, secret: formatWebhookSecret(secret) };
  throw new ServiceError('too_many_webhooks', `An organisation has ${MAX_WEBHOOKS} endpoints at most.`);
}

/** Ends an endpoint, with all messages to it. Throws `ServiceError` `webhook_not_found`. */
export async function removeWebhook(
  id: string,
  by: Actor,
  deps: Pick<WebhookDeps, 'store' | 'currentDate'>,
): Promise<Webhook> {
  const webhook = await requireWebhook(id, by, deps);
  await deps.store.removeWebhook(id, by, deps.currentDate());
  return webhook;
}

/** The messages to an endpoint, newest first. Throws `ServiceError` `webhook_not_found`. */
export async function listDeliveries(
  id: string,
  search: { state?: DeliveryState; limit: number },
  by: Actor,
  { store }: Pick<WebhookDeps, 'store'>,
): Promise<readonly Delivery[]> {
  await requireWebhook(id, by, { store });
  return store.deliveriesOf(id, search);
}

/** What the secret of an endpoint is sealed for. */
export function sealPurpose(webhook: string): string {
  return `webhook ${webhook}`;
}

async function requireWebhook(id: string, by: Actor, { store }: Pick<WebhookDeps, 'store'>): Promise<Webhook> {
  const webhook = await store.findWebhook(id);
  if (webhook && (await store.isWithin(webhook.organisation, by.organisation))) return webhook;
  throw new ServiceError('webhook_not_found', 'Your organisation has no endpoint of this id.');
}
