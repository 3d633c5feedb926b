import { type Kysely, sql } from 'kysely';
import type { ListVersions, PublishedSnapshot, SnapshotRows, SnapshotStore } from '../snapshots.ts';
import type { Connection } from './connection.ts';
import { selectEntries } from './list-store.ts';
import type { Tables } from './tables.ts';

/** How many snapshots are kept that a delta leads on from. */
const KEPT_SNAPSHOTS = 4;

/** Snapshots of all status lists. */
export function snapshotStore({ db, transactions }: Connection): SnapshotStore {
  return {
    async snapshotState() {
      // First: what is published meanwhile may say more than this, and never less.
      const version = await readVersion(db);
      const last = await db.selectFrom('snapshot_sequence').selectAll().executeTakeFirstOrThrow();
      const rows = await db
        .selectFrom('snapshot_publications')
        .select(['sequence', 'base', 'version', 'fingerprint', 'issued_at'])
        .orderBy('sequence')
        .execute();
      return {
        version,
        last: { sequence: last.sequence, issuedAt: new Date(last.issued_at) },
        published: rows.map(({ sequence, base, version, fingerprint, issued_at }): PublishedSnapshot => {
          const issuedAt = new Date(issued_at);
          return { sequence, ...(base !== null && { base }), version, fingerprint, issuedAt };
        }),
      };
    },

    async readSnapshot(sequence) {
      const row = await db
        .selectFrom('snapshot_publications')
        .select(['bytes', 'list_versions'])
        .where('sequence', '=', sequence)
        .executeTakeFirst();
      if (!row) return undefined;
      const versions = row.list_versions === null ? undefined : (JSON.parse(row.list_versions) as ListVersions);
      return { bytes: new Uint8Array(row.bytes), ...(versions && { versions }) };
    },

    async readSnapshotRows(since = {}) {
      return transactions.read(async (transaction) => {
        const heads = await transaction
          .selectFrom('status_lists')
          .select(['id', 'size', 'version'])
          .orderBy('id')
          .execute();
        const lists: SnapshotRows['lists'][number][] = [];
        for (const { id, size, version } of heads) {
          if (since[id] !== version) lists.push({ list: id, size, entries: await selectEntries(transaction, id) });
        }
        const versions = Object.fromEntries(heads.map(({ id, version }) => [id, version]));
        return { version: await readVersion(transaction), versions, lists };
      });
    },

    async recordSnapshot({ sequence, base, version, fingerprint, bytes, issuedAt, versions }, after) {
      return transactions.write(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('snapshot_sequence')
          .set({ sequence, issued_at: issuedAt.getTime() })
          .where('sequence', '=', after)
          .executeTakeFirstOrThrow();
        if (numUpdatedRows !== 1n) return false;
        if (base !== undefined) {
          await transaction.deleteFrom('snapshot_publications').where('base', '=', base).execute();
        }
        await transaction
          .insertInto('snapshot_publications')
          .values({
            sequence,
            base: base ?? null,
            version,
            fingerprint,
            list_versions: versions ? JSON.stringify(versions) : null,
            bytes,
            issued_at: issuedAt.getTime(),
          })
          .execute();
        if (base === undefined) await dropOldest(transaction);
        return true;
      });
    },
  };
}

/** A list begins with version 1, and none is ever removed. */
async function readVersion(db: Kysely<Tables>): Promise<number> {
  const { version } = await db
    .selectFrom('status_lists')
    .select(sql<number | string | null>`sum(version)`.as('version'))
    .executeTakeFirstOrThrow();
  return Number(version ?? 0);
}

async function dropOldest(db: Kysely<Tables>): Promise<void> {
  const dropped = await db
    .selectFrom('snapshot_publications')
    .select('sequence')
    .where('base', 'is', null)
    .orderBy('sequence', 'desc')
    .offset(KEPT_SNAPSHOTS)
    .limit(1)
    .executeTakeFirst();
  if (!dropped) return;
  const { sequence } = dropped;
  await db
    .deleteFrom('snapshot_publications')
    .where(({ and, or, eb }) =>
      or([eb('base', '<=', sequence), and([eb('base', 'is', null), eb('sequence', '<=', sequence)])]),
    )
    .execute();
}
