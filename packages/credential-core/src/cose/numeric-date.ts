import type { CborValue } from '../cbor/decode.ts';
import { asUnsigned } from '../cbor/expect.ts';
import { CredentialError } from '../errors.ts';
import { malformed } from '../result.ts';

/** 9999-12-31T23:59:59Z: later instants have no four-digit year. */
export const LATEST_SECONDS = 253_402_300_799;

/** A CWT NumericDate (RFC 8392 §2) to an instant; `name` is the claim that a Refusal names. */
export function decodeNumericDate(value: CborValue | undefined, name: string): Date {
  const seconds = asUnsigned(value, `${name} is no time`);
  if (seconds > LATEST_SECONDS) throw malformed(`${name} is too far away`);
  return new Date(seconds * 1000);
}

/**
 * An instant to a CWT NumericDate, rounded down to whole seconds: RFC 8392 §2 allows fractions, which the format's CBOR has
 * no floats for.
 *
 * @throws TypeError when `instant` is no Date; CredentialError `ERR_INVALID_CONTENT` when it is outside 1970 to 9999
 */
export function encodeNumericDate(instant: Date, name: string): number {
  if (!(instant instanceof Date)) throw new TypeError(`${name} must be a Date`);
  const seconds = Math.floor(instant.getTime() / 1000);
  if (seconds >= 0 && seconds <= LATEST_SECONDS) return seconds;
  throw new CredentialError('ERR_INVALID_CONTENT', `${name} must be a date from 1970 to 9999`);
}
