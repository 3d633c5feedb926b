import type { ParseArgsConfig } from 'node:util';
import type { Terminal } from './terminal.ts';

/** What a command ends with. */
export const EXIT_CODES = { ok: 0, notValid: 1, usage: 2, environment: 3, internal: 4 } as const;

export type ExitCode = (typeof EXIT_CODES)[keyof typeof EXIT_CODES];

export const EXIT_CODE_HELP = `Exit codes: 0 done · 1 the code is not valid · 2 the command or its input is wrong ·
            3 the machine is in the way (port, folder, set-up) · 4 a fault of zhengma itself`;

/** What was on the command line, after parsing. */
export interface CommandInput {
  readonly flags: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly arguments: readonly string[];
}

/** One verb of the command line. */
export interface Command {
  /** What `--help` prints between the summary and the exit codes. */
  readonly help: string;
  readonly options: NonNullable<ParseArgsConfig['options']>;
  /** How many arguments it takes beside the flags. */
  readonly takes: number;
  run(input: CommandInput, terminal: Terminal): Promise<ExitCode>;
}

/** The value of a text flag. */
export function textFlag({ flags }: CommandInput, name: string): string | undefined {
  const value = flags[name];
  return typeof value === 'string' ? value : undefined;
}
