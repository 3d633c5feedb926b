import { createRequire } from 'node:module';
import path from 'node:path';
import { UsageError } from './errors.ts';
import type { EcQuerySettings } from './http/ec-query-settings.ts';
import type { Rates } from './http/rate-limits.ts';
import type { TlsFiles } from './http/tls-files.ts';
import type { OpenIdSettings } from './openid/openid-provider.ts';
import { type DataFolderSettings, readDataFolderSettings } from './settings/data-folder-settings.ts';
import { readSetting, readSettings, type SettingSources } from './settings/read-settings.ts';
import type { SettingValues } from './settings/table.ts';

/** Where the service listens, where it keeps its data and how others reach it. */
export interface Config extends DataFolderSettings {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The address in the trust list, without a slash at its end. Absent: http or https, `host` and `port`. */
  readonly publicUrl?: string;
  /** Present: the service speaks https itself. */
  readonly tls?: TlsFiles;
  /** Present: the address of a client is what `header` says, `hops` entries from its end. */
  readonly proxy?: { readonly header: string; readonly hops: number };
  readonly rates: Rates;
  /** What another operator has to agree to first. */
  readonly fourEyes: SettingValues['four-eyes'];
  /** Present: whose tokens let operators in. */
  readonly openId?: OpenIdSettings;
  /** Where webhooks may be. */
  readonly webhookNetwork: SettingValues['webhook-network'];
  readonly ecQuery: EcQuerySettings;
  /** Present: where Prometheus finds metrics. */
  readonly metrics?: { readonly host: string; readonly port: number };
  /** Present: the collector that traces are sent to. */
  readonly otlpEndpoint?: string;
  /** Where a scanner may hand results over to, on the machine it is opened on. */
  readonly handOverOrigins: readonly string[];
  /** The built pages of the scanner. Undefined when the package is not installed. */
  readonly scannerFolder?: string;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;

/** Checks every setting, and those that go together. Throws `UsageError`: one sentence on what is wrong and how to mend it. */
export function readConfig(sources: SettingSources): Config {
  const values = readSettings(sources);
  const tls = readTls(values);
  const proxy = readProxy(values, sources);
  const openId = readOpenId(values, sources);
  const scannerFolder = values.scanner ?? findScannerFolder();
  const { host, 'public-url': publicUrl, 'metrics-port': metricsPort, 'otlp-endpoint': otlpEndpoint } = values;
  if (publicUrl === undefined && !LOOPBACK.test(host)) {
    throw new UsageError(
      `--host ${host} serves other machines, so --public-url (ZHENGMA_PUBLIC_URL) must give the address they use, as https://ybj.example.`,
    );
  }
  return {
    host,
    port: values.port,
    ...readDataFolderSettings(sources),
    fourEyes: values['four-eyes'],
    webhookNetwork: values['webhook-network'],
    rates: { key: values['key-rate'], address: values['address-rate'], refusal: values['refusal-rate'] },
    ecQuery: { dataAs: values['ec-query-data'], tokenSeconds: values['ec-token-seconds'] },
    handOverOrigins: values['hand-over-origins'] ?? [],
    ...(publicUrl !== undefined && { publicUrl }),
    ...(tls && { tls }),
    ...(proxy && { proxy }),
    ...(openId && { openId }),
    ...(metricsPort !== undefined && { metrics: { host: values['metrics-host'], port: metricsPort } }),
    ...(otlpEndpoint !== undefined && { otlpEndpoint }),
    ...(scannerFolder !== undefined && { scannerFolder }),
  };
}

function readTls({ 'tls-cert': certificate, 'tls-key': key }: SettingValues): TlsFiles | undefined {
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate !== undefined && key !== undefined) return { certificate, key };
  throw new UsageError('--tls-cert (ZHENGMA_TLS_CERT) and --tls-key (ZHENGMA_TLS_KEY) go together: give both or none.');
}

function readProxy(
  { 'proxy-header': header, 'proxy-hops': hops }: SettingValues,
  sources: SettingSources,
): Config['proxy'] {
  if (header !== undefined) return { header, hops };
  if (readSetting('proxy-hops', sources).from === 'default') return undefined;
  throw new UsageError('--proxy-hops (ZHENGMA_PROXY_HOPS) says how to read a header: name it with --proxy-header.');
}

function readOpenId(
  { 'openid-issuer': issuer, 'openid-audience': audience, 'openid-claim': claim }: SettingValues,
  sources: SettingSources,
): OpenIdSettings | undefined {
  if (issuer !== undefined && audience !== undefined) return { issuer, audience, claim };
  if (issuer !== undefined || audience !== undefined) {
    throw new UsageError(
      '--openid-issuer (ZHENGMA_OPENID_ISSUER) and --openid-audience (ZHENGMA_OPENID_AUDIENCE) go together: without an audience, tokens that were made for any other service would let in here.',
    );
  }
  if (readSetting('openid-claim', sources).from === 'default') return undefined;
  throw new UsageError(
    '--openid-claim (ZHENGMA_OPENID_CLAIM) says how to read tokens: name whose with --openid-issuer.',
  );
}

function findScannerFolder(): string | undefined {
  try {
    const manifest = createRequire(import.meta.url).resolve('@zhengma/scanner-web/package.json');
    return path.join(path.dirname(manifest), 'dist');
  } catch {
    return undefined;
  }
}
