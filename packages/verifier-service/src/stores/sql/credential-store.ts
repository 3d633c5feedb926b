import type { Selectable } from 'kysely';
import type { CredentialRecord, CredentialStore, StatusChangeOutcome } from '../store.ts';
import type { Connection } from './connection.ts';
import { findIdentity, forgetIdentities, recordIdentityUse } from './identities.ts';
import { insertIssue, insertIssues, proposeIndexes, readJobRows } from './issues.ts';
import { decideProposal, finishProposal, holdProposal } from './proposals.ts';
import { setStatus } from './statuses.ts';
import type { Tables } from './tables.ts';

/** What was issued, its status, and who it is about. */
export function credentialStore({ db, transactions, group }: Connection): CredentialStore {
  return {
    async proposeIndex() {
      const [place] = await transactions.write((transaction) => proposeIndexes(transaction, 1));
      return place as { list: number; index: number };
    },

    async proposeIndexes(count) {
      return transactions.write((transaction) => proposeIndexes(transaction, count));
    },

    async recordIssue(issue) {
      return transactions.write((transaction, audit) => insertIssue(transaction, audit, issue));
    },

    async recordIssues(job, issues) {
      return transactions.write((transaction, audit) => insertIssues(transaction, audit, job, issues));
    },

    async readJobRows(job, first, last) {
      return transactions.read((transaction) => readJobRows(transaction, job, first, last));
    },

    async findCredential(id) {
      const row = await db.selectFrom('credentials').selectAll().where('id', '=', id).executeTakeFirst();
      return row && readCredential(row);
    },

    async changeStatus(change) {
      return transactions.write(async (transaction, audit): Promise<StatusChangeOutcome> => {
        const { proposal, by, at } = change;
        if (proposal !== undefined && !(await holdProposal(transaction, proposal, 'pending', at)))
          return { outcome: 'proposal_closed' };
        const changed = await setStatus(transaction, audit, change);
        const close = async () => {
          if (proposal === undefined) return;
          await decideProposal(transaction, audit, proposal, 'approved', by, at);
          await finishProposal(transaction, proposal);
        };
        if (changed) {
          await close();
          return { outcome: 'changed', credential: readCredential(changed) };
        }
        const row = await transaction
          .selectFrom('credentials')
          .selectAll()
          .where('id', '=', change.id)
          .executeTakeFirst();
        if (!row) return { outcome: 'not_found' };
        if (row.status !== change.status) return { outcome: 'final' };
        // Done by another meanwhile: there is nothing left to agree to.
        await close();
        return { outcome: 'unchanged', credential: readCredential(row) };
      });
    },

    async findIdentity(credential) {
      return findIdentity(db, credential);
    },

    async recordIdentityUse(use) {
      return group.run(async (_, audit) => recordIdentityUse(audit, use));
    },

    async forgetIdentities(endedBefore) {
      return transactions.write((transaction) => forgetIdentities(transaction, endedBefore));
    },
  };
}

function readCredential(row: Selectable<Tables['credentials']>): CredentialRecord {
  return {
    id: row.id,
    list: row.list,
    index: row.idx,
    status: row.status,
    type: row.type,
    issuedAt: new Date(row.issued_at),
    expiresAt: new Date(row.expires_at),
    changedAt: new Date(row.changed_at),
    organisation: row.organisation,
  };
}
