import { ServiceError } from '../errors.ts';
import type { KeyStore } from '../signing/key-store.ts';
import type { Operator, Role } from '../stores/access.ts';
import { hashApiKey, parseApiKey } from './api-key.ts';
import type { ActionDeps } from './deps.ts';

type AuthenticationDeps = Pick<ActionDeps, 'store' | 'keys' | 'openId' | 'currentDate'>;

/**
 * The operator behind an API key, or behind a token of the OpenID provider, as they are at this moment: who was disabled,
 * withdrawn or over a moment ago is out. Throws `ServiceError`: `unauthenticated` for what lets nobody in, `forbidden` when the
 * operator's role is neither `role`, or one of several, nor administrator, `openid_unavailable` for a token that nobody can
 * check now.
 */
export async function authenticate(
  bearer: string | undefined,
  role: Role | readonly Role[],
  deps: AuthenticationDeps,
): Promise<Operator> {
  const operator = await findOperator(bearer, deps);
  const roles = [role].flat();
  if (!roles.includes(operator.role) && operator.role !== 'administrator') {
    throw new ServiceError(
      'forbidden',
      `The role of this operator is ${operator.role}, this needs ${roles.join(' or ')}.`,
    );
  }
  return operator;
}

/**
 * What the store knows a subject by. With the issuer: another provider, whose subjects may have the same names, begins without
 * links.
 */
export async function hashTokenSubject(
  issuer: string,
  subject: string,
  keys: Pick<KeyStore, 'hashSubject'>,
): Promise<string> {
  return keys.hashSubject(JSON.stringify([issuer, subject]));
}

async function findOperator(bearer: string | undefined, deps: AuthenticationDeps): Promise<Operator> {
  const { store, keys, openId, currentDate } = deps;
  const apiKey = bearer === undefined ? undefined : parseApiKey(bearer);
  if (bearer !== undefined && apiKey === undefined && openId) return findByToken(bearer, openId, deps);
  const operator = apiKey && (await store.authenticate(await hashApiKey(apiKey, keys), currentDate()));
  if (operator) return operator;
  const orToken = openId ? ', or a token of its OpenID provider,' : '';
  throw new ServiceError('unauthenticated', `An API key of this service${orToken} is needed.`);
}

/** The token says who somebody is, and nothing more: what they may do is what our tables say. */
async function findByToken(
  token: string,
  openId: NonNullable<ActionDeps['openId']>,
  { store, keys, currentDate }: AuthenticationDeps,
): Promise<Operator> {
  const verdict = await openId.check(token, currentDate());
  if ('refusal' in verdict) throw new ServiceError('unauthenticated', `The token is refused: ${verdict.refusal}.`);
  const hash = await hashTokenSubject(openId.issuer, verdict.subject, keys);
  const operator = await store.authenticateSubject(hash, currentDate());
  if (operator) return operator;
  throw new ServiceError('unauthenticated', 'The token is refused: it names nobody who is let in here.');
}
