/** The same words in Chinese and English. */
export interface Words {
  /** Chinese, in simplified characters: the official term where there is one. */
  readonly zh: string;
  /** English: a gloss of it, since the official tables have none. */
  readonly en: string;
}

/** One row of a code table. */
export interface CodeRow {
  /** The official code as text, leading zeros kept. */
  readonly code: string;
  /** What the code means; nothing is decided by it. */
  readonly label: Words;
}

/** A code table in its official order. Regions extend the official tables, so a code that is not in it may still be right. */
export type CodeTable = readonly CodeRow[];

/** The codes of a table, for an editor to offer; any other text is a code too. */
export type CodeOf<Table extends CodeTable> = Table[number]['code'] | (string & {});

/**
 * What a code means, for people: `labelCode(SCHEMES, '310', 'en')`.
 *
 * @returns the label, or the code itself where the table does not have it
 * @throws TypeError for what is no table; never for a code
 */
export function labelCode(table: CodeTable, code: string, language: keyof Words): string {
  if (!Array.isArray(table)) throw new TypeError('table must be a code table');
  return table.find((row) => row.code === code)?.label[language] ?? code;
}
