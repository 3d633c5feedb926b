import { ServiceError, type ServiceErrorCode } from '../errors.ts';
import { renderLanding } from '../pages/landing.ts';
import { renderReference } from '../pages/reference.ts';
import { STYLE_SHEET } from '../pages/style-sheet.ts';
import { nameProblem, PROBLEM_KINDS } from '../problem.ts';
import { describeApi } from './openapi.ts';
import type { Route, RouteContext } from './route.ts';

const PROBLEMS = Object.entries(PROBLEM_KINDS).map(([code, kind]) => {
  const anchor = `problem-${nameProblem(code as ServiceErrorCode)}`;
  return { ...kind, code: code as ServiceErrorCode, anchor };
});

/** The documentation of `routes`, for machines and for people. */
export function documentRoutes(routes: readonly Route[]): readonly Route[] {
  const openApiRoute: Route = {
    method: 'get',
    path: '/openapi.json',
    summary: { en: 'This interface as an OpenAPI 3.1 document', zh: '接口的 OpenAPI 3.1 文档' },
    crossOrigin: true,
    responses: { 200: { description: 'OpenAPI 3.1', mediaType: 'application/json' } },
    problems: [],
    async handle(context) {
      context.body = document;
    },
  };
  const document = describeApi([...routes, openApiRoute]);
  const reference = renderReference(document, PROBLEMS);
  return [
    openApiRoute,
    page('/', (context) => sendHtml(context, renderLanding())),
    page('/docs', (context) => sendHtml(context, reference)),
    page('/pages.css', (context) => {
      context.type = 'css';
      context.body = STYLE_SHEET;
    }),
    page('/problems/:slug', (context) => {
      const anchor = `problem-${context.params['slug']}`;
      if (!PROBLEMS.some((problem) => problem.anchor === anchor)) {
        throw new ServiceError('not_found', 'There is no problem of this name.');
      }
      context.redirect(`/docs#${anchor}`);
    }),
  ];
}

function page(path: string, show: (context: RouteContext) => void): Route {
  return {
    method: 'get',
    path,
    summary: { en: '', zh: '' },
    responses: {},
    problems: [],
    hidden: true,
    async handle(context) {
      show(context);
    },
  };
}

function sendHtml(context: RouteContext, text: string): void {
  context.type = 'html';
  context.set('Cache-Control', 'no-cache');
  context.body = text;
}
