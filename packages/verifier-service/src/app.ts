import { Router } from '@koa/router';
import Koa, { type Middleware } from 'koa';
import type { Logger } from 'pino';
import { ServiceError } from './errors.ts';
import type { RequestState } from './http/request-state.ts';
import { closeWhenDraining } from './middleware/close-when-draining.ts';
import { logRequests } from './middleware/log-requests.ts';
import { type BodyLimits, DEFAULT_BODY_LIMITS, readBody } from './middleware/read-body.ts';
import { reportProblems } from './middleware/report-problems.ts';
import { requireRole } from './middleware/require-role.ts';
import { secureHeaders } from './middleware/secure-headers.ts';
import { servePages } from './middleware/serve-pages.ts';
import type { StaticFile } from './pages/static-files.ts';
import { ALL_ROUTES } from './routes/all-routes.ts';
import type { Route, RouteContext, RouteDeps } from './routes/route.ts';

/** Browsers keep it for two hours at most. */
const PREFLIGHT_SECONDS = '7200';

export interface AppDeps extends RouteDeps {
  readonly logger: Logger;
  /** The built pages by address, from `loadStaticFiles`. */
  readonly pages: ReadonlyMap<string, StaticFile>;
  readonly bodyLimits?: BodyLimits;
}

/** The service as a Koa application: `app.callback()` is its request handler, no port needed. */
export function createApp(deps: AppDeps): Koa<RequestState> {
  const app = new Koa<RequestState>();
  // Everything is caught by `reportProblems`; what reaches here is a connection that broke while an answer was sent.
  app.silent = true;
  app.use(logRequests(deps.logger));
  app.use(closeWhenDraining(deps.isDraining));
  app.use(secureHeaders());
  app.use(reportProblems(deps.logger));
  app.use(createRouter(deps).middleware() as Middleware<RequestState>);
  app.use(servePages(deps.pages));
  return app;
}

function createRouter(deps: AppDeps): Router<RequestState> {
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
function createSteps(route: Route, deps: AppDeps): Middleware<RequestState>[] {
  const { role, body, path, crossOrigin } = route;
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
    ...(role ? [requireRole(role, deps)] : []),
    ...(body ? [readBody({ image: body.image === true }, deps.bodyLimits ?? DEFAULT_BODY_LIMITS)] : []),
    (context) => route.handle(context as Parameters<Route['handle']>[0], deps),
  ];
}
