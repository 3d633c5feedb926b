/** Codes of {@link CredentialError}. */
export type CredentialErrorCode =
  | 'ERR_INVALID_CONTENT'
  | 'ERR_INVALID_KEY'
  | 'ERR_NO_WEBCRYPTO'
  | 'ERR_CODE_TOO_LARGE'
  | 'ERR_STATUS_INDEX'
  | 'ERR_QR_CAPACITY';

/**
 * A caller's mistake that is not a wrong type: content that cannot be issued, a key of the wrong shape, a code that
 * does not fit. Hostile input never ends here; it is returned as a result with a code.
 */
export class CredentialError extends Error {
  /** What was wrong, for programs: stable. */
  readonly code: CredentialErrorCode;

  constructor(code: CredentialErrorCode, message: string) {
    super(message);
    this.name = 'CredentialError';
    this.code = code;
  }
}
