// The quick look before a commit: format, lint, types, room boundaries, the core's unit tests. `npm test` has the rest.
import { findCommand, runNode, runQuickCheck } from './steps.mjs';

let failed = 0;
const count = (name, ok) => {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}`);
  if (!ok) failed++;
};

if (!(await runQuickCheck(count, (args) => runNode([findCommand('vitest'), 'run', ...args])))) failed++;
process.exit(failed === 0 ? 0 : 1);
