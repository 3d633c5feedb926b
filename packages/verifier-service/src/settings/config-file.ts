import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../errors.ts';
import { nameSetting, SETTING_NAMES, type SettingName } from './table.ts';

const MAX_BYTES = 64 * 1024;

/** What a configuration file says, as text like the flags. */
export interface ConfigFile {
  readonly path: string;
  readonly texts: ReadonlyMap<SettingName, string>;
}

/** Reads a JSON file of settings. Throws `UsageError` for one that cannot be read and for a key that is no setting. */
export function readConfigFile(file: string): ConfigFile {
  const absolute = path.resolve(file);
  const names = new Map(SETTING_NAMES.map((name) => [nameSetting(name).key, name]));
  const texts = new Map<SettingName, string>();
  for (const [key, value] of Object.entries(parseObject(readBounded(absolute), absolute))) {
    const name = names.get(key);
    if (name === undefined) {
      throw new UsageError(`${absolute} says ${JSON.stringify(key)}, which is no setting: zhengma config lists them.`);
    }
    if (typeof value !== 'string' && typeof value !== 'number') {
      throw new UsageError(`${JSON.stringify(key)} in ${absolute} must be a text or a number.`);
    }
    texts.set(name, String(value));
  }
  return { path: absolute, texts };
}

function readBounded(file: string): string {
  try {
    if (statSync(file).size <= MAX_BYTES) return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `The configuration file ${file} cannot be read (${(error as NodeJS.ErrnoException).code}): check --config (ZHENGMA_CONFIG).`,
    );
  }
  throw new UsageError(`The configuration file ${file} is too large: 64 KiB are allowed.`);
}

function parseObject(text: string, file: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch {
    // The parser's message quotes the file.
  }
  throw new UsageError(`The configuration file ${file} must be one JSON object, as {"port": 8080}.`);
}
