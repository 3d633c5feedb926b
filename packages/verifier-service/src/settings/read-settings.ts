import path from 'node:path';
import { UsageError } from '../errors.ts';
import { type ConfigFile, readConfigFile } from './config-file.ts';
import { nameSetting, SETTING_NAMES, SETTINGS, type Setting, type SettingName, type SettingValues } from './table.ts';

/** What was on the command line: settings, and `config`, the file with more of them. */
export type SettingFlags = Readonly<Partial<Record<SettingName | 'config', string | undefined>>>;

/** Where settings are looked for, the first before the others. */
export interface SettingSources {
  readonly flags: SettingFlags;
  readonly environment: NodeJS.ProcessEnv;
  readonly file?: ConfigFile;
}

/** A setting as it is in force, and who said so. */
export interface SettingInForce {
  readonly name: SettingName;
  /** Undefined: nobody set it, and it has no standard value. */
  readonly value: unknown;
  readonly from: 'flag' | 'environment' | 'file' | 'default';
}

/** The sources, with the file that `--config` or `ZHENGMA_CONFIG` names. Throws `UsageError` for a file that is wrong. */
export function findSources(flags: SettingFlags, environment: NodeJS.ProcessEnv): SettingSources {
  const file = flags.config ?? (environment['ZHENGMA_CONFIG'] || undefined);
  return { flags, environment, ...(file !== undefined && { file: readConfigFile(file) }) };
}

/** One setting. Throws `UsageError`: what it must be, and where it was given. */
export function readSetting<Name extends SettingName>(
  name: Name,
  sources: SettingSources,
): SettingInForce & { readonly value: SettingValues[Name] } {
  const { parse, must }: Setting = SETTINGS[name];
  const { flag, variable, key } = nameSetting(name);
  const { text, from } = findText(name, sources);
  if (text === undefined) return { name, value: undefined as SettingValues[Name], from };
  const { file } = sources;
  const value = parse(text, from === 'file' && file ? path.dirname(file.path) : process.cwd());
  if (value !== undefined) return { name, value: value as SettingValues[Name], from };
  const where = from === 'file' ? `"${key}" in ${file?.path}` : flag === undefined ? variable : `${flag} (${variable})`;
  throw new UsageError(`${where} must be ${must}.`);
}

/** Every setting, each checked by itself. Throws `UsageError`. */
export function readSettings(sources: SettingSources): SettingValues {
  return Object.fromEntries(SETTING_NAMES.map((name) => [name, readSetting(name, sources).value])) as SettingValues;
}

/** A variable that is empty is one that was not set: so do shells and container tools unset them. */
function findText(
  name: SettingName,
  { flags, environment, file }: SettingSources,
): { text: string | undefined; from: SettingInForce['from'] } {
  const flag = flags[name];
  if (flag !== undefined) return { text: flag, from: 'flag' };
  const variable = environment[nameSetting(name).variable];
  if (variable) return { text: variable, from: 'environment' };
  const inFile = file?.texts.get(name);
  if (inFile !== undefined) return { text: inFile, from: 'file' };
  return { text: SETTINGS[name].standard, from: 'default' };
}
