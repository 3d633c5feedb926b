import { findSources, type SettingFlags, type SettingSources } from '../settings/read-settings.ts';
import { nameSetting, SETTINGS, type Setting, type SettingName } from '../settings/table.ts';
import { type CommandInput, textFlag } from './command.ts';

const CONFIG_HELP = ['--config <file>', 'a JSON file of settings; ZHENGMA_CONFIG names one too'] as const;

type FlagOptions = Readonly<Record<string, { readonly type: 'string' }>>;

/** The flags of a command that takes these settings, and the file that may hold them. */
export function takeSettings(...names: readonly SettingName[]): FlagOptions {
  return Object.fromEntries(['config', ...names.filter(hasFlag)].map((name) => [name, { type: 'string' }]));
}

/** What `--help` says about them, a line for each. */
export function describeSettings(...names: readonly SettingName[]): string {
  const rows = names.filter(hasFlag).map((name) => {
    const { takes, en, standard, otherwise }: Setting = SETTINGS[name];
    const unless = standard ?? otherwise;
    return [`${nameSetting(name).flag} ${takes}`, unless === undefined ? en : `${en} (${unless})`] as const;
  });
  const lines = [...rows, CONFIG_HELP];
  const width = Math.max(21, ...lines.map(([flag]) => flag.length)) + 1;
  return lines.map(([flag, what]) => `  ${flag.padEnd(width)}${what}`).join('\n');
}

function hasFlag(name: SettingName): boolean {
  return nameSetting(name).flag !== undefined;
}

/** Where the settings of this command stand: its flags, the environment, a file. Throws `UsageError` for a wrong file. */
export function readSources(input: CommandInput): SettingSources {
  const names = ['config', ...Object.keys(SETTINGS)] as const;
  const flags: SettingFlags = Object.fromEntries(names.map((name) => [name, textFlag(input, name)]));
  return findSources(flags, process.env);
}
