import { randomInt } from 'node:crypto';
import { type Kysely, type Selectable, sql, type Transaction } from 'kysely';
import { CommitGroup } from './commit-group.ts';
import { insertAudit } from './insert-audit.ts';
import { insertIssuerKey, readIssuerKey, retireIssuerKey } from './issuer-keys.ts';
import { acceptCode, forgetCodes } from './shown-codes.ts';
import type {
  Acceptance,
  AcceptanceOutcome,
  AuditRecord,
  CredentialRecord,
  IssueOutcome,
  IssueRecord,
  Issuer,
  IssuerKeyRecord,
  KeyRetirement,
  KeyRetirementOutcome,
  Operator,
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
} from './store.ts';
import type { Tables } from './tables.ts';

/** 2^17 indexes of 2 bits are 32 KiB before compression: small enough to fetch at a till, large enough to hide in. */
const LIST_SIZE = 131_072;

/** A list is closed at three quarters: up to there a random index is free after 4 tries at worst, on average. */
const LIST_CAPACITY = (LIST_SIZE / 4) * 3;

/** So many acceptances, then twice as many codes at most are forgotten: it keeps up, and no request waits for long. */
const ACCEPTANCES_PER_PURGE = 32;

/** The store on any SQL engine that kysely speaks. */
export class SqlStore implements Store {
  readonly #db: Kysely<Tables>;
  readonly #group: CommitGroup;
  #acceptances = 0;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
    this.#group = new CommitGroup(db);
  }

  async addOperator(operator: Operator & { keyHash: string; createdAt: Date }): Promise<void> {
    const { id, name, role, organisation, keyHash, createdAt } = operator;
    await this.#db
      .insertInto('operators')
      .values({ id, name, role, organisation, key_hash: keyHash, created_at: createdAt.getTime() })
      .execute();
  }

  async findOperator(keyHash: string): Promise<Operator | undefined> {
    return this.#db
      .selectFrom('operators')
      .select(['id', 'name', 'role', 'organisation'])
      .where('key_hash', '=', keyHash)
      .where('withdrawn_at', 'is', null)
      .executeTakeFirst();
  }

  async findOperators(idOrName: string): Promise<readonly Operator[]> {
    return this.#db
      .selectFrom('operators')
      .select(['id', 'name', 'role', 'organisation'])
      .where((where) => where.or([where('id', '=', idOrName), where('name', '=', idOrName)]))
      .where('key_hash', 'is not', null)
      .where('withdrawn_at', 'is', null)
      .orderBy('created_at')
      .execute();
  }

  async withdrawOperator(id: string, at: Date): Promise<void> {
    await this.#db
      .updateTable('operators')
      .set({ withdrawn_at: at.getTime() })
      .where('id', '=', id)
      .where('withdrawn_at', 'is', null)
      .execute();
  }

  async addIssuer(issuer: Omit<Issuer, 'keys'>, key: IssuerKeyRecord, owner: Operator): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
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
      // Without an API key: it acts on the folder itself.
      await transaction
        .insertInto('operators')
        .values({ ...owner, key_hash: null, created_at: key.createdAt.getTime() })
        .execute();
    });
  }

  async findIssuer(): Promise<Issuer | undefined> {
    return this.#db
      .transaction()
      .setAccessMode('read only')
      .execute(async (transaction) => {
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

  async addIssuerKey(key: IssuerKeyRecord, operator: string): Promise<void> {
    await this.#db.transaction().execute(async (transaction) => {
      const issuer = await transaction.selectFrom('issuers').select('id').executeTakeFirstOrThrow();
      await insertIssuerKey(transaction, issuer.id, key);
      const reason = `kid ${key.kid}, signs from ${key.signsFrom.toISOString()}`;
      await insertAudit(transaction, { at: key.createdAt, operator, action: 'key_added', reason });
    });
  }

  async retireIssuerKey(retirement: KeyRetirement): Promise<KeyRetirementOutcome> {
    return this.#db.transaction().execute((transaction) => retireIssuerKey(transaction, retirement));
  }

  async setStatusBaseUri(statusBaseUri: string): Promise<void> {
    await this.#db.updateTable('issuers').set({ status_base_uri: statusBaseUri }).execute();
  }

  async proposeIndex(): Promise<{ list: number; index: number }> {
    return this.#db.transaction().execute(async (transaction) => {
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
    return this.#db.transaction().execute(async (transaction): Promise<IssueOutcome> => {
      const at = issue.issuedAt.getTime();
      const { delegation } = issue;
      if (delegation && (await countDelegated(transaction, delegation.subject, at)) >= delegation.limit) {
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
          operator: issue.operator,
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
      await insertAudit(transaction, {
        at: issue.issuedAt,
        operator: issue.operator,
        action: 'issue',
        credential: issue.id,
      });
      return 'recorded';
    });
  }

  async findCredential(id: string): Promise<CredentialRecord | undefined> {
    const row = await this.#db.selectFrom('credentials').selectAll().where('id', '=', id).executeTakeFirst();
    return row && readCredential(row);
  }

  async changeStatus(change: StatusChange): Promise<StatusChangeOutcome> {
    return this.#db.transaction().execute(async (transaction): Promise<StatusChangeOutcome> => {
      const row = await transaction
        .selectFrom('credentials')
        .selectAll()
        .where('id', '=', change.id)
        .executeTakeFirst();
      if (!row) return { outcome: 'not_found' };
      if (row.status === change.status) return { outcome: 'unchanged', credential: readCredential(row) };
      if (row.status === 'revoked') return { outcome: 'final' };
      const changed = { status: change.status, changed_at: change.at.getTime() };
      await transaction.updateTable('credentials').set(changed).where('id', '=', change.id).execute();
      await transaction
        .updateTable('status_lists')
        .set({ version: sql`version + 1` })
        .where('id', '=', row.list)
        .execute();
      await insertAudit(transaction, {
        at: change.at,
        operator: change.operator,
        action: change.status,
        credential: change.id,
        ...(change.reason === undefined ? {} : { reason: change.reason }),
      });
      return { outcome: 'changed', credential: readCredential({ ...row, ...changed }) };
    });
  }

  async recordAcceptance(acceptance: Acceptance): Promise<AcceptanceOutcome> {
    return this.#group.run(async (transaction) => {
      if (this.#acceptances++ % ACCEPTANCES_PER_PURGE === 0) {
        await forgetCodes(transaction, acceptance.receipt.verifiedAt, 2 * ACCEPTANCES_PER_PURGE);
      }
      return acceptCode(transaction, acceptance);
    });
  }

  async recordRefusal(refusal: RefusalRecord): Promise<void> {
    return this.#group.run((transaction) => insertAudit(transaction, { ...refusal, action: 'verify' }));
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
    return this.#db
      .transaction()
      .setAccessMode('read only')
      .execute(async (transaction) => {
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
          entries: rows.map((row): [number, 'revoked' | 'suspended'] => [
            row.idx,
            row.status as 'revoked' | 'suspended',
          ]),
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

  async auditTrail(): Promise<readonly AuditRecord[]> {
    const rows = await this.#db
      .selectFrom('audit')
      .innerJoin('operators', 'operators.id', 'audit.operator')
      .selectAll('audit')
      .select('operators.organisation')
      .orderBy('audit.id')
      .execute();
    return rows.map(({ at, operator, organisation, action, credential, reason, outcome, receipt }) => ({
      at: new Date(at),
      operator,
      organisation,
      action,
      ...(credential !== null && { credential }),
      ...(reason !== null && { reason }),
      ...(outcome !== null && { outcome }),
      ...(receipt !== null && { receipt }),
    }));
  }

  async probe(): Promise<void> {
    await this.#db.selectFrom('issuers').select('id').limit(1).execute();
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
}

/** Suspended ones count: they can be reinstated. */
async function countDelegated(transaction: Transaction<Tables>, subject: string, at: number): Promise<number> {
  const { count } = await transaction
    .selectFrom('credentials')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('subject', '=', subject)
    .where('status', '<>', 'revoked')
    .where('expires_at', '>', at)
    .executeTakeFirstOrThrow();
  return Number(count);
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
  };
}
