import { createListClient } from '@zhengma/verifier-service/client';
import { beforeEach, describe, expect, test } from 'vitest';
import { pickListFiles } from '../src/lists/list-files.ts';
import { createListKeeper } from '../src/lists/list-keeper.ts';
import { createListSource } from '../src/lists/list-source.ts';
import type { StoredList } from '../src/lists/list-store.ts';
import { createIssuing } from './issuing.ts';
import { createMemoryStore, type ServedLists, serveLists } from './served-lists.ts';

const start = new Date('2026-06-01T08:00:00Z');
const minutes = (count: number) => new Date(start.getTime() + count * 60_000);

const WHOLE = '/v1/revocation-snapshot';
const LIST = '/v1/status-lists/1';
const deltaTo = (base: number) => `${WHOLE}/deltas/${base}`;

let issuing: Awaited<ReturnType<typeof createIssuing>>;
let store: ReturnType<typeof createMemoryStore>;
let now: Date;
let service: ServedLists;

beforeEach(async () => {
  issuing = await createIssuing();
  store = createMemoryStore();
  now = start;
  service = serveLists();
  service.served.set('/v1/roots', { roots: [Buffer.from(issuing.root).toString('base64url')] });
  service.served.set('/v1/trust-list', await issuing.signTrustList(1, start));
  service.served.set('/v1/status-lists', { status_lists: [issuing.uri] });
  service.served.set(WHOLE, await issuing.signSnapshot(1, [[3, 'revoked']], start));
  service.served.set(deltaTo(1), await issuing.signSnapshot(2, [], start, 1));
});

test('a list that was never fetched is known by the snapshot, also after a restart without a network', async () => {
  const keeper = await refreshed();
  expect(service.asked.map(({ path }) => path).filter((path) => path.startsWith('/v1/rev'))).toEqual([
    WHOLE,
    deltaTo(1),
  ]);
  expect(service.asked.map(({ path }) => path)).not.toContain(LIST);
  expect(keeper.lists.problem).toBeUndefined();
  service.served.clear();
  now = minutes(20);
  const reopened = await loaded();
  for (const { lists } of [keeper, reopened]) {
    const list = lists.status.get(issuing.uri);
    expect([3, 7, 64].map((index) => list?.get(index))).toEqual(['revoked', 'valid', 'unknown']);
    expect([list?.issuedAt, lists.checkedAt]).toEqual([start, start]);
  }
});

test('what changed arrives as a delta, and the whole one is not fetched again', async () => {
  const keeper = await refreshed();
  await publishDelta(3, [[7, 'suspended']]);
  await keeper.refresh();
  expect(said(keeper, 7)).toBe('suspended');
  await publishDelta(4, [[7, 'revoked']]);
  await keeper.refresh();
  await keeper.refresh();
  expect([3, 7].map((index) => said(keeper, index))).toEqual(['revoked', 'revoked']);
  expect(service.asked.filter(({ path }) => path === WHOLE)).toHaveLength(1);
  const deltas = service.asked.filter(({ path }) => path === deltaTo(1));
  expect(deltas.map(({ etag }) => etag !== undefined)).toEqual([false, true, true, true]);
  service.served.clear();
  expect(said(await loaded(), 7)).toBe('revoked');
});

test('where the service has no delta to it any more, the whole one is fetched, and what it says is kept', async () => {
  const keeper = await refreshed();
  now = minutes(10);
  service.served.set(deltaTo(1), 404);
  service.served.set(WHOLE, await issuing.signSnapshot(5, [[7, 'revoked']], minutes(9)));
  service.served.set(deltaTo(5), await issuing.signSnapshot(6, [[8, 'revoked']], now, 5));
  await keeper.refresh();
  service.served.clear();
  for (const each of [keeper, await loaded()]) {
    expect([3, 7, 8].map((index) => said(each, index))).toEqual(['valid', 'revoked', 'revoked']);
    expect(each.lists.problem).toBeUndefined();
  }
});

test('a whole one and its delta are stored at once: where they are not, what was known stays known', async () => {
  await publishDelta(3, [[7, 'revoked']]);
  const keeper = await refreshed();
  now = minutes(10);
  service.served.set(deltaTo(1), 404);
  service.served.set(WHOLE, await issuing.signSnapshot(5, [], minutes(-1)));
  service.served.set(deltaTo(5), await issuing.signSnapshot(6, [[7, 'revoked']], now, 5));
  store.writeSnapshot = async () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await keeper.refresh();
  expect(keeper.lists.problem).toBe('no_storage');
  service.served.clear();
  for (const each of [keeper, await loaded()]) expect(said(each, 7)).toBe('revoked');
});

