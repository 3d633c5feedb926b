import type { VerificationCode } from '@zhengma/credential-core/verify';

/**
 * What became of a list that was brought: `newer`, and in use; `same` as the one in use; `not_pinned` where this device knows no
 * root that could speak for it; or why it was refused.
 */
export type ImportOutcome = 'newer' | 'same' | 'not_pinned' | VerificationCode;

/** What became of lists that were brought as files. */
export interface ListImport {
  /** Absent where there was none. */
  readonly trust?: ImportOutcome;
  readonly status: readonly ImportOutcome[];
  /** Of all status lists in one file, with what changed since. Absent where there was none. */
  readonly snapshot?: ImportOutcome;
  /** False where the disk took nothing: they are in use until the page is closed. */
  readonly isStored: boolean;
}
