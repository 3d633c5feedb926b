import type { PublicKey } from '../keys/cose-key.ts';

/** What a list says of one index; `unknown` is outside the list, or a value that is not defined here. */
export type CredentialStatus = 'valid' | 'revoked' | 'suspended' | 'unknown';

/** What tells about the credentials of one list: a status list, or the same list in a snapshot. */
export interface StatusEvidence {
  /** Where the list is published, and what credentials are looked up by. */
  readonly uri: string;
  /** The `id` of the issuer whose credentials it is about. */
  readonly issuer: string;
  /** Whole seconds. */
  readonly issuedAt: Date;
  /** Whole seconds. From then on a good answer is `status_list_stale`. */
  readonly expiresAt: Date;
  /** How long a copy may be used before a newer one is asked for. */
  readonly ttlSeconds?: number;
  /** How many indexes there are. */
  readonly size: number;
  /** What it says of `index`; `unknown` outside the list. */
  get(index: number): CredentialStatus;
  /** Whether this key signed it. */
  isSignedBy(key: PublicKey): boolean;
}
