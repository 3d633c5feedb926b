import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { renderQr } from '@zhengma/credential-core/qr';
import pino from 'pino';
import { beforeAll, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { EnvironmentError } from '../src/errors.ts';
import { serve } from '../src/main.ts';
import { findSources } from '../src/settings/read-settings.ts';
import { initialise, makeFolder, Zhengma } from './cli.ts';
import { PERSON } from './people.ts';
import { changeStatus, issuePerson, post, verifyText } from './service.ts';

const PACKAGE = fileURLToPath(new URL('..', import.meta.url));
const DASHBOARD = fileURLToPath(new URL('../../../deploy/grafana-dashboard.json', import.meta.url));
const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT_ID = '00f067aa0ba902b7';

/** What a span may say. */
const ATTRIBUTES = ['http.request.method', 'http.route', 'http.response.status_code', 'zhengma.outcome', 'error.type'];

let data: string;
let apiKey: string;

beforeAll(async () => {
  ({ data, apiKey } = await initialise());
});

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly attributes: readonly { key: string; value: { stringValue?: string; intValue?: number } }[];
}

/** An OpenTelemetry collector, as far as receiving goes. */
async function startCollector() {
  const bodies: string[] = [];
  const addresses = new Set<string>();
  const server = createServer(async (request, response) => {
    addresses.add(`${request.method} ${request.url}`);
    bodies.push(await text(request));
    response.setHeader('Content-Type', 'application/json').end('{}');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { bodies, addresses, server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** The samples of a scrape, by name and labels. */
function readSamples(scrape: string): Map<string, number> {
  const lines = scrape.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.split(' ').at(-1))]));
}

/** Every query of a dashboard, from the panels and the variables. */
function readQueries(dashboard: unknown): string[] {
  const queries: string[] = [];
  JSON.stringify(dashboard, (key, value) => {
    if (key === 'expr') queries.push(value);
    return value;
  });
  return queries;
}

it('metrics on a port of their own and spans at a collector tell what happened, and of nobody', async () => {
  const collector = await startCollector();
  const process = new Zhengma(
    ['serve', '--port', '0', '--metrics-port', '0', '--refusal-rate', '1', '--data', data, '--json'],
    { env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_SERVICE_NAME: 'desk-4' } },
  );
  const [, url = ''] = await process.waitFor(/"url":"([^"]+)"/);
  const [, metricsPort] = await process.waitForLog(/"metricsPort":(\d+)/);
  const service = { url, keys: { issuer: apiKey, verifier: apiKey, administrator: apiKey } };
  const { body } = await issuePerson(service);
  await verifyText(service, body.text);
  await verifyText(service, body.text);
  const picture = new Uint8Array(await renderQr(body.text, { format: 'png' }));
  await post(`${url}/v1/verifications?businessType=01301`, apiKey, picture, 'image/png');
  await changeStatus(service, body.id, 'revoked', PERSON.name);
  await fetch(`${url}/v1/verifications`, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${apiKey}`,
      'Content-Type': 'application/json',
      traceparent: `00-${TRACE_ID}-${PARENT_ID}-01`,
      tracestate: `x=${PERSON.idNumber}`,
      baggage: `name=${PERSON.idNumber}`,
    },
    body: JSON.stringify({ text: body.text }),
  });
  await fetch(`${url}/${encodeURIComponent(PERSON.name)}?id=${PERSON.idNumber}`);
  for (let count = 0; count < 3; count++) await post(`${url}/v1/challenges`, 'zk_wrong', {});
  await fetch(`${url}/v1/trust-list`);
  await fetch(`${url}/v1/revocation-snapshot`);

  const scrape = await fetch(`http://127.0.0.1:${metricsPort}/metrics`);
  expect(scrape.headers.get('Content-Type')).toMatch(/^text\/plain; version=0\.0\.4/);
  const scraped = await scrape.text();
  const samples = readSamples(scraped);
  expect(samples.get('zhengma_issues_total')).toBe(1);
  expect(samples.get('zhengma_verifications_total{outcome="accepted"}')).toBe(2);
  expect(samples.get('zhengma_verifications_total{outcome="repeated"}')).toBe(1);
  expect(samples.get('zhengma_verifications_total{outcome="revoked"}')).toBe(1);
  expect(samples.get('zhengma_status_changes_total{status="revoked"}')).toBe(1);
  expect(samples.get('zhengma_rate_limited_total{limit="refusal"}')).toBe(2);
  expect(samples.get('zhengma_store_failures_total')).toBe(0);
  expect(samples.get('zhengma_commit_group_size_sum')).toBe(4);
  expect(samples.get('zhengma_status_lists')).toBe(1);
  expect(samples.get('zhengma_trust_list_remaining_seconds')).toBeGreaterThan(29 * 86_400);
  expect(samples.get('zhengma_status_list_age_seconds')).toBeLessThan(300);
  expect(samples.get('zhengma_snapshot_age_seconds')).toBeLessThan(300);
  const route = 'method="POST",route="/v1/verifications",status="200"';
  expect(samples.get(`zhengma_http_request_seconds_count{${route}}`)).toBe(4);
  expect(samples.get('zhengma_http_request_seconds_count{method="GET",route="none",status="404"}')).toBe(1);

  const queries = readQueries(JSON.parse(await readFile(DASHBOARD, 'utf8')));
  expect(queries.length).toBeGreaterThan(8);
  const names = new Set([...samples.keys()].map((sample) => sample.replace(/\{.*/, '')));
  for (const query of queries) {
    const used = query.match(/\b(?:zhengma|nodejs|process)_\w+/g) ?? [];
    expect(used.length, query).toBeGreaterThan(0);
    for (const name of used) expect(names, query).toContain(name);
  }

  expect((await fetch(`${url}/metrics`)).status).toBe(404);
  expect((await fetch(`http://127.0.0.1:${metricsPort}/v1/trust-list`)).status).toBe(404);
  process.child.kill('SIGTERM');
  expect((await process.ended).code).toBe(0);
  collector.server.close();

  expect([...collector.addresses]).toEqual(['POST /v1/traces']);
  const traces = collector.bodies.map((sent) => JSON.parse(sent));
  const spans = traces.flatMap(({ resourceSpans }) =>
    resourceSpans.flatMap(({ scopeSpans }: { scopeSpans: { spans: Span[] }[] }) =>
      scopeSpans.flatMap((scope) => scope.spans),
    ),
  ) as Span[];
  expect(JSON.stringify(traces[0].resourceSpans[0].resource)).toContain('"desk-4"');
  const asked = spans.find(({ parentSpanId }) => parentSpanId === PARENT_ID);
  expect(asked).toMatchObject({ name: 'POST /v1/verifications', traceId: TRACE_ID });
  const children = spans.filter(({ parentSpanId }) => parentSpanId === asked?.spanId);
  expect(children.map(({ name }) => name)).toEqual(['store authenticate', 'verify', 'store recordRefusal']);
  expect(children[1]?.attributes).toEqual([{ key: 'zhengma.outcome', value: { stringValue: 'revoked' } }]);
  for (const { attributes } of spans) for (const { key } of attributes) expect(ATTRIBUTES).toContain(key);

  for (const told of [scraped, ...collector.bodies]) {
    for (const secret of [PERSON.name, encodeURIComponent(PERSON.name), PERSON.idNumber, apiKey, body.text, body.id]) {
      expect(told).not.toContain(secret);
    }
  }
});

