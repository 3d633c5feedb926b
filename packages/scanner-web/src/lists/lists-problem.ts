import type { VerificationCode } from '@zhengma/credential-core/verify';

/** Why something that the service offered was refused: other roots than the pinned ones, or a list that is not in order. */
export type ListRefusal = 'roots_changed' | VerificationCode;

/** Why there is nothing newer: no answer, a browser that keeps no data, or a refusal. */
export type ListsProblem = 'unreachable' | 'no_storage' | ListRefusal;

/** What the service offered is not in order. */
export class ListRefused extends Error {
  readonly code: ListRefusal;

  constructor(code: ListRefusal) {
    super(code);
    this.code = code;
  }
}

/** The browser keeps nothing. */
export class StorageFault extends Error {}
