// What a service costs at the very least: node:http, one thread, JSON in and out, the two checks of a presentation, and
// nothing else. Prints the port that it listens on.
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const checks = (JSON.parse(process.argv[2] as string) as { signed: string; signature: string; jwk: JsonWebKey }[]).map(
  ({ signed, signature, jwk }) => ({
    signed: Buffer.from(signed, 'base64url'),
    signature: Buffer.from(signature, 'base64url'),
    key: createPublicKey({ key: jwk, format: 'jwk' }),
  }),
);

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { text } = JSON.parse(Buffer.concat(chunks).toString());
    const ok =
      typeof text === 'string' && checks.every(({ signed, signature, key }) => verify(null, signed, key, signature));
    const answer = JSON.stringify({ ok });
    response.setHeader('Content-Type', 'application/json');
    response.setHeader('Content-Length', answer.length);
    response.end(answer);
  });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
