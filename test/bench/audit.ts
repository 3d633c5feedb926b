import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { actLocally, setUp } from '../../packages/verifier-service/src/actions/set-up.ts';
import { openDataFolder } from '../../packages/verifier-service/src/data-folder.ts';
import type { AuditSearch } from '../../packages/verifier-service/src/stores/audit.ts';
import type { Store } from '../../packages/verifier-service/src/stores/store.ts';
import { quantile } from './load.ts';

const GOAL_MILLISECONDS = 50;
const TRIES = 25;
const HALLS = 40;
const STATIONS_PER_HALL = 25;
const OPERATORS_PER_STATION = 4;
const OUTCOMES = ['accepted', 'accepted', 'accepted', 'repeated', 'expired', 'revoked'];
const PAGE = 100;
/** A station where nothing was done. */
const QUIET = 'hall-1-quiet';
const START = Date.UTC(2026, 0, 1);
const MILLISECONDS_PER_ROW = 50;

/** So many rows, of a thousand stations and four thousand operators, as the service writes them; only their hashes are noise. */
export async function benchAudit(count: number): Promise<object> {
  const folder = await mkdtemp(path.join(tmpdir(), 'zhengma-audit-'));
  try {
    const made = await openDataFolder(folder, { create: true });
    const statusBaseUri = 'http://127.0.0.1:8080/v1/status-lists';
    await setUp({ id: '370200', name: 'bench', regions: ['3702'], statusBaseUri }, made);
    const stations = await addStations(made.store, await actLocally(made));
    await made.store.close();
    const known = fill(path.join(folder, 'zhengma.sqlite'), count, stations);
    const { store, images } = await openDataFolder(folder, { create: false });
    const rows = await measureAll(store, known);
    await store.close();
    await images.close();
    const goals = rows.map(({ search, max }) => ({
      name: `${search} of ${count} rows, ms at most`,
      value: max,
      goal: GOAL_MILLISECONDS,
      met: max < GOAL_MILLISECONDS,
    }));
    return { searches: rows, goals };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function addStations(store: Store, by: { operator: string; organisation: string }): Promise<readonly string[]> {
  const stations: string[] = [];
  const add = async (id: string, parent: string) =>
    store.addOrganisation({ id, name: id, parent }, by, new Date(START));
  for (let hall = 1; hall <= HALLS; hall++) {
    await add(`hall-${hall}`, by.organisation);
    for (let station = 1; station <= STATIONS_PER_HALL; station++) {
      stations.push(`hall-${hall}-${station}`);
      await add(`hall-${hall}-${station}`, `hall-${hall}`);
    }
  }
  await add(QUIET, 'hall-1');
  return stations;
}

interface Known {
  readonly receipts: readonly string[];
  readonly credentials: readonly string[];
  readonly lastAt: number;
}

function fill(file: string, count: number, stations: readonly string[]): Known {
  const database = new DatabaseSync(file);
  database.exec('pragma synchronous = off; pragma foreign_keys = off; pragma cache_size = -1000000');
  // Made again at the end, each in one go: row by row they would take an hour.
  const indexes = database
    .prepare("select name, sql from sqlite_schema where type = 'index' and tbl_name = 'audit' and sql is not null")
    .all() as { name: string; sql: string }[];
  for (const { name } of indexes) database.exec(`drop index ${name}`);
  const insert = database.prepare(`
    insert into audit (chain, seq, at, operator, organisation, action, credential, business_type, outcome, receipt, hash)
    values (2, ?, ?, ?, ?, 'verify', ?, '01301', ?, ?, ?)`);
  const [receipts, credentials]: [string[], string[]] = [[], []];
  const sampleEvery = Math.ceil(count / TRIES);
  database.exec('begin');
  for (let row = 1; row <= count; row++) {
    const noise = randomBytes(64);
    const station = noise.readUInt16LE(0) % stations.length;
    const operator = `operator-${station}-${(noise[2] as number) % OPERATORS_PER_STATION}`;
    const outcome = OUTCOMES[(noise[3] as number) % OUTCOMES.length] as string;
    const receipt = outcome === 'accepted' ? noise.toString('hex', 4, 20) : null;
    const credential = noise.toString('hex', 20, 28);
    insert.run(
      row,
      START + row * MILLISECONDS_PER_ROW,
      operator,
      stations[station] as string,
      credential,
      outcome,
      receipt,
      noise.subarray(32),
    );
    if (row % sampleEvery === 0) {
      credentials.push(credential);
      if (receipt !== null) receipts.push(receipt);
    }
  }
  for (const { sql } of indexes) database.exec(sql);
  database.exec('commit');
  database.close();
  return { receipts, credentials, lastAt: START + count * MILLISECONDS_PER_ROW };
}

async function measureAll(store: Store, { receipts, credentials, lastAt }: Known) {
  const root = { within: '370200' };
  const hour = (n: number) => {
    const from = START + Math.floor(((lastAt - START) / TRIES) * (n % TRIES));
    return { from: new Date(from), to: new Date(from + 3600_000) };
  };
  const pick = (values: readonly string[], n: number) => values[n % values.length] as string;
  const searches: Record<string, (n: number) => Omit<AuditSearch, 'limit'>> = {
    receipt: (n) => ({ ...root, receipt: pick(receipts, n) }),
    credential: (n) => ({ ...root, credential: pick(credentials, n) }),
    operator: (n) => ({ ...root, operator: `operator-${n}-1` }),
    'operator and time': (n) => ({ ...root, operator: `operator-${n}-1`, ...hour(n) }),
    organisation: (n) => ({ ...root, organisation: `hall-${1 + n}-3` }),
    'organisation and outcome': (n) => ({ ...root, organisation: `hall-${1 + n}-3`, outcome: 'revoked' }),
    time: (n) => ({ ...root, ...hour(n) }),
    outcome: (n) => ({ ...root, outcome: pick(['revoked', 'expired'], n) }),
    'outcome that nobody had': () => ({ ...root, outcome: 'not_zhengma' }),
    'all, newest': () => root,
    'all of one hall': (n) => ({ within: `hall-${1 + n}` }),
    'one hall and outcome': (n) => ({ within: `hall-${1 + n}`, outcome: 'revoked' }),
    'one hall, an hour': (n) => ({ within: `hall-${1 + n}`, ...hour(n) }),
    'all of a quiet station': () => ({ within: QUIET }),
    'a quiet station and outcome': () => ({ within: QUIET, outcome: 'revoked' }),
    'a deep page': (n) => ({ ...root, after: { at: hour(n).from, chain: 2, seq: 1 } }),
  };
  const rows = [];
  for (const [search, make] of Object.entries(searches)) {
    const times: number[] = [];
    for (let n = 0; n < TRIES; n++) {
      const started = performance.now();
      await store.searchAudit({ ...make(n), limit: PAGE });
      times.push(performance.now() - started);
    }
    times.sort((a, b) => a - b);
    const round = (value: number) => Math.round(value * 100) / 100;
    rows.push({ search, median: round(quantile(times, 0.5)), max: round(times.at(-1) as number) });
  }
  return rows;
}
