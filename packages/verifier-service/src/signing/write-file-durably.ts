import { randomBytes } from 'node:crypto';
import { link, open, rename, unlink } from 'node:fs/promises';
import path from 'node:path';

/** What a writer that was killed leaves behind. */
export function isDraft(name: string): boolean {
  return /^\.[0-9a-f]{16}\.draft$/.test(name);
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
export async function replaceFileDurably(file: string, text: string): Promise<void> {
  await rename(await writeDraft(file, text), file);
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

/** Beside `file`, so that it can take its name. */
async function writeDraft(file: string, text: string): Promise<string> {
  const draft = path.join(path.dirname(file), `.${randomBytes(8).toString('hex')}.draft`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  return draft;
}
