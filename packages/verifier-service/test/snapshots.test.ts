import { type RevocationSnapshot, verifyRevocationSnapshot } from '@zhengma/credential-core/snapshot';
import { type TrustList, verifyTrustList } from '@zhengma/credential-core/verify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addIssuerKey } from '../src/actions/issuer-keys.ts';
import { publishSnapshot, publishSnapshotDelta } from '../src/actions/publish-snapshots.ts';
import { actLocally } from '../src/actions/set-up.ts';
import { openDataFolder } from '../src/data-folder.ts';
import { initialise, startProcess } from './cli.ts';
import { changeStatus, issuePerson, startService, type TestService } from './service.ts';

const PUBLIC_URL = 'http://zhengma.test';
const WHOLE = '/v1/revocation-snapshot';
const deltaTo = (base: number) => `${WHOLE}/deltas/${base}`;

/** What an offline scanner has: a snapshot, and what changed since. */
interface Held {
  readonly base: RevocationSnapshot;
  readonly now: RevocationSnapshot;
}

async function readBytes(url: string): Promise<Uint8Array> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(String(response.status));
  return new Uint8Array(await response.arrayBuffer());
}

async function readTrust(url: string, currentDate: Date): Promise<TrustList> {
  const { roots } = (await (await fetch(`${url}/v1/roots`)).json()) as { roots: string[] };
  const pins = roots.map((root) => new Uint8Array(Buffer.from(root, 'base64url')));
  const result = await verifyTrustList(await readBytes(`${url}/v1/trust-list`), pins, { currentDate });
  if (!result.ok) throw new Error(result.code);
  return result.list;
}

/** What a scanner does: the delta to what it holds where there is one, else all of it; and never back. */
async function follow(url: string, currentDate: Date, held?: Held): Promise<Held> {
  const trust = await readTrust(url, currentDate);
  const verify = async (bytes: Uint8Array, base?: RevocationSnapshot) => {
    const previous = held && { previous: held.now };
    const result = await verifyRevocationSnapshot(bytes, trust, { currentDate, ...previous, ...(base && { base }) });
    if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
    return result.snapshot;
  };
  const isKnown = held && (await fetch(url + deltaTo(held.base.sequence))).ok;
  const base = isKnown ? held.base : await verify(await readBytes(url + WHOLE));
  return { base, now: await verify(await readBytes(url + deltaTo(base.sequence)), base) };
}

