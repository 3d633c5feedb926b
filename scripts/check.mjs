// The quick look before a commit: format, lint, types, room boundaries, unit tests; without the vectors on every runtime.
import { buildPackages, CHECKS, findCommand, runNode } from './steps.mjs';

let failed = (await buildPackages()) ? 0 : 1;
for (const [name, check] of CHECKS) {
  const passed = await check();
  console.log(`${passed ? 'ok  ' : 'FAIL'} ${name}`);
  if (!passed) failed++;
}
const projects = ['core', 'conformance'].flatMap((name) => ['--project', name]);
const exclude = ['--exclude', 'test/conformance/vectors.test.ts'];
if (!(await runNode([findCommand('vitest'), 'run', ...projects, ...exclude]))) failed++;
process.exit(failed === 0 ? 0 : 1);
