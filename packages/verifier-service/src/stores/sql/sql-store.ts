import { type Kysely, type Selectable, sql } from 'kysely';
import type { Actor, ApiKeyRecord, HisGrant, ListedOperator, Operator, Organisation } from '../access.ts';

import type {
  AuditChain,
  AuditCheckpoint,
  AuditCounts,
  AuditEntry,
  AuditPage,
  AuditSearch,
  PurgeOutcome,
} from '../audit.ts';
import type { OfflineKey, OfflineKeyOutcome, OfflineReceipt, OfflineReceiptOutcome } from '../offline.ts';
import type { Proposal, ProposalRecord } from '../proposals.ts';
import type { SignedReceipt } from '../receipt.ts';
import type {
  Acceptance,
  AcceptanceOutcome,
  CredentialRecord,
  IdentityUse,
  IssueOutcome,
  IssueRecord,
  Issuer,
  IssuerKeyRecord,
  JobIssue,
  JobRow,
  KeyRetirement,
  KeyRetirementOutcome,
  PublishedStatusList,
  PublishedTrustList,
  ReceiptKeyRecord,
  RefusalRecord,
  Restoration,
  StatusChange,
  StatusChangeOutcome,
  StatusListContents,
  StatusListHead,
  Store,
} from '../store.ts';
import type { ClaimedDelivery, Delivery, DeliveryResult, DeliveryState, Webhook, WebhookRecord } from '../webhooks.ts';
import { purge } from './audit-purge.ts';
import { countAudit, readChain, readChains, searchAudit } from './audit-search.ts';
import { CommitGroup } from './commit-group.ts';
import type { Engine } from './engine.ts';
import { addHisGrant, findHisGrants, hisGrants, removeHisGrants } from './his-grants.ts';
import { findIdentity, forgetIdentities, recordIdentityUse } from './identities.ts';
import { insertIssuerKey, readIssuerKey, retireIssuerKey } from './issuer-keys.ts';
import { insertIssue, insertIssues, proposeIndexes, readJobRows } from './issues.ts';
import {
  addOfflineKey,
  findOfflineKey,
  insertOfflineReceipt,
  offlineKeysOf,
  receiptsOf,
  withdrawOfflineKey,
} from './offline-receipts.ts';
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
import {
  addOrganisation,
  disableOrganisation,
  findOrganisation,
  isWithin,
  organisationsWithin,
} from './organisations.ts';
import {
  addProposal,
  decideProposal,
  findProposal,
  finishProposal,
  forgetProposals,
  openProposals,
} from './proposals.ts';
import { markRestored } from './restoration.ts';
import { acceptCode, forgetCodes } from './shown-codes.ts';
import { setStatus } from './statuses.ts';
import { authenticateSubject, linkSubject, unlinkSubject } from './subjects.ts';
import type { Tables } from './tables.ts';
import { Transactions } from './transactions.ts';
import {
  addWebhook,
  claimDeliveries,
  deliveriesOf,
  findWebhook,
  forgetDeliveries,
  recordDelivery,
  removeWebhook,
  webhooksDue,
  webhooksWithin,
} from './webhooks.ts';

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

  async isWithin(id: string, root: string): Promise<boolean> {
    return isWithin(this.#db, id, root);
  }

  async organisationsWithin(id: string): Promise<readonly Organisation[]> {
    return organisationsWithin(this.#db, id);
  }

  async disableOrganisation(id: string, disabledAt: Date | undefined, by: Actor, at: Date): Promise<void> {
    return this.#transactions.write((transaction, audit) =>
      disableOrganisation(transaction, audit, id, disabledAt, by, at),
    );
  }

  async addOperator(operator: Operator, by: Actor, at: Date, subject?: string): Promise<void> {
    return this.#transactions.write(async (transaction, audit) => {
      await addOperator(transaction, audit, operator, by, at);
      if (subject !== undefined) await linkSubject(transaction, audit, subject, operator.id, by, at);
    });
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

  async linkSubject(subject: string, operator: string, by: Actor, at: Date): Promise<void> {
    return this.#transactions.write((transaction, audit) => linkSubject(transaction, audit, subject, operator, by, at));
  }

  async unlinkSubject(operator: string, by: Actor, at: Date): Promise<boolean> {
    return this.#transactions.write((transaction, audit) => unlinkSubject(transaction, audit, operator, by, at));
  }

  async authenticateSubject(subject: string, at: Date): Promise<Operator | undefined> {
    return authenticateSubject(this.#db, subject, at);
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
    const [place] = await this.proposeIndexes(1);
    return place as { list: number; index: number };
  }

  async proposeIndexes(count: number): Promise<readonly { list: number; index: number }[]> {
    return this.#transactions.write((transaction) => proposeIndexes(transaction, count));
  }

  async recordIssue(issue: IssueRecord): Promise<IssueOutcome> {
    return this.#transactions.write((transaction, audit) => insertIssue(transaction, audit, issue));
  }

  async recordIssues(job: string, issues: readonly JobIssue[]): Promise<readonly IssueOutcome[]> {
    return this.#transactions.write((transaction, audit) => insertIssues(transaction, audit, job, issues));
  }

  async readJobRows(job: string, first: number, last: number): Promise<readonly JobRow[]> {
    return this.#transactions.read((transaction) => readJobRows(transaction, job, first, last));
  }

  async findCredential(id: string): Promise<CredentialRecord | undefined> {
    const row = await this.#db.selectFrom('credentials').selectAll().where('id', '=', id).executeTakeFirst();
    return row && readCredential(row);
  }

  async changeStatus(change: StatusChange): Promise<StatusChangeOutcome> {
    return this.#transactions.write(async (transaction, audit): Promise<StatusChangeOutcome> => {
      const { proposal, by, at } = change;
      if (proposal !== undefined) {
        if (!(await decideProposal(transaction, audit, proposal, 'approved', by, at)))
          return { outcome: 'proposal_closed' };
        await finishProposal(transaction, proposal);
      }
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

  async countAudit(search: AuditSearch): Promise<AuditCounts> {
    return countAudit(this.#db, search);
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

  async addWebhook(webhook: WebhookRecord, limit: number, by: Actor): Promise<boolean> {
    return this.#transactions.write((transaction, audit) => addWebhook(transaction, audit, webhook, limit, by));
  }

  async findWebhook(id: string): Promise<Webhook | undefined> {
    return findWebhook(this.#db, id);
  }

  async addOfflineKey(key: OfflineKey, limit: number): Promise<OfflineKeyOutcome> {
    return this.#transactions.write((transaction, audit) => addOfflineKey(transaction, audit, key, limit));
  }

  async findOfflineKey(id: string): Promise<OfflineKey | undefined> {
    return findOfflineKey(this.#db, id);
  }

  async offlineKeysOf(operator: string): Promise<readonly OfflineKey[]> {
    return offlineKeysOf(this.#db, operator);
  }

  async withdrawOfflineKey(id: string, by: Actor, at: Date): Promise<void> {
    return this.#transactions.write((transaction, audit) => withdrawOfflineKey(transaction, audit, id, by, at));
  }

  async receiptsOf(credential: string, from: Date, to: Date, limit: number): Promise<readonly SignedReceipt[]> {
    return receiptsOf(this.#db, credential, from, to, limit);
  }

  async recordOfflineReceipt(receipt: OfflineReceipt): Promise<OfflineReceiptOutcome> {
    return this.#group.run(
      (transaction, audit) => insertOfflineReceipt(transaction, audit, receipt),
      receipt.replayKey,
    );
  }

  async addProposal(proposal: ProposalRecord, limit: number): Promise<boolean> {
    return this.#transactions.write((transaction, audit) => addProposal(transaction, audit, proposal, limit));
  }

  async findProposal(id: string): Promise<ProposalRecord | undefined> {
    return findProposal(this.#db, id);
  }

  async openProposals(organisation: string, at: Date, limit: number): Promise<readonly Proposal[]> {
    return openProposals(this.#db, organisation, at, limit);
  }

  async decideProposal(id: string, state: 'approved' | 'rejected', by: Actor, at: Date): Promise<boolean> {
    return this.#transactions.write((transaction, audit) => decideProposal(transaction, audit, id, state, by, at));
  }

  async forgetProposals(at: Date): Promise<number> {
    return this.#transactions.write((transaction) => forgetProposals(transaction, at));
  }

  async webhooksWithin(organisation: string): Promise<readonly Webhook[]> {
    return webhooksWithin(this.#db, organisation);
  }

  async removeWebhook(id: string, by: Actor, at: Date): Promise<void> {
    return this.#transactions.write((transaction, audit) => removeWebhook(transaction, audit, id, by, at));
  }

  async deliveriesOf(webhook: string, search: { state?: DeliveryState; limit: number }): Promise<readonly Delivery[]> {
    return deliveriesOf(this.#db, webhook, search);
  }

  async webhooksDue(at: Date): Promise<readonly WebhookRecord[]> {
    return webhooksDue(this.#db, at);
  }

  async claimDeliveries(webhook: string, at: Date, until: Date, limit: number): Promise<readonly ClaimedDelivery[]> {
    return this.#transactions.write((transaction) =>
      claimDeliveries(transaction, this.#engine, webhook, at, until, limit),
    );
  }

  async recordDelivery(webhook: string, delivery: ClaimedDelivery, result: DeliveryResult): Promise<void> {
    return this.#transactions.write((transaction) => recordDelivery(transaction, webhook, delivery, result));
  }

  async forgetDeliveries(before: Date, limit: number): Promise<number> {
    return this.#transactions.write((transaction) => forgetDeliveries(transaction, before, limit));
  }

  async markRestored(restoration: Restoration): Promise<void> {
    return this.#transactions.write((transaction, audit) => markRestored(transaction, audit, restoration));
  }

  async probe(): Promise<void> {
    await this.#db.selectFrom('issuers').select('id').limit(1).execute();
  }

  async close(): Promise<void> {
    await this.#db.destroy();
  }
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
