import { setTimeout } from 'node:timers/promises';
import type { ActionDeps } from '../actions/deps.ts';
import { publishFiles } from '../actions/publish-files.ts';
import { ServiceError, UsageError } from '../errors.ts';
import { type ListTimeSettings, readListTimes } from '../settings/data-folder-settings.ts';
import { type Command, EXIT_CODES, textFlag } from './command.ts';
import { describeSettings, readSources, takeSettings } from './setting-flags.ts';
import type { Terminal } from './terminal.ts';
import { DATA_SETTINGS, withDataFolder } from './with-data-folder.ts';

const SETTINGS_HERE = ['status-list-ttl', 'status-list-life', 'trust-list-days', ...DATA_SETTINGS] as const;

export const publishCommand: Command = {
  help: `  zhengma publish --out lists                 once, for a USB stick for instance
  zhengma publish --out /srv/lists --every 60 until it is stopped, for a web server

  --out <folder>        roots.json, trust-list.cose, status-lists/<number>.cwt, status-lists.json, and all lists in one
                        file, revocation-snapshot.cwt, with what changed since, revocation-delta-<base>.cwt: what
                        zhengma verify --trust and a scanner read
  --every <seconds>     writes what has changed again and again, until SIGTERM or Ctrl+C
${describeSettings(...SETTINGS_HERE)}`,
  options: { ...takeSettings(...SETTINGS_HERE), out: { type: 'string' }, every: { type: 'string' } },
  takes: 0,
  async run(input, terminal) {
    const out = textFlag(input, 'out');
    if (out === undefined) throw new UsageError('Say where to: zhengma publish --out lists.');
    const everySeconds = readPeriod(textFlag(input, 'every'), readListTimes(readSources(input)));
    return withDataFolder(input, { create: false }, async (deps) => {
      if (everySeconds === undefined) await publishOnce(out, deps, terminal);
      else await publishUntilStopped(out, everySeconds, deps, terminal);
      return EXIT_CODES.ok;
    });
  },
};

/** Readers ask again after the ttl: whoever writes less often gives them lists that are due already. */
function readPeriod(text: string | undefined, { statusTtlSeconds }: ListTimeSettings): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,5}$/.test(text) && Number(text) < statusTtlSeconds) return Number(text);
  throw new UsageError(
    `--every must be whole seconds, 1 or more and fewer than the ${statusTtlSeconds} for which a status list is fresh, as 60.`,
  );
}

async function publishOnce(out: string, deps: ActionDeps, terminal: Terminal): Promise<void> {
  const done = await publishFiles(out, deps);
  terminal.answer(done, [`Published 已发布: ${done.written} files written 写入, ${done.unchanged} unchanged 未变`]);
}

async function publishUntilStopped(
  out: string,
  everySeconds: number,
  deps: ActionDeps,
  terminal: Terminal,
): Promise<void> {
  const stop = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());
  // A wrong folder, or one that is not set up, ends the first round and the command.
  await publishOnce(out, deps, terminal);
  for (;;) {
    await setTimeout(everySeconds * 1000, undefined, { signal: stop.signal }).catch(() => {});
    if (stop.signal.aborted) return;
    try {
      await publishOnce(out, deps, terminal);
    } catch (error) {
      // A database or a signer that is away comes back; until then the files stay as they are.
      if (!(error instanceof ServiceError)) throw error;
      terminal.complain(error.code, error.message);
    }
  }
}
