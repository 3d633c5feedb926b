import type { Selectable, Transaction } from 'kysely';
import type { IssuerKeyRecord, KeyRetirement, KeyRetirementOutcome } from '../store.ts';
import type { AuditLog } from './audit-log.ts';
import type { Tables } from './tables.ts';

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
