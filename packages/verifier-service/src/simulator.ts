import { Router } from '@koa/router';
import Koa, { type Middleware } from 'koa';
import type { Logger } from 'pino';
import { EcSimulation } from './actions/simulate-ec-query.ts';
import type { EcQuerySettings } from './http/ec-query-settings.ts';
import { LargeBodies } from './http/large-bodies.ts';
import type { RequestState } from './http/request-state.ts';
import { logRequests } from './middleware/log-requests.ts';
import { DEFAULT_BODY_LIMITS, readBody } from './middleware/read-body.ts';
import { logFault, reportProblems } from './middleware/report-problems.ts';
import { secureHeaders } from './middleware/secure-headers.ts';
import { answerHis, EC_QUERY_PATH, EC_TOKEN_CHECK_PATH } from './routes/ec-requests.ts';
import type { RouteContext } from './routes/route.ts';
import { ecQueryRequest, ecTokenCheckRequest } from './schemas/ec-query.ts';

/** The routes of a HIS alone, with fictional people, for those who connect one: no data folder, no key, no credential. */
export function createSimulator(settings: EcQuerySettings, plainLogger: Logger): Koa<RequestState> {
  const logger = plainLogger.child({ simulation: true });
  const simulation = new EcSimulation({ ...settings, currentDate: () => new Date() });
  const router = new Router<RequestState>({ strict: true, sensitive: true });
  const readJsonBody = readBody('json', DEFAULT_BODY_LIMITS, new LargeBodies());
  const name =
    (path: string): Middleware<RequestState> =>
    async ({ state }, next) => {
      state.routePattern = path;
      await next();
    };
  router.post(EC_QUERY_PATH, name(EC_QUERY_PATH), readJsonBody, (context: RouteContext) =>
    answerHis(
      context,
      ecQueryRequest,
      settings,
      ({ orgId, data }) => simulation.query(data.ecQrCode, orgId),
      (error) => logFault(logger, context.state.requestId, error),
    ),
  );
  router.post(EC_TOKEN_CHECK_PATH, name(EC_TOKEN_CHECK_PATH), readJsonBody, (context: RouteContext) =>
    answerHis(
      context,
      ecTokenCheckRequest,
      settings,
      ({ orgId, data: { ecToken: token, idType, idNo: idNumber, userName } }) =>
        simulation.checkToken({ token, idType, person: { name: userName, idNumber } }, orgId),
      (error) => logFault(logger, context.state.requestId, error),
    ),
  );
  const app = new Koa<RequestState>();
  app.silent = true;
  app.use(logRequests(logger));
  app.use(secureHeaders({ isSecure: false, handOverOrigins: [] }));
  app.use(async (context, next) => {
    context.set('X-Zhengma-Simulation', 'true');
    await next();
  });
  app.use(reportProblems(logger));
  app.use(router.middleware() as Middleware<RequestState>);
  return app;
}
