import { setImmediate } from 'node:timers/promises';
import { BoundedMap } from '../bounded-map.ts';
import type { ClaimedDelivery, DeliveryResult, WebhookRecord } from '../stores/webhooks.ts';
import { ANSWER_SECONDS, type EndpointAnswer } from '../webhooks/endpoint-client.ts';
import { signMessage } from '../webhooks/message-signature.ts';
import { waitAfter } from '../webhooks/retry-schedule.ts';
import type { ActionDeps } from './deps.ts';
import { LOCAL_OPERATOR } from './set-up.ts';
import { sealPurpose } from './webhooks.ts';

/** A process that was killed leaves what it had taken to the others after so long: beyond the time an answer can take. */
const LEASE_SECONDS = ANSWER_SECONDS + 3;

/** Messages to one endpoint at a time, of one process. */
const MESSAGES_AT_ONCE = 8;

/**
 * Endpoints that are sent to at a time, of one process. Those that took long the last time have a small share, and those that
 * nothing is known of leave some over: however many hang, the others are sent to.
 */
const ENDPOINTS_AT_ONCE = { slow: 8, unknown: 24, prompt: 32 };

/** Who takes longer to answer a round of messages has the small share in the next. */
const PROMPT_MILLISECONDS = 1000;

/** What is known of endpoints. Of one that is forgotten nothing is known again. */
const MAX_KNOWN = 10_000;

/** How long messages can be looked at after they ended. */
const KEPT_MILLISECONDS = 7 * 24 * 3600 * 1000;
const FORGOTTEN_AT_ONCE = 1000;

const GONE = 410;

export type DeliveryDeps = Pick<ActionDeps, 'store' | 'keys' | 'endpoints' | 'currentDate'>;

type Pace = keyof typeof ENDPOINTS_AT_ONCE;

/** How an endpoint took its last round, and the when of it, as a number that rises. */
interface LastRound {
  readonly pace: Pace;
  readonly number: number;
}

const NEVER: LastRound = { pace: 'unknown', number: 0 };

/** Sends what is due, on as many processes as there are: a message is taken by one of them at a time. */
export class WebhookDelivery {
  readonly #deps: DeliveryDeps;
  /** By the id of the endpoint that is sent to. */
  readonly #running = new Map<string, Pace>();
  readonly #rounds = new Set<Promise<void>>();
  readonly #last = new BoundedMap<string, LastRound>(MAX_KNOWN);
  #number = 0;
  #look: Promise<void> | undefined;
  readonly #stop = new AbortController();

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  /**
   * Begins what is due, to endpoints that nothing is being sent to, and when one of them has answered looks again at once: until
   * nothing is due. Does not wait for the answers.
   */
  begin(): Promise<void> {
    this.#look ??= this.#beginDue().finally(() => {
      this.#look = undefined;
    });
    return this.#look;
  }

  /** Fulfils when all that was begun has its result; rejects when one could not be recorded. */
  async settle(): Promise<void> {
    while (this.#rounds.size > 0) await Promise.all(this.#rounds);
  }

  /** Forgets what ended long ago. Returns how many messages. */
  async forget(): Promise<number> {
    const { store, currentDate } = this.#deps;
    const before = new Date(currentDate().getTime() - KEPT_MILLISECONDS);
    for (let total = 0; ; ) {
      const forgotten = await store.forgetDeliveries(before, FORGOTTEN_AT_ONCE);
      total += forgotten;
      if (forgotten < FORGOTTEN_AT_ONCE || this.#stop.signal.aborted) return total;
      // SQLite answers in this thread: requests have their turn between.
      await setImmediate();
    }
  }

  /** Gives up waiting for answers; what was not answered is sent again later. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#look?.catch(() => {});
    await Promise.allSettled(this.#rounds);
  }

  async #beginDue(): Promise<void> {
    const { store, currentDate } = this.#deps;
    const due = (await store.webhooksDue(currentDate()))
      .filter(({ id }) => !this.#running.has(id))
      .map((webhook) => ({ webhook, last: this.#last.get(webhook.id) ?? NEVER }))
      // In turn; those that were never sent to by what is due longest, which is the order that they came in.
      .sort((a, b) => a.last.number - b.last.number);
    if (this.#stop.signal.aborted) return;
    for (const { webhook, last } of due) {
      if (this.#hasRoom(last.pace)) this.#beginRound(webhook, last.pace);
    }
  }

  #hasRoom(pace: Pace): boolean {
    const running = [...this.#running.values()];
    const slow = running.filter((each) => each === 'slow').length;
    const notPrompt = running.filter((each) => each !== 'prompt').length;
    if (pace === 'slow' && slow >= ENDPOINTS_AT_ONCE.slow) return false;
    if (pace !== 'prompt' && notPrompt >= ENDPOINTS_AT_ONCE.unknown) return false;
    return running.length < ENDPOINTS_AT_ONCE.prompt;
  }

  #beginRound(webhook: WebhookRecord, pace: Pace): void {
    const { id } = webhook;
    this.#number += 1;
    const number = this.#number;
    this.#last.set(id, { pace, number });
    this.#running.set(id, pace);
    const begun = performance.now();
    const round = this.#sendTo(webhook)
      .finally(() => {
        const isPrompt = performance.now() - begun < PROMPT_MILLISECONDS;
        this.#last.set(id, { pace: isPrompt ? 'prompt' : 'slow', number });
        this.#running.delete(id);
      })
      .then((sent) => (sent > 0 ? this.begin() : undefined));
    this.#rounds.add(round);
    // What could not be recorded is due again after the lease.
    round.catch(() => {}).finally(() => this.#rounds.delete(round));
  }

  /** Returns how many messages there were. */
  async #sendTo(webhook: WebhookRecord): Promise<number> {
    const { store, keys, currentDate } = this.#deps;
    const secret = await keys.open(webhook.sealedSecret, sealPurpose(webhook.id));
    if (!secret) throw new Error(`The secret of the webhook ${webhook.id} was sealed by another data folder`);
    const now = currentDate();
    const until = new Date(now.getTime() + LEASE_SECONDS * 1000);
    const claimed = await store.claimDeliveries(webhook.id, now, until, MESSAGES_AT_ONCE);
    await Promise.all(claimed.map((delivery) => this.#send(delivery, webhook, secret)));
    return claimed.length;
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
