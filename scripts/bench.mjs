// `pnpm bench [NAME] [--json]`: measures, as ratios within one run. With --json stdout holds one object and nothing else.
import { join } from 'node:path';
import { buildPackages, ROOT, runNode } from './steps.mjs';

if (!(await buildPackages())) process.exit(1);
process.exit((await runNode([join(ROOT, 'test', 'bench', 'main.ts'), ...process.argv.slice(2)])) ? 0 : 1);
