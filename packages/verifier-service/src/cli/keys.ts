import path from 'node:path';
import { z } from 'zod';
import { type IssuerKeyState, listIssuerKeys, retireIssuerKey } from '../actions/issuer-keys.ts';
import { actLocally } from '../actions/set-up.ts';
import { EnvironmentError, UsageError } from '../errors.ts';
import { parseAs } from '../schemas/parse.ts';
import { describeSecretFile, readKeySettings } from '../settings/data-folder-settings.ts';
import { readSetting } from '../settings/read-settings.ts';
import { KeyFolder } from '../signing/key-folder.ts';
import { Passphrase } from '../signing/passphrase.ts';
import { type Command, type CommandInput, EXIT_CODES, type ExitCode, textFlag } from './command.ts';
import { readSources } from './setting-flags.ts';
import type { Terminal } from './terminal.ts';
import { DATA_HELP, DATA_OPTION, withDataFolder } from './with-data-folder.ts';

const KID = /^[0-9a-f]{16}$/;

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const STATES: Readonly<Record<IssuerKeyState, string>> = {
  waiting: 'waiting 待启用',
  signing: 'signing 签名中',
  replaced: 'replaced 已由新密钥接替',
  retired: 'retired 已停用',
  compromised: 'compromised 已泄露',
};

export const keysCommand: Command = {
  help: `  zhengma keys list                       the issuer's keys, and what lies in the folder
  zhengma keys retire 0123456789abcdef    ends a key: it signs nothing more, what it signed stays good
  zhengma keys encrypt                    encrypts every key file with the passphrase
  zhengma keys rekey                      encrypts them with another passphrase

  --compromised-since <instant>   with retire, RFC 3339: what the key signed from then on is refused
  --new-passphrase-file <file>    with rekey: the passphrase to come, 16 characters at least
${DATA_HELP}

  retire works while the service runs. Stop the service for encrypt and rekey, and start it with the passphrase; after
  a kill, run them again.`,
  options: {
    ...DATA_OPTION,
    'compromised-since': { type: 'string' },
    'new-passphrase-file': { type: 'string' },
  },
  takes: 2,
  async run(input, terminal) {
    const [verb, kid, ...others] = input.arguments;
    const since = textFlag(input, 'compromised-since');
    const next = textFlag(input, 'new-passphrase-file');
    if (since !== undefined && verb !== 'retire') throw new UsageError('--compromised-since goes with keys retire.');
    if (next !== undefined && verb !== 'rekey') throw new UsageError('--new-passphrase-file goes with keys rekey.');
    if (verb === 'retire' && kid !== undefined && KID.test(kid)) {
      return retire(kid, since === undefined ? undefined : readInstant(since), input, terminal);
    }
    if (verb === 'retire') throw new UsageError('keys retire needs a kid of 16 hex digits, as keys list shows it.');
    if (kid !== undefined || others.length > 0) throw new UsageError(`keys ${verb} takes no argument.`);
    if (verb === 'list') return list(input, terminal);
    if (verb === 'encrypt') return encrypt(input, terminal);
    if (verb === 'rekey') return rekey(next, input, terminal);
    throw new UsageError('Say what to do with the keys: list, retire, encrypt or rekey.');
  },
};

async function list(input: CommandInput, terminal: Terminal): Promise<ExitCode> {
  return withDataFolder(input, { create: false }, async (deps) => {
    const keys = await listIssuerKeys(deps);
    const { plain, encrypted } = openKeyFolder(input, undefined).list();
    const described = keys.map(({ publicKey, ...key }) => ({ ...key, publicKey: encode(publicKey) }));
    terminal.answer({ keys: described, files: { plain, encrypted } }, [
      ...keys.flatMap(({ kid, state, createdAt, signsFrom, retiredAt, compromisedSince }) => [
        `${kid}  ${STATES[state]}`,
        `  made 生成           ${createdAt.toISOString()}`,
        `  signs from 启用     ${signsFrom.toISOString()}`,
        ...(retiredAt ? [`  retired 停用        ${retiredAt.toISOString()}`] : []),
        ...(compromisedSince ? [`  compromised 泄露    ${compromisedSince.toISOString()}`] : []),
      ]),
      `Key files 密钥文件: ${encrypted.length} encrypted 已加密, ${plain.length} in the clear 未加密`,
    ]);
    return EXIT_CODES.ok;
  });
}

async function retire(
  kid: string,
  compromisedSince: Date | undefined,
  input: CommandInput,
  terminal: Terminal,
): Promise<ExitCode> {
  return withDataFolder(input, { create: false }, async (deps) => {
    const key = await retireIssuerKey(
      { kid, ...(compromisedSince && { compromisedSince }) },
      await actLocally(deps),
      deps,
    );
    const since = key.compromisedSince && `, compromised since 泄露时间 ${key.compromisedSince.toISOString()}`;
    terminal.answer({ ...key, publicKey: encode(key.publicKey) }, [
      `Retired 已停用: ${kid} at ${key.retiredAt?.toISOString()}${since ?? ''}`,
    ]);
    return EXIT_CODES.ok;
  });
}

async function encrypt(input: CommandInput, terminal: Terminal): Promise<ExitCode> {
  const { passphraseFile } = readKeySettings(readSources(input));
  if (!passphraseFile) throw new UsageError('keys encrypt needs --key-passphrase-file (ZHENGMA_KEY_PASSPHRASE_FILE).');
  const passphrase = new Passphrase(passphraseFile);
  return seal(openKeyFolder(input, passphrase), passphrase, terminal);
}

async function rekey(next: string | undefined, input: CommandInput, terminal: Terminal): Promise<ExitCode> {
  const { passphraseFile } = readKeySettings(readSources(input));
  const nextFile = next === undefined ? undefined : describeSecretFile(path.resolve(next), readSources(input));
  if (!passphraseFile || !nextFile)
    throw new UsageError('keys rekey needs --key-passphrase-file and --new-passphrase-file.');
  return seal(openKeyFolder(input, new Passphrase(passphraseFile)), new Passphrase(nextFile), terminal);
}

async function seal(folder: KeyFolder, passphrase: Passphrase, terminal: Terminal): Promise<ExitCode> {
  const { plain, encrypted, others } = folder.list();
  if (plain.length + encrypted.length === 0)
    throw new EnvironmentError('There are no key files in this data folder: choose another with --data.');
  const changed = await folder.sealAll(passphrase);
  terminal.answer({ changed, others }, [
    `Encrypted 已加密: ${changed.length}, already 原已加密: ${plain.length + encrypted.length - changed.length}`,
    ...others.map(
      (name) => `Left as it is, for it is no key file of zhengma 非密钥文件，未处理: ${folder.locate(name)}`,
    ),
  ]);
  return EXIT_CODES.ok;
}

function openKeyFolder(input: CommandInput, passphrase: Passphrase | undefined): KeyFolder {
  return new KeyFolder(readSetting('data', readSources(input)).value, passphrase);
}

function readInstant(text: string): Date {
  try {
    return parseAs(instant, text);
  } catch {
    throw new UsageError('--compromised-since must be an instant of RFC 3339, as 2027-03-01T08:00:00+08:00.');
  }
}

function encode(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
