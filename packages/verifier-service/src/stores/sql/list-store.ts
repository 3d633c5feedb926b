import { type Kysely, sql } from 'kysely';
import type { ListStore, StatusListContents, StatusListHead } from '../store.ts';
import type { Connection } from './connection.ts';
import type { Tables } from './tables.ts';

/** The lists that were published, and what they are made of. */
export function listStore({ db, transactions }: Connection): ListStore {
  return {
    async statusLists() {
      const rows = await selectHeads(db).orderBy('status_lists.id').execute();
      return rows.map(readHead);
    },

    async findStatusList(id) {
      const row = await selectHeads(db).where('status_lists.id', '=', id).executeTakeFirst();
      return row && readHead(row);
    },

    async readStatusList(id) {
      return transactions.read(async (transaction) => {
        const head = await selectHeads(transaction)
          .select('status_publications.bytes')
          .where('status_lists.id', '=', id)
          .executeTakeFirst();
        if (!head) return undefined;
        return {
          ...readHead(head),
          ...(head.bytes === null ? {} : { publishedBytes: new Uint8Array(head.bytes) }),
          entries: await selectEntries(transaction, id),
        };
      });
    },

    async recordPublication(id, list, after) {
      const { version, fingerprint, bytes } = list;
      const values = { version, fingerprint, bytes, issued_at: list.issuedAt.getTime() };
      const outcome = after
        ? await db
            .updateTable('status_publications')
            .set(values)
            .where('list', '=', id)
            .where('issued_at', '=', after.getTime())
            .executeTakeFirstOrThrow()
        : await db
            .insertInto('status_publications')
            .values({ list: id, ...values })
            .onConflict((conflict) => conflict.column('list').doNothing())
            .executeTakeFirstOrThrow();
      return ('numUpdatedRows' in outcome ? outcome.numUpdatedRows : outcome.numInsertedOrUpdatedRows) === 1n;
    },

    async latestTrustList() {
      const row = await db.selectFrom('trust_lists').selectAll().orderBy('sequence', 'desc').executeTakeFirst();
      return (
        row && {
          sequence: row.sequence,
          fingerprint: row.fingerprint,
          bytes: new Uint8Array(row.bytes),
          issuedAt: new Date(row.issued_at),
          expiresAt: new Date(row.expires_at),
        }
      );
    },

    async addTrustList(list) {
      const { numInsertedOrUpdatedRows } = await db
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
    },
  };
}

/** What of a list is not valid, by ascending index. */
export async function selectEntries(db: Kysely<Tables>, list: number): Promise<StatusListContents['entries']> {
  const rows = await db
    .selectFrom('credentials')
    .select(['idx', 'status'])
    .where('list', '=', list)
    .where(sql<boolean>`status <> 'valid'`)
    .orderBy('idx')
    .execute();
  return rows.map((row): [number, 'revoked' | 'suspended'] => [row.idx, row.status as 'revoked' | 'suspended']);
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
