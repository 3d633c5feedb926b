import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { EnvironmentError, UsageError } from '../errors.ts';
import { readLines } from './read-lines.ts';

/** Several times what the longest credential needs. */
const MAX_LINE_BYTES = 64 * 1024;

const LINE_START = '{"row":';

/** A line of the file. */
export interface IssuedLine {
  readonly row: number;
  readonly id: string;
  readonly text: string;
  readonly expiresAt: Date;
  readonly status: { readonly list: number; readonly index: number };
}

/** The file that issued credentials are appended to, a JSON object a line. Only this user can read it: a code is for its person. */
export class IssuedFile {
  readonly #handle: FileHandle;
  readonly #file: string;
  /** Which rows stand in the file already; one byte each. */
  readonly #written: Uint8Array;

  private constructor(handle: FileHandle, file: string, written: Uint8Array) {
    this.#handle = handle;
    this.#file = file;
    this.#written = written;
  }

  /**
   * Opens the file, or makes it. What a writer that was killed left of a line, and whatever stands behind, is cut off: those
   * rows are written again. Throws `UsageError` for a file that holds something else.
   *
   * @param lastRow the highest number that a row may have
   */
  static async open(file: string, lastRow: number): Promise<IssuedFile> {
    let handle: FileHandle;
    try {
      handle = await open(file, 'a', 0o600);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      throw new EnvironmentError(`The file ${file} cannot be written (${code}): choose another with --out.`);
    }
    try {
      const written = new Uint8Array(lastRow + 1);
      let end = 0;
      let isFirst = true;
      for await (const line of readLines(file, MAX_LINE_BYTES)) {
        const row = line.end === undefined ? undefined : readRow(line.text, lastRow);
        if (row === undefined || line.end === undefined) {
          // Nothing of ours is lost by the cut: at most the start of a line that begins like all of them.
          if (isFirst && (line.end !== undefined || !isStartOfLine(line.text))) throw describeOther(file);
          break;
        }
        isFirst = false;
        written[row] = 1;
        end = line.end;
      }
      await handle.truncate(end);
      return new IssuedFile(handle, file, written);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  has(row: number): boolean {
    return this.#written[row] === 1;
  }

  async append(lines: readonly IssuedLine[]): Promise<void> {
    await this.#handle.appendFile(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  /** Puts all of it on disk. */
  async finish(): Promise<void> {
    await this.#handle.sync();
    const folder = await open(path.dirname(path.resolve(this.#file)), 'r');
    await folder.sync();
    await folder.close();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

function readRow(text: string | undefined, lastRow: number): number | undefined {
  try {
    const { row, id } = JSON.parse(text ?? '') as Partial<IssuedLine>;
    const isRow = Number.isInteger(row) && (row as number) >= 1 && (row as number) <= lastRow;
    return isRow && typeof id === 'string' ? row : undefined;
  } catch {
    return undefined;
  }
}

function isStartOfLine(text: string | undefined): boolean {
  return text !== undefined && LINE_START.startsWith(text.slice(0, LINE_START.length));
}

function describeOther(file: string): UsageError {
  return new UsageError(`${file} holds something else than what was issued from this file: choose another with --out.`);
}