test('a whole one that the disk did not take is stored with the next delta to it', async () => {
  const keeper = await refreshed();
  now = minutes(10);
  service.served.set(deltaTo(1), 404);
  service.served.set(WHOLE, await issuing.signSnapshot(5, [[7, 'revoked']], minutes(9)));
  service.served.set(deltaTo(5), await issuing.signSnapshot(6, [], now, 5));
  const { writeSnapshot } = store;
  store.writeSnapshot = async () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  await keeper.refresh();
  store.writeSnapshot = writeSnapshot;
  await keeper.refresh();
  expect(keeper.lists.problem).toBeUndefined();
  expect(service.asked.filter(({ path }) => path === WHOLE)).toHaveLength(2);
  service.served.clear();
  expect(said(await loaded(), 7)).toBe('revoked');
});

describe('two tabs', () => {
  const takeStick = async (keeper: ReturnType<typeof createListKeeper>, sequence: number) => {
    const bytes = await issuing.signSnapshot(sequence, [[7, 'revoked']], start);
    const file = new File([new Uint8Array(bytes)], 'revocation-snapshot.cwt');
    return keeper.takeFiles(pickListFiles([file]));
  };

  test('what one of them took from a stick, the other goes on from', async () => {
    const [one, other] = [await refreshed(), await loaded()];
    expect((await takeStick(one, 5)).snapshot).toBe('newer');
    await publishDelta(8, [
      [7, 'revoked'],
      [8, 'revoked'],
    ]);
    service.served.set(deltaTo(5), await issuing.signSnapshot(8, [[8, 'revoked']], start, 5));
    await other.refresh();
    service.served.clear();
    for (const each of [other, await loaded()])
      expect([7, 8].map((index) => said(each, index))).toEqual(['revoked', 'revoked']);
  });

  /** What another tab does between what a keeper has read and what it writes. */
  function beforeNextWrite(step: () => Promise<unknown>): void {
    const { writeSnapshot } = store;
    store.writeSnapshot = async (...given) => {
      store.writeSnapshot = writeSnapshot;
      await step();
      return writeSnapshot(...given);
    };
  }

  test('a delta is not stored beside another snapshot than its own, and takes nothing from what is stored', async () => {
    const [one, other] = [await refreshed(), await loaded()];
    await publishDelta(4, []);
    beforeNextWrite(() => takeStick(one, 5));
    await other.refresh();
    expect(other.lists.problem).toBeUndefined();
    service.served.clear();
    for (const each of [other, await loaded()]) expect(said(each, 7)).toBe('revoked');
  });

  test('whichever has the newest, and not what is stored under it, stores it whole', async () => {
    const [one, other] = [await refreshed(), await loaded()];
    await publishDelta(8, [[7, 'revoked']]);
    service.served.set(WHOLE, await issuing.signSnapshot(6, [[7, 'revoked']], start));
    service.served.set(deltaTo(6), await issuing.signSnapshot(9, [[8, 'revoked']], start, 6));
    beforeNextWrite(() => takeStick(one, 5));
    await other.refresh();
    expect(other.lists.problem, 'it is not stored yet').toBe('no_storage');
    await other.refresh();
    expect(other.lists.problem).toBeUndefined();
    service.served.clear();
    const reopened = await loaded();
    expect([7, 8].map((index) => said(reopened, index))).toEqual(['revoked', 'revoked']);
  });

  test('a stick that is behind what the other has stored is an older one', async () => {
    const [one, other] = [await refreshed(), await loaded()];
    await publishDelta(8, [[8, 'revoked']]);
    await other.refresh();
    expect((await takeStick(one, 5)).snapshot).toBe('rollback');
    for (const each of [one, await loaded()]) expect(said(each, 8)).toBe('revoked');
  });
});

test('a spoiled delta is mended by the whole one, of which there is a delta that is in order', async () => {
  const keeper = await refreshed();
  await publishDelta(4, [[7, 'revoked']], true);
  service.served.set(WHOLE, await issuing.signSnapshot(3, [[7, 'revoked']], start));
  service.served.set(deltaTo(3), await issuing.signSnapshot(5, [], start, 3));
  await keeper.refresh();
  expect(said(keeper, 7)).toBe('revoked');
  expect(keeper.lists.problem).toBeUndefined();
});

