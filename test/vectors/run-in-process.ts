import { type RanCase, runVectors } from './run.ts';
import { readVectorFiles, type SignaturePath } from './runtimes.ts';

/** Runs all vectors on this process's runtime, with one implementation of the signatures left, and prints what came out. */
const path = process.argv[2] as SignaturePath;

// What the library asks for when it is loaded, and later when it first checks a signature.
if (path !== 'native') Object.defineProperty(process, 'getBuiltinModule', { value: undefined });
if (path === 'noble') Object.defineProperty(globalThis, 'crypto', { value: {} });

const files = readVectorFiles();
const core = {
  ...(await import('@zhengma/credential-core/verify')),
  ...(await import('@zhengma/credential-core/snapshot')),
};
const ran: RanCase[] = [];
for (const file of files.values()) ran.push(...(await runVectors(core, file)));
const { bun, deno, node } = process.versions;
const name = bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node ${node}`;
process.stdout.write(JSON.stringify({ runtime: `${name} ${path}`, ran }));