describe('a scanner that holds a snapshot', () => {
  let service: TestService;
  beforeEach(async () => {
    service = await startService();
  });
  afterEach(() => service.close());

  const read = (held?: Held) => follow(service.url, service.deps.currentDate(), held);
  const said = ({ now }: Held, { status }: { status: { uri?: string; list: number; index: number } }) =>
    now.lists.get(`${service.url}/v1/status-lists/${status.list}`)?.get(status.index);
  const issueMany = async (count: number) =>
    (await Promise.all(Array.from({ length: count }, () => issuePerson(service)))).map(({ body }) => body);

  it('is told of every change at once, by some bytes, and a suspended credential is never valid', async () => {
    const issued = await issueMany(3);
    const [one, two, three] = issued;
    await changeStatus(service, three.id, 'revoked');
    let held = await read();
    const { sequence } = held.base;
    expect(issued.map((each) => said(held, each))).toEqual(['valid', 'valid', 'revoked']);
    for (const status of ['suspended', 'valid', 'suspended', 'revoked'] as const) {
      await changeStatus(service, one.id, status);
      held = await read(held);
      expect(issued.map((each) => said(held, each))).toEqual([status, 'valid', 'revoked']);
    }
    expect(held.base.sequence, 'the whole one is not fetched again').toBe(sequence);
    await changeStatus(service, two.id, 'suspended');
    service.advance(13 * 3600);
    const renewed = await follow(service.url, service.deps.currentDate());
    expect(renewed.base.sequence).toBeGreaterThan(held.now.sequence);
    expect(issued.map((each) => said(renewed, each))).toEqual(['revoked', 'suspended', 'revoked']);
    // A suspension that the base has is ended by a delta.
    await changeStatus(service, two.id, 'valid');
    expect(issued.map((each) => said(held, each))).toEqual(['revoked', 'valid', 'revoked']);
    const both = [await read(renewed), await read(held)];
    for (const each of both) expect(issued.map((one) => said(each, one))).toEqual(['revoked', 'valid', 'revoked']);
    expect((await readBytes(service.url + deltaTo(renewed.base.sequence))).length).toBeLessThan(250);
  });

  it('is answered 304 for what it has, across origins, and 404 for what it cannot go on from', async () => {
    await issueMany(1);
    const { base } = await read();
    for (const path of [WHOLE, deltaTo(base.sequence)]) {
      const first = await fetch(service.url + path);
      expect(first.headers.get('Content-Type')).toBe('application/zhengma-revocation-snapshot+cwt');
      expect(first.headers.get('Access-Control-Allow-Origin')).toBe('*');
      expect(first.headers.get('Cache-Control')).toBe('no-cache');
      const again = await fetch(service.url + path, { headers: { 'If-None-Match': first.headers.get('ETag') ?? '' } });
      expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    }
    for (const wrong of [String(base.sequence + 1), '0', '01', '1e3', '-1', '9'.repeat(30), 'x']) {
      const answer = await fetch(`${service.url}${WHOLE}/deltas/${wrong}`);
      expect(answer.status, wrong).toBe(404);
      expect(await answer.json()).toMatchObject({ code: 'snapshot_not_found' });
    }
  });

  it('goes on by deltas for two days, and then fetches a whole one that it accepts', async () => {
    const [one] = await issueMany(1);
    const first = await read();
    let held = first;
    for (const hours of [13, 26, 39]) {
      service.advance(13 * 3600);
      held = await read(held);
      expect(held.base.sequence, `after ${hours} hours`).toBe(first.base.sequence);
    }
    await changeStatus(service, one.id, 'revoked');
    service.advance(13 * 3600);
    held = await read(held);
    expect(held.base.sequence).toBeGreaterThan(first.base.sequence);
    expect(said(held, one)).toBe('revoked');
  });

  it('fetches a whole one after a change of keys', async () => {
    await issueMany(1);
    const held = await read();
    await addIssuerKey(await actLocally(service.deps), { overlapSeconds: 0 }, service.deps);
    expect((await read(held)).base.sequence).toBeGreaterThan(held.now.sequence);
  });

  it('is answered alike by two processes on one folder, and all who ask at once get the same', async () => {
    const issued = await issueMany(20);
    let held = await read();
    const base = held.base.sequence;
    const other = {
      ...(await openDataFolder(service.folder, { create: false })),
      currentDate: service.deps.currentDate,
    };
    expect((await publishSnapshot(other)).bytes).toEqual((await publishSnapshot(service.deps)).bytes);
    await Promise.all(issued.map(({ id }) => changeStatus(service, id, 'revoked')));
    const asked = Array.from({ length: 20 }, (_, n) => publishSnapshotDelta(base, n % 2 ? other : service.deps));
    const answers = await Promise.all(asked);
    expect(new Set(answers.map(({ etag }) => etag)).size).toBe(1);
    held = await read(held);
    for (const each of issued) expect(said(held, each)).toBe('revoked');
    await other.images.close();
    await other.store.close();
  });

  it('is never shown one that is dated before the last, however the clock is set', async () => {
    const [one, two] = await issueMany(2);
    service.advance(3700);
    let held = await read();
    service.advance(-40);
    await changeStatus(service, one.id, 'revoked');
    held = await read(held);
    expect(said(held, one)).toBe('revoked');
    service.advance(-3600);
    await changeStatus(service, two.id, 'revoked');
    const answer = await fetch(service.url + deltaTo(held.base.sequence));
    expect(answer.status).toBe(503);
    expect(await answer.json()).toMatchObject({ code: 'clock_behind' });
    service.advance(3640);
    expect(said(await read(held), two)).toBe('revoked');
  });
});

it('after kill -9 amid revocations, what follows is newer than what was seen, and has all that was answered', async () => {
  const { data, apiKey } = await initialise();
  const keys = { issuer: apiKey, verifier: apiKey, administrator: apiKey };
  let held: Held | undefined;
  const revoked: { status: { list: number; index: number } }[] = [];
  for (let round = 0; round < 3; round++) {
    const { process, url } = await startProcess(data, { publicUrl: PUBLIC_URL });
    held = await follow(url, new Date(), held);
    for (const { status } of revoked) {
      expect(held.now.lists.get(`${PUBLIC_URL}/v1/status-lists/${status.list}`)?.get(status.index)).toBe('revoked');
    }
    const { body } = await issuePerson({ url, keys });
    await changeStatus({ url, keys }, body.id, 'revoked');
    revoked.push(body);
    // In flight: whether it was published is not known when the process dies.
    const asked = fetch(url + deltaTo(held.base.sequence)).catch(() => {});
    process.child.kill('SIGKILL');
    await Promise.all([asked, process.ended]);
  }
});
