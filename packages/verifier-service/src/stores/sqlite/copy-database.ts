import { closeSync, existsSync, fsyncSync, openSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EnvironmentError } from '../../errors.ts';

export const DATABASE_FILE = 'zhengma.sqlite';

/**
 * Copies the database of a data folder as it is at one instant, while others read and write it, and checks the copy. Throws
 * `EnvironmentError` where there is none, and where the copy is not sound.
 */
export function copyDatabase(dataFolder: string, target: string): void {
  const file = path.join(dataFolder, DATABASE_FILE);
  if (!existsSync(file)) throw new EnvironmentError(`There is no data in ${dataFolder}: choose another with --data.`);
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 });
  try {
    // In order and without gaps, whatever is in the write-ahead log.
    database.prepare('vacuum into ?').run(target);
  } finally {
    database.close();
  }
  const handle = openSync(target, 'r+', 0o600);
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  const copy = new DatabaseSync(target, { readOnly: true });
  try {
    const verdict = copy.prepare('pragma integrity_check(1)').get()?.['integrity_check'];
    if (verdict !== 'ok') throw new EnvironmentError(`The database ${file} is damaged: restore an earlier backup.`);
  } finally {
    copy.close();
  }
}
