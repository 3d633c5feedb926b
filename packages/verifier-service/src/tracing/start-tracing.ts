import { context, trace } from '@opentelemetry/api';
import { EnvironmentError } from '../errors.ts';

const PACKAGES = [
  '@opentelemetry/sdk-trace',
  '@opentelemetry/resources',
  '@opentelemetry/context-async-hooks',
  '@opentelemetry/exporter-trace-otlp-http',
];

/** With its retries; a stop waits for so long where the collector is away. */
const EXPORT_MILLISECONDS = 2000;

/**
 * Sends the spans of this process to a collector from now on: OTLP over HTTP, in batches, of which a bounded number waits
 * while the collector is away. Throws `EnvironmentError` where the packages for it are not installed.
 *
 * @returns what sends the rest and stops
 */
export async function startTracing(endpoint: string): Promise<() => Promise<void>> {
  const [{ BatchSpanProcessor, TracerProvider }, { defaultResource, resourceFromAttributes }, hooks, exporter] =
    await loadPackages();
  const name = process.env['OTEL_SERVICE_NAME'] || 'zhengma';
  const url = `${endpoint}/v1/traces`;
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes({ 'service.name': name })),
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new exporter.OTLPTraceExporter({ url, timeoutMillis: EXPORT_MILLISECONDS }) }),
    ],
  });
  context.setGlobalContextManager(new hooks.AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return async () => {
    trace.disable();
    context.disable();
    // A collector that is away must not make a stop fail.
    await provider.shutdown().catch(() => {});
  };
}

async function loadPackages() {
  try {
    return await Promise.all([
      import('@opentelemetry/sdk-trace'),
      import('@opentelemetry/resources'),
      import('@opentelemetry/context-async-hooks'),
      import('@opentelemetry/exporter-trace-otlp-http'),
    ]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new EnvironmentError(
      `Traces need packages that are not installed: install ${PACKAGES.join(', ')}, or unset OTEL_EXPORTER_OTLP_ENDPOINT and --otlp-endpoint.`,
    );
  }
}
