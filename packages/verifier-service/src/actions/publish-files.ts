import { mkdir, readdir, readFile, unlink } from 'node:fs/promises';
import path from 'node:path';
import { replaceFileDurably } from '../durable-files.ts';
import { EnvironmentError } from '../errors.ts';
import type { ActionDeps } from './deps.ts';
import { listRoots, listStatusListUris, publishStatusList, publishTrustList } from './publish-lists.ts';
import { listSnapshotBases, publishSnapshot, publishSnapshotDelta } from './publish-snapshots.ts';

const DELTA = /^revocation-delta-[1-9]\d*\.cwt$/;

/** What a round has done with the files. */
export interface PublishedFiles {
  readonly written: number;
  readonly unchanged: number;
}

/**
 * Writes all that scanners fetch as files: `roots.json`, `trust-list.cose`, `status-lists/<number>.cwt`, `status-lists.json`,
 * `revocation-snapshot.cwt` and `revocation-delta-<base>.cwt`, each as its address of the service answers it. A reader finds a
 * file as it was or as it is, never a part of one; what has not changed is not touched. The index is after its lists, so that it
 * names none that is not there; deltas to snapshots that are gone are removed, for they would only look ever older. Throws
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
    const snapshot = await publishSnapshot(deps);
    const deltas = new Set<string>();
    for (const base of await listSnapshotBases(deps)) {
      const name = `revocation-delta-${base}.cwt`;
      await put(name, (await publishSnapshotDelta(base, deps)).bytes);
      deltas.add(name);
    }
    await put('revocation-snapshot.cwt', snapshot.bytes);
    for (const name of await readdir(folder))
      if (DELTA.test(name) && !deltas.has(name)) await unlink(path.join(folder, name));
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
