import type { Middleware } from 'koa';
import { authenticate } from '../actions/authenticate.ts';
import type { RequestState } from '../http/request-state.ts';
import type { Role, Store } from '../stores/store.ts';

const BEARER = /^Bearer +(\S+)$/i;

/** Lets through who shows the API key of an operator with `role`; before the body is read. */
export function requireRole(role: Role, store: Store): Middleware<RequestState> {
  return async (context, next) => {
    const apiKey = BEARER.exec(context.get('Authorization'))?.[1];
    context.state.operator = await authenticate(apiKey, role, { store });
    await next();
  };
}
