import type { ActionDeps } from '../actions/deps.ts';
import { readDatabaseUrl, readDataFolder, readMaxDelegates } from '../config.ts';
import { openDataFolder } from '../data-folder.ts';
import { type CommandInput, textFlag } from './command.ts';

export const DATA_OPTION = { data: { type: 'string' } } as const;
export const DELEGATES_OPTION = { 'max-delegates': { type: 'string' } } as const;
export const DELEGATES_HELP =
  '  --max-delegates <n>   how many may act for one person at a time; 5 unless given here or in ZHENGMA_MAX_DELEGATES';
export const DATA_HELP = '  --data <folder>       the data folder; ./data unless given here or in ZHENGMA_DATA';

/** Runs `work` on the data folder that was named, made first when `create` is true, and closes it afterwards. */
export async function withDataFolder<T>(
  input: CommandInput,
  options: { create: boolean },
  work: (deps: ActionDeps) => Promise<T>,
): Promise<T> {
  const flags = { data: textFlag(input, 'data'), 'max-delegates': textFlag(input, 'max-delegates') };
  const maxDelegates = readMaxDelegates(flags, process.env);
  const databaseUrl = readDatabaseUrl(process.env);
  const deps = await openDataFolder(readDataFolder(flags, process.env), { ...options, databaseUrl, maxDelegates });
  try {
    return await work(deps);
  } finally {
    await deps.images.close();
    await deps.store.close();
  }
}
