import { createLocalJWKSet, type JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { EnvironmentError, ServiceError } from '../errors.ts';
import { fetchDocument } from './provider-document.ts';

const TIMEOUT_SECONDS = 5;
/** Then they are asked for anew, and those known serve meanwhile. */
const FRESH_SECONDS = 600;
/** So long, where the provider does not answer. */
const KEPT_SECONDS = 3600;
/** Whoever makes up names of keys does not make us ask more often. */
const COOL_DOWN_SECONDS = 10;

const LOOPBACK = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])[:/]/;

const discovery = z.object({ issuer: z.string(), jwks_uri: z.url({ protocol: /^https?$/ }) });

const keyList = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string() }))
    .min(1)
    .max(100),
});

/** Finds the key for the header of a token; throws jose's `JWKSNoMatchingKey`. */
export type KeySet = ReturnType<typeof createLocalJWKSet>;

/** The public keys of an OpenID provider, found by its discovery document (OpenID Connect Discovery 1.0 §4) and kept. */
export class ProviderKeys {
  readonly #issuer: string;
  readonly #now: () => number;
  readonly #timeoutSeconds: number;
  #known: { readonly keys: KeySet; readonly at: number } | undefined;
  #askedAt = Number.NEGATIVE_INFINITY;
  #fault: ServiceError | undefined;
  #asking: Promise<void> | undefined;

  /** @param options `now`: milliseconds of a clock that is never set back */
  constructor(issuer: string, { now = () => performance.now(), timeoutSeconds = TIMEOUT_SECONDS } = {}) {
    this.#issuer = issuer;
    this.#now = now;
    this.#timeoutSeconds = timeoutSeconds;
  }

  /** Those in force. Throws `ServiceError` `openid_unavailable`. */
  async current(): Promise<KeySet> {
    const known = this.#known;
    const ageSeconds = known ? (this.#now() - known.at) / 1000 : Number.POSITIVE_INFINITY;
    const renewing = ageSeconds < FRESH_SECONDS ? undefined : this.#renew();
    if (!known || ageSeconds >= KEPT_SECONDS) {
      await renewing;
      return this.#require();
    }
    renewing?.catch(() => {});
    return known.keys;
  }

  /** Those that the provider has by now, where one is not among `keys`; undefined for no others. Throws as `current` does. */
  async others(keys: KeySet): Promise<KeySet | undefined> {
    await this.#renew();
    const found = this.#require();
    return found === keys ? undefined : found;
  }

  /** Asks the provider, once for all who wait; within the cool-down what came of the last time is what comes of this. */
  async #renew(): Promise<void> {
    if (!this.#asking && this.#now() - this.#askedAt >= COOL_DOWN_SECONDS * 1000) {
      this.#asking = this.#ask().finally(() => {
        this.#askedAt = this.#now();
        this.#asking = undefined;
      });
    }
    await this.#asking;
    if (this.#fault) throw this.#fault;
  }

  async #ask(): Promise<void> {
    try {
      this.#known = { keys: await loadKeys(this.#issuer, this.#timeoutSeconds), at: this.#now() };
      this.#fault = undefined;
    } catch (cause) {
      this.#fault = new ServiceError(
        'openid_unavailable',
        'The OpenID provider does not answer as it should, so its tokens cannot be checked; API keys can.',
        { cause },
      );
    }
  }

  #require(): KeySet {
    if (this.#known) return this.#known.keys;
    throw new TypeError('Nobody asked for the keys');
  }
}

async function loadKeys(issuer: string, timeoutSeconds: number): Promise<KeySet> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const found = discovery.safeParse(await fetchDocument(url, timeoutSeconds));
  if (!found.success) throw new EnvironmentError(`There is no discovery document of an OpenID provider at ${url}.`);
  const { issuer: named, jwks_uri: address } = found.data;
  if (named !== issuer)
    throw new EnvironmentError(`The discovery document at ${url} is of another issuer: check --openid-issuer.`);
  // A provider on this machine may have its keys there; no other one sends us here, or over a network in the clear.
  if (!address.startsWith('https:') && !(LOOPBACK.test(address) && LOOPBACK.test(`${issuer}/`)))
    throw new EnvironmentError(`The discovery document at ${url} has its keys at an address that is not https.`);
  const list = keyList.safeParse(await fetchDocument(address, timeoutSeconds));
  if (!list.success) throw new EnvironmentError(`The keys of the OpenID provider of ${url} are no JSON Web Key Set.`);
  return createLocalJWKSet(list.data as JSONWebKeySet);
}
