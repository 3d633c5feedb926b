import { EnvironmentError } from '../errors.ts';
import type { Caller, Operator } from '../stores/access.ts';
import type { Issuer } from '../stores/store.ts';
import type { ActionDeps } from './deps.ts';
import { publishReceiptKey } from './receipt-keys.ts';
import { createIssuerKey } from './signing-keys.ts';

type SetUpDeps = Pick<ActionDeps, 'store' | 'keys' | 'currentDate'>;

/** Who acts when the command line works on the data folder: the folder's owner, without an API key. */
export const LOCAL_OPERATOR = 'local';

/** The owner of the data folder, acting for its issuer. Throws `EnvironmentError` when the folder was never set up. */
export async function actLocally(deps: Pick<ActionDeps, 'store'>): Promise<Caller> {
  return { operator: LOCAL_OPERATOR, organisation: (await requireIssuer(deps)).id, scope: {} };
}

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
  const owner: Operator = {
    id: LOCAL_OPERATOR,
    name: 'command line',
    role: 'administrator',
    organisation: issuer.id,
    scope: {},
  };
  await publishReceiptKey({ store, keys, currentDate });
  await store.addIssuer({ ...issuer, types: ['medical-insurance'] }, key, owner);
}