it('a collector that is away hinders neither the service nor its end', async () => {
  const words = ['--otlp-endpoint', 'http://127.0.0.1:9', '--port', '0', '--data', data, '--json'];
  const process = new Zhengma(['serve', ...words]);
  const [, url = ''] = await process.waitFor(/"url":"([^"]+)"/);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  process.child.kill('SIGTERM');
  expect(await process.ended).toMatchObject({ code: 0, signal: null });
});

it('traces without their packages, and a metrics port in use, are refused in one sentence', async () => {
  const folder = await makeFolder();
  // As it is where nobody installed the optional peers.
  await cp(path.join(PACKAGE, 'dist'), path.join(folder, 'dist'), { recursive: true });
  await cp(path.join(PACKAGE, 'package.json'), path.join(folder, 'package.json'));
  const modules = path.join(PACKAGE, 'node_modules');
  await mkdir(path.join(folder, 'node_modules', '@opentelemetry'), { recursive: true });
  const names = (await readdir(modules)).filter((name) => !name.startsWith('.') && name !== '@opentelemetry');
  for (const name of [...names, '@opentelemetry/api']) {
    await symlink(path.join(modules, name), path.join(folder, 'node_modules', name));
  }
  const cli = path.join(folder, 'dist', 'cli.js');
  const without = await new Zhengma(['serve', '--port', '0', '--data', data, '--otlp-endpoint', 'http://127.0.0.1:9'], {
    cli,
  }).ended;
  expect(without.code).toBe(3);
  expect(without.stderr).toMatch(/^zhengma: Traces need packages that are not installed: [^\n]+\n$/);

  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const config = readConfig(findSources({ data, port: '0', 'metrics-port': String(port) }, {}));
  const deps = await openDataFolder(data, { create: false });
  const taken = serve(config, deps, pino({ enabled: false }));
  await expect(taken).rejects.toThrow(EnvironmentError);
  await expect(taken).rejects.toThrow(/^Port \d+ is in use by another program: .*--metrics-port/);
  other.close();
});
