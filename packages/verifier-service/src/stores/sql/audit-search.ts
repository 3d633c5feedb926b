import type { Kysely, Selectable } from 'kysely';
import type { AuditChain, AuditCounts, AuditEntry, AuditPage, AuditSearch } from '../audit.ts';
import { selectWithin } from './organisations.ts';
import type { Tables } from './tables.ts';

const MOST_BY_THEMSELVES = 16;

/** Every chain, in order. */
export async function readChains(db: Kysely<Tables>): Promise<readonly AuditChain[]> {
  const rows = await db.selectFrom('audit_chains').selectAll().orderBy('chain').execute();
  return rows.map(({ chain, seq, hash, purged_seq, purged_hash }) => ({
    chain,
    seq,
    hash: new Uint8Array(hash),
    purgedSeq: purged_seq,
    purgedHash: new Uint8Array(purged_hash),
  }));
}

/** Rows of one chain after `after`, in order. */
export async function readChain(
  db: Kysely<Tables>,
  chain: number,
  after: number,
  limit: number,
): Promise<readonly AuditEntry[]> {
  const rows = await db
    .selectFrom('audit')
    .selectAll()
    .where('chain', '=', chain)
    .where('seq', '>', after)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map(readEntry);
}

/**
 * One page, newest first. In a small part of the tree each organisation is asked by itself, by its own index: there may be
 * few rows of it among very many. In a large one the rows are walked through, and enough of them are found soon.
 */
export async function searchAudit(db: Kysely<Tables>, search: AuditSearch): Promise<AuditPage> {
  const { within, organisation, limit } = search;
  const few = within === undefined || organisation !== undefined ? [] : await findFew(db, within);
  const parts =
    few.length > 0 ? few.map((id) => selectPage(db, { ...search, organisation: id })) : [selectPage(db, search)];
  const rows: Selectable<Tables['audit']>[] = [];
  for (const part of parts) rows.push(...(await part.execute()));
  if (parts.length > 1) rows.sort((a, b) => b.at - a.at || b.chain - a.chain || b.seq - a.seq);
  const entries = rows.slice(0, limit).map(readEntry);
  const last = entries.at(-1);
  if (rows.length <= limit || !last) return { entries };
  return { entries, next: { at: last.at, chain: last.chain, seq: last.seq } };
}

/** The organisations of a part of the tree; none where there are more than can be asked one by one. */
async function findFew(db: Kysely<Tables>, within: string): Promise<readonly string[]> {
  const rows = await db
    .selectFrom('organisations')
    .select('id')
    .where('id', 'in', selectWithin(db, within))
    .limit(MOST_BY_THEMSELVES + 1)
    .execute();
  return rows.length > MOST_BY_THEMSELVES ? [] : rows.map(({ id }) => id);
}

function selectPage(db: Kysely<Tables>, search: AuditSearch) {
  const { after } = search;
  let query = selectFound(db, search).selectAll();
  if (after) {
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('at', 'chain', 'seq'), '<', tuple(after.at.getTime(), after.chain, after.seq)),
    );
  }
  return query
    .orderBy('at', 'desc')
    .orderBy('chain', 'desc')
    .orderBy('seq', 'desc')
    .limit(search.limit + 1);
}

/** Reads no more than `limit` rows: what is counted is what lies in the indexes' reach, not a table of any length. */
export async function countAudit(db: Kysely<Tables>, search: AuditSearch): Promise<AuditCounts> {
  const rows = await db
    .selectFrom(
      selectFound(db, search)
        .select(['action', 'outcome'])
        .limit(search.limit + 1)
        .as('found'),
    )
    .select(({ fn }) => ['action', 'outcome', fn.countAll<number>().as('count')])
    .groupBy(['action', 'outcome'])
    .orderBy('action')
    .orderBy('outcome')
    .execute();
  const counts = rows.map(({ action, outcome, count }) => ({
    action,
    ...(outcome !== null && { outcome }),
    count: Number(count),
  }));
  return { counts, isComplete: counts.reduce((sum, { count }) => sum + count, 0) <= search.limit };
}

/** All that a search finds, from its beginning. */
function selectFound(db: Kysely<Tables>, search: AuditSearch) {
  let query = db.selectFrom('audit');
  if (search.from) query = query.where('at', '>=', search.from.getTime());
  if (search.to) query = query.where('at', '<', search.to.getTime());
  if (search.operator !== undefined) query = query.where('operator', '=', search.operator);
  if (search.organisation !== undefined) query = query.where('organisation', '=', search.organisation);
  if (search.within !== undefined) query = query.where('organisation', 'in', selectWithin(db, search.within));
  if (search.action !== undefined) query = query.where('action', '=', search.action);
  if (search.credential !== undefined) query = query.where('credential', '=', search.credential);
  if (search.businessType !== undefined) query = query.where('business_type', '=', search.businessType);
  if (search.outcome !== undefined) query = query.where('outcome', '=', search.outcome);
  if (search.receipt !== undefined) query = query.where('receipt', '=', search.receipt);
  return query;
}

function readEntry(row: Selectable<Tables['audit']>): AuditEntry {
  const { chain, seq, at, operator, organisation, action } = row;
  const { credential, business_type, reason, outcome, receipt, subject } = row;
  return {
    chain,
    seq,
    at: new Date(at),
    operator,
    organisation,
    action,
    ...(credential !== null && { credential }),
    ...(business_type !== null && { businessType: business_type }),
    ...(reason !== null && { reason }),
    ...(outcome !== null && { outcome }),
    ...(receipt !== null && { receipt }),
    ...(subject !== null && { subject }),
    hash: new Uint8Array(row.hash),
  };
}
