import { randomBytes } from 'node:crypto';
import { constants, copyFile, link, open, rename, rm, unlink } from 'node:fs/promises';
import path from 'node:path';

/** What a writer that was killed leaves behind. */
export function isDraft(name: string): boolean {
  return /^\.[0-9a-f]{16}\.draft$/.test(name);
}

/** A name for what is not ready: beside `target`, so that it can take its name, and known to `isDraft`. */
export function nameDraft(target: string): string {
  return path.join(path.dirname(path.resolve(target)), `.${randomBytes(8).toString('hex')}.draft`);
}

/**
 * Creates `file` (mode 0600) with `text`, whole or not at all, also when the power fails. Rejects with `EEXIST` rather
 * than replace a file: `link` refuses where `rename` would overwrite.
 */
export async function writeFileDurably(file: string, text: string): Promise<void> {
  const draft = await writeDraft(file, text);
  try {
    await link(draft, file);
  } finally {
    await unlink(draft);
  }
  await syncFolder(path.dirname(file));
}

/** The same for a file that is there already: at every moment it holds the old text or the new. */
export async function replaceFileDurably(file: string, content: string | Uint8Array, mode = 0o600): Promise<void> {
  await rename(await writeDraft(file, content, mode), file);
  await syncFolder(path.dirname(file));
}

/** Puts the names in `folder` on disk: a file that was synced is lost with the name it had. */
export async function syncFolder(folder: string): Promise<void> {
  const directory = await open(folder, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** Copies a file, for its owner alone, to where there is none. */
export async function copyFileDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL);
  const handle = await open(to, 'r+');
  try {
    await handle.chmod(0o600);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeDraft(file: string, content: string | Uint8Array, mode = 0o600): Promise<string> {
  const draft = nameDraft(file);
  try {
    const handle = await open(draft, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
  return draft;
}
