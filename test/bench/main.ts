import { parseArgs } from 'node:util';

interface Options {
  readonly minutes: number;
  /** Of kills, or of rows. */
  readonly count?: number;
}

const BENCHES: Readonly<Record<string, (options: Options) => Promise<object>>> = {
  core: async () => {
    const [{ benchCore }, { benchSizes }] = await Promise.all([import('./core.ts'), import('./sizes.ts')]);
    return { ...(await benchCore()), sizes: await benchSizes() };
  },
  service: async () => (await import('./service.ts')).benchService(),
  soak: async ({ minutes }) => (await import('./soak.ts')).benchSoak(minutes),
  kills: async ({ count = 200 }) => (await import('./kills.ts')).killUnderLoad(count),
  audit: async ({ count = 10_000_000 }) => (await import('./audit.ts')).benchAudit(count),
  abuse: async () => (await import('./abuse.ts')).benchAbuse(),
  'load-model': async () => (await import('./load-model.ts')).modelLoad(),
};

const { name, json, ...options } = readWords();
const report = await BENCHES[name]?.(options);
if (json) console.log(JSON.stringify({ bench: name, node: process.version, ...report }));
else for (const table of Object.values(report ?? {})) console.table(table);

function readWords() {
  try {
    const { values, positionals } = parseArgs({
      options: {
        json: { type: 'boolean', default: false },
        minutes: { type: 'string', default: '10' },
        count: { type: 'string' },
      },
      allowPositionals: true,
    });
    const [name = 'core', ...more] = positionals;
    const minutes = Number(values.minutes);
    const count = values.count === undefined ? undefined : Number(values.count);
    if (name in BENCHES && more.length === 0 && minutes > 0 && (count === undefined || count > 0))
      return { name, json: values.json, minutes, ...(count !== undefined && { count }) };
  } catch {
    // The usage says it.
  }
  console.error(
    `usage: pnpm bench [${Object.keys(BENCHES).join(' | ')}] [--json] [--minutes <of a soak>] [--count <of kills or rows>]`,
  );
  process.exit(2);
}
