import { parseArgs } from 'node:util';

interface Options {
  /** Of a soak, or of a counter where nobody stands. */
  readonly minutes?: number;
  /** Of kills, or of rows. */
  readonly count?: number;
}

const BENCHES: Readonly<Record<string, (options: Options) => Promise<object>>> = {
  core: async () => {
    const [{ benchCore }, { benchSizes }] = await Promise.all([import('./core.ts'), import('./sizes.ts')]);
    return { ...(await benchCore()), sizes: await benchSizes() };
  },
  service: async () => (await import('./service.ts')).benchService(),
  soak: async ({ minutes = 10 }) => (await import('./soak.ts')).benchSoak(minutes),
  kills: async ({ count = 200 }) => (await import('./kills.ts')).killUnderLoad(count),
  audit: async ({ count = 10_000_000 }) => (await import('./audit.ts')).benchAudit(count),
  abuse: async () => (await import('./abuse.ts')).benchAbuse(),
  scanner: async () => (await import('./scanner.ts')).benchScanner(),
  page: async () => (await import('./page.ts')).benchPage(),
  verdict: async () => (await import('./verdict.ts')).benchVerdict(),
  idle: async ({ minutes = 2 }) => (await import('./idle.ts')).benchIdle(minutes),
  snapshot: async () => (await import('./snapshot.ts')).benchSnapshot(),
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
        minutes: { type: 'string' },
        count: { type: 'string' },
      },
      allowPositionals: true,
    });
    const [name = 'core', ...more] = positionals;
    const [minutes, count] = [values.minutes, values.count].map((value) =>
      value === undefined ? value : Number(value),
    );
    const areUseful = [minutes, count].every((value) => value === undefined || value > 0);
    if (name in BENCHES && more.length === 0 && areUseful)
      return { name, json: values.json, ...(minutes && { minutes }), ...(count && { count }) };
  } catch {
    // The usage says it.
  }
  console.error(
    `usage: pnpm bench [${Object.keys(BENCHES).join(' | ')}] [--json] [--minutes <of soak or idle>] [--count <of kills or rows>]`,
  );
  process.exit(2);
}
