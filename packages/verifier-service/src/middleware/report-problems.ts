import type { Context, Middleware } from 'koa';
import type { Logger } from 'pino';
import { EnvironmentError, ServiceError } from '../errors.ts';
import type { RequestState } from '../http/request-state.ts';
import { toProblem } from '../problem.ts';

const RETRY_AFTER_SECONDS = 5;

/** Answers every failure as RFC 9457 problem details, and logs those that are the service's own fault. */
export function reportProblems(logger: Logger): Middleware<RequestState> {
  return async (context, next) => {
    try {
      requireAddress(context);
      await next();
      if (context.status === 404 && context.body === undefined) {
        throw new ServiceError('not_found', 'There is nothing at this address.');
      }
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status >= 500) logFault(logger, context.state.requestId, error);
      sendProblem(context, problem, error instanceof ServiceError ? error.retryAfterSeconds : undefined);
    }
  };
}

/** A request target can be HTTP and yet no address, as `http://[`: Koa throws where it is first looked at. */
function requireAddress(context: Context): void {
  try {
    void context.path;
  } catch (error) {
    throw new ServiceError('invalid_request', 'The request target is no address.', { cause: error });
  }
}

function sendProblem(
  context: Context,
  problem: ReturnType<typeof toProblem>,
  retryAfterSeconds = RETRY_AFTER_SECONDS,
): void {
  context.status = problem.status;
  if (problem.status === 401) context.set('WWW-Authenticate', 'Bearer');
  if (problem.status === 503 || problem.status === 429) context.set('Retry-After', String(retryAfterSeconds));
  // What the caller still sends is not waited for.
  if (problem.status === 408 || problem.status === 413) context.set('Connection', 'close');
  context.set('Cache-Control', 'no-store');
  context.body = JSON.stringify(problem);
  context.type = 'application/problem+json';
}

/** Class, code and stack; a sentence about the machine; the message of any other error may quote what it failed on. */
export function logFault(logger: Logger, requestId: string, error: unknown): void {
  const fault = error instanceof ServiceError && error.cause !== undefined ? error.cause : error;
  const { name, code, stack } = fault as Error & { code?: unknown };
  const frames =
    typeof stack === 'string'
      ? stack
          .split('\n')
          .filter((line) => /^\s+at /.test(line))
          .slice(0, 8)
      : [];
  const reason = fault instanceof EnvironmentError ? { reason: fault.message } : {};
  logger.error({ requestId, error: name, code, ...reason, frames });
}
