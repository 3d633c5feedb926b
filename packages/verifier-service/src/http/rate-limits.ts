import { hash } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { BoundedMap } from '../bounded-map.ts';
import { ServiceError } from '../errors.ts';
import { TokenBuckets } from './token-buckets.ts';

/** Requests a minute; 0: no limit. Each may also come at once. */
export interface Rates {
  /** Of one operator. */
  readonly key: number;
  /** Without a key, from one address. */
  readonly address: number;
  /** With a key that is refused, from one address. */
  readonly refusal: number;
}

export const DEFAULT_RATES: Rates = { key: 6000, address: 12_000, refusal: 60 };

/** Which limit it was, for the metrics. */
export type RateLimitKind = keyof Rates;

/** So many callers of each kind are told apart; of more, whoever was quiet for longest begins anew. */
const MAX_CALLERS = 10_000;

/**
 * Who asks how often, in the memory of this process. Many share an address (a hospital behind one router), so refused
 * keys are counted apart, and a key that was accepted lately is let in from an address that has used up its refusals.
 * What is counted by is never logged: of an API key its hash, of an IPv6 address the network.
 */
export class RateLimits {
  readonly #buckets: Readonly<Record<RateLimitKind, TokenBuckets>>;
  /** Hash of a key → its operator. */
  readonly #accepted = new BoundedMap<string, string>(MAX_CALLERS);
  readonly #onRefusal: (kind: RateLimitKind) => void;

  /** @param options `now`: milliseconds of a clock that is never set back */
  constructor(rates: Rates, options: { now?: () => number; onRefusal?: (kind: RateLimitKind) => void } = {}) {
    const { now = () => performance.now(), onRefusal = () => {} } = options;
    const create = (perMinute: number) => new TokenBuckets(perMinute, MAX_CALLERS, now);
    this.#buckets = { key: create(rates.key), address: create(rates.address), refusal: create(rates.refusal) };
    this.#onRefusal = onRefusal;
  }

  /** A request without a key. Throws `ServiceError` `rate_limited`. */
  takeAddress(address: string): void {
    this.#take('address', nameNetwork(address));
  }

  /**
   * A request with a key, before the key is looked up. Throws `ServiceError` `rate_limited`.
   *
   * @returns what says later whether the key was accepted
   */
  takeKey(
    authorization: string,
    address: string,
  ): { accept(operator: string): void; refuse(isUnknown: boolean): void } {
    const name = hash('sha256', authorization, 'base64url');
    const known = this.#accepted.get(name);
    if (known !== undefined) this.#take('key', known);
    else this.#require('refusal', nameNetwork(address));
    return {
      accept: (operator) => {
        this.#accepted.set(name, operator);
        if (known === undefined) this.#take('key', operator);
      },
      refuse: (isUnknown) => {
        if (isUnknown) this.#accepted.delete(name);
        this.#buckets.refusal.take(nameNetwork(address));
      },
    };
  }

  #take(kind: RateLimitKind, caller: string): void {
    if (!this.#buckets[kind].take(caller)) this.#refuse(kind, caller);
  }

  #require(kind: RateLimitKind, caller: string): void {
    if (this.#buckets[kind].secondsUntilNext(caller) > 0) this.#refuse(kind, caller);
  }

  #refuse(kind: RateLimitKind, caller: string): never {
    this.#onRefusal(kind);
    const retryAfterSeconds = Math.ceil(this.#buckets[kind].secondsUntilNext(caller));
    throw new ServiceError('rate_limited', DETAILS[kind], { retryAfterSeconds });
  }
}

const DETAILS: Readonly<Record<RateLimitKind, string>> = {
  key: 'This API key has used up its requests for now.',
  address: 'Too many requests without an API key came from this address.',
  refusal: 'Too many refused API keys came from this address.',
};

/** One household or station has at least the 2^64 addresses of an IPv6 network: those are one caller. */
function nameNetwork(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [before = [], after] = address.split('::').map((part) => part.split(':').filter((group) => group !== ''));
  const zeros = after ? Array<string>(Math.max(8 - before.length - after.length, 0)).fill('0') : [];
  const groups = [...before, ...zeros, ...(after ?? [])].slice(0, 4);
  return groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}
