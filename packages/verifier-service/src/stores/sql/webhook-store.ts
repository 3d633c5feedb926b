import type { WebhookStore } from '../webhooks.ts';
import type { Connection } from './connection.ts';
import {
  addWebhook,
  claimDeliveries,
  deliveriesOf,
  findWebhook,
  forgetDeliveries,
  recordDelivery,
  removeWebhook,
  webhooksDue,
  webhooksWithin,
} from './webhooks.ts';

/** Who is told of what, and the messages to them. */
export function webhookStore({ db, engine, transactions }: Connection): WebhookStore {
  return {
    async addWebhook(webhook, limit, by) {
      return transactions.write((transaction, audit) => addWebhook(transaction, audit, webhook, limit, by));
    },

    async findWebhook(id) {
      return findWebhook(db, id);
    },

    async webhooksWithin(organisation) {
      return webhooksWithin(db, organisation);
    },

    async removeWebhook(id, by, at) {
      return transactions.write((transaction, audit) => removeWebhook(transaction, audit, id, by, at));
    },

    async deliveriesOf(webhook, search) {
      return deliveriesOf(db, webhook, search);
    },

    async webhooksDue(at) {
      return webhooksDue(db, at);
    },

    async claimDeliveries(webhook, at, until, limit) {
      return transactions.write((transaction) => claimDeliveries(transaction, engine, webhook, at, until, limit));
    },

    async recordDelivery(webhook, delivery, result, by) {
      return transactions.write((transaction, audit) =>
        recordDelivery(transaction, audit, webhook, delivery, result, by),
      );
    },

    async forgetDeliveries(before, limit) {
      return transactions.write((transaction) => forgetDeliveries(transaction, before, limit));
    },
  };
}
