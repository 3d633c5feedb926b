import {
  constants,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type JsonWebKey,
  type KeyObject,
  randomUUID,
  sign,
} from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

export type Algorithm = 'RS256' | 'PS256' | 'ES256' | 'EdDSA';

export interface ProviderKey {
  readonly kid: string;
  readonly algorithm: Algorithm;
  readonly privateKey: KeyObject;
}

const encode = (value: string | Buffer) => Buffer.from(value).toString('base64url');

export function makeKey(algorithm: Algorithm): ProviderKey {
  const pair = {
    RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
    ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    EdDSA: () => generateKeyPairSync('ed25519'),
  }[algorithm]();
  return { kid: randomUUID(), algorithm, privateKey: pair.privateKey };
}

/** A JWT by node:crypto alone: what checks it is another implementation. */
export function encodeToken(header: object, payload: object, signBytes: (bytes: Buffer) => Buffer): string {
  const signed = `${encode(JSON.stringify(header))}.${encode(JSON.stringify(payload))}`;
  return `${signed}.${encode(signBytes(Buffer.from(signed)))}`;
}

export function signBy({ algorithm, privateKey: key }: ProviderKey): (bytes: Buffer) => Buffer {
  if (algorithm === 'EdDSA') return (bytes) => sign(null, bytes, key);
  if (algorithm === 'ES256') return (bytes) => sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' });
  const padding = algorithm === 'PS256' ? constants.RSA_PKCS1_PSS_PADDING : constants.RSA_PKCS1_PADDING;
  return (bytes) => sign('sha256', bytes, { key, padding, ...(algorithm === 'PS256' && { saltLength: 32 }) });
}

/** Signs as one who has the public key alone, and hopes that it is taken for a secret. */
export function signByPublicKey({ privateKey }: ProviderKey): (bytes: Buffer) => Buffer {
  const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' });
  return (bytes) => createHmac('sha256', pem).update(bytes).digest();
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const closing: TestProvider[] = [];

afterAll(async () => {
  for (const provider of closing) await provider.stop();
});

/** An OpenID provider on this machine: discovery, keys, and tokens for whomever a test asks for. */
export class TestProvider {
  readonly audience = 'https://zhengma.example';
  /** Those it has published. The first one signs. */
  keys: ProviderKey[] = [makeKey('ES256')];
  /** How often it was asked for its keys. */
  asked = 0;
  /** How it answers in place of the truth, by the path. */
  readonly answers: Record<string, Answer> = {};
  issuer = '';
  readonly #tls: { readonly cert: string; readonly key: string } | undefined;
  #server: Server | undefined;
  #port = 0;

  constructor(tls?: { readonly certificate: string; readonly key: string }) {
    this.#tls = tls && { cert: tls.certificate, key: tls.key };
  }

  /** With a certificate, on https. */
  static async start(tls?: { readonly certificate: string; readonly key: string }): Promise<TestProvider> {
    const provider = new TestProvider(tls);
    closing.push(provider);
    await provider.start();
    return provider;
  }

  /** Also again, where it was before. */
  async start(): Promise<void> {
    const answer = (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response);
    this.#server = this.#tls ? createSecureServer(this.#tls, answer) : createServer(answer);
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
    this.issuer = `${this.#tls ? 'https' : 'http'}://127.0.0.1:${this.#port}/realms/ybj`;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  get settings() {
    return { issuer: this.issuer, audience: this.audience, claim: 'sub' };
  }

  claims(subject: string, given: object = {}): object {
    const now = Math.floor(Date.now() / 1000);
    return { iss: this.issuer, aud: this.audience, sub: subject, iat: now, exp: now + 300, ...given };
  }

  /** An access token; `undefined` in what is given leaves a claim out. */
  issue(subject: string, given: object = {}, header: object = {}, key = this.keys[0] as ProviderKey): string {
    const { kid, algorithm: alg } = key;
    return encodeToken({ alg, kid, typ: 'at+jwt', ...header }, this.claims(subject, given), signBy(key));
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const path = request.url ?? '';
    if (path.endsWith('/certs')) this.asked++;
    const answer = this.answers[path.split('/').at(-1) as string];
    if (answer) {
      answer(request, response);
      return;
    }
    const documents: Record<string, object> = {
      '/realms/ybj/.well-known/openid-configuration': { issuer: this.issuer, jwks_uri: `${this.issuer}/certs` },
      '/realms/ybj/certs': { keys: this.keys.map(publish) },
    };
    const document = documents[path];
    response
      .writeHead(document ? 200 : 404, { 'Content-Type': 'application/json' })
      .end(JSON.stringify(document ?? {}));
  }
}

function publish({ kid, algorithm: alg, privateKey }: ProviderKey): JsonWebKey {
  return { ...createPublicKey(privateKey).export({ format: 'jwk' }), kid, alg, use: 'sig' };
}
