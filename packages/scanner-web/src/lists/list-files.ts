import { MAX_LIST_BYTES } from './list-source.ts';

/** Lists as `zhengma publish` writes them. */
export interface ListFiles {
  /** `trust-list.cose`. */
  readonly trustList?: Uint8Array;
  /** `status-lists/<number>.cwt`, in the order of their numbers. */
  readonly statusLists: readonly StatusListFile[];
}

/** A status list and the number that its file is named by. */
export interface StatusListFile {
  readonly number: string;
  readonly bytes: Uint8Array;
}

/** What is needed of a file that somebody chose. */
export type ChosenFile = Pick<File, 'name' | 'size' | 'arrayBuffer'>;

/** More than a stick of a whole nation holds. */
const MAX_STATUS_LISTS = 2048;

const STATUS_LIST = /^(0|[1-9]\d{0,9})\.cwt$/;

/**
 * Picks the lists out of what was chosen, be it the folder, the whole stick or some files of it. Nothing is said yet of what
 * is in them. Of two with the same name the first counts.
 */
export async function readListFiles(chosen: Iterable<ChosenFile>): Promise<ListFiles> {
  let trustList: ChosenFile | undefined;
  const numbered = new Map<string, ChosenFile>();
  for (const file of chosen) {
    if (file.size > MAX_LIST_BYTES) continue;
    const number = STATUS_LIST.exec(file.name)?.[1];
    if (file.name === 'trust-list.cose') trustList ??= file;
    else if (number !== undefined && !numbered.has(number) && numbered.size < MAX_STATUS_LISTS)
      numbered.set(number, file);
  }
  const statusLists: StatusListFile[] = [];
  for (const [number, file] of [...numbered].sort(([left], [right]) => Number(left) - Number(right))) {
    statusLists.push({ number, bytes: await readBytes(file) });
  }
  return { ...(trustList && { trustList: await readBytes(trustList) }), statusLists };
}

async function readBytes(file: ChosenFile): Promise<Uint8Array> {
  return new Uint8Array(await file.arrayBuffer());
}
