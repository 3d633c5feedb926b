#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { EnvironmentError, ServiceError, UsageError } from '../errors.ts';
import { type Command, EXIT_CODE_HELP, EXIT_CODES, type ExitCode } from './command.ts';
import { initCommand } from './init.ts';
import { inspectCommand } from './inspect.ts';
import { issueCommand } from './issue.ts';
import { keygenCommand } from './keygen.ts';
import { revokeCommand } from './revoke.ts';
import { serveCommand } from './serve.ts';
import { startCommand } from './start.ts';
import { Terminal } from './terminal.ts';
import { verifyCommand } from './verify.ts';

const COMMANDS: readonly Command[] = [
  startCommand,
  initCommand,
  keygenCommand,
  issueCommand,
  verifyCommand,
  revokeCommand,
  inspectCommand,
  serveCommand,
];

const words = process.argv.slice(2);
const terminal = new Terminal({ json: words.includes('--json') });
process.exitCode = await run(words).catch(report);

async function run([name, ...rest]: string[]): Promise<ExitCode> {
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(describeAll());
    return name === undefined ? EXIT_CODES.usage : EXIT_CODES.ok;
  }
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command) throw new UsageError(`There is no command of this name: zhengma --help lists them.`);
  const { values, positionals } = parse(command, rest);
  if (values['help']) {
    process.stdout.write(describe(command));
    return EXIT_CODES.ok;
  }
  return command.run({ flags: values, arguments: positionals }, terminal);
}

function parse(command: Command, words: string[]) {
  try {
    const parsed = parseArgs({
      args: words,
      options: { ...command.options, json: { type: 'boolean' }, help: { type: 'boolean' } },
      allowPositionals: command.takes > 0,
    });
    if (parsed.positionals.length <= command.takes) return parsed;
  } catch (error) {
    throw new UsageError(
      `${(error as Error).message.split('\n')[0]} zhengma ${command.name} --help says what it takes.`,
    );
  }
  throw new UsageError(`Too many arguments: zhengma ${command.name} --help says what it takes.`);
}

function describe({ name, summary, help }: Command): string {
  return `zhengma ${name}: ${summary}\n\n${help}\n  --json                one JSON object on stdout, for machines\n\n${EXIT_CODE_HELP}\n`;
}

function describeAll(): string {
  const lines = COMMANDS.map(({ name, summary }) => `  ${name.padEnd(9)}${summary}`);
  return `zhengma 证码: signed, time-bound credentials as QR codes\n\n${lines.join('\n')}\n\nzhengma <command> --help says more.\n\n${EXIT_CODE_HELP}\n`;
}

/** One sentence on stderr and an exit code; a stack only for a fault that is ours. */
function report(error: unknown): ExitCode {
  if (error instanceof UsageError) {
    terminal.complain('usage', error.message);
    return EXIT_CODES.usage;
  }
  if (error instanceof EnvironmentError) {
    terminal.complain('environment', error.message);
    return EXIT_CODES.environment;
  }
  if (error instanceof ServiceError) {
    const faults = error.faults.map(({ pointer, reason }) => ` ${pointer || '/'}: ${reason}.`).join('');
    terminal.complain(error.code, error.message + faults);
    return error.code === 'store_unavailable' ? EXIT_CODES.environment : EXIT_CODES.usage;
  }
  terminal.complain('internal', `A fault of zhengma itself: ${error instanceof Error ? error.stack : String(error)}`);
  return EXIT_CODES.internal;
}
