import type { AccessStore } from '../store.ts';
import type { Connection } from './connection.ts';
import { addHisGrant, findHisGrants, hisGrants, removeHisGrants } from './his-grants.ts';
import {
  addApiKey,
  addOperator,
  disableOperator,
  findByKey,
  findOperator,
  operatorsWithin,
  rehashApiKeys,
  withdrawApiKeys,
} from './operators.ts';
import {
  addOrganisation,
  disableOrganisation,
  findOrganisation,
  isWithin,
  organisationsWithin,
} from './organisations.ts';
import { authenticateSubject, linkSubject, unlinkSubject } from './subjects.ts';

/** Who may do what: organisations, operators, their keys, the calls of a HIS. */
export function accessStore({ db, transactions, kept }: Connection): AccessStore {
  return {
    async addOrganisation(organisation, by, at) {
      return transactions.write((transaction, audit) => addOrganisation(transaction, audit, organisation, by, at));
    },

    async findOrganisation(id) {
      return findOrganisation(db, id);
    },

    async isWithin(id, root) {
      return isWithin(db, id, root);
    },

    async organisationsWithin(id) {
      return organisationsWithin(db, id);
    },

    async disableOrganisation(id, disabledAt, by, at) {
      return transactions.write((transaction, audit) =>
        disableOrganisation(transaction, audit, id, disabledAt, by, at),
      );
    },

    async addOperator(operator, by, at, subject) {
      return transactions.write(async (transaction, audit) => {
        await addOperator(transaction, audit, operator, by, at);
        if (subject !== undefined) await linkSubject(transaction, audit, subject, operator.id, by, at);
      });
    },

    async authenticate(keyHash, at) {
      const found = await kept.read(keyHash, () => findByKey(db, keyHash));
      return found && found.endsAt > at.getTime() ? found.operator : undefined;
    },

    async findOperator(id) {
      return findOperator(db, id);
    },

    async operatorsWithin(organisation) {
      return operatorsWithin(db, organisation);
    },

    async disableOperator(id, disabledAt, by, at) {
      return transactions.write((transaction, audit) => disableOperator(transaction, audit, id, disabledAt, by, at));
    },

    async addApiKey(key, by) {
      return transactions.write((transaction, audit) => addApiKey(transaction, audit, key, by));
    },

    async withdrawApiKeys(operator, by, at) {
      return transactions.write((transaction, audit) => withdrawApiKeys(transaction, audit, operator, by, at));
    },

    async linkSubject(subject, operator, by, at) {
      return transactions.write((transaction, audit) => linkSubject(transaction, audit, subject, operator, by, at));
    },

    async unlinkSubject(operator, by, at) {
      return transactions.write((transaction, audit) => unlinkSubject(transaction, audit, operator, by, at));
    },

    async authenticateSubject(subject, at) {
      return authenticateSubject(db, subject, at);
    },

    async rehashApiKeys(replace) {
      return transactions.write((transaction) => rehashApiKeys(transaction, replace));
    },

    async addHisGrant(grant, by, at) {
      return transactions.write((transaction, audit) => addHisGrant(transaction, audit, grant, by, at));
    },

    async removeHisGrants(organisation, by, at) {
      return transactions.write((transaction, audit) => removeHisGrants(transaction, audit, organisation, by, at));
    },

    async hisGrants() {
      return hisGrants(db);
    },

    async findHisGrants(organisation, at) {
      return findHisGrants(db, organisation, at);
    },
  };
}
