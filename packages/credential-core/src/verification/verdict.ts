import type { Checks } from '../checks.ts';
import type { CredentialPayload, StatusReference } from '../credential/payload.ts';
import type { Failure } from '../result.ts';
import type { StatusList } from '../status/status-list.ts';

export interface VerifyOptions {
  /** The verifier's clock. */
  readonly currentDate: Date;
  /**
   * The status lists at hand, by their URI; or `not_checked`, for a caller that says in so many words that a revoked
   * credential may pass.
   */
  readonly status: ReadonlyMap<string, StatusList> | 'not_checked';
  /**
   * How long after its expiry a list still gives an inconclusive answer (amber); later the answer is a refusal.
   * Default: 7 days.
   */
  readonly maxStaleSeconds?: number;
  /** How far the clocks of issuer and verifier may differ. Default: 60; at most 600. */
  readonly clockSkewSeconds?: number;
}

/** A credential whose signature by a trusted issuer was checked. */
export interface VerifiedCredential extends Omit<CredentialPayload, 'status' | 'holderKey'> {
  /** The issuer's name in the trust list. */
  readonly issuerName: string;
  /** Where its status stands; absent when it cannot be revoked. */
  readonly status?: StatusReference & { readonly uri: string };
}

/** How old the lists are that an answer rests on. Show it: an answer is as fresh as they are. */
export interface ListAges {
  readonly trust: { readonly issuedAt: Date; readonly expiresAt: Date };
  /** Absent when no status list was looked at. */
  readonly status?: { readonly uri: string; readonly issuedAt: Date; readonly expiresAt: Date };
}

export interface VerificationSuccess {
  readonly ok: true;
  readonly credential: VerifiedCredential;
  /** Whoever carries the code can show it: compare the person with the masked name and number. */
  readonly bearer: boolean;
  /** `not_revocable`: the credential names no status list. `not_checked`: the caller asked for that. */
  readonly status: 'valid' | 'not_revocable' | 'not_checked';
  readonly checks: Checks;
  readonly lists: ListAges;
}

export interface VerificationFailure extends Failure {
  /** False when the answer could not be found out here and now; true when the credential is refused. */
  readonly conclusive: boolean;
  /** Only when the signature was good. */
  readonly credential?: VerifiedCredential;
  readonly checks: Checks;
  readonly lists: ListAges;
}

export type VerificationResult = VerificationSuccess | VerificationFailure;
