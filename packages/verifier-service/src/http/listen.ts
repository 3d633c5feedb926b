import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EnvironmentError } from '../errors.ts';

/** A port of an address. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Listens, and tells the port. Throws `EnvironmentError` for one that is in use or forbidden.
 *
 * @param setBy the flags that chose the place
 */
export function listen(server: Server, { host, port }: Place, setBy = '--port and --host'): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.once('error', (error: NodeJS.ErrnoException) =>
    reject(new EnvironmentError(describeListenFault(error, { host, port }, setBy))),
  );
  server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  return promise;
}

function describeListenFault({ code }: NodeJS.ErrnoException, { host, port }: Place, setBy: string): string {
  // The variable first: under `npm start` a flag would be npm's.
  const elsewhere = setBy.startsWith('--port') ? 'choose another with ZHENGMA_PORT or --port' : `check ${setBy}`;
  if (code === 'EADDRINUSE') return `Port ${port} is in use by another program: stop that program, or ${elsewhere}.`;
  if (code === 'EACCES') return `Port ${port} needs more rights than this user has: ${elsewhere}, above 1023.`;
  return `The service cannot listen on ${host} port ${port} (${code}): check ${setBy}.`;
}
