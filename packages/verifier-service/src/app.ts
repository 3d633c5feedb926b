import { Router } from '@koa/router';
import Koa, { type Middleware } from 'koa';
import type { Logger } from 'pino';
import { checkReadiness } from './actions/check-readiness.ts';
import { ServiceError } from './errors.ts';
import { DEFAULT_EC_QUERY } from './http/ec-query-settings.ts';
import { LargeBodies } from './http/large-bodies.ts';
import { DEFAULT_RATES, RateLimits } from './http/rate-limits.ts';
import type { RequestState } from './http/request-state.ts';
import { closeWhenDraining } from './middleware/close-when-draining.ts';
import { limitAddress, limitKey, limitOptionalKey } from './middleware/limit-requests.ts';
import { logRequests } from './middleware/log-requests.ts';
import { type BodyKind, type BodyLimits, DEFAULT_BODY_LIMITS, readBody } from './middleware/read-body.ts';
import { logFault, reportProblems } from './middleware/report-problems.ts';
import { requireRole } from './middleware/require-role.ts';
import { secureHeaders } from './middleware/secure-headers.ts';
import { servePages } from './middleware/serve-pages.ts';
import { observeRequests } from './observation/observe-requests.ts';
import type { ServiceMetrics } from './observation/service-metrics.ts';
import type { StaticFile } from './pages/static-files.ts';
import { ALL_ROUTES } from './routes/all-routes.ts';
import type { Route, RouteContext, RouteDeps } from './routes/route.ts';

/** Browsers keep it for two hours at most. */
const PREFLIGHT_SECONDS = '7200';

export interface AppDeps extends Omit<RouteDeps, 'checkReadiness' | 'reportFault' | 'ecQuery'> {
  readonly ecQuery?: RouteDeps['ecQuery'];
  readonly logger: Logger;
  /** The built pages by address, from `loadStaticFiles`. */
  readonly pages: ReadonlyMap<string, StaticFile>;
  readonly bodyLimits?: BodyLimits;
  readonly rateLimits?: RateLimits;
  /** Whose word is taken for the address of a client. Absent: nobody's. */
  readonly proxy?: { readonly header: string; readonly hops: number };
  /** Whether the service is reached by https. */
  readonly isSecure?: boolean;
  /** Where the scanner may hand results over to, on the machine it is opened on. */
  readonly handOverOrigins?: readonly string[];
  /** Present: each request is counted, and a span. */
  readonly observation?: { readonly metrics: ServiceMetrics | undefined };
}

/** The service as a Koa application: `app.callback()` is its request handler, no port needed. */
export function createApp(deps: AppDeps): Koa<RequestState> {
  const { proxy, observation, rateLimits = new RateLimits(DEFAULT_RATES) } = deps;
  const app = new Koa<RequestState>(proxy ? { proxy: true, proxyIpHeader: proxy.header, maxIpsCount: proxy.hops } : {});
  // Everything is caught by `reportProblems`; what reaches here is a connection that broke while an answer was sent.
  app.silent = true;
  if (observation) app.use(observeRequests(observation.metrics));
  app.use(logRequests(deps.logger));
  app.use(closeWhenDraining(deps.isDraining));
  app.use(secureHeaders({ isSecure: deps.isSecure ?? false, handOverOrigins: deps.handOverOrigins ?? [] }));
  app.use(reportProblems(deps.logger));
  const router = createRouter({
    ...deps,
    rateLimits,
    largeBodies: new LargeBodies(),
    checkReadiness: share(() => checkReadiness(deps)),
    ecQuery: deps.ecQuery ?? DEFAULT_EC_QUERY,
    reportFault: (requestId, error) => logFault(deps.logger, requestId, error),
  });
  app.use(router.middleware() as Middleware<RequestState>);
  app.use(limitAddress(rateLimits));
  app.use(servePages(deps.pages));
  return app;
}

/** What the steps of a route work with. */
type StepDeps = RouteDeps &
  Pick<AppDeps, 'bodyLimits'> &
  Required<Pick<AppDeps, 'rateLimits'>> & {
    readonly largeBodies: LargeBodies;
  };

function createRouter(deps: StepDeps): Router<RequestState> {
  const router = new Router<RequestState>({ strict: true, sensitive: true });
  for (const route of ALL_ROUTES) router[route.method](route.path, ...createSteps(route, deps));
  for (const { path, crossOrigin } of ALL_ROUTES) if (crossOrigin) router.options(path, answerPreflight(path));
  for (const path of new Set(ALL_ROUTES.map((route) => route.path))) {
    const allowed = ALL_ROUTES.filter((route) => route.path === path).flatMap(({ method, crossOrigin }) =>
      method === 'get' ? ['GET', 'HEAD', ...(crossOrigin ? ['OPTIONS'] : [])] : ['POST'],
    );
    router.all(path, async (context: RouteContext) => {
      context.state.routePattern = path;
      context.set('Allow', allowed.join(', '));
      throw new ServiceError('method_not_allowed', `This address answers to ${allowed.join(' and ')}.`);
    });
  }
  return router;
}

/** A page of another origin that sends `If-None-Match` itself is asked about by its browser first. */
function answerPreflight(path: string): Middleware<RequestState> {
  return async (context) => {
    context.state.routePattern = path;
    context.set('Access-Control-Allow-Origin', '*');
    context.set('Access-Control-Allow-Methods', 'GET, HEAD');
    context.set('Access-Control-Allow-Headers', 'If-None-Match');
    context.set('Access-Control-Max-Age', PREFLIGHT_SECONDS);
    context.status = 204;
  };
}

/** From the outside in: who calls, then what they send, then the route. */
function createSteps(route: Route, deps: StepDeps): Middleware<RequestState>[] {
  const { role, keyOptional, body, path, crossOrigin, unlimited } = route;
  const { rateLimits } = deps;
  const limit = keyOptional ? limitOptionalKey : limitKey;
  const begin: Middleware<RequestState> = async (context, next) => {
    context.state.routePattern = path;
    if (crossOrigin) {
      context.set('Access-Control-Allow-Origin', '*');
      context.set('Cross-Origin-Resource-Policy', 'cross-origin');
    }
    await next();
  };
  return [
    begin,
    ...(role ? [limit(rateLimits, requireRole(role, deps))] : []),
    ...(role || unlimited ? [] : [limitAddress(rateLimits)]),
    ...(body ? [readBody(nameKind(body), deps.bodyLimits ?? DEFAULT_BODY_LIMITS, deps.largeBodies)] : []),
    (context) => route.handle(context as Parameters<Route['handle']>[0], deps),
  ];
}

function nameKind({ image, lines }: NonNullable<Route['body']>): BodyKind {
  if (lines) return 'lines';
  return image ? 'json or image' : 'json';
}

/** While `work` runs, whoever asks waits for the same. */
function share<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= work().finally(() => {
      running = undefined;
    });
    return running;
  };
}
