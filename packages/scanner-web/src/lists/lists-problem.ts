import type { VerificationCode } from '@zhengma/credential-core/verify';

/**
 * Why there is nothing newer: no answer, other roots than the pinned ones, a list that was refused, or a browser that
 * keeps no data and so can pin no roots.
 */
export type ListsProblem = 'unreachable' | 'roots_changed' | 'no_storage' | VerificationCode;
