// Builds the packages and runs the service on a local data folder (`zhengma start`); further arguments go to it.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { buildPackages, ROOT } from './steps.mjs';

if (!(await buildPackages())) process.exit(1);
const cli = join(ROOT, 'packages', 'verifier-service', 'dist', 'cli.js');
const child = spawn(process.execPath, [cli, 'start', ...process.argv.slice(2)], { stdio: 'inherit' });
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)));
