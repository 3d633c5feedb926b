import {
  type Attributes,
  context,
  ROOT_CONTEXT,
  type Span,
  type SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { ServiceError } from '../errors.ts';

/** Version 00 of W3C Trace Context: trace, parent, flags. */
const TRACE_PARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/**
 * Runs `work` within a span; without a collector this costs a function call. A span carries only what is named here: no
 * message of an error, which could quote what it failed on.
 *
 * @param work is given what adds attributes: route patterns, status and outcome codes, nothing that a caller chose
 */
export async function inSpan<T>(
  name: string,
  work: (span: Pick<Span, 'setAttributes' | 'setStatus' | 'updateName'>) => Promise<T>,
  options: { kind?: SpanKind; parent?: string } = {},
): Promise<T> {
  const parent = options.parent === undefined ? context.active() : readParent(options.parent);
  const kind = options.kind === undefined ? {} : { kind: options.kind };
  return trace.getTracer('zhengma').startActiveSpan(name, kind, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttributes(describeError(error));
      throw error;
    } finally {
      span.end();
    }
  });
}

/** The caller's `traceparent`. What else a caller may send along (`tracestate`, baggage) is free text, and left behind. */
function readParent(header: string) {
  const [, traceId, spanId, flags] = TRACE_PARENT.exec(header) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16) & 1;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

function describeError(error: unknown): Attributes {
  return { 'error.type': error instanceof ServiceError ? error.code : 'internal_error' };
}
