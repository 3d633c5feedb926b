import { Refusal } from '../result.ts';
import type { TrustedIssuer, TrustedKey } from './trust-list.ts';

/** What is held against an issuer's scope. */
export interface ScopedContent {
  readonly type: string;
  readonly issuedAt: Date;
  readonly claims: { readonly region: string };
}

/**
 * Whether this key of this issuer was allowed to sign this: its time, the type, the region.
 *
 * @throws Refusal `key_not_valid`, `key_compromised`, `type_not_allowed` or `region_not_allowed`
 */
export function checkScope(issuer: TrustedIssuer, key: TrustedKey, content: ScopedContent): void {
  checkKeyTime(key, content.issuedAt);
  if (!issuer.types.includes(content.type)) {
    throw new Refusal('type_not_allowed', 'the issuer may not sign this type of credential');
  }
  if (!issuer.regions.some((prefix) => content.claims.region.startsWith(prefix))) {
    throw new Refusal('region_not_allowed', 'the issuer may not sign for this region');
  }
}

/** Whether {@link checkKeyTime} passes. */
export function isInForce(key: TrustedKey, issuedAt: Date): boolean {
  try {
    checkKeyTime(key, issuedAt);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether the key was in force when this was issued; for credentials and status lists alike.
 *
 * @throws Refusal `key_not_valid` or `key_compromised`
 */
export function checkKeyTime(key: TrustedKey, issuedAt: Date): void {
  if ((key.notBefore && issuedAt < key.notBefore) || (key.notAfter && issuedAt > key.notAfter)) {
    throw new Refusal('key_not_valid', "the issuer's key was not valid at the issue time");
  }
  if (key.compromisedSince && issuedAt >= key.compromisedSince) {
    throw new Refusal('key_compromised', "the issuer's key was compromised before the issue time");
  }
}
