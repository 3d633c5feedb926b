import type { Kysely } from 'kysely';
import type { Store } from '../store.ts';
import { accessStore } from './access-store.ts';
import { auditStore } from './audit-store.ts';
import { CommitGroup } from './commit-group.ts';
import { credentialStore } from './credential-store.ts';
import type { Engine } from './engine.ts';
import { issuerStore } from './issuer-store.ts';
import { KeptReads } from './kept-reads.ts';
import { listStore } from './list-store.ts';
import { proposalStore } from './proposal-store.ts';
import { markRestored } from './restoration.ts';
import { snapshotStore } from './snapshot-store.ts';
import type { Tables } from './tables.ts';
import { Transactions } from './transactions.ts';
import { verificationStore } from './verification-store.ts';
import { webhookStore } from './webhook-store.ts';

/** The store on any SQL engine that kysely speaks. */
export function createSqlStore(db: Kysely<Tables>, engine: Engine): Store {
  const transactions = new Transactions(db, engine);
  const kept = new KeptReads(engine.readMark);
  const connection = { db, engine, transactions, group: new CommitGroup(transactions), kept };
  return {
    ...(engine.readMark && { changes: { mark: engine.readMark } }),
    ...accessStore(connection),
    ...issuerStore(connection),
    ...credentialStore(connection),
    ...verificationStore(connection),
    ...listStore(connection),
    ...snapshotStore(connection),
    ...auditStore(connection),
    ...proposalStore(connection),
    ...webhookStore(connection),
    async markRestored(restoration) {
      return transactions.write((transaction, audit) => markRestored(transaction, audit, restoration));
    },
    async probe() {
      await db.selectFrom('issuers').select('id').limit(1).execute();
    },
    async close() {
      await db.destroy();
    },
  };
}
