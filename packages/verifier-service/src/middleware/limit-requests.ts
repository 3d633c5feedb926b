import type { Middleware } from 'koa';
import { ServiceError } from '../errors.ts';
import { readAddress } from '../http/client-address.ts';
import type { RateLimits } from '../http/rate-limits.ts';
import type { RequestState } from '../http/request-state.ts';

/** For what needs no key: as many requests from an address as the limits allow. */
export function limitAddress(limits: RateLimits): Middleware<RequestState> {
  return async (context, next) => {
    limits.takeAddress(readAddress(context));
    await next();
  };
}

/**
 * Around what tells who calls: as many requests of an operator, and as many refused keys from an address, as the limits
 * allow. Beyond them, nothing is looked up.
 */
export function limitKey(limits: RateLimits, authenticate: Middleware<RequestState>): Middleware<RequestState> {
  return async (context, next) => {
    const authorization = context.get('Authorization');
    const address = readAddress(context);
    if (authorization === '') limits.takeAddress(address);
    const attempt = authorization === '' ? undefined : limits.takeKey(authorization, address);
    try {
      await authenticate(context, async () => {});
    } catch (error) {
      const code = error instanceof ServiceError && error.code;
      if (code === 'unauthenticated' || code === 'forbidden') attempt?.refuse(code === 'unauthenticated');
      throw error;
    }
    const { operator } = context.state;
    if (operator) attempt?.accept(operator.id);
    await next();
  };
}

/** The same where a key need not be sent: without one it is a request from an address. */
export function limitOptionalKey(limits: RateLimits, authenticate: Middleware<RequestState>): Middleware<RequestState> {
  const [withKey, withoutKey] = [limitKey(limits, authenticate), limitAddress(limits)];
  return (context, next) => (context.get('Authorization') === '' ? withoutKey : withKey)(context, next);
}
