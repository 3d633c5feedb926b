import { existsSync } from 'node:fs';
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
  readonly keys: KeySettings;
}

/** A file that holds one secret. */
export interface SecretFileSetting {
  readonly path: string;
  /** Whether it lies in the folder of credentials that systemd made for this service. */
  readonly isCredential: boolean;
}

/** Where the keys are, and what they are encrypted with. */
export interface KeySettings {
  /** The passphrase of the key files. Absent: they are in the clear. */
  readonly passphraseFile?: SecretFileSetting;
  /** Who signs in place of the folder's keys. `url` has no slash at its end. */
  readonly signer?: { readonly url: string; readonly tokenFile: SecretFileSetting };
}

/** Values as given, each a flag or its environment variable; a flag wins. */
export interface ConfigInput {
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly data?: string | undefined;
  readonly 'public-url'?: string | undefined;
  readonly 'max-delegates'?: string | undefined;
  readonly 'key-passphrase-file'?: string | undefined;
  readonly signer?: string | undefined;
  readonly 'signer-token-file'?: string | undefined;
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
    keys: readKeySettings(flags, environment),
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

/** The settings of keys alone, for commands that open no port. */
export function readKeySettings(flags: ConfigInput, environment: NodeJS.ProcessEnv): KeySettings {
  const passphrase = flags['key-passphrase-file'] ?? environment['ZHENGMA_KEY_PASSPHRASE_FILE'];
  const signer = flags.signer ?? environment['ZHENGMA_SIGNER'];
  const token = flags['signer-token-file'] ?? environment['ZHENGMA_SIGNER_TOKEN_FILE'];
  const passphraseFile = findSecretFile(passphrase, 'zhengma-key-passphrase', environment);
  if (signer === undefined) {
    if (token !== undefined)
      throw new UsageError('--signer-token-file (ZHENGMA_SIGNER_TOKEN_FILE) goes with --signer (ZHENGMA_SIGNER).');
    return passphraseFile ? { passphraseFile } : {};
  }
  const tokenFile = findSecretFile(token, 'zhengma-signer-token', environment);
  if (!tokenFile)
    throw new UsageError('--signer (ZHENGMA_SIGNER) needs --signer-token-file (ZHENGMA_SIGNER_TOKEN_FILE).');
  return { ...(passphraseFile && { passphraseFile }), signer: { url: readSignerUrl(signer), tokenFile } };
}

/** A file that was named to hold a secret. */
export function describeSecretFile(named: string, environment: NodeJS.ProcessEnv): SecretFileSetting {
  if (named === '') throw new UsageError('A file of a passphrase or a token must have a name.');
  const [file, folder] = [path.resolve(named), environment['CREDENTIALS_DIRECTORY']];
  return { path: file, isCredential: folder !== undefined && path.dirname(file) === path.resolve(folder) };
}

/** The file that was named; else the credential of this name, where systemd has put one. */
function findSecretFile(
  named: string | undefined,
  credential: string,
  environment: NodeJS.ProcessEnv,
): SecretFileSetting | undefined {
  if (named !== undefined) return describeSecretFile(named, environment);
  const folder = environment['CREDENTIALS_DIRECTORY'];
  const file = folder === undefined ? undefined : path.join(folder, credential);
  return file !== undefined && existsSync(file) ? describeSecretFile(file, environment) : undefined;
}

function readSignerUrl(text: string): string {
  if (/^unix:\/[^\0]{1,100}$/.test(text)) return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && !url.search && !url.hash && !url.username && !url.password;
  const isNear = url?.protocol === 'http:' && LOOPBACK.test(url.hostname.replace(/^\[(.*)\]$/, '$1'));
  if (isPlain && (isNear || url.protocol === 'https:')) return url.href.replace(/\/+$/, '');
  throw new UsageError(
    '--signer (ZHENGMA_SIGNER) must be an https address without query, an http address on this machine, or unix: and the path of a socket, as unix:/run/signer.sock.',
  );
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
