import { readIssuedHeader, requireEmptyUnprotected } from '../cose/profile-header.ts';
import { decodeSign1 } from '../cose/sign1.ts';
import { LIST_LIMITS } from '../limits.ts';
import { Refusal } from '../result.ts';
import { readDate, readSkew } from './arguments.ts';

/**
 * Opens a signed list.
 *
 * On a copy: between here and the end of the signature check, a caller's buffer may be filled with something else.
 *
 * @throws Refusal of its form
 */
export function openList(bytes: Uint8Array, typ: string) {
  const message = decodeSign1(bytes.length > LIST_LIMITS.bytes ? bytes : Uint8Array.from(bytes), LIST_LIMITS);
  requireEmptyUnprotected(message);
  return { message, ...readIssuedHeader(message, typ) };
}

/** @throws Refusal `issued_in_future` */
export function checkIssueTime(issuedAt: Date, currentDate: Date, skewSeconds: number): void {
  if (issuedAt.getTime() > currentDate.getTime() + skewSeconds * 1000) {
    throw new Refusal('issued_in_future', 'the list was issued in the future: the clock here is behind');
  }
}

/** @throws TypeError */
export function readListOptions(
  bytes: unknown,
  options: { readonly currentDate: Date; readonly clockSkewSeconds?: number },
): { currentDate: Date; skewSeconds: number } {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array');
  return { currentDate: readDate(options?.currentDate), skewSeconds: readSkew(options.clockSkewSeconds) };
}
