import { CredentialError } from './errors.ts';

/**
 * Every reason for which a code or a list is not accepted, in the order in which the checks run.
 * The table in docs/format.md says what each one means to an operator.
 */
export const VERIFICATION_CODES = [
  // format
  'not_zhengma',
  'unsupported_version',
  'too_large',
  'malformed',
  'unsupported_algorithm',
  'unsupported_type',
  // issuer
  'unknown_issuer',
  'unknown_key',
  // signature
  'bad_signature',
  // scope
  'key_not_valid',
  'key_compromised',
  'type_not_allowed',
  'region_not_allowed',
  // binding
  'not_presented',
  'bad_delegation',
  'delegation_not_allowed',
  'bad_presentation',
  'wrong_audience',
  'wrong_challenge',
  // validity
  'issued_in_future',
  'not_yet_valid',
  'expired',
  'delegation_expired',
  'presentation_in_future',
  'presentation_expired',
  // purpose
  'business_not_allowed',
  // status
  'revoked',
  'suspended',
  'status_unknown',
  // freshness
  'clock_behind',
  'trust_list_stale',
  'status_list_stale',
  // signed lists only
  'unknown_root',
  'wrong_list',
  'rollback',
] as const;

/** One of {@link VERIFICATION_CODES}. */
export type VerificationCode = (typeof VERIFICATION_CODES)[number];

/** What a reader of another format says besides: it is not of that format, or only its recipient can read it. */
export type ProfileCode = VerificationCode | 'wrong_format' | 'encrypted';

/** Something that was not accepted: a stable code for programs, an English sentence without personal data for people. */
export interface Failure<Code = VerificationCode> {
  /** What tells it from a success: look at nothing else of a result before it. */
  readonly ok: false;
  /** Why, for programs: stable. */
  readonly code: Code;
  /** Why, for the log and for support: an English sentence that may change, without personal data. */
  readonly detail: string;
}

/** A {@link Failure} of a reader of another format. */
export type ProfileFailure = Failure<ProfileCode>;

/** Thrown by the rooms below the front door and turned into a {@link Failure} there; it never leaves the package. */
export class Refusal extends Error {
  readonly code: ProfileCode;

  constructor(code: ProfileCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** The shorthand for input that does not have the form that docs/format.md gives it. */
export function malformed(detail: string): Refusal {
  return new Refusal('malformed', detail);
}

/**
 * For issuing and presenting: reads what is about to be signed, or shown, so that nothing leaves which every verifier would
 * refuse.
 *
 * @throws CredentialError `ERR_INVALID_CONTENT` with the reader's reason
 */
export function requireReadable<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof Refusal) throw new CredentialError('ERR_INVALID_CONTENT', error.message);
    throw error;
  }
}

/** Turns a {@link Refusal} into a result; anything else is a defect and goes on up. */
export function toFailure<Code extends ProfileCode = VerificationCode>(error: unknown): Failure<Code> {
  if (error instanceof Refusal) return { ok: false, code: error.code as Code, detail: error.message };
  throw error;
}
