import type { Logger } from 'pino';
import type { ActionDeps } from '../actions/deps.ts';
import type { Config } from '../config.ts';
import { listen } from '../http/listen.ts';
import { startTracing } from '../tracing/start-tracing.ts';
import { createMetricsServer } from './metrics-port.ts';
import { ServiceMetrics } from './service-metrics.ts';

/** How the service is watched from outside. */
export interface Observation {
  /** Absent when nobody asked for them. */
  readonly metrics?: ServiceMetrics;
  close(): Promise<void>;
}

/** Throws `EnvironmentError` for a metrics port in use or forbidden, and where packages for traces are not installed. */
export async function startObservation(
  { metrics: place, otlpEndpoint }: Config,
  deps: ActionDeps,
  logger: Logger,
): Promise<Observation> {
  const stopTracing = otlpEndpoint === undefined ? async () => {} : await startTracing(otlpEndpoint);
  if (!place) return { close: stopTracing };
  const metrics = new ServiceMetrics(deps);
  const server = createMetricsServer(metrics);
  const close = async () => {
    server.close();
    server.closeAllConnections();
    metrics.close();
    await stopTracing();
  };
  try {
    logger.info({ message: 'metrics', metricsPort: await listen(server, place, '--metrics-port and --metrics-host') });
    return { metrics, close };
  } catch (error) {
    await close();
    throw error;
  }
}
