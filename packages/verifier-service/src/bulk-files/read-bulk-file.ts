import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import { type FieldFault, UsageError } from '../errors.ts';
import { readLines } from './read-lines.ts';

/** As much as the body of a request may have. */
const MAX_ROW_BYTES = 64 * 1024;

/** How a cell becomes a member of a request; all others are texts among the claims. */
const CELLS: Readonly<Record<string, { readonly of: 'claims' | 'request'; read(text: string): unknown }>> = {
  name: { of: 'claims', read: readText },
  idNumber: { of: 'claims', read: readText },
  region: { of: 'claims', read: readText },
  scheme: { of: 'claims', read: readText },
  personClass: { of: 'claims', read: readText },
  assistance: { of: 'claims', read: readText },
  enrolment: { of: 'claims', read: readText },
  businessTypes: { of: 'claims', read: (text) => text.split(' ') },
  maxPresentationAgeSeconds: { of: 'claims', read: (text) => (/^\d{1,6}$/.test(text) ? Number(text) : text) },
  paper: { of: 'claims', read: readFlag },
  delegable: { of: 'claims', read: readFlag },
  expiresAt: { of: 'request', read: readText },
  notBefore: { of: 'request', read: readText },
  holderKey: { of: 'request', read: readText },
  replaces: { of: 'request', read: readText },
};

/** One row of the file: a request that nobody has checked yet, or why it is none. */
export type BulkRow = { readonly row: number } & ({ readonly request: unknown } | { readonly fault: FieldFault });

/** What a first look tells of a file. */
export interface BulkFile {
  /** SHA-256, hexadecimal. */
  readonly digest: string;
  readonly rows: number;
  /** The number of the last row, as the file counts. */
  readonly lastRow: number;
}

/**
 * Reads the file once to its end. Throws `UsageError` for one that is not UTF-8, whose quotes do not end, or whose header
 * names what is no claim: before anything is issued.
 */
export async function inspectBulkFile(file: string): Promise<BulkFile> {
  const hash = createHash('sha256');
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const chunk of createReadStream(file)) {
      hash.update(chunk as Buffer);
      decoder.decode(chunk as Buffer, { stream: true });
    }
    decoder.decode();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA')
      throw new UsageError(`${file} is not UTF-8: save it as CSV UTF-8 (Excel says so when it saves), and try again.`);
    throw new UsageError(`The file ${file} cannot be read (${code}): check its name.`);
  }
  let [rows, lastRow] = [0, 0];
  for await (const { row } of readBulkFile(file)) {
    rows += 1;
    lastRow = row;
  }
  return { digest: hash.digest('hex'), rows, lastRow };
}

/**
 * The rows of a file, one after the other: of CSV (RFC 4180, a header of the names of claims; the header is row 1), or of
 * NDJSON where the name ends so (the shape of POST /v1/credentials; row 1 is the first line). Empty rows are passed over.
 */
export function readBulkFile(file: string): AsyncGenerator<BulkRow> {
  return /\.(?:ndjson|jsonl)$/i.test(file) ? readNdjson(file) : readCsv(file);
}

async function* readNdjson(file: string): AsyncGenerator<BulkRow> {
  let row = 0;
  for await (const { text } of readLines(file, MAX_ROW_BYTES)) {
    row += 1;
    if (text === undefined) yield { row, fault: { pointer: '', reason: 'longer than 64 KiB' } };
    else if (text.trim() !== '') yield parseLine(row, row === 1 ? text.replace(/^\ufeff/, '') : text);
  }
}

function parseLine(row: number, text: string): BulkRow {
  try {
    return { row, request: JSON.parse(text) as unknown };
  } catch {
    return { row, fault: { pointer: '', reason: 'no JSON' } };
  }
}

async function* readCsv(file: string): AsyncGenerator<BulkRow> {
  const parser = parse({ bom: true, relax_column_count: true, max_record_size: MAX_ROW_BYTES });
  // A fault of either ends the loop below.
  pipeline(createReadStream(file), parser, () => {});
  let header: readonly string[] | undefined;
  let row = 0;
  try {
    for await (const cells of parser as AsyncIterable<string[]>) {
      row += 1;
      if (!header) header = checkHeader(cells);
      else if (cells.length === header.length) yield { row, request: toRequest(header, cells) };
      else if (cells.length > 1 || cells[0] !== '')
        yield { row, fault: { pointer: '', reason: 'another number of fields than the header' } };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // Its message quotes the file.
    throw new UsageError(
      `Row ${row + 1} is no CSV (${error.code}): quotes and their ends must be those of RFC 4180, and a row 64 KiB at most.`,
    );
  }
  if (!header)
    throw new UsageError('The CSV is empty: its first row names the claims, as name,idNumber,region,scheme.');
}

function checkHeader(names: readonly string[]): readonly string[] {
  for (const [column, name] of names.entries()) {
    if (Object.hasOwn(CELLS, name) && names.indexOf(name) === column) continue;
    throw new UsageError(
      `Column ${column + 1} of the header is no claim, or there twice: columns are ${Object.keys(CELLS).join(', ')}.`,
    );
  }
  return names;
}

/** An empty cell is a claim that is left out. */
function toRequest(header: readonly string[], cells: readonly string[]): unknown {
  const claims: Record<string, unknown> = {};
  const request: Record<string, unknown> = { claims };
  for (const [column, name] of header.entries()) {
    const text = cells[column] as string;
    const cell = CELLS[name];
    if (text !== '' && cell) (cell.of === 'claims' ? claims : request)[name] = cell.read(text);
  }
  return request;
}

function readText(text: string): string {
  return text;
}

function readFlag(text: string): unknown {
  return text === 'true' || text;
}
