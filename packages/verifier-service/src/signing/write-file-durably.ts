import { randomBytes } from 'node:crypto';
import { link, open, unlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * Creates `file` (mode 0600) with `text`, whole or not at all, also when the power fails. Rejects with `EEXIST` rather
 * than replace a file: `link` refuses where `rename` would overwrite.
 */
export async function writeFileDurably(file: string, text: string): Promise<void> {
  const folder = path.dirname(file);
  const draft = path.join(folder, `.${randomBytes(8).toString('hex')}.draft`);
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, file);
  } finally {
    await unlink(draft);
  }
  await syncFolder(folder);
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
