// The quick look before a commit: format, lint, types, room boundaries, the core's unit tests. `npm test` has the rest.
import { buildPackages, CHECKS, findCommand, runNode } from './steps.mjs';

let failed = (await buildPackages()) ? 0 : 1;
for (const [name, check] of CHECKS) {
  const passed = await check();
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}`);
  if (!passed) failed++;
}
if (!(await runNode([findCommand('vitest'), 'run', '--project', 'core']))) failed++;
process.exit(failed === 0 ? 0 : 1);
