import { Readable } from 'node:stream';
import { z } from 'zod';
import { signCheckpoint } from '../actions/audit-checkpoint.ts';
import { describeEntry, EXPORT_FORMATS, exportAudit } from '../actions/export-audit.ts';
import { ServiceError } from '../errors.ts';
import { auditCounts, auditPage, auditQuery, countQuery } from '../schemas/audit.ts';
import { parseAs } from '../schemas/parse.ts';
import type { AuditPosition, AuditSearch } from '../stores/audit.ts';
import { type Route, type RouteContext, requireCaller, requireOperator } from './route.ts';

const exportQuery = auditQuery
  .omit({ after: true, limit: true })
  .extend({ format: z.enum(EXPORT_FORMATS).default('jsonl') });

const POSITION = /^(\d{1,15})\.(\d{1,9})\.(\d{1,15})$/;

const MEDIA_TYPES = { csv: 'text/csv; charset=utf-8; header=present', jsonl: 'application/jsonl; charset=utf-8' };

/** Rows that one request counts: as many as are read without holding up others. */
const MAX_COUNTED = 50_000;

export const auditRoutes: readonly Route[] = [
  {
    method: 'get',
    path: '/v1/audit',
    summary: { en: 'Who did what, newest first', zh: '审计查询（由新到旧）' },
    role: 'auditor',
    query: auditQuery.shape,
    responses: {
      200: {
        description:
          'A page. One request looks through some thousand rows: where few of them match, it has fewer entries than were asked for, or none, and `next` goes on from there',
        schema: auditPage,
      },
    },
    problems: ['invalid_request'],
    async handle(context, deps) {
      const { after, limit, ...query } = parseAs(auditQuery, { ...context.query });
      const search = { ...narrow(query, context), limit, ...(after !== undefined && { after: readPosition(after) }) };
      const { entries, next } = await deps.store.searchAudit(search);
      context.set('Cache-Control', 'no-store');
      context.body = { entries: entries.map(describeEntry), ...(next && { next: writePosition(next) }) };
    },
  },
  {
    method: 'get',
    path: '/v1/audit/export',
    summary: { en: 'All that a search finds, as CSV or JSON lines', zh: '审计导出（CSV 或 JSON 行）' },
    role: 'auditor',
    query: exportQuery.shape,
    responses: { 200: { description: 'Streamed, newest first', mediaType: 'text/csv' } },
    problems: ['invalid_request'],
    async handle(context, deps) {
      const { format, ...query } = parseAs(exportQuery, { ...context.query });
      context.set('Cache-Control', 'no-store');
      context.set('Content-Disposition', `attachment; filename="audit.${format}"`);
      context.set('Content-Type', MEDIA_TYPES[format]);
      const report = (error: unknown) => deps.reportFault(context.state.requestId, error);
      context.body = Readable.from(reportFailure(exportAudit(narrow(query, context), format, deps), report));
    },
  },
  {
    method: 'get',
    path: '/v1/counts',
    summary: { en: 'How often what was done, in your organisation and below', zh: '操作计数（本机构及下级机构）' },
    role: 'auditor',
    query: countQuery.shape,
    responses: { 200: { description: 'Of each action and outcome that there was', schema: auditCounts } },
    problems: ['invalid_request'],
    async handle(context, deps) {
      const { from, to = deps.currentDate() } = parseAs(countQuery, { ...context.query });
      const search = { from, to, within: requireOperator(context).organisation, limit: MAX_COUNTED };
      const { counts, isComplete } = await deps.store.countAudit(search);
      context.set('Cache-Control', 'no-store');
      context.body = { from, to, counts, complete: isComplete };
    },
  },
  {
    method: 'post',
    path: '/v1/audit/checkpoints',
    summary: { en: 'Sign where the audit ends now', zh: '签署审计检查点' },
    role: 'auditor',
    responses: {
      200: {
        description: 'A signed note: keep it elsewhere, and give it to `zhengma audit verify`',
        mediaType: 'text/plain',
      },
    },
    problems: ['out_of_scope'],
    async handle(context, deps) {
      const { note } = await signCheckpoint(requireCaller(context), deps);
      context.set('Cache-Control', 'no-store');
      context.type = 'text/plain; charset=utf-8';
      context.body = note;
    },
  },
];

/** What fails after the head of an answer went out can be told by cutting it alone: why is for the log. */
async function* reportFailure<T>(parts: AsyncIterable<T>, report: (error: unknown) => void): AsyncGenerator<T> {
  try {
    yield* parts;
  } catch (error) {
    report(error);
    throw error;
  }
}

/** The search of an auditor ends where their own organisation does. */
function narrow(
  { organisation, ...query }: Omit<z.output<typeof auditQuery>, 'after' | 'limit'>,
  context: RouteContext,
): Omit<AuditSearch, 'limit'> {
  const own = requireOperator(context).organisation;
  return { ...query, within: own, ...(organisation !== undefined && { organisation }) };
}

/** A position as a query has it. */
function writePosition({ at, chain, seq }: AuditPosition): string {
  return `${at.getTime()}.${chain}.${seq}`;
}

/** Reads what `writePosition` wrote. Throws `ServiceError` `invalid_request` for anything else. */
function readPosition(text: string): AuditPosition {
  const [, at, chain, seq] = POSITION.exec(text) ?? [];
  if (at === undefined) throw new ServiceError('invalid_request', 'after must be the `next` of a page.');
  return { at: new Date(Number(at)), chain: Number(chain), seq: Number(seq) };
}
