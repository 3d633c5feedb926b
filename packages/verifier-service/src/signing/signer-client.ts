import { Agent, type ClientRequest, type IncomingMessage, type RequestOptions, request } from 'node:http';
import { request as requestSecurely, Agent as SecureAgent } from 'node:https';
import { z } from 'zod';
import { EnvironmentError, ServiceError } from '../errors.ts';
import { readSecretFile, type SecretFile } from './private-file.ts';

const TIMEOUT_SECONDS = 5;
const MAX_CONNECTIONS = 32;
const MAX_ANSWER_BYTES = 64 * 1024;
const SIGNATURE_BYTES = 64;
const LEAST_TOKEN_CHARACTERS = 16;
const TOKEN = /^[!-~]+$/;
const CLOSED = ['ECONNRESET', 'EPIPE'];

/** Where a signer answers, and what it knows us by. */
export interface SignerSettings {
  /** `http://` on this machine, `https://`, or `unix:` and the path of a socket; without a slash at its end. */
  readonly url: string;
  readonly tokenFile: SecretFile;
}

const base64url = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43,128}$/)
  .transform((text) => new Uint8Array(Buffer.from(text, 'base64url')));

const keyList = z.strictObject({
  keys: z
    .array(
      z.strictObject({
        id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
        use: z.enum(['root', 'issuer', 'receipt']),
        algorithm: z.enum(['Ed25519', 'ES256']),
        publicKey: base64url,
      }),
    )
    .max(64),
});

/** A key that a signer has. `publicKey` as the core's `Signer` has it. */
export type SignerKey = z.output<typeof keyList>['keys'][number];

/** Speaks the interface of docs/external-signer.md. Throws `ServiceError` `signer_unavailable` for whatever else it meets. */
export class SignerClient {
  readonly #target: RequestOptions;
  readonly #prefix: string;
  readonly #send: (options: RequestOptions) => ClientRequest;
  readonly #token: string;
  readonly #timeoutSeconds: number;

  /** Reads the token at once. Throws `EnvironmentError` for a file that is missing, open to others, or holds no token. */
  constructor({ url, tokenFile }: SignerSettings, { timeoutSeconds = TIMEOUT_SECONDS } = {}) {
    this.#timeoutSeconds = timeoutSeconds;
    this.#token = readSecretFile(tokenFile, 'The token file', LEAST_TOKEN_CHARACTERS);
    if (!TOKEN.test(this.#token))
      throw new EnvironmentError(`The token file ${tokenFile.path} must hold one line of ASCII without spaces.`);
    const options = { keepAlive: true, maxSockets: MAX_CONNECTIONS };
    if (url.startsWith('unix:')) {
      this.#target = { socketPath: url.slice('unix:'.length), agent: new Agent(options) };
      this.#prefix = '';
      this.#send = request;
    } else {
      const { protocol, hostname, port, pathname } = new URL(url);
      const isSecure = protocol === 'https:';
      this.#target = {
        hostname: hostname.replace(/^\[(.*)\]$/, '$1'),
        port,
        agent: isSecure ? new SecureAgent(options) : new Agent(options),
      };
      this.#prefix = pathname.replace(/\/$/, '');
      this.#send = isSecure ? requestSecurely : request;
    }
  }

  async listKeys(): Promise<readonly SignerKey[]> {
    const { type, body } = await this.#ask('GET', '/v1/keys');
    const keys = type === 'application/json' ? keyList.safeParse(parseJson(body)).data?.keys : undefined;
    if (!keys || new Set(keys.map(({ id }) => id)).size !== keys.length) throw describeAnswer();
    return keys;
  }

  /** 64 bytes, which nobody has verified. */
  async sign(id: string, message: Uint8Array): Promise<Uint8Array> {
    const { type, body } = await this.#ask('POST', `/v1/keys/${id}/signatures`, message);
    if (type !== 'application/octet-stream' || body.length !== SIGNATURE_BYTES) throw describeAnswer();
    return new Uint8Array(body);
  }

  async #ask(method: string, path: string, message?: Uint8Array): Promise<{ type: string; body: Buffer }> {
    const { status, type, body } = await this.#exchange(method, path, message).catch((error) => {
      if (error instanceof StaleConnection) return this.#exchange(method, path, message, { agent: false });
      throw error;
    });
    if (status === 401 || status === 403) {
      throw new ServiceError('signer_unavailable', 'The signer refused the token: put the right one in its file.');
    }
    if (status === 404) throw new NotThere();
    if (status !== 200) throw describeAnswer();
    return { type, body };
  }

  async #exchange(method: string, path: string, message?: Uint8Array, options: RequestOptions = {}) {
    const headers = {
      Authorization: `Bearer ${this.#token}`,
      ...(message && { 'Content-Type': 'application/octet-stream', 'Content-Length': message.length }),
    };
    const asked = this.#send({
      ...this.#target,
      ...options,
      method,
      path: this.#prefix + path,
      headers,
      // For all of it, the body of the answer too.
      signal: AbortSignal.timeout(this.#timeoutSeconds * 1000),
    });
    let response: IncomingMessage | undefined;
    try {
      const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
      asked.once('response', resolve);
      asked.on('error', reject);
      asked.end(message);
      response = await promise;
      const body = await readBody(response);
      const [type = ''] = (response.headers['content-type'] ?? '').split(';');
      return { status: response.statusCode, type, body };
    } catch (error) {
      if (error instanceof ServiceError) throw error;
      const { code = '' } = error as NodeJS.ErrnoException;
      if (!response && asked.reusedSocket && CLOSED.includes(code)) throw new StaleConnection();
      throw new ServiceError('signer_unavailable', 'The signer did not answer: start it, or check --signer.', {
        cause: error,
      });
    }
  }
}

/** A connection that was kept, and that the signer had closed when it stopped or was started again. */
class StaleConnection extends Error {}

/** The signer has no key of that id, or no interface of ours at that address. */
export class NotThere extends ServiceError {
  constructor() {
    super('signer_unavailable', 'The signer does not have what was asked for: check --signer and its keys.');
  }
}

async function readBody(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Leaving the loop closes the connection.
    if (size > MAX_ANSWER_BYTES) throw describeAnswer();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function describeAnswer(): ServiceError {
  return new ServiceError(
    'signer_unavailable',
    'The signer answered something that its interface does not have: see docs/external-signer.md.',
  );
}
