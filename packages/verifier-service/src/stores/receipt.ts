/** A receipt as it was signed. */
export interface SignedReceipt {
  /** 32 hex digits. */
  readonly id: string;
  readonly verifiedAt: Date;
  /** A COSE_Sign1. */
  readonly signed: Uint8Array;
}
