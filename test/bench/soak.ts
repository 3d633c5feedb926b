import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { quantile, runLoad } from './load.ts';
import type { Goal } from './measure.ts';
import { encodeVerifications, type Served, startServed } from './served.ts';

const TILLS = 16;
const SLICE_CODES = 400;
const SLICE_MS = 2000;
const WARM_UP_PART = 0.2;
const MEGABYTE = 2 ** 20;

/** What does not grow without end stays below; garbage comes and goes. */
const MOST_GROWTH = 1.1;

/** Memory of the service's process at one moment, in MB. */
interface Sample {
  readonly minutes: number;
  readonly resident: number;
  readonly heap: number;
}

/** The service under steady load, for so many minutes: its memory after the first fifth and at the end, and how it rises. */
export async function benchSoak(minutes: number): Promise<{ load: object; memory: object; goals: Goal[] }> {
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
  const growth = round(findGrowth(warm.map(({ resident }) => resident)));
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
    goals: [
      {
        name: 'resident memory of the last quarter / of the first',
        value: growth,
        goal: MOST_GROWTH,
        met: growth <= MOST_GROWTH,
      },
    ],
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

/** The median of the last quarter beside that of the first. */
function findGrowth(values: readonly number[]): number {
  const quarter = Math.ceil(values.length / 4);
  const [before, after] = [values.slice(0, quarter), values.slice(-quarter)].map((part) =>
    quantile(
      part.toSorted((a, b) => a - b),
      0.5,
    ),
  );
  return (after as number) / (before as number);
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
