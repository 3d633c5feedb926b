import type { ActionDeps } from '../actions/deps.ts';
import { type ConfigInput, readDatabaseUrl, readDataFolder, readKeySettings, readMaxDelegates } from '../config.ts';
import { openDataFolder } from '../data-folder.ts';
import { type CommandInput, textFlag } from './command.ts';

/** The data folder and its keys. */
export const DATA_OPTION = {
  data: { type: 'string' },
  'key-passphrase-file': { type: 'string' },
  signer: { type: 'string' },
  'signer-token-file': { type: 'string' },
} as const;
export const DELEGATES_OPTION = { 'max-delegates': { type: 'string' } } as const;
export const DELEGATES_HELP =
  '  --max-delegates <n>   how many may act for one person at a time; 5 unless given here or in ZHENGMA_MAX_DELEGATES';
export const DATA_HELP = `  --data <folder>       the data folder; ./data unless given here or in ZHENGMA_DATA
  --key-passphrase-file <file>   what its key files are encrypted with (ZHENGMA_KEY_PASSPHRASE_FILE)
  --signer <url>, --signer-token-file <file>   who signs in their place (ZHENGMA_SIGNER, ZHENGMA_SIGNER_TOKEN_FILE)`;

/** Runs `work` on the data folder that was named, made first when `create` is true, and closes it afterwards. */
export async function withDataFolder<T>(
  input: CommandInput,
  options: { create: boolean },
  work: (deps: ActionDeps) => Promise<T>,
): Promise<T> {
  const flags = readFlags(input);
  const maxDelegates = readMaxDelegates(flags, process.env);
  const databaseUrl = readDatabaseUrl(process.env);
  const keys = readKeySettings(flags, process.env);
  const deps = await openDataFolder(readDataFolder(flags, process.env), {
    ...options,
    databaseUrl,
    maxDelegates,
    keys,
  });
  try {
    return await work(deps);
  } finally {
    await deps.images.close();
    await deps.store.close();
  }
}

/** The flags that the configuration is read from. */
export function readFlags(input: CommandInput): ConfigInput {
  const names = ['host', 'port', 'public-url', 'max-delegates', ...Object.keys(DATA_OPTION)];
  return Object.fromEntries(names.map((name) => [name, textFlag(input, name)]));
}
