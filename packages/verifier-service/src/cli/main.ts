#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { EnvironmentError, ServiceError, type ServiceErrorCode, UsageError } from '../errors.ts';
import { type Command, EXIT_CODE_HELP, EXIT_CODES, type ExitCode } from './command.ts';
import { Terminal } from './terminal.ts';

interface Entry {
  readonly name: string;
  readonly summary: string;
  /** Only what a command needs is loaded: most need no web server and no image library. */
  load(): Promise<Command>;
}

const ENTRIES: readonly Entry[] = [
  {
    name: 'start',
    summary: 'Set up if new, issue and verify a first credential, serve 一键启动',
    load: async () => (await import('./start.ts')).startCommand,
  },
  {
    name: 'init',
    summary: 'Set up a data folder: root key, issuer, administrator 初始化数据目录',
    load: async () => (await import('./init.ts')).initCommand,
  },
  {
    name: 'keygen',
    summary: 'Make a signing key, or an API key 生成密钥',
    load: async () => (await import('./keygen.ts')).keygenCommand,
  },
  {
    name: 'keys',
    summary: 'List, retire and encrypt signing keys 管理签名密钥',
    load: async () => (await import('./keys.ts')).keysCommand,
  },
  {
    name: 'issue',
    summary: 'Issue a credential and show its QR code 签发凭证',
    load: async () => (await import('./issue.ts')).issueCommand,
  },
  {
    name: 'issue-bulk',
    summary: 'Issue a file of credentials, and go on after a kill 批量签发',
    load: async () => (await import('./issue-bulk.ts')).issueBulkCommand,
  },
  {
    name: 'verify',
    summary: 'Verify a code, offline 核验二维码（离线）',
    load: async () => (await import('./verify.ts')).verifyCommand,
  },
  {
    name: 'revoke',
    summary: 'Revoke a credential, for good 吊销凭证',
    load: async () => (await import('./revoke.ts')).revokeCommand,
  },
  {
    name: 'publish',
    summary: 'Write the signed lists as files 发布签名名单文件',
    load: async () => (await import('./publish.ts')).publishCommand,
  },
  {
    name: 'inspect',
    summary: 'Show what a code says, without checking it 查看内容（不核验）',
    load: async () => (await import('./inspect.ts')).inspectCommand,
  },
  {
    name: 'receipt',
    summary: 'Show a receipt, or verify one offline 查看或核验回执',
    load: async () => (await import('./receipt.ts')).receiptCommand,
  },
  {
    name: 'organisation',
    summary: 'Who operators work for: list, add, disable 机构管理',
    load: async () => (await import('./organisation.ts')).organisationCommand,
  },
  {
    name: 'his',
    summary: 'Whose HIS may ask without an API key: list, add, remove HIS 接入',
    load: async () => (await import('./his.ts')).hisCommand,
  },
  {
    name: 'audit',
    summary: 'Verify, search, sign or purge the audit trail 审计',
    load: async () => (await import('./audit.ts')).auditCommand,
  },
  {
    name: 'backup',
    summary: 'Copy database and keys while the service runs 在线备份',
    load: async () => (await import('./backup.ts')).backupCommand,
  },
  {
    name: 'restore',
    summary: 'A data folder of a backup 恢复备份',
    load: async () => (await import('./restore.ts')).restoreCommand,
  },
  {
    name: 'serve',
    summary: 'Serve the interface, the lists and the scanner 启动服务',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  {
    name: 'config',
    summary: 'Show every setting, its value and who said so 查看配置',
    load: async () => (await import('./config.ts')).configCommand,
  },
];

const MACHINE_FAULTS: readonly ServiceErrorCode[] = ['store_unavailable', 'signer_unavailable', 'clock_behind'];

// Node 22 calls its SQLite experimental, in two lines before every answer; other warnings are still shown.
process.removeAllListeners('warning');
process.on('warning', ({ name, message }) => {
  if (name !== 'ExperimentalWarning') process.stderr.write(`${name}: ${message}\n`);
});

const words = process.argv.slice(2);
const terminal = new Terminal({ json: words.includes('--json') });
process.exitCode = await run(words).catch(report);

async function run([name, ...rest]: string[]): Promise<ExitCode> {
  if (name === undefined || name === '--help' || name === 'help') {
    process.stdout.write(describeAll());
    return name === undefined ? EXIT_CODES.usage : EXIT_CODES.ok;
  }
  const entry = ENTRIES.find((candidate) => candidate.name === name);
  if (!entry) throw new UsageError(`There is no command of this name: zhengma --help lists them.`);
  const command = await entry.load();
  const { values, positionals } = parse(name, command, rest);
  if (values['help']) {
    process.stdout.write(describe(entry, command));
    return EXIT_CODES.ok;
  }
  return command.run({ flags: values, arguments: positionals }, terminal);
}

function parse(name: string, command: Command, words: string[]) {
  try {
    const parsed = parseArgs({
      args: words,
      options: { ...command.options, json: { type: 'boolean' }, help: { type: 'boolean' } },
      allowPositionals: command.takes > 0,
    });
    if (parsed.positionals.length <= command.takes) return parsed;
  } catch (error) {
    throw new UsageError(`${(error as Error).message.split('\n')[0]} zhengma ${name} --help says what it takes.`);
  }
  throw new UsageError(`Too many arguments: zhengma ${name} --help says what it takes.`);
}

function describe({ name, summary }: Entry, { help }: Command): string {
  return `zhengma ${name}: ${summary}\n\n${help}\n  --json                one JSON object on stdout, for machines\n\n${EXIT_CODE_HELP}\n`;
}

function describeAll(): string {
  const lines = ENTRIES.map(({ name, summary }) => `  ${name.padEnd(13)}${summary}`);
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
    return MACHINE_FAULTS.includes(error.code) ? EXIT_CODES.environment : EXIT_CODES.usage;
  }
  terminal.complain('internal', `A fault of zhengma itself: ${error instanceof Error ? error.stack : String(error)}`);
  return EXIT_CODES.internal;
}
