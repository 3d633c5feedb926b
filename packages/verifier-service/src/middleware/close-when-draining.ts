import type { Middleware } from 'koa';

/** While the service stops, each answer is the last on its connection. */
export function closeWhenDraining(isDraining: () => boolean): Middleware {
  return async (context, next) => {
    await next();
    if (isDraining()) context.set('Connection', 'close');
  };
}
