import type { ActionDeps } from '../actions/deps.ts';
import { openDataFolder } from '../data-folder.ts';
import { readDataFolderSettings } from '../settings/data-folder-settings.ts';
import type { CommandInput } from './command.ts';
import { describeSettings, readSources, takeSettings } from './setting-flags.ts';

/** The data folder and its keys; its database is named by a variable or a file only. */
export const DATA_SETTINGS = ['data', 'key-passphrase-file', 'signer', 'signer-token-file'] as const;

export const DATA_OPTION = takeSettings(...DATA_SETTINGS);
export const DATA_HELP = describeSettings(...DATA_SETTINGS);

/** Runs `work` on the data folder that was named, made first when `create` is true, and closes it afterwards. */
export async function withDataFolder<T>(
  input: CommandInput,
  options: { create: boolean },
  work: (deps: ActionDeps) => Promise<T>,
): Promise<T> {
  const settings = readDataFolderSettings(readSources(input));
  const deps = await openDataFolder(settings.dataFolder, { ...options, ...settings });
  try {
    return await work(deps);
  } finally {
    await deps.images.close();
    await deps.store.close();
  }
}
