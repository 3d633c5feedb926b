import { errors, type JWTPayload, type JWTVerifyResult, jwtVerify } from 'jose';
import { type KeySet, ProviderKeys } from './provider-keys.ts';

const MAX_CHARACTERS = 8 * 1024;
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** None that is symmetric: whoever has the public keys could sign by it. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

/** RFC 9068 §2.1, and what many providers still write. */
const TYPES = ['at+jwt', 'application/at+jwt', 'jwt', 'application/jwt'];

const SKEW_SECONDS = 60;
const MAX_LIFE_SECONDS = 24 * 3600;

/** OpenID Connect Core §2: no `sub` is longer. */
const MAX_SUBJECT_CHARACTERS = 255;

/**
 * What an access token that anybody may bear has not: hashes that bind an ID token to what it came with, the event of a logout
 * token, the key that the bearer must prove to have (RFC 7800).
 */
const FOREIGN_CLAIMS = ['at_hash', 'c_hash', 's_hash', 'events', 'cnf'];

/** Whose tokens are taken, and for whom they must be. */
export interface OpenIdSettings {
  /** As the provider writes it, to the letter. */
  readonly issuer: string;
  readonly audience: string;
  /** The claim that names the operator. */
  readonly claim: string;
}

/** Whom a token names, or one clause on why it is refused, without anything of the token. */
export type TokenVerdict = { readonly subject: string } | { readonly refusal: string };

/** Checks access tokens of one OpenID provider. */
export class OpenIdProvider {
  readonly issuer: string;
  readonly #settings: OpenIdSettings;
  readonly #keys: ProviderKeys;

  constructor(settings: OpenIdSettings, options: { now?: () => number; timeoutSeconds?: number } = {}) {
    this.issuer = settings.issuer;
    this.#settings = settings;
    this.#keys = new ProviderKeys(settings.issuer, options);
  }

  /** Asks for the keys before they are needed. Throws as `check` does. */
  async prepare(): Promise<void> {
    await this.#keys.current();
  }

  /** Throws `ServiceError` `openid_unavailable`. */
  async check(token: string, currentDate: Date): Promise<TokenVerdict> {
    if (token.length > MAX_CHARACTERS) return { refusal: 'it is longer than 8 KiB' };
    if (!COMPACT.test(token)) return { refusal: 'it is no signed JWT' };
    const keys = await this.#keys.current();
    try {
      return await this.#verify(token, keys, currentDate);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey)) return { refusal: describeRefusal(error) };
    }
    // A key may have been added since.
    const others = await this.#keys.others(keys);
    if (!others) return { refusal: NO_KEY };
    return this.#verify(token, others, currentDate).catch((error) => ({ refusal: describeRefusal(error) }));
  }

  async #verify(token: string, keys: KeySet, currentDate: Date): Promise<TokenVerdict> {
    const { issuer, audience, claim } = this.#settings;
    const verified = await jwtVerify(token, keys, {
      algorithms: ALGORITHMS,
      issuer,
      audience,
      requiredClaims: ['exp', 'iat'],
      maxTokenAge: MAX_LIFE_SECONDS,
      clockTolerance: SKEW_SECONDS,
      currentDate,
    });
    const refusal = findFault(verified);
    if (refusal !== undefined) return { refusal };
    const subject = Object.hasOwn(verified.payload, claim) ? verified.payload[claim] : undefined;
    if (typeof subject !== 'string' || subject === '' || subject.length > MAX_SUBJECT_CHARACTERS)
      return { refusal: 'the claim that names the operator is not in it' };
    return { subject };
  }
}

/** What jose does not look at. */
function findFault({ protectedHeader, payload }: JWTVerifyResult): string | undefined {
  const { typ } = protectedHeader;
  if (typeof typ !== 'string' || !TYPES.includes(typ.toLowerCase())) return 'its type is none of an access token';
  if (isForeign(payload)) return 'it is no access token that a bearer may use';
  // Both are there: they are required.
  if ((payload.exp as number) - (payload.iat as number) > MAX_LIFE_SECONDS) return 'it is good for longer than a day';
  return undefined;
}

/** Keycloak writes `typ: JWT` in the header of all its tokens, and what each is into a claim of that name. */
function isForeign(payload: JWTPayload): boolean {
  const { typ = 'Bearer' } = payload;
  return typ !== 'Bearer' || FOREIGN_CLAIMS.some((claim) => Object.hasOwn(payload, claim));
}

const NO_KEY = 'the provider has no such key';

const CLAIM_REFUSALS: Readonly<Record<string, string>> = {
  aud: 'it is for another audience',
  iss: 'it is of another issuer',
  nbf: 'it is not good yet',
  iat: 'it is of the future, or does not say when it was issued',
  exp: 'it does not say when it ends',
};

/** By jose's codes: its messages may quote claims. */
function describeRefusal(error: unknown): string {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) return CLAIM_REFUSALS[error.claim] ?? 'a claim is wrong';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not accepted';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'its signature is wrong';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return NO_KEY;
  return 'it cannot be verified';
}
