import { importIssuerKey, issueStatusList } from '@zhengma/credential-core';
import { runLoad } from './load.ts';
import { encodeVerifications, startServed } from './served.ts';

/** What is taken for given: sources and reasons stand in docs/scaling.md. */
const PEOPLE = 1.36e9;
const SCANS_A_DAY = 1e8;
const NOT_VALID_PART = 0.005;
const CHANGES_A_DAY_PART = 0.0002;
const CITY = 10e6;
const LIST_SIZE = 131_072;
const LIST_CAPACITY = (LIST_SIZE / 4) * 3;
const LIST_TTL_SECONDS = 300;
/** An answer 304 with its head and the request for it. */
const UNCHANGED_BYTES = 1000;
/** A node is planned to be half busy in the busiest second, so that another may fall away. */
const BUSY_PART = 0.5;

/** Scans by hour of the day, in parts of a thousand: hospitals open at eight, pharmacies close at ten. */
const HOURS = [2, 1, 1, 1, 2, 6, 20, 62, 128, 124, 104, 66, 38, 62, 92, 90, 70, 42, 32, 26, 18, 9, 3, 1];

/** Millions of people, census of 2020, scaled to `PEOPLE`. */
const PROVINCES: Readonly<Record<string, number>> = {
  广东: 126.0,
  山东: 101.5,
  河南: 99.4,
  江苏: 84.7,
  四川: 83.7,
  河北: 74.6,
  湖南: 66.4,
  浙江: 64.6,
  安徽: 61.0,
  湖北: 57.8,
  广西: 50.1,
  云南: 47.2,
  江西: 45.2,
  辽宁: 42.6,
  福建: 41.5,
  陕西: 39.5,
  贵州: 38.6,
  山西: 34.9,
  重庆: 32.1,
  黑龙江: 31.9,
  新疆: 25.9,
  甘肃: 25.0,
  上海: 24.9,
  吉林: 24.1,
  内蒙古: 24.0,
  北京: 21.9,
  天津: 13.9,
  海南: 10.1,
  宁夏: 7.2,
  青海: 5.9,
  西藏: 3.6,
};

/** What a nation asks for, and nodes as fast as this machine would need to be, measured now. */
export async function modelLoad(): Promise<object> {
  const demand = await modelDemand();
  const { ratePerSecond, bytesPerVerification } = await measureNode();
  const nodes = (perSecond: number) => Math.ceil(perSecond / (ratePerSecond * BUSY_PART));
  return {
    demand,
    measured: {
      'verifications a second of one node': Math.round(ratePerSecond),
      'bytes kept of one': bytesPerVerification,
    },
    supply: {
      'nodes for the nation': nodes(demand['scans in the busiest second, nation']),
      'nodes for the largest province': nodes(demand['scans in the busiest second, largest province']),
      'GB kept a day, nation': Math.round((bytesPerVerification * SCANS_A_DAY) / 1e9),
      'GB kept a day, largest province': Math.round((bytesPerVerification * SCANS_A_DAY * largestPart()) / 1e9),
    },
  };
}

/** What does not depend on a machine: the same figures wherever it runs. */
export async function modelDemand() {
  const busiestHour = Math.max(...HOURS) / HOURS.reduce((sum, part) => sum + part);
  const mean = (SCANS_A_DAY * busiestHour) / 3600;
  const listBytes = await measureStatusList();
  const cityLists = Math.ceil(CITY / LIST_CAPACITY);
  const changesOfCity = CITY * CHANGES_A_DAY_PART;
  const asksADay = (24 * 3600) / LIST_TTL_SECONDS;
  return {
    'scans a day': SCANS_A_DAY,
    'scans a second, mean of the busiest hour': Math.round(mean),
    'scans in the busiest second, nation': simulateBusiestSecond(mean),
    'scans in the busiest second, largest province': simulateBusiestSecond(mean * largestPart()),
    'status lists, nation': Math.ceil(PEOPLE / LIST_CAPACITY),
    'bytes of a signed status list, 0.5 % not valid': listBytes,
    'MB of all status lists, nation': Math.round((Math.ceil(PEOPLE / LIST_CAPACITY) * listBytes) / 1e6),
    'status lists, a city of 10 million': cityLists,
    'kB of all its lists': Math.round((cityLists * listBytes) / 1e3),
    'MB a day to a till that holds them all': Math.round(
      // Each change makes its list new; what has not changed is asked for all the same.
      (Math.min(changesOfCity, cityLists * asksADay) * listBytes + cityLists * asksADay * UNCHANGED_BYTES) / 1e6,
    ),
  };
}

function largestPart(): number {
  const millions = Object.values(PROVINCES);
  return Math.max(...millions) / millions.reduce((sum, of) => sum + of);
}

/** The most of 3 600 seconds in each of which so many arrive on average, each whenever it likes. */
function simulateBusiestSecond(mean: number): number {
  const random = createRandom(1);
  const seconds = Array.from({ length: 3600 }, () => {
    // Poisson, which is normal for so many.
    const deviate = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return mean + Math.sqrt(mean) * deviate;
  });
  return Math.round(Math.max(...seconds));
}

/** The list that the service signs, of random entries. */
async function measureStatusList(): Promise<number> {
  const key = await importIssuerKey(new Uint8Array(32).fill(1));
  const random = createRandom(2);
  const indexes = new Set<number>();
  while (indexes.size < LIST_CAPACITY * NOT_VALID_PART) indexes.add(Math.floor(random() * LIST_SIZE));
  const entries = [...indexes].sort((a, b) => a - b).map((index): [number, 'revoked'] => [index, 'revoked']);
  const currentDate = new Date('2026-11-22T08:00:00Z');
  const expiresAt = new Date('2026-11-23T08:00:00Z');
  const uri = 'https://ybj.example/v1/status-lists/1';
  const list = {
    issuer: '370200',
    uri,
    expiresAt,
    ttlSeconds: LIST_TTL_SECONDS,
    bits: 2,
    size: LIST_SIZE,
    entries,
  } as const;
  return (await issueStatusList(list, key, { currentDate })).length;
}

/** Figures between 0 and 1, the same each time (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const TILLS = 64;
const WARM_UP = 4000;
const MEASURED = 6000;

/** One node on SQLite, with the load generator beside it. */
async function measureNode(): Promise<{ ratePerSecond: number; bytesPerVerification: number }> {
  const served = await startServed({ operators: TILLS });
  const run = async (count: number) =>
    runLoad(served.port, encodeVerifications(await served.show(count), served.apiKeys), {
      connections: TILLS,
      milliseconds: 60_000,
      isGood: (status) => status === 200,
    });
  try {
    const before = served.sizeOfData();
    const warm = await run(WARM_UP);
    const { answered, seconds } = await run(MEASURED);
    const kept = (served.sizeOfData() - before) / (warm.answered + answered);
    return { ratePerSecond: answered / seconds, bytesPerVerification: Math.round(kept) };
  } finally {
    await served.stop();
  }
}
