import { setImmediate } from 'node:timers/promises';
import type { AuditEntry, AuditSearch } from '../stores/audit.ts';
import type { ActionDeps } from './deps.ts';

const ROWS_PER_READ = 1000;

const COLUMNS = [
  'at',
  'operator',
  'organisation',
  'action',
  'credential',
  'businessType',
  'reason',
  'outcome',
  'receipt',
  'subject',
  'chain',
  'seq',
  'hash',
] as const;

/** Forms of an export: a table with a head (RFC 4180), or one JSON object a line. */
export const EXPORT_FORMATS = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Whatever a search finds, newest first, page by page: an export of any length holds one page in memory. */
export async function* exportAudit(
  search: Omit<AuditSearch, 'limit' | 'after'>,
  format: ExportFormat,
  { store }: Pick<ActionDeps, 'store'>,
): AsyncGenerator<string> {
  if (format === 'csv') yield `${COLUMNS.join(',')}\r\n`;
  let after: AuditSearch['after'];
  do {
    const page = await store.searchAudit({ ...search, limit: ROWS_PER_READ, ...(after && { after }) });
    const write = format === 'csv' ? writeCsv : (entry: AuditEntry) => `${JSON.stringify(describeEntry(entry))}\n`;
    if (page.entries.length > 0) yield page.entries.map(write).join('');
    after = page.next;
    // SQLite answers in this thread, and a page may have nothing to write: others have their turn between.
    await setImmediate();
  } while (after);
}

/** A row as JSON has it: the hash in hexadecimal. */
export function describeEntry({ hash, ...entry }: AuditEntry) {
  return { ...entry, hash: Buffer.from(hash).toString('hex') };
}

function writeCsv(entry: AuditEntry): string {
  const described = { ...describeEntry(entry), at: entry.at.toISOString() };
  return `${COLUMNS.map((column) => quote(described[column])).join(',')}\r\n`;
}

/** A spreadsheet takes what begins with one of `=+-@` for a formula, so such a text is led by an apostrophe. */
function quote(value: string | number | undefined): string {
  const text = String(value ?? '');
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
