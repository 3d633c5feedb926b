import type { Selectable, Transaction } from 'kysely';
import type { IssuerKeyRecord, KeyRetirement, KeyRetirementOutcome } from '../store.ts';
import type { AuditLog } from './audit-log.ts';
import type { Tables } from './tables.ts';

/** Of one issuer in a trust list (docs/format.md §9). */
export const MAX_ISSUER_KEYS = 16;

export function readIssuerKey(row: Selectable<Tables['issuer_keys']>): IssuerKeyRecord {
  return {
    kid: row.kid,
    publicKey: new Uint8Array(row.public_key),
    createdAt: new Date(row.created_at),
    signsFrom: new Date(row.signs_from),
    ...(row.retired_at !== null && { retiredAt: new Date(row.retired_at) }),
    ...(row.compromised_since !== null && { compromisedSince: new Date(row.compromised_since) }),
  };
}

export async function insertIssuerKey(
  transaction: Transaction<Tables>,
  issuer: string,
  { kid, publicKey, createdAt, signsFrom }: IssuerKeyRecord,
): Promise<void> {
  await transaction
    .insertInto('issuer_keys')
    .values({
      kid,
      issuer,
      public_key: publicKey,
      created_at: createdAt.getTime(),
      signs_from: signsFrom.getTime(),
      retired_at: null,
      compromised_since: null,
    })
    .execute();
}

/**
 * Makes room for one more key than a trust list names: the one that has ended longest is left out, unless something that it may
 * have signed is good still.
 *
 * @returns the kid of what was left out, nothing while there is room, or `too_many`
 */
export async function makeRoomForKey(
  transaction: Transaction<Tables>,
  at: Date,
): Promise<{ readonly leftOut?: string } | 'too_many'> {
  const keys = await transaction.selectFrom('issuer_keys').select(['kid', 'retired_at']).execute();
  if (keys.length < MAX_ISSUER_KEYS) return {};
  const ended = keys.flatMap(({ kid, retired_at }) => (retired_at === null ? [] : [{ kid, retiredAt: retired_at }]));
  const [oldest] = ended.sort((a, b) => a.retiredAt - b.retiredAt);
  if (!oldest) return 'too_many';
  const good = await transaction
    .selectFrom('credentials')
    .select('id')
    .where('issued_at', '<=', oldest.retiredAt)
    .where('expires_at', '>', at.getTime())
    .limit(1)
    .executeTakeFirst();
  if (good) return 'too_many';
  await transaction.deleteFrom('issuer_keys').where('kid', '=', oldest.kid).execute();
  return { leftOut: oldest.kid };
}

/** Ends a key, unless it is the last one that may sign. */
export async function retireIssuerKey(
  transaction: Transaction<Tables>,
  audit: AuditLog,
  { kid, at, compromisedSince, by }: KeyRetirement,
): Promise<KeyRetirementOutcome> {
  // Whoever else ends one waits: else two could end the last two keys at once.
  await transaction
    .updateTable('issuers')
    .set((issuer) => ({ id: issuer.ref('id') }))
    .execute();
  const keys = await transaction.selectFrom('issuer_keys').selectAll().execute();
  const row = keys.find((key) => key.kid === kid);
  if (!row) return 'not_found';
  const since = compromisedSince?.getTime() ?? row.compromised_since;
  if (row.compromised_since !== null && since !== null && since > row.compromised_since) return 'said_earlier';
  if (row.retired_at !== null && since === row.compromised_since) return 'unchanged';
  const isAnother = (key: typeof row) => key !== row && key.retired_at === null && key.signs_from <= at.getTime();
  if (row.retired_at === null && !keys.some(isAnother)) return 'only_key';
  await transaction
    .updateTable('issuer_keys')
    .set({ retired_at: row.retired_at ?? at.getTime(), compromised_since: since })
    .where('kid', '=', kid)
    .execute();
  const compromised = since === null ? '' : `compromised since ${new Date(since).toISOString()}`;
  audit.add({ ...by, at, action: 'retire_issuer_key', subject: kid, ...(compromised && { reason: compromised }) });
  return 'retired';
}
