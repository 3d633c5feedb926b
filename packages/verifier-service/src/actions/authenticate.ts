import { ServiceError } from '../errors.ts';
import type { Operator, Role } from '../stores/store.ts';
import { hashApiKey, parseApiKey } from './api-key.ts';
import type { ActionDeps } from './deps.ts';

/**
 * The operator behind an API key. Throws `ServiceError`: `unauthenticated` for a missing or unknown key, `forbidden`
 * when the operator's role is neither `role` nor administrator.
 */
export async function authenticate(
  apiKey: string | undefined,
  role: Role,
  { store }: Pick<ActionDeps, 'store'>,
): Promise<Operator> {
  const parsed = apiKey === undefined ? undefined : parseApiKey(apiKey);
  const operator = parsed && (await store.findOperator(hashApiKey(parsed)));
  if (!operator) throw new ServiceError('unauthenticated', 'An API key of this service is needed.');
  if (operator.role !== role && operator.role !== 'administrator') {
    throw new ServiceError('forbidden', `The role of this API key is ${operator.role}, this needs ${role}.`);
  }
  return operator;
}
