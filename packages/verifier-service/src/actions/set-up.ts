import { randomUUID } from 'node:crypto';
import { EnvironmentError, UsageError } from '../errors.ts';
import type { Issuer, Operator, Role } from '../stores/store.ts';
import { createApiKey, hashApiKey } from './api-key.ts';
import type { ActionDeps } from './deps.ts';
import { publishReceiptKey } from './receipt-keys.ts';
import { createIssuerKey } from './signing-keys.ts';

type SetUpDeps = Pick<ActionDeps, 'store' | 'keys' | 'currentDate'>;

/** Who acts when the command line works on the data folder: the folder's owner, without an API key. */
export const LOCAL_OPERATOR = 'local';

/** The issuer of a new data folder, as its trust list will describe it. */
export type NewIssuer = Pick<Issuer, 'id' | 'name' | 'regions' | 'statusBaseUri'>;

/** The issuer of the data folder. Throws `EnvironmentError` when the folder was never set up. */
export async function requireIssuer({ store }: Pick<ActionDeps, 'store'>): Promise<Issuer> {
  const issuer = await store.findIssuer();
  if (!issuer)
    throw new EnvironmentError('This data folder is not set up yet: run zhengma init, or choose another with --data.');
  return issuer;
}

/**
 * Makes the root key, the receipt key, the issuer with its first key, and the local operator. Interrupted, it can be run again: a root
 * key that is there already is kept. Throws `EnvironmentError` when the folder has an issuer.
 */
export async function setUp(issuer: NewIssuer, { store, keys, currentDate }: SetUpDeps): Promise<void> {
  if (await store.findIssuer())
    throw new EnvironmentError('This data folder is set up already: choose another with --data.');
  if (!(await keys.findRootKey())) await keys.createRootKey();
  const key = await createIssuerKey({ inUse: [], overlapSeconds: 0 }, { keys, currentDate });
  const owner: Operator = { id: LOCAL_OPERATOR, name: 'command line', role: 'administrator', organisation: issuer.id };
  await publishReceiptKey({ store, keys, currentDate });
  await store.addIssuer({ ...issuer, types: ['medical-insurance'] }, key, owner);
}

/**
 * Adds an operator and returns the API key, which nobody can show a second time.
 *
 * @param operator `organisation`: the code of the one they work for; the issuer's id unless given
 */
export async function addOperator(
  { name, role, organisation }: { name: string; role: Role; organisation?: string },
  { store, currentDate }: SetUpDeps,
): Promise<{ operator: Operator; apiKey: string }> {
  const issuer = await requireIssuer({ store });
  const operator: Operator = { id: randomUUID(), name, role, organisation: organisation ?? issuer.id };
  const apiKey = createApiKey();
  await store.addOperator({ ...operator, keyHash: hashApiKey(apiKey), createdAt: currentDate() });
  return { operator, apiKey };
}

/**
 * Withdraws an operator's API key, for every process on this folder at once. Throws `UsageError` when there is none, or
 * when several operators have this name.
 */
export async function withdrawOperator(
  idOrName: string,
  { store, currentDate }: Pick<ActionDeps, 'store' | 'currentDate'>,
): Promise<Operator> {
  const [operator, ...others] = await store.findOperators(idOrName);
  if (!operator) throw new UsageError('No API key is in force for an operator of this id or name.');
  if (others.length > 0) {
    const ids = [operator, ...others].map(({ id }) => id).join(', ');
    throw new UsageError(`Several operators have this name: say which by its id, one of ${ids}.`);
  }
  await store.withdrawOperator(operator.id, currentDate());
  return operator;
}
