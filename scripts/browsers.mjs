// `npm run browsers`: the pages in Firefox and WebKit, where they are installed. It installs nothing, and says what is missing.
import { join } from 'node:path';
import { buildPackages, ROOT, runNode } from './steps.mjs';

if (!(await buildPackages())) process.exit(1);
process.exit((await runNode([join(ROOT, 'test', 'browsers', 'main.ts')])) ? 0 : 1);
