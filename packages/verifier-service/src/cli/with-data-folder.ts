import type { ActionDeps } from '../actions/deps.ts';
import { readDataFolder } from '../config.ts';
import { openDataFolder } from '../data-folder.ts';
import { type CommandInput, textFlag } from './command.ts';

export const DATA_OPTION = { data: { type: 'string' } } as const;
export const DATA_HELP = '  --data <folder>       the data folder; ./data unless given here or in ZHENGMA_DATA';

/** Runs `work` on the data folder that was named, made first when `create` is true, and closes it afterwards. */
export async function withDataFolder<T>(
  input: CommandInput,
  options: { create: boolean },
  work: (deps: ActionDeps) => Promise<T>,
): Promise<T> {
  const deps = openDataFolder(readDataFolder({ data: textFlag(input, 'data') }, process.env), options);
  try {
    return await work(deps);
  } finally {
    await deps.images.close();
    await deps.store.close();
  }
}
