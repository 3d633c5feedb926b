import type { ClaimedDelivery, DeliveryResult, WebhookRecord } from '../stores/webhooks.ts';
import { ANSWER_SECONDS, type EndpointAnswer } from '../webhooks/endpoint-client.ts';
import { signMessage } from '../webhooks/message-signature.ts';
import { waitAfter } from '../webhooks/retry-schedule.ts';
import type { ActionDeps } from './deps.ts';
import { LOCAL_OPERATOR } from './set-up.ts';
import { sealPurpose } from './webhooks.ts';

/** A process that was killed leaves what it had taken to the others after so long: beyond the time an answer can take. */
const LEASE_SECONDS = ANSWER_SECONDS + 3;

/** Messages to one endpoint at a time, of one process: one that hangs holds up no other. */
const MESSAGES_AT_ONCE = 8;
const ENDPOINTS_AT_ONCE = 32;

/** How long messages can be looked at after they ended. */
const KEPT_MILLISECONDS = 7 * 24 * 3600 * 1000;
const FORGOTTEN_AT_ONCE = 1000;

const GONE = 410;

export type DeliveryDeps = Pick<ActionDeps, 'store' | 'keys' | 'endpoints' | 'currentDate'>;

/** Sends what is due, on as many processes as there are: a message is taken by one of them at a time. */
export class WebhookDelivery {
  readonly #deps: DeliveryDeps;
  readonly #running = new Map<string, Promise<void>>();
  readonly #stop = new AbortController();

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  /** Begins what is due, to endpoints that nothing is being sent to; does not wait for the answers. */
  async begin(): Promise<void> {
    const { store, currentDate } = this.#deps;
    const due = (await store.webhooksDue(currentDate())).filter(({ id }) => !this.#running.has(id));
    for (const webhook of due.slice(0, ENDPOINTS_AT_ONCE - this.#running.size)) {
      const { id } = webhook;
      // What could not be recorded is due again after the lease.
      const work = this.#sendTo(webhook).finally(() => this.#running.delete(id));
      this.#running.set(id, work);
      work.catch(() => {});
    }
  }

  /** Fulfils when all that was begun has its result; rejects when one could not be recorded. */
  async settle(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  /** Forgets a part of what ended long ago. Returns how many messages. */
  async forget(): Promise<number> {
    const { store, currentDate } = this.#deps;
    return store.forgetDeliveries(new Date(currentDate().getTime() - KEPT_MILLISECONDS), FORGOTTEN_AT_ONCE);
  }

  /** Gives up waiting for answers; what was not answered is sent again later. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.allSettled(this.#running.values());
  }

  async #sendTo(webhook: WebhookRecord): Promise<void> {
    const { store, keys, currentDate } = this.#deps;
    const secret = await keys.open(webhook.sealedSecret, sealPurpose(webhook.id));
    if (!secret) throw new Error(`The secret of the webhook ${webhook.id} was sealed by another data folder`);
    const now = currentDate();
    const until = new Date(now.getTime() + LEASE_SECONDS * 1000);
    const claimed = await store.claimDeliveries(webhook.id, now, until, MESSAGES_AT_ONCE);
    await Promise.all(claimed.map((delivery) => this.#send(delivery, webhook, secret)));
  }

  async #send(delivery: ClaimedDelivery, webhook: WebhookRecord, secret: Uint8Array): Promise<void> {
    const { store, endpoints, currentDate } = this.#deps;
    const { id, url, organisation } = webhook;
    const headers = signMessage(delivery.id, delivery.payload, secret, currentDate());
    const answer = await endpoints.send(url, delivery.payload, headers, this.#stop.signal);
    const by = { operator: LOCAL_OPERATOR, organisation };
    await store.recordDelivery(id, delivery, judge(answer, delivery.attempts, currentDate()), by);
  }
}

function judge(answer: EndpointAnswer, attempts: number, at: Date): DeliveryResult {
  const outcome = 'status' in answer ? `answered_${answer.status}` : answer.fault;
  if ('status' in answer) {
    if (answer.status >= 200 && answer.status < 300) return { outcome, at, next: 'delivered' };
    if (answer.status === GONE) return { outcome, at, next: 'gone' };
  }
  const wait = waitAfter(attempts, Math.random());
  return { outcome, at, next: wait === undefined ? 'given_up' : new Date(at.getTime() + wait * 1000) };
}
