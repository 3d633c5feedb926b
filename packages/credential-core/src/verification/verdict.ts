import type { Checks } from '../checks.ts';
import type { Delegate } from '../credential/fields.ts';
import type { CredentialPayload, StatusReference } from '../credential/payload.ts';
import type { Failure } from '../result.ts';
import type { StatusEvidence } from '../status/evidence.ts';
import type { Replay } from './replay-key.ts';

/** What a credential is held against. */
export interface VerifyOptions {
  /** The verifier's clock. */
  readonly currentDate: Date;
  /**
   * The status lists at hand, or those of a snapshot, by their URI; or `not_checked`, for a caller that says in so many words that a revoked
   * credential may pass.
   */
  readonly status: ReadonlyMap<string, StatusEvidence> | 'not_checked';
  /**
   * What the code is scanned for (businessType), e.g. `01301`: a credential that does not allow it is refused. Without it
   * `checks.purpose` is `not_checked`, and `claims.businessTypes` of the result are the caller's to look at.
   */
  readonly businessType?: string;
  /** The names of this verifier. A presentation made for somebody else is refused, also when none are given. */
  readonly audience?: string | readonly string[];
  /** The challenge that this verifier gave to the holder, 8 to 64 bytes: only a presentation that answers it passes. */
  readonly challenge?: Uint8Array;
  /**
   * How long after its expiry a list still gives an inconclusive answer (amber); later the answer is a refusal.
   * Default: 7 days.
   */
  readonly maxStaleSeconds?: number;
  /** How far the clocks of issuer, holder and verifier may differ. Default: 60; at most 600. */
  readonly clockSkewSeconds?: number;
}

/** A credential whose signature by a trusted issuer was checked. */
export interface VerifiedCredential extends Omit<CredentialPayload, 'status'> {
  /** The issuer's name in the trust list. */
  readonly issuerName: string;
  /** Where its status stands; absent when it cannot be revoked. */
  readonly status?: StatusReference & { readonly uri: string };
}

/** How the code was shown by the device that it is bound to. */
export interface VerifiedPresentation {
  /** `iat`, whole seconds by the device’s clock. */
  readonly presentedAt: Date;
  /** `*` when it was made for any verifier. */
  readonly audience: string;
  /** Whether it answers a challenge of this verifier: then it was made here and now, and relayed from nowhere. */
  readonly challenged: boolean;
}

/** Somebody who shows the credential of another person. */
export interface VerifiedDelegate extends Delegate {
  /** Who let them: the issuer by binding the credential to their device, or its holder by signing a delegation. */
  readonly grantedBy: 'issuer' | 'holder';
  /** When the permission ends: that of the credential, or of the delegation. */
  readonly expiresAt: Date;
  /** What the delegate may do; absent means anything. */
  readonly businessTypes?: readonly string[];
}

/** How old the lists are that an answer rests on. Show it: an answer is as fresh as they are. */
export interface ListAges {
  /** The trust list, always. */
  readonly trust: { readonly issuedAt: Date; readonly expiresAt: Date };
  /** Absent when no status list here is the credential's. */
  readonly status?: { readonly uri: string; readonly issuedAt: Date; readonly expiresAt: Date };
}

/** A credential that passed every check that was made. */
export interface VerificationSuccess {
  /** True only when no check failed; those that the caller left out are `not_checked`. */
  readonly ok: true;
  /** What the issuer signed, as far as it was disclosed. */
  readonly credential: VerifiedCredential;
  /** Whoever carries the code can show it: compare the person with the masked name and number. */
  readonly bearer: boolean;
  /** Absent for a bearer code. */
  readonly presentation?: VerifiedPresentation;
  /** Present when it is not the person themselves who shows the code. */
  readonly delegate?: VerifiedDelegate;
  /** For a store that lets a code pass once; nothing here remembers it. */
  readonly replay: Replay;
  /** `not_revocable`: the credential names no status list. `not_checked`: the caller asked for that. */
  readonly status: 'valid' | 'not_revocable' | 'not_checked';
  /** All `passed`, but for those that the caller left out. */
  readonly checks: Checks;
  /** How old the lists are that the answer rests on. */
  readonly lists: ListAges;
}

/** A credential that is refused, or could not be checked: `code` says why, for programs, `detail` for people. */
export interface VerificationFailure extends Failure {
  /** False when the answer could not be found out here and now; true when the credential is refused. */
  readonly conclusive: boolean;
  /** Only when the issuer's signature was good. */
  readonly credential?: VerifiedCredential;
  /** The first that `failed` named `code`. */
  readonly checks: Checks;
  /** How old the lists are that the answer rests on. */
  readonly lists: ListAges;
}

/** What `verifyCredential` gives: one boolean that is false if anything failed. */
export type VerificationResult = VerificationSuccess | VerificationFailure;
