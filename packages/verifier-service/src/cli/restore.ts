import { actLocally } from '../actions/set-up.ts';
import { readBackup, restoreFiles } from '../backups/backup-folder.ts';
import { openDataFolder } from '../data-folder.ts';
import { UsageError } from '../errors.ts';
import { readDataFolderSettings } from '../settings/data-folder-settings.ts';
import { DATABASE_FILE } from '../stores/sqlite/copy-database.ts';
import { type Command, EXIT_CODES } from './command.ts';
import { describeSettings, readSources, takeSettings } from './setting-flags.ts';
import { withDataFolder } from './with-data-folder.ts';

export const restoreCommand: Command = {
  help: `  zhengma restore /backups/2026-11-25 --data data   a new data folder of a backup
  zhengma restore --in-place --data data            the database was brought back by other means: a snapshot, pg_restore

${describeSettings('data')}

  What was done after the backup is not in it. So that nothing contradicts it, credentials are issued in new status lists
  from now on, and presentations made before now are refused, each holder's next one passes. Repeat by hand what was
  revoked, suspended or withdrawn meanwhile: it is good again. Stop the service first.`,
  options: { ...takeSettings('data'), 'in-place': { type: 'boolean' } },
  takes: 1,
  async run(input, terminal) {
    const [folder] = input.arguments;
    const inPlace = input.flags['in-place'] === true;
    if ((folder === undefined) !== inPlace)
      throw new UsageError('Say which backup, or --in-place: zhengma restore /backups/2026-11-25.');
    if (folder === undefined) {
      await withDataFolder(input, { create: false }, async (deps) => {
        await deps.store.markRestored({ at: deps.currentDate(), by: await actLocally(deps) });
      });
      terminal.answer({ restored: true }, ['Marked as restored 已标记为恢复的数据。']);
      return EXIT_CODES.ok;
    }
    const { dataFolder, database } = readDataFolderSettings(readSources(input));
    const backup = await readBackup(folder);
    const hasDatabase = backup.names.includes(DATABASE_FILE);
    if (hasDatabase && database !== undefined)
      throw new UsageError('The backup is of SQLite, and DATABASE_URL names PostgreSQL: unset it.');
    await restoreFiles(folder, backup, dataFolder, async (draft) => {
      if (hasDatabase) await markRestored(draft, backup.takenAt);
    });
    const done = { takenAt: backup.takenAt, files: backup.names.length };
    terminal.answer(done, [
      `Restored 已恢复: ${done.files} files 文件, as of 备份时间 ${done.takenAt.toISOString()}`,
      'What was revoked, suspended or withdrawn since then is good again: repeat it. 备份之后的吊销、停用须重做。',
    ]);
    return EXIT_CODES.ok;
  },
};

async function markRestored(dataFolder: string, backupTakenAt: Date): Promise<void> {
  const deps = await openDataFolder(dataFolder, { create: false });
  try {
    await deps.store.markRestored({ at: deps.currentDate(), backupTakenAt, by: await actLocally(deps) });
  } finally {
    await deps.images.close();
    await deps.store.close();
  }
}
