import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { Middleware } from 'koa';
import type { RequestState } from '../http/request-state.ts';
import { inSpan } from '../tracing/spans.ts';
import type { ServiceMetrics } from './service-metrics.ts';

/** Each request is a span, and counted with its time; known by the pattern of its route, never by its address. */
export function observeRequests(metrics: ServiceMetrics | undefined): Middleware<RequestState> {
  return async (context, next) => {
    const start = performance.now();
    const { method } = context;
    const parent = context.get('traceparent');
    await inSpan(
      method,
      async (span) => {
        await next();
        const { status } = context;
        const route = context.state.routePattern ?? 'none';
        metrics?.observeRequest({ method, route, status }, (performance.now() - start) / 1000);
        if (status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        span.updateName(`${method} ${route}`);
        span.setAttributes({
          'http.request.method': method,
          'http.route': route,
          'http.response.status_code': status,
        });
      },
      { kind: SpanKind.SERVER, parent },
    );
  };
}
