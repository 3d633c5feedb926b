import { ServiceError } from '../errors.ts';
import type { Operator, Role } from '../stores/access.ts';
import { hashApiKey, parseApiKey } from './api-key.ts';
import type { ActionDeps } from './deps.ts';

/**
 * The operator behind an API key, as they are at this moment: who was disabled, withdrawn or over a moment ago is out.
 * Throws `ServiceError`: `unauthenticated` for a key that lets nobody in, `forbidden` when the operator's role is neither
 * `role` nor administrator.
 */
export async function authenticate(
  apiKey: string | undefined,
  role: Role,
  { store, keys, currentDate }: Pick<ActionDeps, 'store' | 'keys' | 'currentDate'>,
): Promise<Operator> {
  const parsed = apiKey === undefined ? undefined : parseApiKey(apiKey);
  const operator = parsed && (await store.authenticate(await hashApiKey(parsed, keys), currentDate()));
  if (!operator) throw new ServiceError('unauthenticated', 'An API key of this service is needed.');
  if (operator.role !== role && operator.role !== 'administrator') {
    throw new ServiceError('forbidden', `The role of this API key is ${operator.role}, this needs ${role}.`);
  }
  return operator;
}
