import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { writeBackup } from '../backups/backup-folder.ts';
import { copyFileDurably } from '../durable-files.ts';
import { EnvironmentError, UsageError } from '../errors.ts';
import { readDataFolderSettings } from '../settings/data-folder-settings.ts';
import { KeyFolder } from '../signing/key-folder.ts';
import { copyDatabase, DATABASE_FILE } from '../stores/sqlite/copy-database.ts';
import { type Command, EXIT_CODES, textFlag } from './command.ts';
import { describeSettings, readSources, takeSettings } from './setting-flags.ts';

export const backupCommand: Command = {
  help: `  zhengma backup --out /backups/2026-11-25

  --out <folder>        a new folder: the database as it is at one instant, the key files, a manifest
  --plain-keys          key files that are not encrypted are copied as they are: whoever has the backup can issue
  --no-keys             leaves the keys out: keep them elsewhere, without them nothing is restored
${describeSettings('data')}

  Works while the service runs. PostgreSQL is backed up by its own tools (pg_dump, a standby), and the keys by --keys-only.
  --keys-only           the key files alone`,
  options: {
    ...takeSettings('data'),
    out: { type: 'string' },
    'plain-keys': { type: 'boolean' },
    'no-keys': { type: 'boolean' },
    'keys-only': { type: 'boolean' },
  },
  takes: 0,
  async run(input, terminal) {
    const out = textFlag(input, 'out');
    if (out === undefined) throw new UsageError('Say where to: zhengma backup --out /backups/2026-11-25.');
    const [noKeys, keysOnly] = [input.flags['no-keys'] === true, input.flags['keys-only'] === true];
    if (noKeys && keysOnly) throw new UsageError('--no-keys and --keys-only leave nothing to copy.');
    const { dataFolder, database } = readDataFolderSettings(readSources(input));
    if (database !== undefined && !keysOnly) {
      throw new UsageError(
        'The tables are in PostgreSQL: back it up by its own tools, and the keys by zhengma backup --keys-only.',
      );
    }
    const keys = noKeys ? [] : listKeys(dataFolder, input.flags['plain-keys'] === true);
    const backup = await writeBackup(out, new Date(), async (draft) => {
      // The database first: a key that it names has its file by then.
      if (!keysOnly) copyDatabase(dataFolder, path.join(draft, DATABASE_FILE));
      await mkdir(path.join(draft, 'keys'), { mode: 0o700 });
      for (const key of keys) await copyFileDurably(path.join(dataFolder, key), path.join(draft, key));
      return [...(keysOnly ? [] : [DATABASE_FILE]), ...keys];
    });
    const done = { takenAt: backup.takenAt, files: backup.names.length, keys: keys.length };
    terminal.answer(done, [`Backed up 已备份: ${done.files} files 文件, of them keys 其中密钥 ${done.keys}`]);
    return EXIT_CODES.ok;
  },
};

function listKeys(dataFolder: string, takesPlain: boolean): readonly string[] {
  const { encrypted, plain } = new KeyFolder(dataFolder, undefined).list();
  if (plain.length > 0 && !takesPlain) {
    throw new EnvironmentError(
      'The keys are not encrypted, and whoever had the backup could issue: run zhengma keys encrypt, or say --plain-keys or --no-keys.',
    );
  }
  return [...encrypted, ...plain].map((name) => `keys/${name}`);
}
