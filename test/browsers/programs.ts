import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The first of these that lies on the PATH. */
export function findProgram(...names: readonly string[]): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return names.flatMap((name) => folders.map((folder) => join(folder, name))).find(isExecutable);
}

/** The first executable file that fits one of these patterns. */
export function findInstalled(...patterns: readonly string[]): string | undefined {
  return patterns.flatMap((pattern) => globSync(pattern)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
