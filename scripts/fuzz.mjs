// `npm run fuzz [-- TARGET … --seconds N --keep | --worst]`: fuzzes the library by coverage, or looks for slow inputs.
import { join } from 'node:path';
import { buildPackages, ROOT, runNode } from './steps.mjs';

if (!(await buildPackages())) process.exit(1);
process.exit((await runNode([join(ROOT, 'test', 'fuzz', 'main.ts'), ...process.argv.slice(2)])) ? 0 : 1);
