import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import type { Config } from './config.ts';
import { Connections } from './http/connections.ts';
import { listen } from './http/listen.ts';
import { readTlsFiles } from './http/tls-files.ts';

const SERVER_OPTIONS = { headersTimeout: 10_000, requestTimeout: 30_000, connectionsCheckingInterval: 2_000 };
const HANDSHAKE_MILLISECONDS = 10_000;

/** A port that is taken; its requests wait until somebody answers them. */
export interface OpenPort {
  /** How others reach it, without a slash at the end. */
  readonly publicUrl: string;
  readonly port: number;
  readonly server: Server;
  readonly connections: Connections;
  answer(listener: RequestListener): void;
  reloadCertificate(): void;
}

/**
 * Listens where `config` says. Throws `EnvironmentError` for a port that is in use or forbidden, and for a certificate that
 * cannot be used.
 */
export async function openPort(config: Config): Promise<OpenPort> {
  const { server, reloadCertificate } = createServerFor(config);
  const ready = Promise.withResolvers<RequestListener>();
  server.on('request', (request, response) => ready.promise.then((handle) => handle(request, response)));
  const connections = new Connections(server);
  const port = await listen(server, config);
  const host = config.host.includes(':') ? `[${config.host}]` : config.host;
  const publicUrl = config.publicUrl ?? `${config.tls ? 'https' : 'http'}://${host}:${port}`;
  return { publicUrl, port, server, connections, answer: ready.resolve, reloadCertificate };
}

function createServerFor({ tls }: Config): Pick<OpenPort, 'server' | 'reloadCertificate'> {
  if (!tls) return { server: createServer(SERVER_OPTIONS), reloadCertificate: () => {} };
  const server: TlsServer = createTlsServer({
    ...SERVER_OPTIONS,
    ...readTlsFiles(tls),
    handshakeTimeout: HANDSHAKE_MILLISECONDS,
  });
  return { server, reloadCertificate: () => server.setSecureContext(readTlsFiles(tls)) };
}

/** Gives up a port on which nothing was answered. */
export function closePort({ server }: OpenPort): void {
  server.close();
  server.closeAllConnections();
}
