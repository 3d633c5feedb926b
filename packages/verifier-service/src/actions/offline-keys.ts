import { createHash } from 'node:crypto';
import { verifyReceipt } from '@zhengma/credential-core/verify';
import { ServiceError } from '../errors.ts';
import type { Actor } from '../stores/access.ts';
import type { OfflineKey } from '../stores/offline.ts';
import type { ActionDeps } from './deps.ts';

/** A desk, a phone and what replaced them; more are devices that nobody withdrew. */
const MAX_KEYS = 8;

type OfflineDeps = Pick<ActionDeps, 'store' | 'currentDate'>;

/**
 * Registers the public key of a device for its operator; one that is theirs already stays as it is. Throws `ServiceError`:
 * `invalid_request` for what is no COSE_Key that signs receipts, `offline_key_taken`, `too_many_offline_keys`.
 */
export async function addOfflineKey(
  publicKey: Uint8Array,
  { operator, organisation }: Actor,
  { store, currentDate }: OfflineDeps,
): Promise<OfflineKey> {
  const createdAt = currentDate();
  await requireReceiptKey(publicKey, createdAt);
  const id = createHash('sha256').update(publicKey).digest('hex').slice(0, 32);
  const key = { id, publicKey, operator, organisation, createdAt };
  switch (await store.addOfflineKey(key, MAX_KEYS)) {
    case 'added':
      return key;
    case 'unchanged':
      return (await store.findOfflineKey(id)) ?? key;
    case 'taken':
      throw new ServiceError('offline_key_taken', 'The key is of another operator, or was withdrawn: make another.');
    case 'too_many':
      throw new ServiceError(
        'too_many_offline_keys',
        `An operator has ${MAX_KEYS} devices at most: withdraw one that is not used any more.`,
      );
  }
}

/** Those of the caller, or of another operator of their organisation. Throws `ServiceError` `operator_not_found`. */
export async function listOfflineKeys(
  operator: string | undefined,
  by: Actor,
  { store }: Pick<OfflineDeps, 'store'>,
): Promise<readonly OfflineKey[]> {
  return store.offlineKeysOf(await requireColleague(operator, by, { store }));
}

/**
 * Ends a key of the caller’s organisation, or of one below it: of a lost device, whatever it says from then on. Throws
 * `ServiceError` `offline_key_not_found`.
 */
export async function withdrawOfflineKey(
  id: string,
  by: Actor,
  { store, currentDate }: OfflineDeps,
): Promise<OfflineKey> {
  const key = await store.findOfflineKey(id);
  if (!key || !(await store.isWithin(key.organisation, by.organisation)))
    throw new ServiceError('offline_key_not_found', 'Your organisation has no offline key of this id.');
  await store.withdrawOfflineKey(id, by, currentDate());
  return (await store.findOfflineKey(id)) ?? key;
}

/** The id of the caller, or of the colleague that was named. Throws `ServiceError` `operator_not_found`. */
export async function requireColleague(
  operator: string | undefined,
  by: Actor,
  { store }: Pick<OfflineDeps, 'store'>,
): Promise<string> {
  if (operator === undefined || operator === by.operator) return by.operator;
  if ((await store.findOperator(operator))?.organisation === by.organisation) return operator;
  throw new ServiceError('operator_not_found', 'Your organisation has no operator of this id.');
}

/** The core says whether it is one: it verifies nothing with a key that it cannot read. */
async function requireReceiptKey(publicKey: Uint8Array, currentDate: Date): Promise<void> {
  try {
    await verifyReceipt(new Uint8Array(), [publicKey], { currentDate });
  } catch {
    throw new ServiceError('invalid_request', 'The key is none that receipts are signed with.', {
      faults: [{ pointer: '/publicKey', reason: 'must be a COSE_Key of Ed25519 or ES256' }],
    });
  }
}
