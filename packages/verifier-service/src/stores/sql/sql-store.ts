import { randomInt } from 'node:crypto';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import type { Actor, ApiKeyRecord, HisGrant, ListedOperator, Operator, Organisation } from '../access.ts';
import type { AuditChain, AuditCheckpoint, AuditEntry, AuditPage, AuditSearch, PurgeOutcome } from '../audit.ts';
import type {
  Acceptance,
  AcceptanceOutcome,
  CredentialRecord,
  IdentityUse,
  IssueOutcome,
  IssueRecord,
  Issuer,
  IssuerKeyRecord,
  KeyRetirement,
  KeyRetirementOutcome,
  PublishedStatusList,
  PublishedTrustList,
  ReceiptKeyRecord,
  RefusalRecord,
  SignedReceipt,
  StatusChange,
  StatusChangeOutcome,
  StatusListContents,
  StatusListHead,
  Store,
} from '../store.ts';
import type { AuditLog } from './audit-log.ts';
import { purge } from './audit-purge.ts';
import { readChain, readChains, searchAudit } from './audit-search.ts';
import { CommitGroup } from './commit-group.ts';
import type { Engine } from './engine.ts';
import { addHisGrant, findHisGrants, hisGrants, removeHisGrants } from './his-grants.ts';
import { deleteIdentity, findIdentity, forgetIdentities, insertIdentity, recordIdentityUse } from './identities.ts';
import { insertIssuerKey, readIssuerKey, retireIssuerKey } from './issuer-keys.ts';
import {
  addApiKey,
  addOperator,
  authenticate,
  disableOperator,
  findOperator,
  operatorsWithin,
  rehashApiKeys,
  withdrawApiKeys,
} from './operators.ts';
import { addOrganisation, disableOrganisation, findOrganisation, organisationsWithin } from './organisations.ts';
import { acceptCode, forgetCodes } from './shown-codes.ts';
import type { Tables } from './tables.ts';
import { Transactions } from './transactions.ts';

/** 2^17 indexes of 2 bits are 32 KiB before compression: small enough to fetch at a till, large enough to hide in. */
const LIST_SIZE = 131_072;

/** A list is closed at three quarters: up to there a random index is free after 4 tries at worst, on average. */
const LIST_CAPACITY = (LIST_SIZE / 4) * 3;

/** So many acceptances, then twice as many codes at most are forgotten: it keeps up, and no request waits for long. */
const ACCEPTANCES_PER_PURGE = 32;

/** The store on any SQL engine that kysely speaks. */
export class SqlStore implements Store {
  readonly #db: Kysely<Tables>;
  readonly #engine: Engine;
  readonly #transactions: Transactions;
  readonly #group: CommitGroup;
  #acceptances = 0;

  constructor(db: Kysely<Tables>, engine: Engine) {
    this.#db = db;
    this.#engine = engine;
    this.#transactions = new Transactions(db, engine);
    this.#group = new CommitGroup(this.#transactions);
  }

  async addOrganisation(organisation: Organisation, by: Actor, at: Date): Promise<void> {
    return this.#transactions.write((transaction, audit) => addOrganisation(transaction, audit, organisation, by, at));
  }

