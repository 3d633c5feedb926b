// `npm run vectors [-- --node 22 --node 26 --browser --agree 100000]`: writes the test vectors and runs them on every runtime.
import { join } from 'node:path';
import { provideChromium } from './chromium.mjs';
import { buildPackages, ROOT, runNode } from './steps.mjs';

const args = process.argv.slice(2);
if (!(await buildPackages())) process.exit(1);
const env = { ...process.env, ...(args.includes('--browser') && { ZHENGMA_CHROMIUM: provideChromium() ?? '' }) };
process.exit((await runNode([join(ROOT, 'test', 'vectors', 'main.ts'), ...args], { env })) ? 0 : 1);
