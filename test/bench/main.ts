import { benchCore } from './core.ts';
import { benchService } from './service.ts';
import { benchSizes } from './sizes.ts';

const BENCHES = {
  core: async () => ({ ...(await benchCore()), sizes: await benchSizes() }),
  service: benchService,
};

const [name = 'core', ...flags] = process.argv.slice(2);
if (!(name in BENCHES) || flags.some((flag) => flag !== '--json')) {
  console.error(`usage: pnpm bench [${Object.keys(BENCHES).join(' | ')}] [--json]`);
  process.exit(2);
}
const report = await BENCHES[name as keyof typeof BENCHES]();
if (flags.includes('--json')) console.log(JSON.stringify({ bench: name, node: process.version, ...report }));
else for (const table of Object.values(report)) console.table(table);
