import { z } from 'zod';
import type { ServiceErrorCode } from '../errors.ts';
import { PROBLEM_KINDS } from '../problem.ts';
import type { Route, RouteResponse } from './route.ts';

/** The parts of an OpenAPI 3.1 document that the reference page shows. */
export interface OpenApiDocument {
  readonly openapi: '3.1.0';
  readonly info: Readonly<Record<string, unknown>>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface OpenApiOperation {
  readonly summary: string;
  readonly description: string;
  readonly operationId: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly unknown[];
  readonly requestBody?: {
    readonly required: true;
    readonly content: Readonly<Record<string, { readonly schema: unknown }>>;
  };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: unknown }>>;
}

const LINES_TYPE = 'application/x-ndjson';
const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** Failures any route with these traits can have; a route adds its own. */
const COMMON_PROBLEMS: readonly ServiceErrorCode[] = ['internal_error', 'store_unavailable', 'signer_unavailable'];
const ROLE_PROBLEMS: readonly ServiceErrorCode[] = ['unauthenticated', 'forbidden', 'openid_unavailable'];
const LIMIT_PROBLEMS: readonly ServiceErrorCode[] = ['rate_limited'];
const BODY_PROBLEMS: readonly ServiceErrorCode[] = [
  'malformed_json',
  'invalid_request',
  'body_incomplete',
  'body_timeout',
  'body_too_large',
  'unsupported_media_type',
];

/** The OpenAPI document of `routes`, from the schemas that also check the requests. */
export function describeApi(routes: readonly Route[]): OpenApiDocument {
  const schemas: Record<string, unknown> = {};
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const route of routes) {
    if (route.hidden) continue;
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: describeRoute(route, schemas) };
  }
  schemas['Problem'] = PROBLEM_SCHEMA;
  return {
    openapi: '3.1.0',
    info: {
      title: 'Zhengma 证码',
      version: '1',
      description:
        'Signed, time-bound credentials as QR codes. Not affiliated with any authority; not an official code. 非官方医保码。',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: { schemas, securitySchemes: SECURITY_SCHEMES },
  };
}

function describeRoute(route: Route, schemas: Record<string, unknown>): OpenApiOperation {
  const parameters = [
    ...Object.entries(route.parameters ?? {}).map(([name, schema]) => ({ name, in: 'path', required: true, schema })),
    ...Object.entries(route.query ?? {}).map(([name, schema]) => ({
      name,
      in: 'query',
      required: false,
      description: 'With a picture; with JSON it stands in the body.',
      schema,
    })),
  ].map((parameter) => ({ ...parameter, schema: toJsonSchema(parameter.schema, 'input', schemas) }));
  const content = route.body && {
    [route.body.lines ? LINES_TYPE : 'application/json']: { schema: toJsonSchema(route.body.json, 'input', schemas) },
    ...(route.body.image
      ? Object.fromEntries(IMAGE_TYPES.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]))
      : {}),
  };
  return {
    summary: `${route.summary.en} ${route.summary.zh}`,
    description: describeAccess(route),
    operationId: `${route.method}${route.path.replaceAll(/\W+(\w)?/g, (_, letter: string | undefined) => (letter ?? '').toUpperCase())}`,
    security: route.role ? [{ apiKey: [] }, { openIdToken: [] }, ...(route.keyOptional ? [{}] : [])] : [],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(content ? { requestBody: { required: true, content } } : {}),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.responses).map(([status, response]) => [status, describeResponse(response, schemas)]),
      ),
      ...describeProblems(route),
    },
  };
}

function describeAccess({ role, keyOptional }: Route): string {
  if (!role) return 'Public.';
  const roles = [role, 'administrator'].flat();
  const withKey = `API key or token of an operator with the role ${[...new Set(roles)].join(' or ')}`;
  return keyOptional ? `${withKey}, or a HIS that was let in with zhengma his.` : `${withKey}.`;
}

function describeResponse(response: RouteResponse, schemas: Record<string, unknown>) {
  const { description, schema, mediaType, lines } = response;
  if (schema && lines) {
    const line = { anyOf: [toJsonSchema(schema, 'output', schemas), { $ref: '#/components/schemas/Problem' }] };
    return { description, content: { [LINES_TYPE]: { schema: line } } };
  }
  if (schema)
    return { description, content: { 'application/json': { schema: toJsonSchema(schema, 'output', schemas) } } };
  return { description, ...(mediaType ? { content: { [mediaType]: {} } } : {}) };
}

function describeProblems(route: Route) {
  const codes = [
    ...(route.role ? ROLE_PROBLEMS : []),
    ...(route.unlimited ? [] : LIMIT_PROBLEMS),
    ...(route.body ? BODY_PROBLEMS : []),
    ...route.problems,
    ...COMMON_PROBLEMS,
  ];
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEM_KINDS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, found]) => [
      String(status),
      {
        description: found.join(', '),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

/** The JSON Schema of `schema`; what has an `id` moves to the components and leaves a reference. */
function toJsonSchema(schema: z.ZodType, io: 'input' | 'output', schemas: Record<string, unknown>): unknown {
  const text = JSON.stringify(z.toJSONSchema(schema, { target: 'draft-2020-12', io }));
  const { $schema, $defs, ...jsonSchema } = JSON.parse(text.replaceAll('"#/$defs/', '"#/components/schemas/'));
  for (const [name, { id, ...definition }] of Object.entries<Record<string, unknown>>($defs ?? {})) {
    schemas[name] = definition;
  }
  return jsonSchema;
}

const SECURITY_SCHEMES = {
  apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'zk_…', description: 'An API key of this service API 密钥' },
  openIdToken: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'An access token of the OpenID provider, where one is configured 身份提供方的访问令牌',
  },
};

const PROBLEM_SCHEMA = {
  type: 'object',
  description: 'Problem details, RFC 9457',
  required: ['type', 'title', 'status', 'detail', 'code'],
  properties: {
    type: { type: 'string', description: 'Relative reference to the documentation of the problem' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(PROBLEM_KINDS) },
    errors: {
      type: 'array',
      description: 'The fields that were refused, never their values',
      items: {
        type: 'object',
        required: ['pointer', 'reason'],
        properties: { pointer: { type: 'string', description: 'JSON Pointer' }, reason: { type: 'string' } },
      },
    },
  },
};
