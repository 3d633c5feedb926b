import type { Actor } from './access.ts';

/** What an endpoint can be told of. Of a verification, `refused` has every code that did not pass and was not replayed. */
export type WebhookEvent =
  | 'verification.accepted'
  | 'verification.repeated'
  | 'verification.replayed'
  | 'verification.refused'
  | 'credential.issued'
  | 'credential.revoked'
  | 'credential.suspended'
  | 'credential.reinstated';

/** An endpoint that is told what was done in an organisation and below it. */
export interface Webhook {
  readonly id: string;
  readonly organisation: string;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  readonly createdAt: Date;
  /** From then on it is told nothing: it answered 410. */
  readonly disabledAt?: Date;
}

/** With the secret that its messages are signed with, sealed. */
export interface WebhookRecord extends Webhook {
  readonly sealedSecret: Uint8Array;
}

/** One message to one endpoint, taken for a while by the one who sends it. */
export interface ClaimedDelivery {
  readonly id: string;
  /** JSON, the same at every attempt. */
  readonly payload: string;
  /** How often it was tried, this time included. */
  readonly attempts: number;
}

export type DeliveryState = 'pending' | 'delivered' | 'given_up';

/** A message as an administrator sees it. */
export interface Delivery {
  readonly id: string;
  readonly event: WebhookEvent;
  readonly occurredAt: Date;
  readonly state: DeliveryState;
  readonly attempts: number;
  /** Of a pending one. */
  readonly nextAttemptAt?: Date;
  /** What became of the last attempt: `answered_` and the HTTP status, or why there was no answer. */
  readonly lastOutcome?: string;
  readonly endedAt?: Date;
}

export interface DeliveryResult {
  readonly outcome: string;
  readonly at: Date;
  /** `given_up`: no attempt follows. `gone`: none follows, and the endpoint is told nothing any more. A date: the next. */
  readonly next: 'delivered' | 'given_up' | 'gone' | Date;
}

/**
 * Endpoints, and the messages to them. A message is written in the transaction of what it tells of, beside its audit row, so
 * that there is neither without the other.
 */
export interface WebhookStore {
  /** With its audit row. False when the organisation has as many as `limit` already. */
  addWebhook(webhook: WebhookRecord, limit: number, by: Actor): Promise<boolean>;
  findWebhook(id: string): Promise<Webhook | undefined>;
  /** Of the organisation and all below it, oldest first. */
  webhooksWithin(organisation: string): Promise<readonly Webhook[]>;
  /** With all messages to it; with its audit row. */
  removeWebhook(id: string, by: Actor, at: Date): Promise<void>;
  /** Newest first. */
  deliveriesOf(webhook: string, search: { state?: DeliveryState; limit: number }): Promise<readonly Delivery[]>;

  /** Those that a message is due to, first the one to whom one is due longest. */
  webhooksDue(at: Date): Promise<readonly WebhookRecord[]>;
  /** Takes due messages, each for this caller alone until `until`: then, unless its result is recorded, it is due again. */
  claimDeliveries(webhook: string, at: Date, until: Date, limit: number): Promise<readonly ClaimedDelivery[]>;
  /**
   * Does nothing when somebody else has taken the message since. An endpoint that is `gone` is disabled, with its audit row.
   *
   * @param by who sends: the service itself, for the organisation of the endpoint
   */
  recordDelivery(webhook: string, delivery: ClaimedDelivery, result: DeliveryResult, by: Actor): Promise<void>;
  /** Forgets so many messages at most that ended before `before`, or whose endpoint is no more. Returns how many. */
  forgetDeliveries(before: Date, limit: number): Promise<number>;
}
