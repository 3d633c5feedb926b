import { z } from 'zod';
import { organisationId } from './access.ts';

const MAX_URL = 500;

export const webhookId = z.uuid().meta({ description: 'The id of an endpoint' });

const event = z.enum([
  'verification.accepted',
  'verification.repeated',
  'verification.replayed',
  'verification.refused',
  'credential.issued',
  'credential.revoked',
  'credential.suspended',
  'credential.reinstated',
]);

export const newWebhook = z
  .strictObject({
    url: z
      .string()
      .regex(/^https?:\/\/[\x21-\x7e]+$/)
      .max(MAX_URL)
      .meta({
        description: 'Where messages are posted to; no person must stand in it',
        examples: ['https://his.example/zm'],
      }),
    events: z.array(event).min(1).max(event.options.length).meta({ description: 'What it is told of' }),
    organisation: organisationId
      .exactOptional()
      .meta({ description: 'It is told what is done there and below; yours unless given' }),
  })
  .meta({ id: 'NewWebhook' });

export const webhook = z
  .strictObject({
    id: webhookId,
    organisation: organisationId,
    url: z.string(),
    events: z.array(event),
    createdAt: z.iso.datetime(),
    disabledAt: z.iso.datetime().exactOptional().meta({ description: 'It answered 410 and is told nothing any more' }),
  })
  .meta({ id: 'Webhook' });

export const addedWebhook = z
  .strictObject({
    webhook,
    secret: z.string().meta({ description: 'What its messages are signed with; answered once', examples: ['whsec_…'] }),
  })
  .meta({ id: 'AddedWebhook' });

export const deliveryQuery = z.strictObject({
  state: z.enum(['pending', 'delivered', 'given_up']).exactOptional(),
  limit: z.coerce.number().int().min(1).max(1000).default(100),
});

export const delivery = z
  .strictObject({
    id: z.string().meta({ description: 'webhook-id, the same at every attempt' }),
    event,
    occurredAt: z.iso.datetime(),
    state: z.enum(['pending', 'delivered', 'given_up']),
    attempts: z.int(),
    nextAttemptAt: z.iso.datetime().exactOptional(),
    lastOutcome: z.string().exactOptional().meta({
      description:
        '`answered_` and the HTTP status; `timeout`, `unreachable`, `tls_failed`, `address_refused`, `stopped`',
    }),
    endedAt: z.iso.datetime().exactOptional(),
  })
  .meta({ id: 'WebhookDelivery' });