  async findOrganisation(id: string): Promise<Organisation | undefined> {
    return findOrganisation(this.#db, id);
  }

  async organisationsWithin(id: string): Promise<readonly Organisation[]> {
    return organisationsWithin(this.#db, id);
  }

  async disableOrganisation(id: string, disabledAt: Date | undefined, by: Actor, at: Date): Promise<void> {
    return this.#transactions.write((transaction, audit) =>
      disableOrganisation(transaction, audit, id, disabledAt, by, at),
    );
  }

  async addOperator(operator: Operator, by: Actor, at: Date): Promise<void> {
    return this.#transactions.write((transaction, audit) => addOperator(transaction, audit, operator, by, at));
  }

  async authenticate(keyHash: string, at: Date): Promise<Operator | undefined> {
    return authenticate(this.#db, keyHash, at);
  }

  async findOperator(id: string): Promise<Operator | undefined> {
    return findOperator(this.#db, id);
  }

  async operatorsWithin(organisation: string): Promise<readonly ListedOperator[]> {
    return operatorsWithin(this.#db, organisation);
  }

  async disableOperator(id: string, disabledAt: Date | undefined, by: Actor, at: Date): Promise<void> {
    return this.#transactions.write((transaction, audit) =>
      disableOperator(transaction, audit, id, disabledAt, by, at),
    );
  }

  async addApiKey(key: ApiKeyRecord, by: Actor): Promise<void> {
    return this.#transactions.write((transaction, audit) => addApiKey(transaction, audit, key, by));
  }

  async withdrawApiKeys(operator: string, by: Actor, at: Date): Promise<number> {
    return this.#transactions.write((transaction, audit) => withdrawApiKeys(transaction, audit, operator, by, at));
  }

  async rehashApiKeys(replace: (hash: string) => string | undefined): Promise<void> {
    return this.#transactions.write((transaction) => rehashApiKeys(transaction, replace));
  }

  async addIssuer(issuer: Omit<Issuer, 'keys'>, key: IssuerKeyRecord, owner: Operator): Promise<void> {
    await this.#transactions.write(async (transaction, audit) => {
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
  }

  async findIssuer(): Promise<Issuer | undefined> {
    return this.#transactions.read(async (transaction) => {
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
  }

  async addIssuerKey(key: IssuerKeyRecord, by: Actor): Promise<void> {
    await this.#transactions.write(async (transaction, audit) => {
      const issuer = await transaction.selectFrom('issuers').select('id').executeTakeFirstOrThrow();
      await insertIssuerKey(transaction, issuer.id, key);
      const reason = `signs from ${key.signsFrom.toISOString()}`;
      audit.add({ ...by, at: key.createdAt, action: 'add_issuer_key', subject: key.kid, reason });
    });
  }

  async retireIssuerKey(retirement: KeyRetirement): Promise<KeyRetirementOutcome> {
    return this.#transactions.write((transaction, audit) => retireIssuerKey(transaction, audit, retirement));
  }

  async setStatusBaseUri(statusBaseUri: string): Promise<void> {
    await this.#db.updateTable('issuers').set({ status_base_uri: statusBaseUri }).execute();
  }

  async proposeIndex(): Promise<{ list: number; index: number }> {
    return this.#transactions.write(async (transaction) => {
      const newest = await transaction
        .selectFrom('status_lists')
        .select(['id', 'issued'])
        .orderBy('id', 'desc')
        .executeTakeFirst();
      const list = newest && newest.issued < LIST_CAPACITY ? newest.id : (newest?.id ?? 0) + 1;
      if (list !== newest?.id) {
        await transaction
          .insertInto('status_lists')
          .values({ id: list, size: LIST_SIZE, issued: 0, version: 1 })
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
      }
      for (;;) {
        // Random, so that an index does not tell when, or after whom, a credential was issued.
        const index = randomInt(LIST_SIZE);
        const taken = await transaction
          .selectFrom('credentials')
          .select('id')
          .where('list', '=', list)
          .where('idx', '=', index)
          .executeTakeFirst();
        if (!taken) return { list, index };
      }
    });
  }

  async recordIssue(issue: IssueRecord): Promise<IssueOutcome> {
    return this.#transactions.write(async (transaction, audit): Promise<IssueOutcome> => {
      const at = issue.issuedAt.getTime();
      const { delegation, replaces } = issue;
      if (replaces !== undefined) {
        // Held from here on: of those who replace one credential at once, the second sees what the first has done.
        const replaced = await transaction
          .selectFrom('credentials')
          .select('status')
          .where('id', '=', replaces)
          .$if(this.#engine.writesAtOnce, (select) => select.forUpdate())
          .executeTakeFirst();
        if (!replaced) return 'replaced_not_found';
        if (replaced.status === 'revoked') return 'replaced_final';
      }
      if (delegation && (await countDelegated(transaction, delegation.subject, at, replaces)) >= delegation.limit) {
        return 'too_many_delegates';
      }
      const { numInsertedOrUpdatedRows } = await transaction
        .insertInto('credentials')
        .values({
          id: issue.id,
          list: issue.list,
          idx: issue.index,
          status: 'valid',
          type: issue.type,
          issued_at: at,
          expires_at: issue.expiresAt.getTime(),
          changed_at: at,
          operator: issue.by.operator,
          organisation: issue.by.organisation,
          subject: delegation?.subject ?? null,
        })
        .onConflict((conflict) => conflict.columns(['list', 'idx']).doNothing())
        .executeTakeFirstOrThrow();
      if (numInsertedOrUpdatedRows !== 1n) return 'index_taken';
      await transaction
        .updateTable('status_lists')
        .set({ issued: sql`issued + 1` })
        .where('id', '=', issue.list)
        .execute();
      if (issue.identity) await insertIdentity(transaction, issue.id, issue.identity, issue.expiresAt);
      audit.add({ ...issue.by, at: issue.issuedAt, action: 'issue', credential: issue.id });
      if (replaces !== undefined) {
        const reason = `replaced by ${issue.id}`;
        await setStatus(transaction, audit, {
          id: replaces,
          status: 'revoked',
          by: issue.by,
          at: issue.issuedAt,
          reason,
        });
      }
      return 'recorded';
    });
  }

  async findCredential(id: string): Promise<CredentialRecord | undefined> {
    const row = await this.#db.selectFrom('credentials').selectAll().where('id', '=', id).executeTakeFirst();
    return row && readCredential(row);
  }

  async changeStatus(change: StatusChange): Promise<StatusChangeOutcome> {
    return this.#transactions.write(async (transaction, audit): Promise<StatusChangeOutcome> => {
      const changed = await setStatus(transaction, audit, change);
      if (changed) return { outcome: 'changed', credential: readCredential(changed) };
      const row = await transaction
        .selectFrom('credentials')
        .selectAll()
        .where('id', '=', change.id)
        .executeTakeFirst();
      if (!row) return { outcome: 'not_found' };
      if (row.status !== change.status) return { outcome: 'final' };
      return { outcome: 'unchanged', credential: readCredential(row) };
    });
  }

  async findIdentity(credential: string): Promise<Uint8Array | undefined> {
    return findIdentity(this.#db, credential);
  }

  async recordIdentityUse(use: IdentityUse): Promise<void> {
    return this.#group.run(async (_, audit) => recordIdentityUse(audit, use));
  }

  async forgetIdentities(endedBefore: Date): Promise<number> {
    return this.#transactions.write((transaction) => forgetIdentities(transaction, endedBefore));
  }

  async addHisGrant(grant: HisGrant, by: Actor, at: Date): Promise<void> {
    return this.#transactions.write((transaction, audit) => addHisGrant(transaction, audit, grant, by, at));
  }

  async removeHisGrants(organisation: string, by: Actor, at: Date): Promise<number> {
    return this.#transactions.write((transaction, audit) => removeHisGrants(transaction, audit, organisation, by, at));
  }

  async hisGrants(): Promise<readonly HisGrant[]> {
    return hisGrants(this.#db);
  }

  async findHisGrants(organisation: string, at: Date): Promise<readonly { network: string; operator: Operator }[]> {
    return findHisGrants(this.#db, organisation, at);
  }

  async recordAcceptance(acceptance: Acceptance): Promise<AcceptanceOutcome> {
    return this.#group.run(async (transaction, audit) => {
      if (this.#acceptances++ % ACCEPTANCES_PER_PURGE === 0) {
        await forgetCodes(transaction, acceptance.receipt.verifiedAt, 2 * ACCEPTANCES_PER_PURGE);
      }
      return acceptCode(transaction, audit, acceptance);
    }, acceptance.replayKey);
  }

  async recordRefusal({ at, by, businessType, outcome, credential }: RefusalRecord): Promise<void> {
    return this.#group.run(async (_, audit) => {
      audit.add({
        ...by,
        at,
        action: 'verify',
        outcome,
        ...(businessType && { businessType }),
        ...(credential !== undefined && { credential }),
      });
    });
  }

  async findReceipt(id: string): Promise<(SignedReceipt & { organisation: string }) | undefined> {
    const row = await this.#db.selectFrom('receipts').selectAll().where('id', '=', id).executeTakeFirst();
    if (!row) return undefined;
    const { organisation, signed, verified_at } = row;
    return { id, organisation, signed: new Uint8Array(signed), verifiedAt: new Date(verified_at) };
  }

  async addReceiptKey({ kid, publicKey, createdAt }: ReceiptKeyRecord): Promise<void> {
    await this.#db
      .insertInto('receipt_keys')
      .values({ kid, public_key: publicKey, created_at: createdAt.getTime() })
      .onConflict((conflict) => conflict.column('kid').doNothing())
      .execute();
  }

  async receiptKeys(): Promise<readonly ReceiptKeyRecord[]> {
    const rows = await this.#db.selectFrom('receipt_keys').selectAll().orderBy('created_at').orderBy('kid').execute();
    return rows.map(({ kid, public_key, created_at }) => ({
      kid,
      publicKey: new Uint8Array(public_key),
      createdAt: new Date(created_at),
    }));
  }

  async statusLists(): Promise<readonly StatusListHead[]> {
    const rows = await selectHeads(this.#db).orderBy('status_lists.id').execute();
    return rows.map(readHead);
  }

  async findStatusList(id: number): Promise<StatusListHead | undefined> {
    const row = await selectHeads(this.#db).where('status_lists.id', '=', id).executeTakeFirst();
    return row && readHead(row);
  }

  async readStatusList(id: number): Promise<StatusListContents | undefined> {
    return this.#transactions.read(async (transaction) => {
      const head = await selectHeads(transaction)
        .select('status_publications.bytes')
        .where('status_lists.id', '=', id)
        .executeTakeFirst();
      if (!head) return undefined;
      const rows = await transaction
        .selectFrom('credentials')
        .select(['idx', 'status'])
        .where('list', '=', id)
        .where(sql<boolean>`status <> 'valid'`)
        .orderBy('idx')
        .execute();
      return {
        ...readHead(head),
        ...(head.bytes === null ? {} : { publishedBytes: new Uint8Array(head.bytes) }),
        entries: rows.map((row): [number, 'revoked' | 'suspended'] => [row.idx, row.status as 'revoked' | 'suspended']),
      };
    });
  }

  async recordPublication(id: number, list: PublishedStatusList, after: Date | undefined): Promise<boolean> {
    const { version, fingerprint, bytes } = list;
    const values = { version, fingerprint, bytes, issued_at: list.issuedAt.getTime() };
    const outcome = after
      ? await this.#db
          .updateTable('status_publications')
          .set(values)
          .where('list', '=', id)
          .where('issued_at', '=', after.getTime())
          .executeTakeFirstOrThrow()
      : await this.#db
          .insertInto('status_publications')
          .values({ list: id, ...values })
          .onConflict((conflict) => conflict.column('list').doNothing())
          .executeTakeFirstOrThrow();
    return ('numUpdatedRows' in outcome ? outcome.numUpdatedRows : outcome.numInsertedOrUpdatedRows) === 1n;
  }

  async latestTrustList(): Promise<PublishedTrustList | undefined> {
    const row = await this.#db.selectFrom('trust_lists').selectAll().orderBy('sequence', 'desc').executeTakeFirst();
    return (
      row && {
        sequence: row.sequence,
        fingerprint: row.fingerprint,
        bytes: new Uint8Array(row.bytes),
        issuedAt: new Date(row.issued_at),
        expiresAt: new Date(row.expires_at),
      }
    );
  }

  async addTrustList(list: PublishedTrustList): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await this.#db
      .insertInto('trust_lists')
      .values({
        sequence: list.sequence,
        fingerprint: list.fingerprint,
        bytes: list.bytes,
        issued_at: list.issuedAt.getTime(),
        expires_at: list.expiresAt.getTime(),
      })
      .onConflict((conflict) => conflict.column('sequence').doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n;
  }

  async searchAudit(search: AuditSearch): Promise<AuditPage> {
    return searchAudit(this.#db, search);
  }

  async readAuditChain(chain: number, after: number, limit: number): Promise<readonly AuditEntry[]> {
    return readChain(this.#db, chain, after, limit);
  }

  async auditChains(): Promise<readonly AuditChain[]> {
    return readChains(this.#db);
  }

  async addCheckpoint({ at, note }: AuditCheckpoint): Promise<void> {
    await this.#db.insertInto('audit_checkpoints').values({ at: at.getTime(), note }).execute();
  }

  async checkpoints(): Promise<readonly AuditCheckpoint[]> {
    const rows = await this.#db.selectFrom('audit_checkpoints').selectAll().orderBy('at').execute();
    return rows.map(({ at, note }) => ({ at: new Date(at), note }));
  }

  async purgeAudit(before: Date, by: Actor, at: Date): Promise<PurgeOutcome> {
    return this.#transactions.write((transaction, audit) => purge(transaction, audit, before, by, at));
  }

  async probe(): Promise<void> {
    await this.#db.selectFrom('issuers').select('id').limit(1).execute();
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}

/** Suspended ones count: they can be reinstated. Whoever else counts waits until this transaction is over. */
async function countDelegated(
  transaction: Transaction<Tables>,
  subject: string,
  at: number,
  replaced: string | undefined,
): Promise<number> {
  await transaction
    .insertInto('subjects')
    .values({ subject })
    .onConflict((conflict) => conflict.column('subject').doUpdateSet({ subject }))
    .execute();
  const { count } = await transaction
    .selectFrom('credentials')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('subject', '=', subject)
    .where('status', '<>', 'revoked')
    .where('expires_at', '>', at)
    .$if(replaced !== undefined, (select) => select.where('id', '<>', replaced as string))
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Changes a status with its audit row, and moves its list on. Undefined where there is nothing to change. */
async function setStatus(transaction: Transaction<Tables>, audit: AuditLog, change: StatusChange) {
  const changed = await transaction
    .updateTable('credentials')
    .set({ status: change.status, changed_at: change.at.getTime() })
    .where('id', '=', change.id)
    .where('status', 'not in', ['revoked', change.status])
    .returningAll()
    .executeTakeFirst();
  if (!changed) return undefined;
  await transaction
    .updateTable('status_lists')
    .set({ version: sql`version + 1` })
    .where('id', '=', changed.list)
    .execute();
  if (change.status === 'revoked') await deleteIdentity(transaction, change.id);
  audit.add({
    ...change.by,
    at: change.at,
    action: change.status,
    credential: change.id,
    ...(change.reason !== undefined && { reason: change.reason }),
  });
  return changed;
}

function selectHeads(db: Kysely<Tables>) {
  return db
    .selectFrom('status_lists')
    .leftJoin('status_publications', 'status_publications.list', 'status_lists.id')
    .select([
      'status_lists.id',
      'status_lists.size',
      'status_lists.version',
      'status_publications.version as published_version',
      'status_publications.fingerprint',
      'status_publications.issued_at',
    ]);
}

function readHead(row: {
  id: number;
  size: number;
  version: number;
  published_version: number | null;
  fingerprint: string | null;
  issued_at: number | null;
}): StatusListHead {
  const { id, size, version, published_version, fingerprint, issued_at } = row;
  if (published_version === null || fingerprint === null || issued_at === null) return { id, size, version };
  return { id, size, version, published: { version: published_version, fingerprint, issuedAt: new Date(issued_at) } };
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
