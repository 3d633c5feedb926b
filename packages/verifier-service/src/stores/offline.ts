import type { Actor } from './access.ts';
import type { SignedReceipt } from './receipt.ts';

/** The public key of a device on which an operator verifies without the service, and signs receipts of it. */
export interface OfflineKey {
  /** Of its public key, 32 hex digits. */
  readonly id: string;
  /** A COSE_Key. */
  readonly publicKey: Uint8Array;
  readonly operator: string;
  readonly organisation: string;
  readonly createdAt: Date;
  /** From then on no receipt by it is taken, whenever that says it was signed: a lost device can say anything. */
  readonly withdrawnAt?: Date;
}

/** `taken`: somebody else has it. */
export type OfflineKeyOutcome = 'added' | 'unchanged' | 'taken' | 'too_many';

/** By which receipt a code was accepted first, and where. */
export interface AcceptedCode {
  readonly receipt: string;
  readonly organisation: string;
  readonly businessType: string;
  readonly verifiedAt: Date;
}

/** A receipt that a device signed without the service. */
export interface OfflineReceipt {
  readonly receipt: SignedReceipt;
  readonly replayKey: string;
  readonly bearer: boolean;
  readonly credential: string;
  /** Empty when nobody said what for. */
  readonly businessType: string;
  /** Who verified. */
  readonly signedBy: Actor;
  /** Who uploads it. */
  readonly by: Actor;
  readonly at: Date;
  /** Until when the same presentation is looked for among those that were shown. */
  readonly until: Date;
  /** What is known already: the same code was accepted by this receipt, though it is forgotten as a code. */
  readonly accepted?: AcceptedCode;
  /** What else it contradicts. */
  readonly conflict?: 'revoked' | 'suspended' | 'out_of_scope';
}

/**
 * `known`: this very receipt was recorded before; with `firstShownAt`, as a replay. `id_taken`: another one has its id.
 * `repeated`: the code was accepted at the same place for the same business before. `replayed`: elsewhere, or for another.
 */
export type OfflineReceiptOutcome =
  | { readonly outcome: 'recorded' | 'repeated' | 'id_taken' }
  | { readonly outcome: 'known'; readonly firstShownAt?: Date }
  | { readonly outcome: 'replayed'; readonly firstShownAt: Date };

/** What was verified where there was no network, and by whose devices. */
export interface OfflineStore {
  /** With its audit row. */
  addOfflineKey(key: OfflineKey, limit: number): Promise<OfflineKeyOutcome>;
  findOfflineKey(id: string): Promise<OfflineKey | undefined>;
  /** Oldest first, withdrawn ones too. */
  offlineKeysOf(operator: string): Promise<readonly OfflineKey[]>;
  /** With its audit row; does nothing to one that is withdrawn. */
  withdrawOfflineKey(id: string, by: Actor, at: Date): Promise<void>;
  /** Receipts of the service itself for this credential, oldest first, so many at most. */
  receiptsOf(credential: string, from: Date, to: Date, limit: number): Promise<readonly SignedReceipt[]>;
  /** Records a receipt with its audit row, and what it contradicts; the code counts as shown from then on. */
  recordOfflineReceipt(receipt: OfflineReceipt): Promise<OfflineReceiptOutcome>;
}
