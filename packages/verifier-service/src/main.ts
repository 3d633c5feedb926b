import type { Server } from 'node:http';
import type { Logger } from 'pino';
import { rehashApiKeys } from './actions/api-key.ts';
import type { ActionDeps } from './actions/deps.ts';
import { forgetIdentities } from './actions/identities.ts';
import { forgetProposals } from './actions/proposals.ts';
import { publishTrustList } from './actions/publish-lists.ts';
import { publishReceiptKey } from './actions/receipt-keys.ts';
import { requireIssuer } from './actions/set-up.ts';
import { requireSigningKey } from './actions/signing-keys.ts';
import { createApp } from './app.ts';
import type { Config } from './config.ts';
import type { Connections } from './http/connections.ts';
import { RateLimits } from './http/rate-limits.ts';
import { observeStore } from './observation/observe-store.ts';
import { type Observation, startObservation } from './observation/start-observation.ts';
import { closePort, type OpenPort, openPort } from './open-port.ts';
import { loadStaticFiles } from './pages/static-files.ts';
import { KeyFolder } from './signing/key-folder.ts';
import { startWebhookWorker } from './webhook-worker.ts';

const DRAIN_SECONDS = 10;
const FORGETTING_SECONDS = 600;

/** A service that listens. */
export interface RunningService {
  /** How others reach it, without a slash at the end. */
  readonly publicUrl: string;
  /**
   * Stops: not ready at once, no new connection, requests in flight get up to 10 s, then the data folder is closed.
   * The promise fulfils when all of it is done; a second call waits for the first.
   */
  stop(): Promise<void>;
  /**
   * Reads the certificate and its key again, for connections from now on; the others keep what they began with. Throws
   * `EnvironmentError` when they cannot be used: then nothing changes. Does nothing for a service without TLS.
   */
  reloadCertificate(): void;
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
  let observation: Observation | undefined;
  let cleanUp = () => {};
  try {
    // Each key once: a passphrase that is wrong, or a signer that does not answer, is found out now.
    await requireSigningKey(await requireIssuer(deps), deps);
    await publishReceiptKey(deps);
    await rehashApiKeys(deps);
    await prepareSecrets(deps);
    const stopForgetting = await keepForgetting(deps, logger);
    cleanUp = stopForgetting;
    const pages = config.scannerFolder === undefined ? new Map() : await loadStaticFiles(config.scannerFolder);
    observation = await startObservation(config, deps, logger);
    const { metrics } = observation;
    opened ??= await openPort(config);
    const { server, connections, port, publicUrl, reloadCertificate } = opened;
    let draining = false;
    const isObserved = metrics !== undefined || config.otlpEndpoint !== undefined;
    const app = createApp({
      ...deps,
      ...(isObserved && { store: observeStore(deps.store, metrics), observation: { metrics } }),
      ...(config.proxy && { proxy: config.proxy }),
      ecQuery: config.ecQuery,
      isSecure: publicUrl.startsWith('https:'),
      handOverOrigins: config.handOverOrigins,
      rateLimits: new RateLimits(config.rates, { onRefusal: (limit) => metrics?.countRateLimited(limit) }),
      logger,
      pages,
      isDraining: () => draining,
    });
    // The trust list carries the public address: nothing is answered before.
    await announce(publicUrl, deps);
    await publishTrustList(deps);
    opened.answer(app.callback());
    logger.info({ message: 'listening', port });
    const plain = config.keys.passphraseFile ? new KeyFolder(config.dataFolder, undefined).list().plain.length : 0;
    if (plain > 0) logger.warn({ message: 'key files are not encrypted yet: run zhengma keys encrypt', plain });
    // Not waited for: API keys do without it.
    deps.openId?.prepare().catch((error: Error) => logger.warn({ message: (error.cause as Error).message }));
    const worker = startWebhookWorker(deps, logger);
    const { close: closeObservation } = observation;
    let stopped: Promise<void> | undefined;
    return {
      publicUrl,
      reloadCertificate,
      stop: () => {
        draining = true;
        stopForgetting();
        stopped ??= drain(server, connections, logger)
          .then(() => worker.stop())
          .then(closeObservation)
          .then(() => close(deps));
        return stopped;
      },
    };
  } catch (error) {
    cleanUp();
    if (opened) closePort(opened);
    await observation?.close();
    await close(deps);
    throw error;
  }
}

/** Now, and not when they are first needed: nodes that get a copy of the folder later have the same. */
async function prepareSecrets({ keys, openId }: ActionDeps): Promise<void> {
  if (openId) await keys.hashSubject('');
  await keys.authenticateToken(new Uint8Array());
  await keys.seal(new Uint8Array(), '');
}

/** Deletes identities of credentials, and proposals, that are over, now and every ten minutes. */
async function keepForgetting(deps: ActionDeps, logger: Logger): Promise<() => void> {
  const forget = async () => {
    await forgetIdentities(deps);
    await forgetProposals(deps);
  };
  await forget();
  const timer = setInterval(() => {
    forget().catch((error: Error) => logger.error({ message: 'what is over was not deleted', error: error.name }));
  }, FORGETTING_SECONDS * 1000);
  timer.unref();
  return () => clearInterval(timer);
}

async function announce(publicUrl: string, deps: ActionDeps): Promise<void> {
  const statusBaseUri = `${publicUrl}/v1/status-lists`;
  const issuer = await requireIssuer(deps);
  if (issuer.statusBaseUri !== statusBaseUri) await deps.store.setStatusBaseUri(statusBaseUri);
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
