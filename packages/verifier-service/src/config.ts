import { createRequire } from 'node:module';
import path from 'node:path';
import { UsageError } from './errors.ts';

/** Where the service listens, where it keeps its data and how others reach it. */
export interface Config {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly dataFolder: string;
  /** The address in the trust list, without a slash at its end. Absent: `http://<host>:<port>`. */
  readonly publicUrl?: string;
  /** The built pages of the scanner. Undefined when the package is not installed. */
  readonly scannerFolder?: string;
  /** PostgreSQL in place of the data folder's own database. It holds a password: never printed. */
  readonly databaseUrl: string | undefined;
  /** How many delegated credentials one person may have in force. */
  readonly maxDelegates: number;
}

/** Values as given, each a flag or its environment variable; a flag wins. */
export interface ConfigInput {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly data?: string | undefined;
  readonly 'public-url'?: string | undefined;
  readonly 'max-delegates'?: string | undefined;
}

/** As many as a family account 亲情账户 may have. */
export const DEFAULT_MAX_DELEGATES = 5;

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/;
const HOST = /^[A-Za-z0-9.:-]{1,253}$/;

/** Checks every setting. Throws `UsageError`: one sentence that says what is wrong and how to mend it. */
export function readConfig(flags: ConfigInput, environment: NodeJS.ProcessEnv): Config {
  const host = flags.host ?? environment['ZHENGMA_HOST'] ?? '127.0.0.1';
  const publicUrl = flags['public-url'] ?? environment['ZHENGMA_PUBLIC_URL'];
  const scannerFolder = findScannerFolder(environment);
  if (!HOST.test(host))
    throw new UsageError('--host (ZHENGMA_HOST) must be a host name or an IP address, as 127.0.0.1.');
  if (publicUrl === undefined && !LOOPBACK.test(host)) {
    throw new UsageError(
      `--host ${host} serves other machines, so --public-url (ZHENGMA_PUBLIC_URL) must give the address they use, as https://ybj.example.`,
    );
  }
  return {
    host,
    port: readPort(flags.port ?? environment['ZHENGMA_PORT'] ?? '8080'),
    dataFolder: readDataFolder(flags, environment),
    databaseUrl: readDatabaseUrl(environment),
    maxDelegates: readMaxDelegates(flags, environment),
    ...(publicUrl === undefined ? {} : { publicUrl: readPublicUrl(publicUrl) }),
    ...(scannerFolder === undefined ? {} : { scannerFolder }),
  };
}

/** The data folder alone, for commands that open no port. */
export function readDataFolder(flags: ConfigInput, environment: NodeJS.ProcessEnv): string {
  const folder = flags.data ?? environment['ZHENGMA_DATA'] ?? 'data';
  if (folder === '') throw new UsageError('--data (ZHENGMA_DATA) must name a folder, as ./data.');
  return path.resolve(folder);
}

/** The address of PostgreSQL, from the environment alone: a flag would show its password to every user of the machine. */
export function readDatabaseUrl(environment: NodeJS.ProcessEnv): string | undefined {
  return environment['DATABASE_URL'] || undefined;
}

/** The issuer's limit on delegates alone, for commands that open no port. */
export function readMaxDelegates(flags: ConfigInput, environment: NodeJS.ProcessEnv): number {
  const text = flags['max-delegates'] ?? environment['ZHENGMA_MAX_DELEGATES'] ?? String(DEFAULT_MAX_DELEGATES);
  if (/^\d{1,3}$/.test(text)) return Number(text);
  throw new UsageError('--max-delegates (ZHENGMA_MAX_DELEGATES) must be a number from 0 to 999, as 5.');
}

function readPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65535) return port;
  throw new UsageError('--port (ZHENGMA_PORT) must be a number from 0 to 65535, as 8080.');
}

function readPublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.search && !url.hash && !url.username && !url.password;
  if (!isPlain) {
    throw new UsageError(
      '--public-url (ZHENGMA_PUBLIC_URL) must be an http or https address without query, as https://ybj.example.',
    );
  }
  return url.href.replace(/\/+$/, '');
}

function findScannerFolder(environment: NodeJS.ProcessEnv): string | undefined {
  const chosen = environment['ZHENGMA_SCANNER'];
  if (chosen) return path.resolve(chosen);
  try {
    const manifest = createRequire(import.meta.url).resolve('@zhengma/scanner-web/package.json');
    return path.join(path.dirname(manifest), 'dist');
  } catch {
    return undefined;
  }
}
