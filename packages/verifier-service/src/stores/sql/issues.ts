import { randomInt } from 'node:crypto';
import { type Insertable, sql, type Transaction } from 'kysely';
import type { IssueOutcome, IssueRecord, JobIssue, JobRow } from '../store.ts';
import type { AuditLog } from './audit-log.ts';
import { insertIdentities } from './identities.ts';
import { finishProposal, holdProposal } from './proposals.ts';
import { setStatus } from './statuses.ts';
import type { Tables } from './tables.ts';

/** 2^17 indexes of 2 bits are 32 KiB before compression: small enough to fetch at a till, large enough to hide in. */
export const LIST_SIZE = 131_072;

/** A list is closed at three quarters: up to there a random index is free after 4 tries at worst, on average. */
const LIST_CAPACITY = (LIST_SIZE / 4) * 3;

/** How many are drawn or written by one statement: always as many, so that it is one statement, prepared once. */
const STEP = 64;

/** Free indexes, chosen at random, of the list that is being filled; opens the next list when this one is full enough. */
export async function proposeIndexes(
  transaction: Transaction<Tables>,
  count: number,
): Promise<{ list: number; index: number }[]> {
  const list = await findOpenList(transaction);
  const found = new Set<number>();
  while (found.size < count) {
    // Random, so that an index does not tell when, or after whom, a credential was issued.
    const drawn = Array.from({ length: count === 1 ? 1 : STEP }, () => randomInt(LIST_SIZE));
    const rows = await transaction
      .selectFrom('credentials')
      .select('idx')
      .where('list', '=', list)
      .where('idx', 'in', drawn)
      .execute();
    const taken = new Set(rows.map(({ idx }) => idx));
    for (const index of drawn) if (!taken.has(index) && found.size < count) found.add(index);
  }
  return [...found].map((index) => ({ list, index }));
}

async function findOpenList(transaction: Transaction<Tables>): Promise<number> {
  const newest = await transaction
    .selectFrom('status_lists')
    .select(['id', 'issued'])
    .orderBy('id', 'desc')
    .executeTakeFirst();
  if (newest && newest.issued < LIST_CAPACITY) return newest.id;
  const id = (newest?.id ?? 0) + 1;
  await transaction
    .insertInto('status_lists')
    .values({ id, size: LIST_SIZE, issued: 0, version: 1 })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute();
  return id;
}

/** Records an issue with its audit row, and the end of the credential that it replaces; or nothing. */
export async function insertIssue(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  issue: IssueRecord,
): Promise<IssueOutcome> {
  const { delegation, replaces, proposal } = issue;
  const at = issue.issuedAt.getTime();
  if (proposal !== undefined && !(await holdProposal(transaction, proposal, 'approved', issue.issuedAt)))
    return 'proposal_closed';
  // Held from here on: of two who replace it at once, the second finds it revoked.
  const replaced = replaces === undefined ? undefined : await holdCredential(transaction, replaces);
  if (replaces !== undefined && !replaced) return 'replaced_not_found';
  if (replaced?.status === 'revoked') return 'replaced_final';
  if (delegation && (await countDelegated(transaction, delegation.subject, at, replaces)) >= delegation.limit) {
    return 'too_many_delegates';
  }
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('credentials')
    .values(toRow(issue))
    .onConflict((conflict) => conflict.columns(['list', 'idx']).doNothing())
    .executeTakeFirstOrThrow();
  if (numInsertedOrUpdatedRows !== 1n) return 'index_taken';
  await countIssued(transaction, issue.list, 1);
  await insertIdentities(transaction, [issue]);
  if (proposal !== undefined) await finishProposal(transaction, proposal);
  audit.add({
    ...issue.by,
    at: issue.issuedAt,
    action: 'issue',
    credential: issue.id,
    ...(proposal !== undefined && { subject: proposal }),
  });
  if (replaces !== undefined) {
    const reason = `replaced by ${issue.id}`;
    await setStatus(transaction, audit, { id: replaces, status: 'revoked', by: issue.by, at: issue.issuedAt, reason });
  }
  return 'recorded';
}

