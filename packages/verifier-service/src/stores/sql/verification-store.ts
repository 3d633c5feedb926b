import type { OfflineStore } from '../offline.ts';
import type { Acceptance, AcceptanceOutcome, RefusalRecord, VerificationStore } from '../store.ts';
import type { WorkOnAll } from './commit-group.ts';
import type { Connection } from './connection.ts';
import {
  addOfflineKey,
  findOfflineKey,
  insertOfflineReceipt,
  offlineKeysOf,
  receiptsOf,
  withdrawOfflineKey,
} from './offline-receipts.ts';
import { acceptCodes, forgetCodes } from './shown-codes.ts';

/** So many acceptances, then twice as many codes at most are forgotten: it keeps up, and no request waits for long. */
const ACCEPTANCES_PER_PURGE = 32;

/** What was verified: codes that pass once, receipts, the keys that sign them. */
export function verificationStore({ db, transactions, group }: Connection): VerificationStore & OfflineStore {
  /** Since codes were forgotten last. The first acceptance after a start forgets some too. */
  let acceptances = ACCEPTANCES_PER_PURGE - 1;

  const accept: WorkOnAll<Acceptance, AcceptanceOutcome> = async (transaction, audit, items) => {
    acceptances += items.length;
    if (acceptances >= ACCEPTANCES_PER_PURGE) {
      await forgetCodes(transaction, latest(items), 2 * acceptances);
      acceptances = 0;
    }
    return acceptCodes(transaction, audit, items);
  };

  const refuse: WorkOnAll<RefusalRecord, void> = async (_, audit, items) =>
    items.map(({ at, by, businessType, outcome, credential }) =>
      audit.add({
        ...by,
        at,
        action: 'verify',
        outcome,
        ...(businessType && { businessType }),
        ...(credential !== undefined && { credential }),
      }),
    );

  return {
    async recordAcceptance(acceptance) {
      return group.join(accept, acceptance, acceptance.replayKey);
    },

    async recordRefusal(refusal) {
      return group.join(refuse, refusal, '');
    },

    async findReceipt(id) {
      const row = await db.selectFrom('receipts').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const { organisation, signed, verified_at } = row;
      return { id, organisation, signed: new Uint8Array(signed), verifiedAt: new Date(verified_at) };
    },

    async addReceiptKey({ kid, publicKey, createdAt }) {
      await db
        .insertInto('receipt_keys')
        .values({ kid, public_key: publicKey, created_at: createdAt.getTime() })
        .onConflict((conflict) => conflict.column('kid').doNothing())
        .execute();
    },

    async receiptKeys() {
      const rows = await db.selectFrom('receipt_keys').selectAll().orderBy('created_at').orderBy('kid').execute();
      return rows.map(({ kid, public_key, created_at }) => ({
        kid,
        publicKey: new Uint8Array(public_key),
        createdAt: new Date(created_at),
      }));
    },

    async addOfflineKey(key, limit) {
      return transactions.write((transaction, audit) => addOfflineKey(transaction, audit, key, limit));
    },

    async findOfflineKey(id) {
      return findOfflineKey(db, id);
    },

    async offlineKeysOf(operator) {
      return offlineKeysOf(db, operator);
    },

    async withdrawOfflineKey(id, by, at) {
      return transactions.write((transaction, audit) => withdrawOfflineKey(transaction, audit, id, by, at));
    },

    async receiptsOf(credential, from, to, limit) {
      return receiptsOf(db, credential, from, to, limit);
    },

    async recordOfflineReceipt(receipt) {
      return group.run((transaction, audit) => insertOfflineReceipt(transaction, audit, receipt), receipt.replayKey);
    },
  };
}

function latest(items: readonly Acceptance[]): Date {
  return new Date(Math.max(...items.map(({ receipt }) => receipt.verifiedAt.getTime())));
}
