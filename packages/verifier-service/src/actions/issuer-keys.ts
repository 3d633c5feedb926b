import { UsageError } from '../errors.ts';
import type { Actor } from '../stores/access.ts';
import type { IssuerKeyRecord } from '../stores/store.ts';
import type { ActionDeps } from './deps.ts';
import { requireIssuer } from './set-up.ts';
import { createIssuerKey, findSigningKey } from './signing-keys.ts';

type KeyDeps = Pick<ActionDeps, 'store' | 'keys' | 'currentDate'>;

/** A trust list is renewed daily, and a scanner that is switched on each morning fetches it once a day. */
export const DEFAULT_OVERLAP_SECONDS = 48 * 3600;

/**
 * `waiting`: in the trust list, and not signing yet. `signing`: the one that signs. `replaced`: a newer one signs.
 * `retired`: signs no more. `compromised`: and what it signed from some time on is refused.
 */
export type IssuerKeyState = 'waiting' | 'signing' | 'replaced' | 'retired' | 'compromised';

/**
 * Adds a signing key. The trust list has it from now on, and it signs once scanners have had the time to fetch that; the
 * earlier ones stay in the list, so what they signed stays good. Throws `UsageError` where all 16 that there can be are needed.
 *
 * @param options `overlapSeconds`: 48 hours unless given; 0 signs at once, which scanners refuse until their next list
 */
export async function addIssuerKey(
  by: Actor,
  { overlapSeconds = DEFAULT_OVERLAP_SECONDS }: { overlapSeconds?: number },
  deps: KeyDeps,
): Promise<IssuerKeyRecord> {
  const { keys: inUse } = await requireIssuer(deps);
  const key = await createIssuerKey({ inUse, overlapSeconds }, deps);
  if ((await deps.store.addIssuerKey(key, by)) === 'added') return key;
  throw new UsageError(
    'A trust list names 16 keys at most, and credentials of each of these are good still: retire the oldest with zhengma keys retire, and wait until what it signed has expired.',
  );
}

/**
 * Ends a signing key: it signs nothing from now on, on every process of the folder. What it signed stays good; with
 * `compromisedSince`, only what it signed before that. Throws `UsageError` for a key that there is not, for the only one
 * that may sign, and for a time that is in the future or later than what was said of the key before.
 */
export async function retireIssuerKey(
  { kid, compromisedSince }: { kid: string; compromisedSince?: Date },
  by: Actor,
  deps: Pick<KeyDeps, 'store' | 'currentDate'>,
): Promise<IssuerKeyRecord> {
  await requireIssuer(deps);
  const at = deps.currentDate();
  if (compromisedSince && compromisedSince > at)
    throw new UsageError('--compromised-since must be in the past: what is signed from then on is refused.');
  const outcome = await deps.store.retireIssuerKey({
    kid,
    at,
    by,
    ...(compromisedSince && { compromisedSince }),
  });
  if (outcome === 'only_key') {
    throw new UsageError(
      'No other key may sign yet: make one with zhengma keygen --signs-in 0, or wait until the new one signs.',
    );
  }
  if (outcome === 'said_earlier')
    throw new UsageError('The key is known as compromised since an earlier time, which is not taken back.');
  const { keys } = await requireIssuer(deps);
  const key = keys.find((candidate) => candidate.kid === kid);
  if (outcome === 'not_found' || !key)
    throw new UsageError('The issuer has no key of this kid: zhengma keys list shows them.');
  return key;
}

/** Every key that the issuer has had, oldest first, and what it does now. */
export async function listIssuerKeys(
  deps: Pick<KeyDeps, 'store' | 'currentDate'>,
): Promise<readonly (IssuerKeyRecord & { readonly state: IssuerKeyState })[]> {
  const { keys } = await requireIssuer(deps);
  const now = deps.currentDate();
  const signing = findSigningKey(keys, now);
  return keys.map((key) => ({ ...key, state: describeState(key, signing, now) }));
}

function describeState(key: IssuerKeyRecord, signing: IssuerKeyRecord | undefined, now: Date): IssuerKeyState {
  if (key.compromisedSince) return 'compromised';
  if (key.retiredAt) return 'retired';
  if (key.kid === signing?.kid) return 'signing';
  return key.signsFrom > now ? 'waiting' : 'replaced';
}
