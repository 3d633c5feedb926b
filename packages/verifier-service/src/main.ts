import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { ActionDeps } from './actions/deps.ts';
import { requireIssuer } from './actions/set-up.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { EnvironmentError } from './errors.ts';
import { loadStaticFiles } from './pages/static-files.ts';

const DRAIN_SECONDS = 10;

/** A service that listens. */
export interface RunningService {
  /** How others reach it, without a slash at the end. */
  readonly publicUrl: string;
  /**
   * Stops: not ready at once, no new connection, requests in flight get up to 10 s, then the data folder is closed.
   * The promise fulfils when all of it is done; a second call waits for the first.
   */
  stop(): Promise<void>;
}

/**
 * Serves a data folder that is set up. Takes over `deps` and closes them when it stops, or when it cannot start.
 * Throws `EnvironmentError` for a port that is taken or forbidden, and for a folder that is not set up.
 */
export async function serve(config: Config, deps: ActionDeps, logger: Logger): Promise<RunningService> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 });
  try {
    await requireIssuer(deps);
    const pages = config.scannerFolder === undefined ? new Map() : await loadStaticFiles(config.scannerFolder);
    let draining = false;
    const app = createApp({ ...deps, logger, pages, isDraining: () => draining });
    // The trust list carries the public address, which is known once the port is: until then requests wait.
    const ready = Promise.withResolvers<RequestListener>();
    server.on('request', (request, response) => ready.promise.then((handle) => handle(request, response)));
    const port = await listen(server, config);
    const publicUrl =
      config.publicUrl ?? `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`;
    await announce(publicUrl, deps);
    ready.resolve(app.callback());
    logger.info({ message: 'listening', port });
    let stopped: Promise<void> | undefined;
    return {
      publicUrl,
      stop: () => {
        draining = true;
        stopped ??= drain(server, logger).then(() => close(deps));
        return stopped;
      },
    };
  } catch (error) {
    server.close();
    await close(deps);
    throw error;
  }
}

async function announce(publicUrl: string, deps: ActionDeps): Promise<void> {
  const statusBaseUri = `${publicUrl}/v1/status-lists`;
  const issuer = await requireIssuer(deps);
  if (issuer.statusBaseUri !== statusBaseUri) await deps.store.setStatusBaseUri(statusBaseUri);
}

function listen(server: Server, { host, port }: Config): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(new EnvironmentError(describeListenFault(error, host, port))),
  );
  server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  return promise;
}

function describeListenFault({ code }: NodeJS.ErrnoException, host: string, port: number): string {
  const elsewhere = 'choose another with --port or ZHENGMA_PORT';
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another program: stop that program, or ${elsewhere}.`;
  if (code === 'EACCES') return `Port ${port} needs more rights than this user has: ${elsewhere}, above 1023.`;
  return `The service cannot listen on ${host} port ${port} (${code}): check --host and --port.`;
}

async function drain(server: Server, logger: Logger): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  logger.info({ message: 'stopping' });
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_SECONDS * 1000);
  await closed;
  clearTimeout(timer);
}

async function close({ store, images }: ActionDeps): Promise<void> {
  await images.close();
  await store.close();
}
