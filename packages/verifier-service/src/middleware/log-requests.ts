import { randomUUID } from 'node:crypto';
import type { Middleware } from 'koa';
import type { Logger } from 'pino';
import type { RequestState } from '../http/request-state.ts';

/**
 * Gives every request an id, answered as `X-Request-Id`, and logs one line when it is over: method, route pattern,
 * status, milliseconds. Never the address, a header or a body, in which a QR text, a name or an API key could stand.
 */
export function logRequests(logger: Logger): Middleware<RequestState> {
  return async (context, next) => {
    const start = performance.now();
    const requestId = randomUUID();
    context.state.requestId = requestId;
    context.set('X-Request-Id', requestId);
    try {
      await next();
    } finally {
      logger.info({
        requestId,
        method: context.method,
        route: context.state.routePattern ?? 'none',
        status: context.status,
        milliseconds: Math.round(performance.now() - start),
      });
    }
  };
}
