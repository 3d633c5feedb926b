import { readConfig } from '../config.ts';
import { readTlsFiles } from '../http/tls-files.ts';
import { readSetting, type SettingInForce, type SettingSources } from '../settings/read-settings.ts';
import { nameSetting, SETTING_NAMES, SETTINGS, type Setting } from '../settings/table.ts';
import { type Command, EXIT_CODES } from './command.ts';
import { describeSettings, readSources, takeSettings } from './setting-flags.ts';

export const configCommand: Command = {
  help: `  zhengma config --config /etc/zhengma.json    every setting, its value, and who said so

${describeSettings(...SETTING_NAMES)}

  A flag wins over its environment variable, that over the file, that over the default. Files with secrets are named,
  never read out. Exit code 2 and one sentence when a setting is wrong, 3 when the certificate cannot be used.`,
  options: takeSettings(...SETTING_NAMES),
  takes: 0,
  async run(input, terminal) {
    const sources = readSources(input);
    const { tls } = readConfig(sources);
    if (tls) readTlsFiles(tls);
    const settings = SETTING_NAMES.map((name) => describe(readSetting(name, sources), sources));
    const lines = settings.flatMap(({ flag, variable, key, value, origin, en, zh }) => [
      `${flag ?? ''}  ${variable}  "${key}"`,
      `  ${zh} ${en}`,
      `  ${value ?? '-'}  (${origin})`,
    ]);
    terminal.answer({ settings }, lines);
    return EXIT_CODES.ok;
  },
};

function describe({ name, value, from }: SettingInForce, { file }: SettingSources) {
  const { standard, en, zh, secret }: Setting = SETTINGS[name];
  const names = nameSetting(name);
  const origin = { flag: names.flag, environment: names.variable, file: file?.path, default: 'default 默认' }[from];
  return {
    name,
    ...names,
    value: secret && value !== undefined ? '(secret 不显示)' : (value ?? null),
    from,
    origin,
    default: standard ?? null,
    en,
    zh,
  };
}