describe('what is refused', () => {
  test('leaves what is held, is named, and nothing that rests on it is in order until the list itself has come', async () => {
    const keeper = await refreshed();
    await publishDelta(3, [[7, 'revoked']], true);
    await keeper.refresh();
    expect(keeper.lists.problem).toBe('bad_signature');
    expect([...keeper.lists.refused.keys()]).toEqual(['snapshot', issuing.uri]);
    expect(said(keeper, 7)).toBe('valid');
    service.served.set(LIST, await issuing.signStatusList([[7, 'revoked']], now));
    await keeper.refresh();
    expect([...keeper.lists.refused.keys()]).toEqual(['snapshot']);
    expect(said(keeper, 7)).toBe('revoked');
    await publishDelta(3, [[7, 'revoked']]);
    await keeper.refresh();
    expect(keeper.lists.refused.size).toBe(0);
    expect(keeper.lists.problem).toBeUndefined();
    expect(said(keeper, 7)).toBe('revoked');
    expect((await store.listKeys()).toSorted(), 'the list by itself is of no use any more').toEqual([
      'delta 370200',
      'snapshot 370200',
      'trust',
    ]);
  });

  test('an older one than what is held, be it a delta or whole', async () => {
    await publishDelta(9, [[7, 'revoked']]);
    const keeper = await refreshed();
    await publishDelta(3, []);
    await keeper.refresh();
    expect(keeper.lists.problem).toBe('rollback');
    service.served.set(deltaTo(1), 404);
    service.served.set(WHOLE, await issuing.signSnapshot(4, [], start));
    service.served.set(deltaTo(4), await issuing.signSnapshot(5, [], start, 4));
    await keeper.refresh();
    expect(keeper.lists.problem).toBe('rollback');
    expect(said(keeper, 7)).toBe('revoked');
  });

  test('one by a stranger: the lists are asked for instead', async () => {
    const stranger = await createIssuing();
    service.served.set(WHOLE, await stranger.signSnapshot(1, [], start));
    service.served.set(LIST, await issuing.signStatusList([[7, 'revoked']], start));
    const keeper = await refreshed();
    expect(keeper.lists.problem).toBe('unknown_key');
    expect(said(keeper, 7)).toBe('revoked');
  });

  test('one that is older than a list that is held tells nothing of it', async () => {
    service.served.delete(WHOLE);
    service.served.set(LIST, await issuing.signStatusList([[7, 'revoked']], minutes(5)));
    now = minutes(5);
    const keeper = await refreshed();
    service.served.set(WHOLE, await issuing.signSnapshot(1, [], start));
    await keeper.refresh();
    expect(said(keeper, 7)).toBe('revoked');
    expect(await store.listKeys()).toContain(issuing.uri);
  });
});

test('what was unchanged is judged by the time at which it is used: after the clock was set back it is of the future', async () => {
  const keeper = await refreshed();
  now = minutes(-5);
  await keeper.refresh();
  expect(keeper.lists.problem).toBe('issued_in_future');
  now = minutes(5);
  await keeper.refresh();
  expect(keeper.lists.problem).toBeUndefined();
  expect(keeper.lists.checkedAt).toEqual(minutes(5));
});

test('a service without snapshots is asked for its lists, and nothing is said of it', async () => {
  service.served.delete(WHOLE);
  service.served.set(LIST, await issuing.signStatusList([[7, 'revoked']], start));
  const keeper = await refreshed();
  expect(said(keeper, 7)).toBe('revoked');
  expect(keeper.lists.problem).toBeUndefined();
  expect(keeper.lists.checkedAt).toEqual(start);
});

test('stored bytes that were tampered with are not used', async () => {
  await publishDelta(3, [[7, 'revoked']]);
  await refreshed();
  for (const [key, expected] of [
    ['snapshot 370200', undefined],
    ['delta 370200', 'valid'],
  ] as const) {
    const list = (await store.readList(key)) as StoredList;
    await store.writeList(key, { ...list, bytes: spoil(list.bytes) });
    expect(said(await loaded(), 7), key).toBe(expected);
    await store.writeList(key, list);
  }
  expect(said(await loaded(), 7)).toBe('revoked');
});

