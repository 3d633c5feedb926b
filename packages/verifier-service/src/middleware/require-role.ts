import type { Middleware } from 'koa';
import { authenticate } from '../actions/authenticate.ts';
import type { ActionDeps } from '../actions/deps.ts';
import type { RequestState } from '../http/request-state.ts';
import type { Role } from '../stores/access.ts';

type AuthenticationDeps = Pick<ActionDeps, 'store' | 'keys' | 'openId' | 'currentDate'>;

const BEARER = /^Bearer +(\S+)$/i;

/** Lets through who shows the API key, or the token, of an operator with `role`, or one of several; before the body is read. */
export function requireRole(role: Role | readonly Role[], deps: AuthenticationDeps): Middleware<RequestState> {
  return async (context, next) => {
    const bearer = BEARER.exec(context.get('Authorization'))?.[1];
    context.state.operator = await authenticate(bearer, role, deps);
    await next();
  };
}
