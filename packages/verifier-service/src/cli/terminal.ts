import { createReadStream } from 'node:fs';
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
    return (await readCapped(process.stdin, 'The input')).toString('utf8');
  }

  /** A file, or standard input for `-`, as text. */
  async readText(name: string): Promise<string> {
    return name === '-' ? this.readInput() : (await readInputFile(name)).toString('utf8');
  }
}

/** A file of at most 10 MiB. Throws `UsageError` when it cannot be read. */
export async function readInputFile(name: string): Promise<Buffer> {
  try {
    return await readCapped(createReadStream(name), `The file ${name}`);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`The file ${name} cannot be read (${(error as NodeJS.ErrnoException).code}): check its name.`);
  }
}

/** What a device or a pipe without an end gives is not kept until memory ends. */
async function readCapped(source: AsyncIterable<Buffer>, what: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > MAX_INPUT_BYTES) throw new UsageError(`${what} is too large: 10 MiB are allowed.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