describe('from a file', () => {
  const read = (...files: [name: string, bytes: Uint8Array][]) =>
    pickListFiles(files.map(([name, bytes]) => new File([new Uint8Array(bytes)], name)));

  test('it is taken with what changed since, and lasts; an older one and the same change nothing', async () => {
    const keeper = await refreshed();
    service.served.clear();
    now = minutes(30);
    const stick = [
      ['revocation-delta-1.cwt', await issuing.signSnapshot(8, [[7, 'revoked']], minutes(25), 1)],
      ['revocation-delta-5.cwt', await issuing.signSnapshot(9, [[8, 'revoked']], minutes(25), 5)],
      ['revocation-snapshot.cwt', await issuing.signSnapshot(5, [[7, 'revoked']], minutes(20))],
      ['1.cwt', await issuing.signStatusList([[8, 'revoked']], minutes(25))],
    ] as const;
    const take = () => keeper.takeFiles(read(...stick.map(([name, bytes]) => [name, bytes] as [string, Uint8Array])));
    expect(await take()).toEqual({ snapshot: 'newer', status: [], isStored: true });
    expect(await take()).toEqual({ snapshot: 'same', status: [], isStored: true });
    const older = await issuing.signSnapshot(6, [], minutes(21));
    expect((await keeper.takeFiles(read(['revocation-snapshot.cwt', older]))).snapshot).toBe('rollback');
    const list = await issuing.signStatusList([], minutes(24));
    expect((await keeper.takeFiles(read(['1.cwt', list]))).status, 'it is behind the snapshot').toEqual(['rollback']);
    for (const each of [keeper, await loaded()]) {
      expect([7, 8].map((index) => said(each, index))).toEqual(['revoked', 'revoked']);
      expect(each.lists.status.get(issuing.uri)?.issuedAt).toEqual(minutes(25));
    }
  });

  test('a delta alone is enough for whoever has its base, and a whole one alone for anybody', async () => {
    const keeper = await refreshed();
    const delta = await issuing.signSnapshot(3, [[7, 'revoked']], start, 1);
    expect((await keeper.takeFiles(read(['revocation-delta-1.cwt', delta]))).snapshot).toBe('newer');
    expect(said(keeper, 7)).toBe('revoked');
    const whole = await issuing.signSnapshot(4, [[8, 'revoked']], start);
    expect((await keeper.takeFiles(read(['revocation-snapshot.cwt', whole]))).snapshot).toBe('newer');
    expect(said(await loaded(), 8)).toBe('revoked');
  });

  test('damaged ones, those of strangers and a delta to nothing are refused, each by its name', async () => {
    const keeper = await refreshed();
    const stranger = await createIssuing();
    const take = async (name: string, bytes: Uint8Array) => (await keeper.takeFiles(read([name, bytes]))).snapshot;
    const whole = await issuing.signSnapshot(4, [], start);
    expect(await take('revocation-snapshot.cwt', spoil(whole))).toBe('bad_signature');
    expect(await take('revocation-snapshot.cwt', new Uint8Array([1]))).toBe('malformed');
    expect(await take('revocation-snapshot.cwt', await stranger.signSnapshot(4, [], start))).toBe('unknown_key');
    expect(await take('revocation-delta-9.cwt', await issuing.signSnapshot(10, [], start, 9))).toBe('wrong_list');
    expect(said(keeper, 3)).toBe('revoked');
    const elsewhere = createListKeeper(createMemoryStore(), createSource(), () => now);
    const unknown = await elsewhere.takeFiles(read(['revocation-snapshot.cwt', whole]));
    expect(unknown.snapshot).toBe('not_pinned');
  });
});

function said({ lists }: ReturnType<typeof createListKeeper>, index: number) {
  return lists.status.get(issuing.uri)?.get(index);
}

async function publishDelta(
  sequence: number,
  entries: [number, 'revoked' | 'suspended' | 'valid'][],
  isSpoiled = false,
): Promise<void> {
  const bytes = await issuing.signSnapshot(sequence, entries, now, 1);
  service.served.set(deltaTo(1), isSpoiled ? spoil(bytes) : bytes);
}

function spoil(bytes: Uint8Array): Uint8Array {
  return bytes.with(-1, (bytes.at(-1) as number) ^ 1);
}

function createSource() {
  return createListSource(createListClient({ fetch: service.fetch }));
}

async function loaded() {
  const keeper = createListKeeper(store, createSource(), () => now);
  await keeper.load();
  return keeper;
}

async function refreshed() {
  const keeper = await loaded();
  await keeper.refresh();
  return keeper;
}
