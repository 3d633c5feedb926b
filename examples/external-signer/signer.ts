// The interface of docs/external-signer.md on node:http: two addresses, one token, and a line of audit for each signature.
import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { HeldKey } from './key-file.ts';

/** A trust list of a large region is the largest thing that is signed. */
const MAX_MESSAGE_BYTES = 1024 * 1024;

const SIGNATURES = /^\/v1\/keys\/([A-Za-z0-9._-]{1,64})\/signatures$/;

/** What was signed, without what it says: a credential's claims do not belong in a log. */
export interface AuditLine {
  readonly at: string;
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * @param keys asked for with each request, so that keys made meanwhile are there
 * @param audit called before a signature leaves
 */
export function createSigner(
  keys: () => Promise<readonly HeldKey[]>,
  token: string,
  audit: (line: AuditLine) => void,
): Server {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (!isToken(request.headers.authorization ?? '', token)) return end(response, 401);
    if (request.url === '/v1/keys') {
      if (request.method !== 'GET') return end(response, 405);
      const listed = (await keys()).map(({ id, use, key: { algorithm, publicKey } }) => ({
        id,
        use,
        algorithm,
        publicKey: Buffer.from(publicKey).toString('base64url'),
      }));
      response.setHeader('Content-Type', 'application/json');
      return end(response, 200, JSON.stringify({ keys: listed }));
    }
    const [, id] = SIGNATURES.exec(request.url ?? '') ?? [];
    const held = (await keys()).find((key) => key.id === id);
    if (!held) return end(response, 404);
    if (request.method !== 'POST') return end(response, 405);
    if (request.headers['content-type'] !== 'application/octet-stream') return end(response, 415);
    const message = await readMessage(request);
    if (!message) return end(response, 413);
    const signature = await held.key.sign(new Uint8Array(message));
    const sha256 = createHash('sha256').update(message).digest('hex');
    audit({ at: new Date().toISOString(), key: held.id, bytes: message.length, sha256 });
    response.setHeader('Content-Type', 'application/octet-stream');
    end(response, 200, Buffer.from(signature));
  };
  return createServer({ requestTimeout: 10_000, headersTimeout: 5_000 }, (request, response) => {
    answer(request, response).catch(() => end(response, 500));
  });
}

async function readMessage(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_MESSAGE_BYTES) return undefined;
    chunks.push(chunk);
  }
  return size === 0 ? undefined : Buffer.concat(chunks);
}

/** By their hashes, which are of one length: how long the comparison takes says nothing about the token. */
function isToken(header: string, token: string): boolean {
  const [given, expected] = [header, `Bearer ${token}`].map((text) => createHash('sha256').update(text).digest());
  return given !== undefined && expected !== undefined && timingSafeEqual(given, expected);
}

function end(response: ServerResponse, status: number, body: string | Buffer = ''): void {
  if (response.headersSent) return void response.destroy();
  // What was not read of the request is not waited for.
  if (status >= 400) response.setHeader('Connection', 'close');
  response.statusCode = status;
  response.end(body);
}
