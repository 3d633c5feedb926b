import { type Kysely, type Selectable, sql } from 'kysely';
import type { AuditChain, AuditCounts, AuditEntry, AuditPage, AuditPosition, AuditSearch } from '../audit.ts';
import { selectWithin } from './organisations.ts';
import type { Tables } from './tables.ts';

const MOST_BY_THEMSELVES = 32;

/** Rows that one page walks through: SQLite answers in the thread that serves everybody, and few of very many rows may match. */
const MOST_WALKED = 5000;

/** By which of its conditions a search walks: each set has an index that goes on by time. The first that a search has. */
const WALKS = [
  ['receipt'],
  ['credential'],
  ['operator'],
  ['organisation', 'outcome'],
  ['organisation', 'action'],
  ['organisation'],
  ['action'],
  ['outcome'],
] as const satisfies readonly (readonly Equality[])[];

/** The indexes by action have all but this: nearly every row is one, and must not cost more to write. */
const NOT_INDEXED = 'verify';

const COLUMNS = {
  receipt: 'receipt',
  credential: 'credential',
  operator: 'operator',
  organisation: 'organisation',
  outcome: 'outcome',
  action: 'action',
  businessType: 'business_type',
} as const;

type Equality = keyof typeof COLUMNS;

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
 * One page, newest first, of a bounded walk. In a small part of the tree each organisation is asked by itself, by its own index:
 * there may be few rows of it among very many.
 */
export async function searchAudit(db: Kysely<Tables>, search: AuditSearch): Promise<AuditPage> {
  const { within, organisation, limit } = search;
  const isNarrow = [organisation, search.operator, search.credential, search.receipt].some(
    (value) => value !== undefined,
  );
  const few = within === undefined || isNarrow ? [] : await findFew(db, within);
  const parts = few.length > 0 ? few.map((id) => ({ ...search, organisation: id })) : [search];
  const rows: Selectable<Tables['audit']>[] = [];
  // Down to here every part was walked through.
  let end: Place | undefined;
  for (const part of parts) {
    const walk = await readWalk(db, part, Math.ceil(MOST_WALKED / parts.length));
    rows.push(...walk.rows);
    if (walk.end && (!end || compare(walk.end, end) > 0)) end = walk.end;
  }
  if (parts.length > 1) rows.sort((a, b) => compare(b, a));
  const found = end ? rows.filter((row) => compare(row, end) >= 0) : rows;
  const next = found.length > limit ? found[limit - 1] : end;
  return {
    entries: found.slice(0, limit).map(readEntry),
    ...(next && { next: { at: new Date(next.at), chain: next.chain, seq: next.seq } satisfies AuditPosition }),
  };
}

type Place = Pick<Selectable<Tables['audit']>, 'at' | 'chain' | 'seq'>;

function compare(a: Place, b: Place): number {
  return a.at - b.at || a.chain - b.chain || a.seq - b.seq;
}

/** What is found within `most` rows, one more than the limit at most; and the last of these rows, where there are more. */
async function readWalk(db: Kysely<Tables>, search: AuditSearch, most: number) {
  const by: readonly Equality[] = WALKS.find((names) => names.every((name) => canWalkBy(name, search))) ?? [];
  // The indexes alone answer this: none of the rows is read.
  const end: Place | undefined = await selectWalk(db, search, by)
    .select(['at', 'chain', 'seq'])
    .offset(most - 1)
    .limit(1)
    .executeTakeFirst();
  let query = selectWalk(db, search, by).selectAll();
  if (end) {
    query = query
      .where('at', '>=', end.at)
      .where(({ eb, refTuple, tuple }) => eb(refTuple('at', 'chain', 'seq'), '>=', tuple(end.at, end.chain, end.seq)));
  }
  for (const name of Object.keys(COLUMNS) as Equality[]) {
    const value = search[name];
    if (value !== undefined && !by.includes(name)) query = query.where(unindexed(COLUMNS[name]), '=', value);
  }
  if (search.within !== undefined) {
    query = query.where(unindexed('organisation'), 'in', selectWithin(db, search.within));
  }
  const rows = await query.limit(search.limit + 1).execute();
  return { rows, ...(end && { end }) };
}

function canWalkBy(name: Equality, search: AuditSearch): boolean {
  return search[name] !== undefined && (name !== 'action' || search.action !== NOT_INDEXED);
}

/** The rows that a search walks through, from where the page before ended. */
function selectWalk(db: Kysely<Tables>, { after, ...search }: AuditSearch, by: readonly Equality[]) {
  let query = db.selectFrom('audit');
  if (search.from) query = query.where('at', '>=', search.from.getTime());
  if (search.to) query = query.where('at', '<', search.to.getTime());
  for (const name of by) query = query.where(COLUMNS[name], '=', search[name] as string);
  // Said as the index says it, so that it is used.
  if (by.includes('action')) query = query.where('action', '<>', sql.lit(NOT_INDEXED));
  if (after) {
    query = query
      .where('at', '<=', after.at.getTime())
      .where(({ eb, refTuple, tuple }) =>
        eb(refTuple('at', 'chain', 'seq'), '<', tuple(after.at.getTime(), after.chain, after.seq)),
      );
  }
  return query.orderBy('at', 'desc').orderBy('chain', 'desc').orderBy('seq', 'desc');
}

/** A column as no index has it: the rows between two places of one walk are not looked for by another. */
function unindexed(column: (typeof COLUMNS)[Equality]) {
  return sql<string>`${sql.ref(column)} || ''`;
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
