/** Why no code can be shown, or not a new one. Each has words of its own in every language. */
export const PROBLEM_CODES = [
  /** `people` is empty. */
  'nobody',
  /** No credential of ours, or a damaged one; or a strip with the codes of two people. */
  'unreadable',
  /** A type or a version that this release does not know. */
  'newer_version',
  /** Somebody's presentation in place of their credential. */
  'copy',
  /** The credential is bound to a device and no key came with it. */
  'no_key',
  /** The counter asked for what a device signs, and the credential is bound to none. */
  'unbound',
  /** The credential is bound to another device's key. */
  'other_device',
  'expired',
  /** The holder's permission has ended; the credential may go on. */
  'delegation_expired',
  'not_yet_valid',
  /** The clock is before the issue time. */
  'clock_behind',
  /** The last code of a strip has ended. */
  'strips_used_up',
  /** The key did not sign, or took too long; also where the code had ended when its signature came. */
  'signing_failed',
  /** More than a code of version 18 holds, which is the largest that is drawn. */
  'too_large',
] as const;

/** One of {@link PROBLEM_CODES}. */
export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Why there is no picture. */
export interface Problem {
  readonly code: ProblemCode;
  /** For `not_yet_valid`: from when on there is one. */
  readonly availableFrom?: Date;
}
