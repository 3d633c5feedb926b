import { createServer, type Server } from 'node:http';
import type { ServiceMetrics } from './service-metrics.ts';

/** A server of its own for `GET /metrics`, so that the public port never tells them. It does not listen yet. */
export function createMetricsServer(metrics: ServiceMetrics): Server {
  return createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, async (request, response) => {
    const isAsked = request.url === '/metrics' && (request.method === 'GET' || request.method === 'HEAD');
    if (!isAsked) {
      response.writeHead(404).end();
      return;
    }
    try {
      const text = await metrics.describe();
      response.writeHead(200, { 'Content-Type': metrics.contentType, 'Cache-Control': 'no-store' }).end(text);
    } catch {
      response.writeHead(500).end();
    }
  });
}
