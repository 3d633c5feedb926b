import type { AuditStore } from '../store.ts';
import { purge } from './audit-purge.ts';
import { countAudit, readChain, readChains, searchAudit } from './audit-search.ts';
import type { Connection } from './connection.ts';

/** The audit: search, chains, checkpoints. */
export function auditStore({ db, transactions }: Connection): AuditStore {
  return {
    async searchAudit(search) {
      return searchAudit(db, search);
    },

    async countAudit(search) {
      return countAudit(db, search);
    },

    async readAuditChain(chain, after, limit) {
      return readChain(db, chain, after, limit);
    },

    async auditChains() {
      return readChains(db);
    },

    async addCheckpoint({ at, note }, { operator, organisation }) {
      await transactions.write(async (transaction, audit) => {
        await transaction.insertInto('audit_checkpoints').values({ at: at.getTime(), note }).execute();
        audit.add({ operator, organisation, at, action: 'sign_checkpoint' });
      });
    },

    async checkpoints() {
      const rows = await db.selectFrom('audit_checkpoints').selectAll().orderBy('at').execute();
      return rows.map(({ at, note }) => ({ at: new Date(at), note }));
    },

    async purgeAudit(before, by, at) {
      return transactions.write((transaction, audit) => purge(transaction, audit, before, by, at));
    },
  };
}
