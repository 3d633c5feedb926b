import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

/** A message that arrived. */
export interface Received {
  readonly id: string;
  /** As one would check it who knows nothing but the specification. */
  readonly isSigned: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came.
  readonly body: any;
  readonly text: string;
}

export interface Receiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** What messages must be signed with. */
  secret: string;
  /** How it answers; with 204 unless set. */
  answer: (response: ServerResponse, message: Received) => void;
  /** Fulfils when what was received is enough. */
  until(isEnough: (received: readonly Received[]) => boolean): Promise<void>;
}

const closing: (() => void)[] = [];

afterAll(() => {
  for (const close of closing) close();
});

/** Somebody else's server that is told what was done. */
export async function startReceiver(): Promise<Receiver> {
  const received: Received[] = [];
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request.setEncoding('utf8')) text += chunk;
    const id = String(request.headers['webhook-id']);
    const signed = `${id}.${request.headers['webhook-timestamp']}.${text}`;
    const key = Buffer.from(receiver.secret.slice('whsec_'.length), 'base64');
    const expected = `v1,${createHmac('sha256', key).update(signed).digest('base64')}`;
    const isSigned = request.headers['webhook-signature'] === expected;
    const message = { id, isSigned, body: JSON.parse(text), text };
    received.push(message);
    receiver.answer(response, message);
    server.emit('received');
  });
  const receiver: Receiver = {
    url: '',
    received,
    secret: '',
    answer: (response) => response.writeHead(204).end(),
    async until(isEnough) {
      while (!isEnough(received)) await once(server, 'received');
    },
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(receiver, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook` });
}
