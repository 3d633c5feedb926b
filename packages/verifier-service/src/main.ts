import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { rehashApiKeys } from './actions/api-key.ts';
import type { ActionDeps } from './actions/deps.ts';
import { publishTrustList } from './actions/publish-lists.ts';
import { publishReceiptKey } from './actions/receipt-keys.ts';
import { requireIssuer } from './actions/set-up.ts';
import { requireSigningKey } from './actions/signing-keys.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import { EnvironmentError } from './errors.ts';
import { Connections } from './http/connections.ts';
import { loadStaticFiles } from './pages/static-files.ts';
import { KeyFolder } from './signing/key-folder.ts';

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

/** A port that is taken; its requests wait until somebody answers them. */
export interface OpenPort {
  /** How others reach it, without a slash at the end. */
  readonly publicUrl: string;
  readonly port: number;
  readonly server: Server;
  readonly connections: Connections;
  answer(listener: RequestListener): void;
}

/** Listens where `config` says. Throws `EnvironmentError` for a port that is in use or forbidden. */
export async function openPort(config: Config): Promise<OpenPort> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 });
  const ready = Promise.withResolvers<RequestListener>();
  server.on('request', (request, response) => ready.promise.then((handle) => handle(request, response)));
  const connections = new Connections(server);
  const port = await listen(server, config);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  return { publicUrl: config.publicUrl ?? `http://${host}:${port}`, port, server, connections, answer: ready.resolve };
}

/** Gives up a port on which nothing was answered. */
export function closePort({ server }: OpenPort): void {
  server.close();
  server.closeAllConnections();
}

/**
 * Serves a data folder that is set up, on `open` or on a port of its own. Takes over both and closes them when it stops,
 * or when it cannot start. Throws `EnvironmentError` for a port that is in use or forbidden and for a folder that is not
 * set up, or whose keys cannot be read; `ServiceError` `clock_behind` when the clock stands before the issuer's key
 * signs, `signer_unavailable` when the signer does not answer.
 */
export async function serve(
  config: Config,
  deps: ActionDeps,
  logger: Logger,
  open?: OpenPort,
): Promise<RunningService> {
  let opened = open;
  try {
    // Each key once: a passphrase that is wrong, or a signer that does not answer, is found out now.
    await requireSigningKey(await requireIssuer(deps), deps);
    await publishReceiptKey(deps);
    await rehashApiKeys(deps);
    const pages = config.scannerFolder === undefined ? new Map() : await loadStaticFiles(config.scannerFolder);
    let draining = false;
    const app = createApp({ ...deps, logger, pages, isDraining: () => draining });
    opened ??= await openPort(config);
    const { server, connections, port, publicUrl } = opened;
    // The trust list carries the public address: nothing is answered before.
    await announce(publicUrl, deps);
    await publishTrustList(deps);
    opened.answer(app.callback());
    logger.info({ message: 'listening', port });
    const plain = config.keys.passphraseFile ? new KeyFolder(config.dataFolder, undefined).list().plain.length : 0;
    if (plain > 0) logger.warn({ message: 'key files are not encrypted yet: run zhengma keys encrypt', plain });
    let stopped: Promise<void> | undefined;
    return {
      publicUrl,
      stop: () => {
        draining = true;
        stopped ??= drain(server, connections, logger).then(() => close(deps));
        return stopped;
      },
    };
  } catch (error) {
    if (opened) closePort(opened);
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
  // The variable first: under `npm start` a flag would be npm's.
  const elsewhere = 'choose another with ZHENGMA_PORT or --port';
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another program: stop that program, or ${elsewhere}.`;
  if (code === 'EACCES') return `Port ${port} needs more rights than this user has: ${elsewhere}, above 1023.`;
  return `The service cannot listen on ${host} port ${port} (${code}): check --host and --port.`;
}

async function drain(server: Server, connections: Connections, logger: Logger): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  connections.closeQuiet();
  logger.info({ message: 'stopping' });
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_SECONDS * 1000);
  await closed;
  clearTimeout(timer);
}

async function close({ store, images }: ActionDeps): Promise<void> {
  await images.close();
  await store.close();
}
