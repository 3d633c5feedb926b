import { Refusal } from '../result.ts';
import type { CredentialPayload } from './payload.ts';

/**
 * Whether the credential is within its time (RFC 8392 §3.1.4 to §3.1.6).
 *
 * @param skewSeconds how far the clocks of issuer and verifier may differ, in either direction
 * @throws Refusal `issued_in_future`, `not_yet_valid` or `expired`
 */
export function checkValidity(payload: CredentialPayload, currentDate: Date, skewSeconds: number): void {
  const now = currentDate.getTime();
  const skew = skewSeconds * 1000;
  if (payload.issuedAt.getTime() > now + skew) {
    throw new Refusal('issued_in_future', 'the issue time is in the future: one of the two clocks is wrong');
  }
  if (payload.notBefore && payload.notBefore.getTime() > now + skew) {
    throw new Refusal('not_yet_valid', 'the credential is not valid yet');
  }
  if (payload.expiresAt.getTime() <= now - skew) throw new Refusal('expired', 'the credential has expired');
}
