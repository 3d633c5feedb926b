import { Refusal } from '../result.ts';

/** Instants that limit when something holds, each as far as it is said. */
export interface Validity {
  readonly issuedAt?: Date;
  readonly notBefore?: Date;
  readonly expiresAt?: Date;
}

/**
 * Whether now is within the time of a CWT (RFC 8392 §3.1.4 to §3.1.6).
 *
 * @param skewSeconds how far the clocks of issuer and verifier may differ, in either direction
 * @throws Refusal `issued_in_future`, `not_yet_valid` or `expired`
 */
export function checkValidity(
  { issuedAt, notBefore, expiresAt }: Validity,
  currentDate: Date,
  skewSeconds: number,
): void {
  const now = currentDate.getTime();
  const skew = skewSeconds * 1000;
  if (issuedAt && issuedAt.getTime() > now + skew) {
    throw new Refusal('issued_in_future', 'the issue time is in the future: one of the two clocks is wrong');
  }
  if (notBefore && notBefore.getTime() > now + skew) throw new Refusal('not_yet_valid', 'not valid yet');
  if (expiresAt && expiresAt.getTime() <= now - skew) throw new Refusal('expired', 'expired');
}