/**
 * The same for many rows of a job, each with its row of the job. Those that need nothing but their index are written
 * together.
 */
export async function insertIssues(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  job: string,
  issues: readonly JobIssue[],
): Promise<readonly IssueOutcome[]> {
  const outcomes = new Map<JobIssue, IssueOutcome>();
  const plain = issues.filter(({ delegation, replaces }) => !delegation && replaces === undefined);
  for (let start = 0; start < plain.length; start += STEP) {
    const step = plain.slice(start, start + STEP);
    const rows = await transaction
      .insertInto('credentials')
      .values(step.map(toRow))
      .onConflict((conflict) => conflict.columns(['list', 'idx']).doNothing())
      .returning('id')
      .execute();
    const recorded = new Set(rows.map(({ id }) => id));
    for (const issue of step) outcomes.set(issue, recorded.has(issue.id) ? 'recorded' : 'index_taken');
    await insertIdentities(
      transaction,
      step.filter(({ id }) => recorded.has(id)),
    );
  }
  const counts = new Map<number, number>();
  for (const issue of plain) {
    if (outcomes.get(issue) !== 'recorded') continue;
    counts.set(issue.list, (counts.get(issue.list) ?? 0) + 1);
    audit.add({ ...issue.by, at: issue.issuedAt, action: 'issue', credential: issue.id });
  }
  for (const [list, count] of counts) await countIssued(transaction, list, count);
  for (const issue of issues) {
    if (!outcomes.has(issue)) outcomes.set(issue, await insertIssue(transaction, audit, issue));
  }
  const recorded = issues.filter((issue) => outcomes.get(issue) === 'recorded');
  for (let start = 0; start < recorded.length; start += STEP) {
    const step = recorded.slice(start, start + STEP);
    // The key of the table refuses a row that another process has issued meanwhile, and with it the whole transaction.
    await transaction
      .insertInto('issue_job_rows')
      .values(step.map(({ row, id, kid }) => ({ job, row_number: row, credential: id, kid })))
      .execute();
  }
  return issues.map((issue) => outcomes.get(issue) as IssueOutcome);
}

/** What was recorded for the rows of a job from `first` to `last`, in order. */
export async function readJobRows(
  transaction: Transaction<Tables>,
  job: string,
  first: number,
  last: number,
): Promise<readonly JobRow[]> {
  const rows = await transaction
    .selectFrom('issue_job_rows')
    .innerJoin('credentials', 'credentials.id', 'issue_job_rows.credential')
    .select(['row_number', 'credential', 'kid', 'list', 'idx', 'issued_at', 'expires_at'])
    .where('job', '=', job)
    .where('row_number', '>=', first)
    .where('row_number', '<=', last)
    .orderBy('row_number')
    .execute();
  return rows.map((each) => ({
    row: each.row_number,
    id: each.credential,
    kid: each.kid,
    list: each.list,
    index: each.idx,
    issuedAt: new Date(each.issued_at),
    expiresAt: new Date(each.expires_at),
  }));
}

/** Its status, which nobody else changes until the transaction is over. */
async function holdCredential(transaction: Transaction<Tables>, id: string) {
  return transaction
    .updateTable('credentials')
    .set((row) => ({ changed_at: row.ref('changed_at') }))
    .where('id', '=', id)
    .returning('status')
    .executeTakeFirst();
}

async function countIssued(transaction: Transaction<Tables>, list: number, count: number): Promise<void> {
  await transaction
    .updateTable('status_lists')
    .set({ issued: sql`issued + ${count}` })
    .where('id', '=', list)
    .execute();
}

function toRow(issue: IssueRecord): Insertable<Tables['credentials']> {
  const at = issue.issuedAt.getTime();
  return {
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
    subject: issue.delegation?.subject ?? null,
  };
}

/**
 * Suspended ones count: they can be reinstated; one that is being replaced does not. Whoever else counts waits until this
 * transaction is over.
 */
async function countDelegated(
  transaction: Transaction<Tables>,
  subject: string,
  at: number,
  replaces: string | undefined,
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
    .where('id', '<>', replaces ?? '')
    .executeTakeFirstOrThrow();
  return Number(count);
}
