import type { RouterContext } from '@koa/router';
import type { z } from 'zod';
import type { Readiness } from '../actions/check-readiness.ts';
import type { ActionDeps } from '../actions/deps.ts';
import type { ServiceErrorCode } from '../errors.ts';
import type { EcQuerySettings } from '../http/ec-query-settings.ts';
import type { RequestState } from '../http/request-state.ts';
import type { Caller, Role } from '../stores/access.ts';

export type RouteContext = RouterContext<RequestState>;

/** A response of a route, for the documentation. Without a schema the body is of `mediaType`. */
export interface RouteResponse {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly mediaType?: string;
  /** One a line, each of `schema` or a problem. */
  readonly lines?: true;
}

/** One address of the service: how it is called, what it answers and what it does. The documentation derives from it. */
export interface Route {
  readonly method: 'get' | 'post';
  /** With `:name` parameters. */
  readonly path: string;
  readonly summary: { readonly en: string; readonly zh: string };
  /** The role an API key must have, or one of several. Absent: public. */
  readonly role?: Role | readonly Role[];
  /** With `role`: a call without a key reaches the route, which looks for another reason to let it in. */
  readonly keyOptional?: true;
  /** Answered however often it is asked for. Only what costs little. */
  readonly unlimited?: true;
  /** Readable by pages of other origins. Only what is public and the same for everybody. */
  readonly crossOrigin?: true;
  readonly parameters?: Readonly<Record<string, z.ZodType>>;
  /** For a picture, whose body has no room for it: query parameters, each optional. */
  readonly query?: Readonly<Record<string, z.ZodType>>;
  /** `lines`: one a line, and nothing else. */
  readonly body?: { readonly json: z.ZodType; readonly image?: true; readonly lines?: true };
  readonly responses: Readonly<Record<number, RouteResponse>>;
  readonly problems: readonly ServiceErrorCode[];
  /** Absent from the documentation: pages for people. */
  readonly hidden?: true;
  handle(context: RouteContext, deps: RouteDeps): Promise<void>;
}

/** Who calls a route that names a role. */
export function requireOperator({ state }: RouteContext): NonNullable<RequestState['operator']> {
  if (state.operator === undefined) throw new TypeError('The route names no role');
  return state.operator;
}

/** The caller as the actions know them. */
export function requireCaller(context: RouteContext): Caller {
  const { id, organisation, scope } = requireOperator(context);
  return { operator: id, organisation, scope };
}

/** The JSON of the body; undefined for anything else. */
export function readJson({ state }: RouteContext): unknown {
  return state.body?.kind === 'json' ? state.body.value : undefined;
}

export interface RouteDeps extends ActionDeps {
  readonly isDraining: () => boolean;
  /** Those who ask at the same time share an answer. Throws what the action `checkReadiness` throws. */
  readonly checkReadiness: () => Promise<Readiness>;
  readonly ecQuery: EcQuerySettings;
  /** Logs a failure that is the service's own, where it is answered in a part of a body, or by the body’s being cut. */
  readonly reportFault: (requestId: string, error: unknown) => void;
}
