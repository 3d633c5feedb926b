import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { quantile, runLoad } from './load.ts';
import { encodeVerifications, type Served, startServed } from './served.ts';

const TILLS = 16;
const SLICE_CODES = 400;
const SLICE_MS = 2000;
const WARM_UP_PART = 0.2;
const MEGABYTE = 2 ** 20;

/** Memory of the service's process at one moment, in MB. */
interface Sample {
  readonly minutes: number;
  readonly resident: number;
  readonly heap: number;
}

/** The service under steady load, for so many minutes: its memory after the first fifth and at the end, and how it rises. */
export async function benchSoak(minutes: number): Promise<object> {
  const served = await startServed({ operators: TILLS, more: ['--metrics-port', '0'] });
  const samples: Sample[] = [];
  let [answered, refused] = [0, 0];
  const latencies: number[] = [];
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 60_000;
  try {
    while (elapsed() < minutes) {
      const report = await runLoad(served.port, encodeVerifications(await served.show(SLICE_CODES), served.apiKeys), {
        connections: TILLS,
        milliseconds: SLICE_MS,
        isGood: (status, body) => status === 200 && body.includes('"ok":true'),
      });
      answered += report.answered;
      refused += report.refused;
      latencies.push(...report.latencies);
      samples.push({ minutes: elapsed(), ...(await readMemory(served)) });
      await setTimeout(100);
    }
  } finally {
    await served.stop();
  }
  latencies.sort((a, b) => a - b);
  const warm = samples.filter((sample) => sample.minutes > WARM_UP_PART * minutes);
  const [first, last] = [warm[0] as Sample, warm.at(-1) as Sample];
  const slope = (of: 'resident' | 'heap') => round(findSlope(warm.map((sample) => [sample.minutes, sample[of]])));
  return {
    load: { minutes: round(elapsed()), verifications: answered, refused, 'p99 ms': round(quantile(latencies, 0.99)) },
    memory: {
      'resident MB': {
        'after warm-up': round(first.resident),
        'at the end': round(last.resident),
        'MB a minute': slope('resident'),
      },
      'heap MB': { 'after warm-up': round(first.heap), 'at the end': round(last.heap), 'MB a minute': slope('heap') },
    },
  };
}

async function readMemory({ child, metricsPort }: Served): Promise<Omit<Sample, 'minutes'>> {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
  return {
    resident: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024,
    heap: Number(/^nodejs_heap_size_used_bytes ([\d.e+]+)/m.exec(metrics)?.[1]) / MEGABYTE,
  };
}

/** Least squares. */
function findSlope(points: readonly (readonly [number, number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const rise = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0);
  return rise / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
