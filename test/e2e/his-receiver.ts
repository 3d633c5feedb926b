import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A HIS on this machine as far as a scanner sees one: it takes results by HTTP and by WebSocket. */
export interface HisReceiver {
  readonly port: number;
  /** What it was handed over, oldest first. */
  readonly taken: unknown[];
  /** What it answers from now on. */
  answer(status: 204 | 503 | 'nothing'): void;
  stop(): Promise<void>;
}

const HANDSHAKE_KEY = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

/** @param origin of the scanner: it answers no other page, as docs/his.md says */
export async function startHisReceiver(origin: () => string): Promise<HisReceiver> {
  const taken: unknown[] = [];
  let status: 204 | 503 | 'nothing' = 204;
  const server = createServer(async (request, response) => {
    if (request.headers.origin !== origin()) return void response.writeHead(403).end();
    response.setHeader('Access-Control-Allow-Origin', origin());
    response.setHeader('Access-Control-Allow-Headers', 'content-type');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (status === 'nothing') return;
    taken.push(JSON.parse(Buffer.concat(chunks).toString()));
    response.writeHead(status).end();
  });
  server.on('upgrade', (request, socket) => {
    if (request.headers.origin !== origin()) return void socket.destroy();
    const accept = createHash('sha1')
      .update(request.headers['sec-websocket-key'] + HANDSHAKE_KEY)
      .digest('base64');
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    );
    let received = Buffer.alloc(0);
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
      const text = readTextFrame(received);
      if (text === undefined) return;
      received = Buffer.alloc(0);
      taken.push(JSON.parse(text));
      socket.write(Buffer.from([0x81, 2, ...Buffer.from('ok')]));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    taken,
    answer(next) {
      status = next;
    },
    async stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** The text of one whole masked frame (RFC 6455, section 5.2); nothing while it is not all there, or of another kind. */
function readTextFrame(frame: Buffer): string | undefined {
  if (frame.length < 8 || frame[0] !== 0x81) return undefined;
  const short = (frame[1] as number) & 0x7f;
  const [length, start] = short === 126 ? [frame.readUInt16BE(2), 4] : [short, 2];
  if (frame.length < start + 4 + length) return undefined;
  const mask = frame.subarray(start, start + 4);
  const masked = frame.subarray(start + 4, start + 4 + length);
  return Buffer.from(masked.map((byte, at) => byte ^ (mask[at % 4] as number))).toString();
}
