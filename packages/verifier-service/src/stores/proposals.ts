import type { Actor } from './access.ts';

/** `approved`: somebody else agreed, and it can be carried out. `done`: it was. */
export type ProposalState = 'pending' | 'approved' | 'rejected' | 'done';

/** What one operator wants to do and another has to agree to. */
export interface Proposal {
  readonly id: string;
  /** Whose operator proposed it. */
  readonly organisation: string;
  readonly proposer: string;
  /** A credential that is to be issued, or the status that one is to have. */
  readonly action: 'issue' | 'revoked' | 'valid';
  /** The cti of the credential whose status is to change. */
  readonly credential?: string;
  readonly reason?: string;
  readonly createdAt: Date;
  /** From then on it is nothing any more. */
  readonly expiresAt: Date;
  readonly state: ProposalState;
  readonly decidedBy?: string;
  readonly decidedAt?: Date;
}

/** With the request to issue, sealed; gone once it is done or rejected. */
export interface ProposalRecord extends Proposal {
  readonly sealedRequest?: Uint8Array;
}

/** Each member but the limit narrows the search; absent ones do not. */
export interface ProposalSearch {
  /** Of this organisation alone. */
  readonly organisation?: string;
  readonly state?: 'pending' | 'approved';
  readonly limit: number;
}

export interface ProposalStore {
  /** With its audit row. False when so many of the organisation wait already. */
  addProposal(proposal: ProposalRecord, limit: number): Promise<boolean>;
  findProposal(id: string): Promise<ProposalRecord | undefined>;
  /**
   * Of the organisation and all below it: those that wait, then those that wait to be carried out, so many at most; of each
   * the organisation's own before those of others, oldest first.
   */
  openProposals(within: string, at: Date, search: ProposalSearch): Promise<readonly Proposal[]>;
  /** With its audit row. False when it does not wait any more. */
  decideProposal(id: string, state: 'approved' | 'rejected', by: Actor, at: Date): Promise<boolean>;
  /** Forgets so many at most whose time is over. Returns how many. */
  forgetProposals(at: Date): Promise<number>;
}
