import type { z } from 'zod';
import { EC_MESSAGES } from '../actions/ec-codes.ts';
import type { EcOutcome } from '../actions/ec-query.ts';
import { ServiceError } from '../errors.ts';
import type { EcQuerySettings } from '../http/ec-query-settings.ts';
import { toProblem } from '../problem.ts';
import { parseAs } from '../schemas/parse.ts';
import { type RouteContext, readJson } from './route.ts';

export const EC_QUERY_PATH = '/localcfc/api/hsecfc/localQrCodeQuery';
export const EC_TOKEN_CHECK_PATH = '/localcfc/api/hsecfc/localEcTokenCheck';

/** What both calls have. */
interface EcRequest {
  readonly orgId: string;
  readonly data: { readonly orgId?: string | null | undefined };
}

/**
 * Answers a call of a HIS in the shape that it knows, also where it fails: `code` -1, with the HTTP status of the problem.
 * `not_found` is thrown: where nothing was set up for a HIS, nothing is there.
 */
export async function answerHis<R extends EcRequest>(
  context: RouteContext,
  schema: z.ZodType<R>,
  { dataAs }: Pick<EcQuerySettings, 'dataAs'>,
  answer: (request: R) => Promise<EcOutcome>,
  reportFault: (error: unknown) => void,
): Promise<void> {
  const sent = openData(readJson(context));
  let outcome: EcOutcome;
  try {
    const request = parseAs(schema, sent);
    requireOneOrganisation(request);
    outcome = await answer(request);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.code === 'not_found') throw error;
    const { status, code, detail, errors } = toProblem(error);
    if (status >= 500) reportFault(error);
    if (error.retryAfterSeconds !== undefined) context.set('Retry-After', String(error.retryAfterSeconds));
    context.status = status;
    outcome = { code: -1, data: {}, zhengma: { code, detail, ...(errors && { errors }) } };
  }
  const { code, data, zhengma } = outcome;
  context.set('Cache-Control', 'no-store');
  context.body = {
    code,
    message: EC_MESSAGES[code],
    orgId: readOrganisation(sent),
    data: dataAs === 'string' ? JSON.stringify(data) : data,
    extra: { zhengma },
  };
}

/** `data` is a text of JSON in some deployments. */
function openData(sent: unknown): unknown {
  const data = (sent as { data?: unknown } | null | undefined)?.data;
  if (typeof data !== 'string') return sent;
  try {
    return { ...(sent as object), data: JSON.parse(data) as unknown };
  } catch {
    // The schema says where the fault is; the parser's message quotes the text.
    return sent;
  }
}

function requireOneOrganisation({ orgId, data }: EcRequest): void {
  if (!data.orgId || data.orgId === orgId) return;
  throw new ServiceError('invalid_request', 'A field of the request is not acceptable.', {
    faults: [{ pointer: '/data/orgId', reason: 'must be orgId' }],
  });
}

function readOrganisation(sent: unknown): string {
  const orgId = (sent as { orgId?: unknown } | null | undefined)?.orgId;
  return typeof orgId === 'string' ? orgId.slice(0, 64) : '';
}
