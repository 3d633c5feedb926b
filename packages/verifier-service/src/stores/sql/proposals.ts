import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Actor } from '../access.ts';
import type { Proposal, ProposalRecord, ProposalSearch, ProposalState } from '../proposals.ts';
import type { AuditLog } from './audit-log.ts';
import { selectWithin } from './organisations.ts';
import type { Tables } from './tables.ts';

/** So many at most in one transaction: others wait for it. */
const STEP = 1000;

export async function addProposal(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  proposal: ProposalRecord,
  limit: number,
): Promise<boolean> {
  const { id, organisation, proposer, action, credential, reason, createdAt, expiresAt, sealedRequest } = proposal;
  const { count } = await transaction
    .selectFrom('proposals')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('organisation', '=', organisation)
    .where('state', '=', 'pending')
    .executeTakeFirstOrThrow();
  if (Number(count) >= limit) return false;
  await transaction
    .insertInto('proposals')
    .values({
      id,
      organisation,
      proposer,
      action,
      credential: credential ?? null,
      reason: reason ?? null,
      sealed_request: sealedRequest ?? null,
      created_at: createdAt.getTime(),
      expires_at: expiresAt.getTime(),
      state: 'pending',
      decided_by: null,
      decided_at: null,
    })
    .execute();
  audit.add({
    operator: proposer,
    organisation,
    at: createdAt,
    action: 'propose',
    subject: id,
    ...(credential !== undefined && { credential }),
    ...(reason !== undefined && { reason }),
  });
  return true;
}

export async function findProposal(db: Kysely<Tables>, id: string): Promise<ProposalRecord | undefined> {
  const row = await db.selectFrom('proposals').selectAll().where('id', '=', id).executeTakeFirst();
  if (!row) return undefined;
  return {
    ...readProposal(row),
    ...(row.sealed_request !== null && { sealedRequest: new Uint8Array(row.sealed_request) }),
  };
}

export async function openProposals(
  db: Kysely<Tables>,
  within: string,
  at: Date,
  { organisation, state, limit }: ProposalSearch,
): Promise<readonly Proposal[]> {
  let query = db
    .selectFrom('proposals')
    .selectAll()
    .where('organisation', 'in', selectWithin(db, within))
    .where('state', 'in', state ? [state] : ['pending', 'approved'])
    .where('expires_at', '>', at.getTime());
  if (organisation !== undefined) query = query.where('organisation', '=', organisation);
  const rows = await query
    .orderBy((each) => each.case('state').when('pending').then(0).else(1).end())
    .orderBy((each) => each.case('organisation').when(within).then(0).else(1).end())
    .orderBy('created_at')
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(readProposal);
}

export async function decideProposal(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  id: string,
  state: 'approved' | 'rejected',
  by: Actor,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('proposals')
    .set({
      state,
      decided_by: by.operator,
      decided_at: at.getTime(),
      ...(state === 'rejected' && { sealed_request: null }),
    })
    .where('id', '=', id)
    .where('state', '=', 'pending')
    .where('expires_at', '>', at.getTime())
    .executeTakeFirstOrThrow();
  if (numUpdatedRows !== 1n) return false;
  audit.add({ ...by, at, action: state === 'approved' ? 'approve' : 'reject', subject: id });
  return true;
}

/** Whether it can be carried out; nobody else changes it until the transaction is over. */
export async function holdProposal(
  transaction: Transaction<Tables>,
  id: string,
  state: ProposalState,
  at: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('proposals')
    .set((row) => ({ state: row.ref('state') }))
    .where('id', '=', id)
    .where('state', '=', state)
    .where('expires_at', '>', at.getTime())
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Its request has served. */
export async function finishProposal(transaction: Transaction<Tables>, id: string): Promise<void> {
  await transaction
    .updateTable('proposals')
    .set({ state: 'done', sealed_request: null })
    .where('id', '=', id)
    .execute();
}

export async function forgetProposals(transaction: Transaction<Tables>, at: Date): Promise<number> {
  const { numDeletedRows } = await transaction
    .deleteFrom('proposals')
    .where('id', 'in', ({ selectFrom }) =>
      selectFrom('proposals').select('id').where('expires_at', '<=', at.getTime()).limit(STEP),
    )
    .executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

function readProposal(row: Selectable<Tables['proposals']>): Proposal {
  return {
    id: row.id,
    organisation: row.organisation,
    proposer: row.proposer,
    action: row.action,
    ...(row.credential !== null && { credential: row.credential }),
    ...(row.reason !== null && { reason: row.reason }),
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    state: row.state,
    ...(row.decided_by !== null && { decidedBy: row.decided_by }),
    ...(row.decided_at !== null && { decidedAt: new Date(row.decided_at) }),
  };
}
