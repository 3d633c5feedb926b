import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { UsageError } from '../errors.ts';

const MAX_INPUT_BYTES = 10 * 1024 * 1024;

/** Where a command reads and prints. Results go to stdout, in one of two forms; what is said meanwhile, to stderr. */
export class Terminal {
  readonly #json: boolean;

  constructor(options: { json: boolean }) {
    this.#json = options.json;
  }

  /** Prints a result: one JSON object for machines, or lines for people. */
  answer(value: unknown, lines: readonly string[]): void {
    process.stdout.write(`${this.#json ? JSON.stringify(value) : lines.join('\n')}\n`);
  }

  /** Prints a line for people only. */
  say(line: string): void {
    if (!this.#json) process.stdout.write(`${line}\n`);
  }

  /** Prints one sentence about a failure. */
  complain(code: string, sentence: string): void {
    process.stderr.write(
      this.#json ? `${JSON.stringify({ error: { code, message: sentence } })}\n` : `zhengma: ${sentence}\n`,
    );
  }

  /** All of standard input, as text. */
  async readInput(): Promise<string> {
    const input = await text(process.stdin);
    if (input.length > MAX_INPUT_BYTES) throw new UsageError('The input is too large: 10 MiB are allowed.');
    return input;
  }

  /** A file, or standard input for `-`, as text. */
  async readText(name: string): Promise<string> {
    return name === '-' ? this.readInput() : (await readInputFile(name)).toString('utf8');
  }
}

/** A file of at most 10 MiB. Throws `UsageError` when it cannot be read. */
export async function readInputFile(name: string): Promise<Buffer> {
  try {
    const bytes = await readFile(name);
    if (bytes.length <= MAX_INPUT_BYTES) return bytes;
  } catch (error) {
    throw new UsageError(`The file ${name} cannot be read (${(error as NodeJS.ErrnoException).code}): check its name.`);
  }
  throw new UsageError(`The file ${name} is too large: 10 MiB are allowed.`);
}
