import { lookup } from 'node:dns';
import { type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { classifyAddress } from './address-kind.ts';

/** `public`: https to hosts of the internet. `private`: also https and http to this machine and networks of one's own. */
export const WEBHOOK_NETWORKS = ['public', 'private'] as const;

export type WebhookNetwork = (typeof WEBHOOK_NETWORKS)[number];

/** For a connection, the handshake and the head of the answer. */
export const ANSWER_SECONDS = 5;

const MAX_HEAD_BYTES = 8 * 1024;

/** Why there was no answer. */
export type Unanswered = 'timeout' | 'unreachable' | 'address_refused' | 'tls_failed' | 'stopped';

export type EndpointAnswer = { readonly status: number } | { readonly fault: Unanswered };

class AddressRefused extends Error {}

/**
 * Sends messages to addresses that others chose. Each is looked up once, and the connection goes to the very address that
 * was found acceptable; redirects are not followed; of the answer only the head is read.
 */
export class EndpointClient {
  readonly #network: WebhookNetwork;

  constructor(network: WebhookNetwork) {
    this.#network = network;
  }

  /** Whether `url` could be an endpoint; where its host is a name, what it stands for is checked at each message. */
  accepts(url: string): boolean {
    if (!URL.canParse(url)) return false;
    const { protocol, username, password, hash, hostname } = new URL(url);
    if (username !== '' || password !== '' || hash !== '') return false;
    if (protocol !== 'https:' && (protocol !== 'http:' || this.#network === 'public')) return false;
    const address = hostname.replace(/^\[|\]$/g, '');
    return isIP(address) === 0 || this.#isOpen(address, protocol);
  }

  async send(
    url: string,
    body: string,
    headers: Readonly<Record<string, string>>,
    stop: AbortSignal,
  ): Promise<EndpointAnswer> {
    if (!this.accepts(url)) return { fault: 'address_refused' };
    const { promise, resolve } = Promise.withResolvers<EndpointAnswer>();
    const timeout = AbortSignal.timeout(ANSWER_SECONDS * 1000);
    const { protocol } = new URL(url);
    const options: RequestOptions = {
      method: 'POST',
      agent: false,
      maxHeaderSize: MAX_HEAD_BYTES,
      signal: AbortSignal.any([timeout, stop]),
      lookup: this.#createLookup(protocol),
      headers: { ...headers, 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) },
    };
    const take = (answer: IncomingMessage) => {
      resolve({ status: answer.statusCode ?? 0 });
      answer.destroy();
    };
    const sent = protocol === 'https:' ? requestHttps(url, options, take) : requestHttp(url, options, take);
    sent.on('error', (error) => {
      if (stop.aborted) resolve({ fault: 'stopped' });
      else if (timeout.aborted) resolve({ fault: 'timeout' });
      else resolve({ fault: nameFault(error) });
    });
    sent.end(body);
    return promise;
  }

  #createLookup(protocol: string): LookupFunction {
    return (hostname, options, done) => {
      lookup(hostname, { ...options, all: true }, (error, found) => {
        if (error) return done(error, '');
        const open = found.filter(({ address }) => this.#isOpen(address, protocol));
        const [first] = open;
        if (!first) return done(new AddressRefused(), '');
        if (options.all) return done(null, open);
        done(null, first.address, first.family);
      });
    };
  }

  /** Over http a message could be read on its way through the internet. */
  #isOpen(address: string, protocol: string): boolean {
    const kind = classifyAddress(address);
    return kind === 'private' ? this.#network === 'private' : kind === 'public' && protocol === 'https:';
  }
}

function nameFault(error: NodeJS.ErrnoException): Unanswered {
  if (error instanceof AddressRefused) return 'address_refused';
  const code = error.code ?? '';
  return /CERT|TLS|SSL|SELF_SIGNED|ALTNAME/.test(code) ? 'tls_failed' : 'unreachable';
}
