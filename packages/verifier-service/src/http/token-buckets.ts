import { BoundedMap } from '../bounded-map.ts';

const MILLISECONDS_PER_MINUTE = 60_000;

interface Bucket {
  tokens: number;
  filledAt: number;
}

/**
 * A token bucket for each caller: as many tokens as a minute brings, one for each request, refilled steadily. The memory
 * is bounded: beyond `maxCallers` the one that was quiet for longest is forgotten, and begins with a full bucket.
 */
export class TokenBuckets {
  readonly #perMinute: number;
  readonly #now: () => number;
  readonly #buckets: BoundedMap<string, Bucket>;

  /** @param perMinute 0: no limit */
  constructor(perMinute: number, maxCallers: number, now: () => number) {
    this.#perMinute = perMinute;
    this.#buckets = new BoundedMap(maxCallers);
    this.#now = now;
  }

  /** Takes a token; false when there is none. */
  take(caller: string): boolean {
    if (this.#perMinute === 0) return true;
    const bucket = this.#refill(caller);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  /** 0 when there is a token now. Takes none. */
  secondsUntilNext(caller: string): number {
    if (this.#perMinute === 0) return 0;
    const missing = 1 - this.#refill(caller).tokens;
    return missing <= 0 ? 0 : (missing * 60) / this.#perMinute;
  }

  #refill(caller: string): Bucket {
    const now = this.#now();
    const known = this.#buckets.get(caller);
    const brought = known ? ((now - known.filledAt) * this.#perMinute) / MILLISECONDS_PER_MINUTE : 0;
    const tokens = known ? Math.min(known.tokens + brought, this.#perMinute) : this.#perMinute;
    const bucket = { tokens, filledAt: now };
    this.#buckets.set(caller, bucket);
    return bucket;
  }
}
