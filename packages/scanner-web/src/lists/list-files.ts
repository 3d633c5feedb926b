import { MAX_LIST_BYTES } from './list-source.ts';

/** What is needed of a file that somebody chose. */
export type ChosenFile = Pick<File, 'name' | 'size' | 'arrayBuffer'>;

/** Lists as `zhengma publish` writes them. Nothing of them is read yet: a stick may hold more than a page has room for. */
export interface ListFiles extends SnapshotFiles {
  /** `trust-list.cose`. */
  readonly trustList?: ChosenFile;
  /** `status-lists/<number>.cwt`, in the order of their numbers. */
  readonly statusLists: readonly StatusListFile[];
}

/** All status lists in one file, and what changed since. */
export interface SnapshotFiles {
  /** `revocation-snapshot.cwt`. */
  readonly snapshot?: ChosenFile;
  /** `revocation-delta-<base>.cwt`: as many as there are snapshots that one may go on from. */
  readonly deltas: readonly ChosenFile[];
}

/** A status list and the number that its file is named by. */
export interface StatusListFile {
  readonly number: string;
  readonly file: ChosenFile;
}

/** More than a stick of a whole nation holds. */
const MAX_STATUS_LISTS = 2048;

/** More than are published. */
const MAX_DELTAS = 8;

const DELTA = /^revocation-delta-[1-9]\d{0,14}\.cwt$/;
const STATUS_LIST = /^(0|[1-9]\d{0,9})\.cwt$/;

/**
 * Picks the lists out of what was chosen, be it the folder, the whole stick or some files of it. Nothing is said yet of what
 * is in them. Of two with the same name the first counts.
 */
export function pickListFiles(chosen: Iterable<ChosenFile>): ListFiles {
  let trustList: ChosenFile | undefined;
  let snapshot: ChosenFile | undefined;
  const deltas: ChosenFile[] = [];
  const numbered = new Map<string, ChosenFile>();
  for (const file of chosen) {
    const number = STATUS_LIST.exec(file.name)?.[1];
    if (file.name === 'trust-list.cose') trustList ??= file;
    else if (file.name === 'revocation-snapshot.cwt') snapshot ??= file;
    else if (DELTA.test(file.name) && deltas.length < MAX_DELTAS) deltas.push(file);
    else if (number !== undefined && !numbered.has(number) && numbered.size < MAX_STATUS_LISTS)
      numbered.set(number, file);
  }
  const statusLists = [...numbered]
    .sort(([left], [right]) => Number(left) - Number(right))
    .map(([number, file]) => ({ number, file }));
  return { ...(trustList && { trustList }), statusLists, ...(snapshot && { snapshot }), deltas };
}

/** Whether anything of what was chosen is a list. */
export function holdsLists({ trustList, statusLists, snapshot, deltas }: ListFiles): boolean {
  return [trustList, snapshot, ...statusLists, ...deltas].some((file) => file !== undefined);
}

/**
 * The bytes of a list; or why there are none: no list is as large, and of a stick that was pulled out no more is to be had than
 * of a damaged one.
 */
export async function readListFile(file: ChosenFile): Promise<Uint8Array | 'too_large' | 'malformed'> {
  if (file.size > MAX_LIST_BYTES) return 'too_large';
  return file.arrayBuffer().then(
    (bytes) => new Uint8Array(bytes),
    () => 'malformed',
  );
}
