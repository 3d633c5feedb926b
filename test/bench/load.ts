import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** What a load was answered with. */
export interface LoadReport {
  readonly answered: number;
  /** Answers that were not what the caller hoped for. */
  readonly refused: number;
  readonly seconds: number;
  /** Milliseconds from a request to its answer, in order. */
  readonly latencies: readonly number[];
}

export interface LoadOptions {
  readonly connections: number;
  readonly milliseconds: number;
  /** Whether an answer is a good one. */
  readonly isGood: (status: number, body: Buffer) => boolean;
}

const HEAD_END = Buffer.from('\r\n\r\n');

/**
 * Keeps `connections` requests in flight until the time or the requests are over. Requests are whole HTTP/1.1 messages made
 * beforehand and answers are only looked at as far as needed: the generator shares the cores with what it measures, and a
 * client library would weigh as much as the server.
 */
export async function runLoad(
  port: number,
  requests: Iterable<Buffer>,
  { connections, milliseconds, isGood }: LoadOptions,
): Promise<LoadReport> {
  const waiting = requests[Symbol.iterator]();
  const latencies: number[] = [];
  let refused = 0;
  const sockets = await Promise.all(Array.from({ length: connections }, () => open(port)));
  const start = performance.now();
  const end = start + milliseconds;
  const take = (status: number, body: Buffer, latency: number) => {
    latencies.push(latency);
    if (!isGood(status, body)) refused++;
  };
  const next = () => (performance.now() < end ? waiting.next().value : undefined);
  await Promise.all(sockets.map((socket) => exchange(socket, next, take)));
  const seconds = (performance.now() - start) / 1000;
  for (const socket of sockets) socket.destroy();
  return { answered: latencies.length, refused, seconds, latencies: latencies.sort((a, b) => a - b) };
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return socket;
}

/** One request after another on one connection, until there is none. Answers have a `Content-Length`. */
function exchange(
  socket: Socket,
  next: () => Buffer | undefined,
  take: (status: number, body: Buffer, latency: number) => void,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let sent = 0;
  let received: Buffer = Buffer.alloc(0);
  const send = () => {
    const request = next();
    if (!request) return resolve();
    sent = performance.now();
    received = Buffer.alloc(0);
    socket.write(request);
  };
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const headEnd = received.indexOf(HEAD_END);
    if (headEnd === -1) return;
    const bodyStart = headEnd + HEAD_END.length;
    const length = Number(/content-length: (\d+)/i.exec(received.toString('latin1', 0, headEnd))?.[1] ?? 0);
    if (received.length < bodyStart + length) return;
    take(Number(received.toString('latin1', 9, 12)), received.subarray(bodyStart), performance.now() - sent);
    send();
  });
  socket.once('error', reject).once('close', () => reject(new Error('The server closed a connection under load')));
  send();
  return promise;
}

/** A whole request, as it goes over the wire. */
export function encodePost(path: string, headers: Readonly<Record<string, string>>, body: string): Buffer {
  const bytes = Buffer.from(body);
  const lines = Object.entries({ Host: 'localhost', 'Content-Length': String(bytes.length), ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return Buffer.concat([Buffer.from(`POST ${path} HTTP/1.1\r\n${head}\r\n`), bytes]);
}

/** The value below which so large a part of the sorted values lies. */
export function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)] ?? Number.NaN;
}
