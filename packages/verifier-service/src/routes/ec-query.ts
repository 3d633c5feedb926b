import { checkEcToken, queryCode } from '../actions/ec-query.ts';
import { authenticateHis } from '../actions/his-grants.ts';
import { ServiceError } from '../errors.ts';
import { readAddress } from '../http/client-address.ts';
import { ecQueryAnswer, ecQueryRequest, ecTokenCheckAnswer, ecTokenCheckRequest } from '../schemas/ec-query.ts';
import type { Caller } from '../stores/access.ts';
import { answerHis, EC_QUERY_PATH, EC_TOKEN_CHECK_PATH } from './ec-requests.ts';
import { type Route, type RouteContext, type RouteDeps, requireCaller } from './route.ts';

/** What a HIS calls, as it calls the official runtime. */
export const ecQueryRoutes: readonly Route[] = [
  {
    method: 'post',
    path: EC_QUERY_PATH,
    summary: { en: 'ec.query, as a HIS sends it', zh: 'ec.query：HIS 扫码解码接口' },
    role: 'verifier',
    keyOptional: true,
    body: { json: ecQueryRequest },
    responses: {
      200: { description: 'The person, or a code other than 0; problems have this shape too', schema: ecQueryAnswer },
    },
    problems: ['not_found', 'out_of_scope', 'clock_behind', 'lists_unusable', 'identity_unreadable'],
    async handle(context, deps) {
      await answerHis(
        context,
        ecQueryRequest,
        deps.ecQuery,
        async ({ orgId, data }) => {
          const by = await findCaller(orgId, context, deps);
          const { tokenSeconds } = deps.ecQuery;
          return queryCode(
            { code: data.ecQrCode, businessType: data.businessType || undefined, tokenSeconds },
            by,
            deps,
          );
        },
        (error) => deps.reportFault(context.state.requestId, error),
      );
    },
  },
  {
    method: 'post',
    path: EC_TOKEN_CHECK_PATH,
    summary: { en: 'Whether an ecToken is about a person', zh: '核对 ecToken 与人员身份' },
    role: 'verifier',
    keyOptional: true,
    body: { json: ecTokenCheckRequest },
    responses: { 200: { description: '`flag` 1 or 0; problems have this shape too', schema: ecTokenCheckAnswer } },
    problems: ['not_found', 'out_of_scope', 'identity_unreadable'],
    async handle(context, deps) {
      await answerHis(
        context,
        ecTokenCheckRequest,
        deps.ecQuery,
        async ({ orgId, data }) => {
          const by = await findCaller(orgId, context, deps);
          const { ecToken: token, idType, idNo: idNumber, userName: name } = data;
          return checkEcToken({ token, idType, person: { name, idNumber } }, by, deps);
        },
        (error) => deps.reportFault(context.state.requestId, error),
      );
    },
  },
];

/** By the API key where one was sent; else by what was set up for the HIS of this organisation. */
async function findCaller(orgId: string, context: RouteContext, deps: RouteDeps): Promise<Caller> {
  if (!context.state.operator) return authenticateHis(orgId, readAddress(context), deps);
  const by = requireCaller(context);
  if (by.organisation === orgId) return by;
  throw new ServiceError('out_of_scope', 'orgId must be the organisation of the API key.');
}
