import type { ProposalStore } from '../proposals.ts';
import type { Connection } from './connection.ts';
import { addProposal, decideProposal, findProposal, forgetProposals, openProposals } from './proposals.ts';

/** What waits for another operator. */
export function proposalStore({ db, transactions }: Connection): ProposalStore {
  return {
    async addProposal(proposal, limit) {
      return transactions.write((transaction, audit) => addProposal(transaction, audit, proposal, limit));
    },

    async findProposal(id) {
      return findProposal(db, id);
    },

    async openProposals(within, at, search) {
      return openProposals(db, within, at, search);
    },

    async decideProposal(id, state, by, at) {
      return transactions.write((transaction, audit) => decideProposal(transaction, audit, id, state, by, at));
    },

    async forgetProposals(at) {
      return transactions.write((transaction) => forgetProposals(transaction, at));
    },
  };
}
