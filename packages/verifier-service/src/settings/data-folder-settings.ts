import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { readSetting, type SettingSources } from './read-settings.ts';
import { nameSetting } from './table.ts';

const DAY_SECONDS = 24 * 3600;

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

/** How long lists are fresh and good, in seconds. */
export interface ListTimeSettings {
  readonly statusTtlSeconds: number;
  readonly statusLifeSeconds: number;
  readonly trustLifeSeconds: number;
}

/** Where the data is, and what holds for all that work on it. */
export interface DataFolderSettings {
  readonly dataFolder: string;
  /** The servers of PostgreSQL in place of the data folder's own database. They hold a password: never printed. */
  readonly database: readonly string[] | undefined;
  /** How many delegated credentials one person may have in force. */
  readonly maxDelegates: number;
  /** Whether who a credential is about is kept, sealed. */
  readonly sealsIdentities: boolean;
  readonly listTimes: ListTimeSettings;
  readonly keys: KeySettings;
}

/** The settings of a data folder, for commands that open no port too. Throws `UsageError`. */
export function readDataFolderSettings(sources: SettingSources): DataFolderSettings {
  return {
    dataFolder: readSetting('data', sources).value,
    database: readSetting('database', sources).value,
    maxDelegates: readSetting('max-delegates', sources).value,
    sealsIdentities: readSetting('identities', sources).value === 'sealed',
    listTimes: readListTimes(sources),
    keys: readKeySettings(sources),
  };
}

/**
 * How long lists are fresh and good. Throws `UsageError` for times with which readers would be left without a list that is
 * in force.
 */
export function readListTimes(sources: SettingSources): ListTimeSettings {
  const statusTtlSeconds = readSetting('status-list-ttl', sources).value;
  const statusLifeSeconds = readSetting('status-list-life', sources).value;
  const trustListDays = readSetting('trust-list-days', sources).value;
  const [ttl, life, days] = (['status-list-ttl', 'status-list-life', 'trust-list-days'] as const).map((name) => {
    const { flag, variable } = nameSetting(name);
    return `${flag} (${variable})`;
  });
  if (statusLifeSeconds < 2 * statusTtlSeconds) {
    throw new UsageError(
      `${life} must be at least twice ${ttl}, or a reader that asks when its list is due could find it expired: set ${2 * statusTtlSeconds} or more.`,
    );
  }
  if (statusLifeSeconds > trustListDays * DAY_SECONDS) {
    throw new UsageError(
      `${days} must be at least as long as ${life}, or a status list would outlive the trust in it: set ${Math.ceil(statusLifeSeconds / DAY_SECONDS)} or more.`,
    );
  }
  return { statusTtlSeconds, statusLifeSeconds, trustLifeSeconds: trustListDays * DAY_SECONDS };
}

/** The settings of keys alone. Throws `UsageError` for a signer without a token, and for a token without a signer. */
export function readKeySettings(sources: SettingSources): KeySettings {
  const url = readSetting('signer', sources).value;
  const token = readSetting('signer-token-file', sources).value;
  const passphraseFile = findSecretFile(
    readSetting('key-passphrase-file', sources).value,
    'zhengma-key-passphrase',
    sources,
  );
  if (url === undefined) {
    if (token !== undefined)
      throw new UsageError('--signer-token-file (ZHENGMA_SIGNER_TOKEN_FILE) goes with --signer (ZHENGMA_SIGNER).');
    return passphraseFile ? { passphraseFile } : {};
  }
  const tokenFile = findSecretFile(token, 'zhengma-signer-token', sources);
  if (!tokenFile)
    throw new UsageError('--signer (ZHENGMA_SIGNER) needs --signer-token-file (ZHENGMA_SIGNER_TOKEN_FILE).');
  return { ...(passphraseFile && { passphraseFile }), signer: { url, tokenFile } };
}

/** A file that was named to hold a secret. */
export function describeSecretFile(
  file: string,
  { environment }: Pick<SettingSources, 'environment'>,
): SecretFileSetting {
  const folder = environment['CREDENTIALS_DIRECTORY'];
  return { path: file, isCredential: folder !== undefined && path.dirname(file) === path.resolve(folder) };
}

/** The file that was named; else the credential of this name, where systemd has put one. */
function findSecretFile(
  named: string | undefined,
  credential: string,
  sources: Pick<SettingSources, 'environment'>,
): SecretFileSetting | undefined {
  if (named !== undefined) return describeSecretFile(named, sources);
  const folder = sources.environment['CREDENTIALS_DIRECTORY'];
  const file = folder === undefined ? undefined : path.resolve(folder, credential);
  return file !== undefined && existsSync(file) ? describeSecretFile(file, sources) : undefined;
}
