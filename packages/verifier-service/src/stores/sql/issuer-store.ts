import type { IssuerStore } from '../store.ts';
import type { Connection } from './connection.ts';
import { insertIssuerKey, makeRoomForKey, readIssuerKey, retireIssuerKey } from './issuer-keys.ts';
import { addOperator } from './operators.ts';
import { addOrganisation } from './organisations.ts';

/** The issuer of the folder and its keys. */
export function issuerStore({ db, transactions }: Connection): IssuerStore {
  return {
    async addIssuer(issuer, key, owner) {
      await transactions.write(async (transaction, audit) => {
        await transaction
          .insertInto('issuers')
          .values({
            id: issuer.id,
            name: issuer.name,
            types: JSON.stringify(issuer.types),
            regions: JSON.stringify(issuer.regions),
            status_base_uri: issuer.statusBaseUri,
          })
          .execute();
        await insertIssuerKey(transaction, issuer.id, key);
        const by = { operator: owner.id, organisation: owner.organisation };
        await addOrganisation(transaction, audit, { id: issuer.id, name: issuer.name }, by, key.createdAt);
        // Without an API key: it acts on the folder itself.
        await addOperator(transaction, audit, owner, by, key.createdAt);
      });
    },

    async findIssuer() {
      return transactions.read(async (transaction) => {
        const row = await transaction.selectFrom('issuers').selectAll().executeTakeFirst();
        if (!row) return undefined;
        const keys = await transaction
          .selectFrom('issuer_keys')
          .selectAll()
          .where('issuer', '=', row.id)
          .orderBy('created_at')
          .orderBy('kid')
          .execute();
        return {
          id: row.id,
          name: row.name,
          types: JSON.parse(row.types) as string[],
          regions: JSON.parse(row.regions) as string[],
          statusBaseUri: row.status_base_uri,
          keys: keys.map(readIssuerKey),
        };
      });
    },

    async addIssuerKey(key, by) {
      return transactions.write(async (transaction, audit) => {
        // Whoever else adds or ends one waits.
        await transaction
          .updateTable('issuers')
          .set((row) => ({ id: row.ref('id') }))
          .execute();
        const issuer = await transaction.selectFrom('issuers').select('id').executeTakeFirstOrThrow();
        const room = await makeRoomForKey(transaction, key.createdAt);
        if (room === 'too_many') return room;
        await insertIssuerKey(transaction, issuer.id, key);
        const signs = `signs from ${key.signsFrom.toISOString()}`;
        const reason = room.leftOut === undefined ? signs : `${signs}; ${room.leftOut} is left out`;
        audit.add({ ...by, at: key.createdAt, action: 'add_issuer_key', subject: key.kid, reason });
        return 'added';
      });
    },

    async retireIssuerKey(retirement) {
      return transactions.write((transaction, audit) => retireIssuerKey(transaction, audit, retirement));
    },

    async setStatusBaseUri(statusBaseUri) {
      await db.updateTable('issuers').set({ status_base_uri: statusBaseUri }).execute();
    },
  };
}
