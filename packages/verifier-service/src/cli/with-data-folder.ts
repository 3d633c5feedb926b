import type { ActionDeps } from '../actions/deps.ts';
import { openDataFolder } from '../data-folder.ts';
import { readSetting } from '../settings/read-settings.ts';
import type { CommandInput } from './command.ts';
import { describeSettings, readSources, takeSettings } from './setting-flags.ts';

export const DATA_OPTION = takeSettings('data');
export const DATA_HELP = describeSettings('data');

/** Runs `work` on the data folder that was named, made first when `create` is true, and closes it afterwards. */
export async function withDataFolder<T>(
  input: CommandInput,
  options: { create: boolean },
  work: (deps: ActionDeps) => Promise<T>,
): Promise<T> {
  const sources = readSources(input);
  const maxDelegates = readSetting('max-delegates', sources).value;
  const deps = openDataFolder(readSetting('data', sources).value, { ...options, maxDelegates });
  try {
    return await work(deps);
  } finally {
    await deps.images.close();
    await deps.store.close();
  }
}
