import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import type { ActionDeps } from '../actions/deps.ts';
import { type Config, readConfig } from '../config.ts';
import { openDataFolder } from '../data-folder.ts';
import { UsageError } from '../errors.ts';
import { type RunningService, serve } from '../main.ts';
import { closePort, type OpenPort, openPort } from '../open-port.ts';
import { SETTING_NAMES } from '../settings/table.ts';
import { createSimulator } from '../simulator.ts';
import { type Command, EXIT_CODES, type ExitCode } from './command.ts';
import { createLogger } from './logger.ts';
import { describeSettings, readSources, takeSettings } from './setting-flags.ts';
import type { Terminal } from './terminal.ts';

export const SERVE_OPTIONS = takeSettings(...SETTING_NAMES);

export const SERVE_HELP = `${describeSettings(...SETTING_NAMES)}

  In brackets: what is so unless it is given. Each has a variable and a key of the file too: zhengma config names them.`;

export const serveCommand: Command = {
  help: `  zhengma serve --port 8080

${SERVE_HELP}

  --simulate            the routes of a HIS alone (ec.query), answered with fictional people: to connect a HIS without data,
                        keys or credentials. Not where there is a data folder 仅供 HIS 联调，返回虚构人员

  SIGTERM or Ctrl+C stops it: requests in flight get up to 10 s. With TLS, SIGHUP reads the certificate and its key again.`,
  options: { ...SERVE_OPTIONS, simulate: { type: 'boolean' } },
  takes: 0,
  run: async (input, terminal) => {
    const config = readConfig(readSources(input));
    if (input.flags['simulate'] === true) return simulate(config, createLogger('info'), terminal);
    const deps = await openDataFolder(config.dataFolder, { create: false, ...config });
    return serveUntilStopped(config, deps, createLogger('info'), async (publicUrl) => {
      terminal.answer({ url: publicUrl }, [`Serving 服务已启动: ${publicUrl}`]);
    });
  },
};

/**
 * Fictional people in place of answers. Throws `UsageError` where there is anything real, be it set up or not: nobody should
 * take one for the other.
 */
async function simulate(config: Config, logger: Logger, terminal: Terminal): Promise<ExitCode> {
  const { dataFolder, database } = config;
  if (database !== undefined || existsSync(dataFolder)) {
    throw new UsageError(
      `--simulate answers with people who do not exist, so it does not run beside real data: name a folder that does not exist with --data (now ${dataFolder}), and no DATABASE_URL.`,
    );
  }
  const signal = waitForStopSignal();
  const open = await openPort(config);
  open.answer(createSimulator(config.ecQuery, logger).callback());
  logger.info({ message: 'simulating: fictional people only', simulation: true, port: open.port });
  terminal.answer({ url: open.publicUrl, simulation: true }, [
    `SIMULATION, fictional people only 模拟服务，仅虚构人员: ${open.publicUrl}`,
  ]);
  await signal;
  closePort(open);
  return EXIT_CODES.ok;
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
  if (config.tls) process.on('SIGHUP', () => reloadCertificate(service, logger));
  try {
    await greet(service.publicUrl);
    await signal;
  } finally {
    await service.stop();
  }
  return EXIT_CODES.ok;
}

function reloadCertificate(service: RunningService, logger: Logger): void {
  try {
    service.reloadCertificate();
    logger.info({ message: 'certificate reloaded' });
  } catch (error) {
    // The certificate in use is kept: a renewal that went wrong must not end the service.
    logger.error({ message: `certificate not reloaded: ${(error as Error).message}` });
  }
}

/** Each signal is heard once: a second one ends the process at once. */
function waitForStopSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  process.once('SIGTERM', () => resolve());
  process.once('SIGINT', () => resolve());
  return promise;
}
