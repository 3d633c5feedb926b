import { createHash } from 'node:crypto';

/** A list as it is published. `etag` is a strong validator with its quotes (RFC 9110 §8.8.3). */
export interface SignedList {
  readonly bytes: Uint8Array;
  readonly etag: string;
  readonly issuedAt: Date;
}

/** Pairs bytes that were just signed with their validator. */
export function describeSignedList(bytes: Uint8Array, issuedAt: Date): SignedList {
  return { bytes, issuedAt, etag: `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
}
