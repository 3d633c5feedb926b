import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { encodePost, quantile, runLoad } from './load.ts';
import { encodeVerifications, type Served, startServed } from './served.ts';

const CODES = 600;
const ABUSERS = 200;

/** An honest till alone, then beside each kind of abuse: how long its answers take, and how many were not good. */
export async function benchAbuse(): Promise<object> {
  const served = await startServed({ operators: 2 });
  const rows: Record<string, object> = {};
  try {
    await measure(served);
    rows['alone'] = await measure(served);
    for (const [name, abuse] of Object.entries(ABUSES)) {
      const controller = new AbortController();
      const abusing = abuse(served, controller.signal);
      rows[name] = await measure(served);
      controller.abort();
      await abusing;
    }
  } finally {
    await served.stop();
  }
  return { abuse: rows };
}

async function measure({ port, apiKeys, show }: Served) {
  const requests = encodeVerifications(await show(CODES), apiKeys.slice(0, 1));
  const { answered, refused, latencies } = await runLoad(port, requests, {
    connections: 1,
    milliseconds: 30_000,
    isGood: (status, body) => status === 200 && body.includes('"ok":true'),
  });
  const at = (part: number) => Math.round(quantile(latencies, part) * 10) / 10;
  return { answered, refused, 'median ms': at(0.5), 'p99 ms': at(0.99) };
}

type Abuse = (served: Served, signal: AbortSignal) => Promise<void>;

const ABUSES: Readonly<Record<string, Abuse>> = {
  '200 heads that never end': (served, signal) =>
    hold(served, signal, () => Buffer.from('POST /v1/verifications HTTP/1.1\r\nHost: x\r\nX-Slow: ')),
  '200 bodies that never end': (served, signal) =>
    hold(served, signal, ({ apiKeys }) => {
      const whole = encodePost('/v1/verifications', describe(apiKeys[1] as string), ' '.repeat(60_000));
      return whole.subarray(0, whole.length - 1);
    }),
  'wrong keys, 16 at a time': (served, signal) =>
    flood(served, signal, 16, () => encodePost('/v1/verifications', describe(`zk_${'A'.repeat(43)}`), '{"text":"x"}')),
  'bodies over the cap, 16 at a time': (served, signal) =>
    flood(served, signal, 16, ({ apiKeys }) =>
      encodePost('/v1/verifications', describe(apiKeys[1] as string), ' '.repeat(70_000)),
    ),
};

function describe(apiKey: string): Record<string, string> {
  return { 'Content-Type': 'application/json', Authorization: `Bearer ${apiKey}` };
}

/** Opens connections, sends as much on each and waits; opens another for each one that is closed. */
async function hold(served: Served, signal: AbortSignal, make: (served: Served) => Buffer): Promise<void> {
  await keep(served, signal, ABUSERS, (socket) => socket.write(make(served)));
}

/** The next as soon as there is an answer. */
async function flood(
  served: Served,
  signal: AbortSignal,
  width: number,
  make: (served: Served) => Buffer,
): Promise<void> {
  const bytes = make(served);
  await keep(served, signal, width, (socket) => {
    socket.on('data', () => socket.write(bytes));
    socket.write(bytes);
  });
}

async function keep(
  { port }: Served,
  signal: AbortSignal,
  width: number,
  use: (socket: Socket) => void,
): Promise<void> {
  const lane = async () => {
    while (!signal.aborted) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => {});
      signal.addEventListener('abort', () => socket.destroy(), { once: true });
      socket.once('connect', () => use(socket));
      await once(socket, 'close').catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}
