import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { copyFileDurably, nameDraft, syncFolder, writeFileDurably } from '../durable-files.ts';
import { EnvironmentError } from '../errors.ts';

const MANIFEST = 'manifest.json';
const MAX_MANIFEST_BYTES = 1024 * 1024;

const manifest = z.strictObject({
  format: z.literal('zhengma-backup-1'),
  takenAt: z.iso.datetime(),
  files: z
    .array(
      z.strictObject({
        name: z.string().regex(/^(?:zhengma\.sqlite|keys\/[a-z0-9-]{1,40}\.key)$/),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .min(1)
    .max(1000),
});

/** What a backup says of itself. */
export interface Backup {
  readonly takenAt: Date;
  /** Paths below the folder, with slashes: the database, and the key files if they are in it. */
  readonly names: readonly string[];
}

/**
 * Writes a backup: `work` puts files into a new folder, which gets a manifest of their SHA-256 and then its name, all of it
 * on disk. Killed before that, there is a draft and no backup. Throws `EnvironmentError` where there is something already,
 * or nothing can be written.
 *
 * @param work returns the names of what it wrote
 */
export async function writeBackup(
  folder: string,
  takenAt: Date,
  work: (draft: string) => Promise<readonly string[]>,
): Promise<Backup> {
  return makeFolder(folder, '--out', async (draft) => {
    const names = await work(draft);
    const files: { name: string; sha256: string }[] = [];
    for (const name of names) files.push({ name, sha256: await digestFile(path.join(draft, name)) });
    const text = JSON.stringify({ format: 'zhengma-backup-1', takenAt: takenAt.toISOString(), files });
    await writeFileDurably(path.join(draft, MANIFEST), `${text}\n`);
    return { takenAt, names };
  });
}

/** Reads a backup, every byte of it. Throws `EnvironmentError` for what is none, or not as it was written. */
export async function readBackup(folder: string): Promise<Backup> {
  const { takenAt, files } = await readManifest(folder);
  for (const { name, sha256 } of files) {
    const digest = await digestFile(path.join(folder, name)).catch(() => undefined);
    if (digest !== sha256)
      throw new EnvironmentError(`${name} of the backup ${folder} is missing or damaged: take another backup.`);
  }
  return { takenAt: new Date(takenAt), names: files.map(({ name }) => name) };
}

/**
 * Makes a data folder of a backup: its files are copied, `finish` makes ready what is to be, and only then the folder has its
 * name. Throws `EnvironmentError` where there is data already.
 */
export async function restoreFiles(
  backup: string,
  { names }: Backup,
  dataFolder: string,
  finish: (draft: string) => Promise<void>,
): Promise<void> {
  await makeFolder(dataFolder, '--data', async (draft) => {
    for (const name of names) {
      await mkdir(path.dirname(path.join(draft, name)), { recursive: true, mode: 0o700 });
      await copyFileDurably(path.join(backup, name), path.join(draft, name));
    }
    await finish(draft);
  });
}

async function makeFolder<T>(folder: string, flag: string, work: (draft: string) => Promise<T>): Promise<T> {
  const draft = nameDraft(folder);
  try {
    if (existsSync(folder) && readdirSync(folder).length > 0)
      throw new EnvironmentError(`There is something in ${folder} already: name a new folder with ${flag}.`);
    await mkdir(draft, { mode: 0o700 });
    const made = await work(draft);
    for (const each of [
      draft,
      ...readdirSync(draft, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => path.join(draft, name)),
    ])
      await syncFolder(each);
    await rename(draft, folder);
    await syncFolder(path.dirname(path.resolve(folder)));
    return made;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new EnvironmentError(`The folder ${folder} cannot be written (${code}): choose another with ${flag}.`);
  }
}

async function readManifest(folder: string) {
  try {
    const text = await readFile(path.join(folder, MANIFEST));
    if (text.length <= MAX_MANIFEST_BYTES) return manifest.parse(JSON.parse(text.toString('utf8')));
  } catch {}
  throw new EnvironmentError(`${folder} is no backup that zhengma backup wrote.`);
}

async function digestFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
