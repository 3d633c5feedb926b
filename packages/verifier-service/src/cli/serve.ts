import type { Logger } from 'pino';
import type { ActionDeps } from '../actions/deps.ts';
import { type Config, readConfig } from '../config.ts';
import { openDataFolder } from '../data-folder.ts';
import { type OpenPort, serve } from '../main.ts';
import { type Command, type CommandInput, EXIT_CODES, type ExitCode } from './command.ts';
import { createLogger } from './logger.ts';
import { DATA_HELP, DATA_OPTION, DELEGATES_HELP, DELEGATES_OPTION, readFlags } from './with-data-folder.ts';

export const SERVE_OPTIONS = {
  ...DATA_OPTION,
  host: { type: 'string' },
  port: { type: 'string' },
  'public-url': { type: 'string' },
  ...DELEGATES_OPTION,
} as const;

export const SERVE_HELP = `  --port <number>       8080 unless given here or in ZHENGMA_PORT; 0 takes a free one
  --host <address>      127.0.0.1 unless given here or in ZHENGMA_HOST
  --public-url <url>    how others reach the service (ZHENGMA_PUBLIC_URL); needed when --host is not this machine alone
${DELEGATES_HELP}
${DATA_HELP}`;

export const serveCommand: Command = {
  help: `  zhengma serve --port 8080

${SERVE_HELP}

  SIGTERM or Ctrl+C stops it: requests in flight get up to 10 s.`,
  options: SERVE_OPTIONS,
  takes: 0,
  run: async (input, terminal) => {
    const config = readServeConfig(input);
    const { dataFolder, databaseUrl, maxDelegates, keys } = config;
    const deps = await openDataFolder(dataFolder, { create: false, databaseUrl, maxDelegates, keys });
    return serveUntilStopped(config, deps, createLogger('info'), async (publicUrl) => {
      terminal.answer({ url: publicUrl }, [`Serving 服务已启动: ${publicUrl}`]);
    });
  },
};

/** The configuration that the flags and the environment say. */
export function readServeConfig(input: CommandInput): Config {
  return readConfig(readFlags(input), process.env);
}

/** Serves until SIGTERM or SIGINT and then drains. `greet` is called once requests are answered. */
export async function serveUntilStopped(
  config: Config,
  deps: ActionDeps,
  logger: Logger,
  greet: (publicUrl: string) => Promise<void>,
  open?: OpenPort,
): Promise<ExitCode> {
  const signal = waitForStopSignal();
  const service = await serve(config, deps, logger, open);
  try {
    await greet(service.publicUrl);
    await signal;
  } finally {
    await service.stop();
  }
  return EXIT_CODES.ok;
}

/** Each signal is heard once: a second one ends the process at once. */
function waitForStopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.once('SIGTERM', () => resolve());
  process.once('SIGINT', () => resolve());
  return promise;
}
