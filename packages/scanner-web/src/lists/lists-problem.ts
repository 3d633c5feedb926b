import type { VerificationCode } from '@zhengma/credential-core/verify';

/** Why the last refresh brought nothing: no answer, other roots than the pinned ones, or a list that was refused. */
export type ListsProblem = 'unreachable' | 'roots_changed' | VerificationCode;
