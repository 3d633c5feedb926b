import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type BareCheck, inFlight, prepareBareChecks, verifyBare } from './core.ts';
import { type LoadReport, quantile, runLoad } from './load.ts';
import { type Goal, measureSlice, median } from './measure.ts';
import { encodeVerifications, type Served, type Shown, startServed } from './served.ts';

const BARE_SERVER = fileURLToPath(new URL('bare-server.ts', import.meta.url));
const ROUNDS = 5;
const SLICE_MS = 2000;
const MICROSECONDS_PER_TICK = 10_000;
/** As many tills, each with an operator and a connection of its own, so that no limit has to be lifted. */
const TILLS = 64;
const CODES_PER_SLICE = 6000;
const LINES_PER_BATCH = 1000;
const BATCHES_PER_SLICE = 4;
const BATCHES_AT_ONCE = 4;

/** Of one figure in all rounds. */
interface Spread {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/**
 * The service against a bare server, each in a process of its own, and its batch against bare checks over all cores. In
 * turns, round after round, with one load generator on the same cores; the first round warms up and is not counted.
 */
export async function benchService(): Promise<{ goals: Goal[]; perSecond: Record<string, Spread>; ratios: object }> {
  const checks = await prepareBareChecks();
  const raw = inFlight(4 * availableParallelism(), async () => {
    for (const check of checks) await verifyBare(check);
  });
  const bare = await startBareServer(checks);
  const served = await startServed({ operators: TILLS });
  const rates: Record<'bare' | 'service' | 'raw' | 'batch', number[]> = { bare: [], service: [], raw: [], batch: [] };
  const latencies: number[] = [];
  const cpu: Record<'bare' | 'service', number[]> = { bare: [], service: [] };
  try {
    for (let round = 0; round <= ROUNDS; round++) {
      const requests = encodeVerifications(await served.show(CODES_PER_SLICE), served.apiKeys);
      const [ofBare, cpuOfBare] = await measureCpu(bare.child, () => load(bare.port, requests));
      const [ofService, cpuOfService] = await measureCpu(served.child, () => load(served.port, requests));
      const batches = [];
      while (batches.length < BATCHES_PER_SLICE) batches.push(await served.show(LINES_PER_BATCH));
      const ofRaw = await measureSlice(raw, SLICE_MS);
      const ofBatch = await measureBatches(served, batches);
      if (round === 0) continue;
      latencies.push(...ofService.latencies);
      rates.bare.push(rate(ofBare));
      cpu.bare.push(cpuOfBare);
      cpu.service.push(cpuOfService);
      rates.service.push(rate(ofService));
      rates.raw.push(ofRaw);
      rates.batch.push(ofBatch);
    }
  } finally {
    bare.child.kill();
    await served.stop();
  }
  latencies.sort((a, b) => a - b);
  const single = rates.service.map((value, round) => value / (rates.bare[round] as number));
  const batch = rates.batch.map((value, round) => value / (rates.raw[round] as number));
  const names = {
    'bare node:http, two crypto.verify': rates.bare,
    'service, one presentation a request': rates.service,
    'two bare crypto.verify over all cores': rates.raw,
    'service, batches': rates.batch,
  };
  return {
    perSecond: Object.fromEntries(Object.entries(names).map(([name, values]) => [name, spread(values, 0)])),
    ratios: {
      'service / bare node:http': spread(single, 2),
      'batch / bare crypto.verify': spread(batch, 2),
      'CPU µs a request, bare node:http': spread(cpu.bare, 0),
      'CPU µs a request, service': spread(cpu.service, 0),
      'milliseconds of an answer: median, 99 %, longest': {
        median: round(quantile(latencies, 0.5), 1),
        '99 %': round(quantile(latencies, 0.99), 1),
        max: round(latencies.at(-1) ?? Number.NaN, 1),
      },
    },
    goals: [
      goal('service, one presentation a request / bare node:http with two crypto.verify', single, 1.2),
      goal('batch / two bare crypto.verify over all cores', batch, 0.9),
    ],
  };
}

function load(port: number, requests: readonly Buffer[]): Promise<LoadReport> {
  return runLoad(port, requests, {
    connections: TILLS,
    milliseconds: SLICE_MS,
    isGood: (status, body) => status === 200 && body.includes('"ok":true') && !body.includes('"repeated"'),
  });
}

/** Requests a second. Throws where not every one got a good answer: then it was something else that was measured. */
function rate({ answered, refused, seconds }: LoadReport): number {
  if (refused > 0) throw new Error(`${refused} of ${answered} answers were not good`);
  return answered / seconds;
}

async function startBareServer(checks: readonly BareCheck[]): Promise<{ port: number; child: ChildProcess }> {
  const words = checks.map(({ signed, signature, key }) => ({
    signed: Buffer.from(signed).toString('base64url'),
    signature: Buffer.from(signature).toString('base64url'),
    jwk: key.export({ format: 'jwk' }),
  }));
  const child = spawn(process.execPath, [BARE_SERVER, JSON.stringify(words)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout, 'data');
  return { port: Number(port), child };
}

/** With how long all threads of the process computed for each answer: on a machine that others use too, it says more. */
async function measureCpu(
  { pid }: ChildProcess,
  run: () => Promise<LoadReport>,
): Promise<[report: LoadReport, microseconds: number]> {
  const before = readCpuTicks(pid);
  const report = await run();
  return [report, ((readCpuTicks(pid) - before) * MICROSECONDS_PER_TICK) / report.answered];
}

/** Of all threads, in user and kernel mode (proc(5)); 0 on systems other than Linux. */
function readCpuTicks(pid: number | undefined): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  const [user, kernel] = readFileSync(file, 'utf8').split(') ')[1]?.split(' ').slice(11, 13) ?? [];
  return Number(user) + Number(kernel);
}

/** Lines a second. */
async function measureBatches({ port, apiKeys }: Served, batches: readonly Shown[][]): Promise<number> {
  const waiting = batches.entries();
  const start = performance.now();
  await Promise.all(
    Array.from({ length: BATCHES_AT_ONCE }, async () => {
      for (const [at, codes] of waiting) {
        const good = await sendBatch(port, apiKeys[at % apiKeys.length] as string, codes);
        if (good !== codes.length) throw new Error(`${good} of ${codes.length} lines had a good answer`);
      }
    }),
  );
  return (batches.flat().length * 1000) / (performance.now() - start);
}

/** @returns how many lines were answered with a receipt */
async function sendBatch(port: number, apiKey: string, codes: readonly Shown[]): Promise<number> {
  const sent = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/v1/verifications/batch',
    headers: { 'Content-Type': 'application/x-ndjson', Authorization: `Bearer ${apiKey}` },
  });
  sent.end(codes.map((code) => `${JSON.stringify(code)}\n`).join(''));
  const [response] = await once(sent, 'response');
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return Buffer.concat(chunks).toString().split('{"ok":true').length - 1;
}

function spread(values: readonly number[], digits: number): Spread {
  return {
    min: round(Math.min(...values), digits),
    median: round(median([...values]), digits),
    max: round(Math.max(...values), digits),
  };
}

function goal(name: string, ratios: readonly number[], least: number): Goal {
  const value = median([...ratios]);
  return { name, value: round(value, 3), goal: least, met: value >= least };
}

function round(value: number, digits: number): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}
