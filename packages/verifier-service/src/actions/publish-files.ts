import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { replaceFileDurably } from '../durable-files.ts';
import { EnvironmentError } from '../errors.ts';
import type { ActionDeps } from './deps.ts';
import { listRoots, listStatusListUris, publishStatusList, publishTrustList } from './publish-lists.ts';

/** What a round has done with the files. */
export interface PublishedFiles {
  readonly written: number;
  readonly unchanged: number;
}

/**
 * Writes all that scanners fetch as files: `roots.json`, `trust-list.cose`, `status-lists/<number>.cwt` and
 * `status-lists.json`, each as its address of the service answers it. A reader finds a file as it was or as it is, never a
 * part of one; what has not changed is not touched. The index is last, so that it names no list that is not there. Throws
 * `EnvironmentError` for a folder that cannot be written, and as publishing does.
 */
export async function publishFiles(folder: string, deps: ActionDeps): Promise<PublishedFiles> {
  const roots = (await listRoots(deps)).map((root) => Buffer.from(root).toString('base64url'));
  let [written, unchanged] = [0, 0];
  const put = async (name: string, bytes: Uint8Array) => {
    if (await replaceFile(path.join(folder, name), bytes)) written += 1;
    else unchanged += 1;
  };
  try {
    await mkdir(path.join(folder, 'status-lists'), { recursive: true });
    await put('roots.json', Buffer.from(`${JSON.stringify({ roots })}\n`));
    await put('trust-list.cose', (await publishTrustList(deps)).bytes);
    const uris = await listStatusListUris(deps);
    for (const { id } of await deps.store.statusLists()) {
      await put(path.join('status-lists', `${id}.cwt`), (await publishStatusList(id, deps)).bytes);
    }
    await put('status-lists.json', Buffer.from(`${JSON.stringify({ status_lists: uris })}\n`));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (syscall === undefined) throw error;
    throw new EnvironmentError(`The folder ${folder} cannot be written (${code}): choose another with --out.`);
  }
  return { written, unchanged };
}

/** False where the file holds these bytes already. */
async function replaceFile(file: string, bytes: Uint8Array): Promise<boolean> {
  const before = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (before?.equals(bytes)) return false;
  // Readable by whoever serves it: all of it is public.
  await replaceFileDurably(file, bytes, 0o644);
  return true;
}
