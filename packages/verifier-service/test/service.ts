import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Writable } from 'node:stream';
import pino from 'pino';
import type { ActionDeps } from '../src/actions/deps.ts';
import { setUp } from '../src/actions/set-up.ts';
import { type AppDeps, createApp } from '../src/app.ts';
import { openDataFolder } from '../src/data-folder.ts';
import type { RateLimits } from '../src/http/rate-limits.ts';
import type { ListTimes } from '../src/lists/list-times.ts';
import { type BodyLimits, DEFAULT_BODY_LIMITS } from '../src/middleware/read-body.ts';
import type { OpenIdProvider } from '../src/openid/openid-provider.ts';
import type { StaticFile } from '../src/pages/static-files.ts';
import type { WebhookNetwork } from '../src/webhooks/endpoint-client.ts';
import { addOperator } from './operators.ts';
import { PERSON } from './people.ts';

export interface TestService {
  readonly url: string;
  readonly folder: string;
  readonly deps: ActionDeps;
  readonly keys: { readonly issuer: string; readonly verifier: string; readonly administrator: string };
  /** Every line logged so far. */
  readonly log: string[];
  /** Moves the service's clock on. */
  advance(seconds: number): void;
  setDraining(draining: boolean): void;
  close(): Promise<void>;
}

/** The whole service on a data folder of its own and a port of its own. */
export async function startService(
  options: {
    bodyLimits?: Partial<BodyLimits>;
    pages?: ReadonlyMap<string, StaticFile>;
    rateLimits?: RateLimits;
    proxy?: AppDeps['proxy'];
    webhookNetwork?: WebhookNetwork;
    sealsIdentities?: boolean;
    listTimes?: ListTimes;
    fourEyes?: 'off' | 'issue' | 'revoke' | 'both';
    ecQuery?: AppDeps['ecQuery'];
    provider?: OpenIdProvider;
  } = {},
): Promise<TestService> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zhengma-'));
  let offset = 0;
  let draining = false;
  const currentDate = () => new Date(Date.now() + offset);
  const opened = await openDataFolder(folder, { create: true, ...options });
  const deps: ActionDeps = { ...opened, currentDate, ...(options.provider && { openId: options.provider }) };
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await setUp({ id: '370200', name: '示例签发方', regions: ['3702'], statusBaseUri: `${url}/v1/status-lists` }, deps);
  const keys = {
    issuer: (await addOperator({ name: 'issuer', role: 'issuer' }, deps)).apiKey,
    verifier: (await addOperator({ name: 'verifier', role: 'verifier' }, deps)).apiKey,
    administrator: (await addOperator({ name: 'administrator', role: 'administrator' }, deps)).apiKey,
  };
  const log: string[] = [];
  const logger = pino(
    new Writable({
      write(chunk, _encoding, done) {
        log.push(String(chunk));
        done();
      },
    }),
  );
  const app = createApp({
    ...deps,
    logger,
    pages: options.pages ?? new Map(),
    isDraining: () => draining,
    ...(options.rateLimits && { rateLimits: options.rateLimits }),
    ...(options.proxy && { proxy: options.proxy }),
    ...(options.ecQuery && { ecQuery: options.ecQuery }),
    bodyLimits: { ...DEFAULT_BODY_LIMITS, ...options.bodyLimits },
  });
  server.on('request', app.callback());
  return {
    url,
    folder,
    deps,
    keys,
    log,
    advance: (seconds) => {
      offset += seconds * 1000;
    },
    setDraining: (value) => {
      draining = value;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await deps.images.close();
      await deps.store.close();
      await rm(folder, { recursive: true });
    },
  };
}

/** An answer with its body read as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came.
  readonly body: any;
}

/** Posts JSON, or bytes of a type, with an API key. */
export async function post(
  url: string,
  apiKey: string | undefined,
  body: unknown,
  type = 'application/json',
): Promise<Answer> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': type, ...(apiKey ? { Authorization: `Bearer ${apiKey}` } : {}) },
    body: body instanceof Uint8Array || typeof body === 'string' ? (body as string) : JSON.stringify(body),
  });
  return readAnswer(response);
}

export async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = /[/+]json\b/.test(response.headers.get('Content-Type') ?? '');
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

export async function issuePerson(
  service: Pick<TestService, 'url' | 'keys'>,
  claims: object = PERSON,
): Promise<Answer> {
  return post(`${service.url}/v1/credentials`, service.keys.issuer, { claims });
}

export async function verifyText(service: Pick<TestService, 'url' | 'keys'>, text: string): Promise<Answer> {
  return post(`${service.url}/v1/verifications`, service.keys.verifier, { text });
}

export async function changeStatus(
  service: Pick<TestService, 'url' | 'keys'>,
  id: string,
  status: string,
  reason?: string,
): Promise<Answer> {
  return post(`${service.url}/v1/credentials/${id}/status`, service.keys.issuer, { status, ...(reason && { reason }) });
}
