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

let issuing: Awaited<ReturnType<typeof createIssuing>>;
let store: ReturnType<typeof createMemoryStore>;
let now: Date;
let service: ServedLists;
let served: ServedLists['served'];
let asked: ServedLists['asked'];

beforeEach(async () => {
  issuing = await createIssuing();
  store = createMemoryStore();
  now = start;
  service = serveLists();
  ({ served, asked } = service);
  served.set('/v1/roots', { roots: [Buffer.from(issuing.root).toString('base64url')] });
  served.set('/v1/trust-list', await issuing.signTrustList(1, start));
  served.set('/v1/status-lists', { status_lists: [issuing.uri] });
  served.set('/v1/status-lists/1', await issuing.signStatusList([], start));
});

test('the first refresh pins the roots and holds the lists', async () => {
  const keeper = await refreshed();
  expect(keeper.lists.trust?.sequence).toBe(1);
  expect(keeper.lists.status.get(issuing.uri)?.get(7)).toBe('valid');
  expect(keeper.lists.checkedAt).toEqual(start);
  expect(keeper.lists.problem).toBeUndefined();
  expect(await store.readRoots()).toHaveLength(1);
});

test('a list is asked for at the page itself, by the last part of its address', async () => {
  await refreshed();
  expect(asked.map(({ path }) => path)).toEqual([
    '/v1/roots',
    '/v1/trust-list',
    '/v1/status-lists',
    '/v1/revocation-snapshot',
    '/v1/status-lists/1',
  ]);
});

test('a revocation arrives with the next refresh', async () => {
  const keeper = await refreshed();
  served.set('/v1/status-lists/1', await issuing.signStatusList([[7, 'revoked']], minutes(1)));
  now = minutes(1);
  await keeper.refresh();
  expect(keeper.lists.status.get(issuing.uri)?.get(7)).toBe('revoked');
});

test('what has not changed is not sent again, and counts as checked', async () => {
  const keeper = await refreshed();
  now = minutes(5);
  await keeper.refresh();
  expect(asked.slice(5).filter(({ etag }) => etag !== undefined)).toHaveLength(2);
  expect(keeper.lists).toMatchObject({ checkedAt: minutes(5), trust: { sequence: 1 } });
  expect((await store.readList('trust'))?.checkedAt).toEqual(minutes(5));
});

test('without the service the held lists stay, with the problem', async () => {
  const keeper = await refreshed();
  served.clear();
  now = minutes(5);
  await keeper.refresh();
  expect(keeper.lists).toMatchObject({ problem: 'unreachable', checkedAt: start, trust: { sequence: 1 } });
});

test('a scanner opened offline verifies the stored bytes anew', async () => {
  await refreshed();
  served.clear();
  now = minutes(30);
  const reopened = createKeeper();
  await reopened.load();
  expect(reopened.lists.status.get(issuing.uri)?.get(7)).toBe('valid');
  expect(reopened.lists.checkedAt).toEqual(start);
});

test('stored bytes that were tampered with are not used', async () => {
  await refreshed();
  for (const key of await store.listKeys()) {
    const list = (await store.readList(key)) as StoredList;
    const bytes = list.bytes.slice();
    bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
    await store.writeList(key, { ...list, bytes });
    const reopened = createKeeper();
    await reopened.load();
    expect(key === 'trust' ? reopened.lists.trust : reopened.lists.status.get(key), key).toBeUndefined();
    await store.writeList(key, list);
  }
});

test('other roots than the pinned ones are refused, and the lists stay', async () => {
  const keeper = await refreshed();
  const stranger = await createIssuing();
  served.set('/v1/roots', { roots: [Buffer.from(stranger.root).toString('base64url')] });
  served.set('/v1/trust-list', await stranger.signTrustList(2, minutes(1)));
  now = minutes(1);
  await keeper.refresh();
  expect(keeper.lists).toMatchObject({ problem: 'roots_changed', trust: { sequence: 1 } });
  expect(await store.readRoots()).toEqual([Buffer.from(issuing.root).toString('base64url')]);
});

test('the same trust list with a spoiled signature is refused, and the stored one still loads offline', async () => {
  const keeper = await refreshed();
  const spoiled = (served.get('/v1/trust-list') as Uint8Array).slice();
  spoiled[spoiled.length - 1] = (spoiled.at(-1) as number) ^ 1;
  served.set('/v1/trust-list', spoiled);
  now = minutes(1);
  await keeper.refresh();
  expect(keeper.lists).toMatchObject({ problem: 'bad_signature', trust: { sequence: 1 } });
  served.clear();
  const reopened = createKeeper();
  await reopened.load();
  expect(reopened.lists.trust?.sequence).toBe(1);
});

test('a trust list by another root is refused', async () => {
  const keeper = await refreshed();
  const stranger = await createIssuing();
  served.set('/v1/trust-list', await stranger.signTrustList(2, minutes(1)));
  now = minutes(1);
  await keeper.refresh();
  expect(keeper.lists).toMatchObject({ problem: 'unknown_root', trust: { sequence: 1 } });
});

describe('a change of roots', () => {
  const encode = (root: Uint8Array) => Buffer.from(root).toString('base64url');
  let next: Awaited<ReturnType<typeof createIssuing>>;
  /** Signed by the former root, and by the next one. */
  let handover: Uint8Array;
  let successor: Uint8Array;

  beforeEach(async () => {
    next = await createIssuing();
    handover = await issuing.signTrustList(2, minutes(1), { roots: [next.root] });
    successor = await issuing.signTrustList(3, minutes(2), { signer: next.rootKey });
    now = minutes(2);
  });

  function offer(...roots: Uint8Array[]) {
    served.set('/v1/roots', { roots: roots.map(encode) });
  }

  test('is followed from list to list, however long the service shows the one or the other', async () => {
    const keeper = await refreshed();
    served.set('/v1/trust-list', handover);
    for (const roots of [[issuing.root], [next.root], [issuing.root, next.root]]) {
      offer(...roots);
      await keeper.refresh();
      expect(keeper.lists).toMatchObject({ trust: { sequence: 2 } });
      expect(keeper.lists.problem).toBeUndefined();
    }
    served.set('/v1/trust-list', successor);
    offer(next.root);
    await keeper.refresh();
    expect(keeper.lists).toMatchObject({ trust: { sequence: 3 } });
    expect(keeper.lists.problem).toBeUndefined();
    expect(await store.readRoots()).toEqual([encode(next.root)]);
  });

  test('survives a closed page at every step, also offline', async () => {
    await refreshed();
    served.set('/v1/trust-list', handover);
    await (await reopened()).refresh();
    expect((await reopened()).lists.trust?.sequence).toBe(2);
    served.set('/v1/trust-list', successor);
    offer(next.root);
    const keeper = await reopened();
    await keeper.refresh();
    expect(keeper.lists.problem).toBeUndefined();
    served.clear();
    expect((await reopened()).lists).toMatchObject({ trust: { sequence: 3 } });
  });

  test('ends what the former root may sign', async () => {
    const keeper = await refreshed();
    served.set('/v1/trust-list', handover);
    await keeper.refresh();
    served.set('/v1/trust-list', await issuing.signTrustList(4, minutes(2)));
    await keeper.refresh();
    expect(keeper.lists).toMatchObject({ problem: 'unknown_root', trust: { sequence: 2 } });
    expect([...keeper.lists.refused.keys()]).toEqual(['trust']);
  });

  test('that this device has missed is for a person to judge', async () => {
    const keeper = await refreshed();
    served.set('/v1/trust-list', successor);
    offer(next.root);
    await keeper.refresh();
    expect(keeper.lists).toMatchObject({ problem: 'roots_changed', trust: { sequence: 1 } });
  });

  test('that cannot be stored leaves the former list with the former roots', async () => {
    const keeper = await refreshed();
    store.writeTrustList = async () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    served.set('/v1/trust-list', handover);
    await keeper.refresh();
    expect(keeper.lists).toMatchObject({ problem: 'no_storage', trust: { sequence: 2 } });
    expect((await reopened()).lists.trust?.sequence).toBe(1);
  });

  async function reopened() {
    const keeper = createKeeper();
    await keeper.load();
    return keeper;
  }
});

test('older lists than the held ones are refused', async () => {
  served.set('/v1/trust-list', await issuing.signTrustList(5, start));
  const older = served.get('/v1/status-lists/1') as Uint8Array;
  served.set('/v1/status-lists/1', await issuing.signStatusList([[7, 'revoked']], minutes(1)));
  now = minutes(1);
  const keeper = await refreshed();

  served.set('/v1/status-lists/1', older);
  await keeper.refresh();
  expect(keeper.lists.problem).toBe('rollback');
  expect(keeper.lists.status.get(issuing.uri)?.get(7)).toBe('revoked');

  served.set('/v1/trust-list', await issuing.signTrustList(4, minutes(1)));
  await keeper.refresh();
  expect(keeper.lists).toMatchObject({ problem: 'rollback', trust: { sequence: 5 } });
});

test('a new trust list is in force although a status list fails', async () => {
  const keeper = await refreshed();
  served.set('/v1/trust-list', await issuing.signTrustList(2, minutes(1)));
  served.delete('/v1/status-lists/1');
  now = minutes(1);
  await keeper.refresh();
  expect(keeper.lists).toMatchObject({ problem: 'unreachable', trust: { sequence: 2 } });
  expect(keeper.lists.status.get(issuing.uri)?.get(7)).toBe('valid');
});

test('a refused list stays named until one that is in order arrives, also while the service cannot be reached', async () => {
  const good = served.get('/v1/status-lists/1') as Uint8Array;
  const keeper = await refreshed();
  const spoiled = good.slice();
  spoiled[spoiled.length - 1] = (spoiled.at(-1) as number) ^ 1;
  served.set('/v1/status-lists/1', spoiled);
  await keeper.refresh();
  expect(keeper.lists).toMatchObject({ problem: 'bad_signature', checkedAt: start });
  expect([...keeper.lists.refused.keys()]).toEqual([issuing.uri]);
  served.delete('/v1/status-lists/1');
  await keeper.refresh();
  expect(keeper.lists.problem).toBe('bad_signature');
  served.set('/v1/status-lists/1', good);
  await keeper.refresh();
  expect(keeper.lists.problem).toBeUndefined();
  expect(keeper.lists.refused.size).toBe(0);
});

test('what the store does not take is used all the same, and said', async () => {
  const keeper = await refreshed();
  store.writeList = async () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  served.set('/v1/status-lists/1', await issuing.signStatusList([[7, 'revoked']], minutes(1)));
  now = minutes(1);
  await keeper.refresh();
  expect(keeper.lists).toMatchObject({ problem: 'no_storage', checkedAt: minutes(1) });
  expect(keeper.lists.status.get(issuing.uri)?.get(7)).toBe('revoked');
});

test('without a place for the pins nothing is believed', async () => {
  store.writeRoots = async () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  const keeper = await refreshed();
  expect(keeper.lists.problem).toBe('no_storage');
  expect(keeper.lists.trust).toBeUndefined();
});

test('a list that is no longer published is dropped, here and in the store', async () => {
  const keeper = await refreshed();
  served.set('/v1/status-lists', { status_lists: [] });
  await keeper.refresh();
  expect(keeper.lists.status.size).toBe(0);
  expect(await store.listKeys()).toEqual(['trust']);
});

describe('lists from a file', () => {
  const read = (...files: [name: string, bytes: Uint8Array][]) =>
    pickListFiles(files.map(([name, bytes]) => new File([new Uint8Array(bytes)], name)));
  const fileOf = (bytes: Uint8Array) => new File([new Uint8Array(bytes)], 'list');

  test('are taken as the service’s would be, and last', async () => {
    const keeper = await refreshed();
    served.clear();
    now = minutes(60);
    const report = await keeper.takeFiles(
      await read(
        ['roots.json', new Uint8Array([1])],
        ['trust-list.cose', await issuing.signTrustList(2, minutes(50))],
        ['1.cwt', await issuing.signStatusList([[7, 'revoked']], minutes(50))],
      ),
    );
    expect(report).toEqual({ trust: 'newer', status: ['newer'], isStored: true });
    expect(keeper.lists.trust?.sequence).toBe(2);
    expect(keeper.lists.status.get(issuing.uri)?.get(7)).toBe('revoked');
    expect(keeper.lists.checkedAt, 'no service has confirmed them').toEqual(start);
    const reopened = createKeeper();
    await reopened.load();
    expect(reopened.lists.status.get(issuing.uri)?.issuedAt).toEqual(minutes(50));
    expect(reopened.lists.checkedAt).toBeUndefined();
  });

  test('older ones change nothing, and are no alarm', async () => {
    served.set('/v1/trust-list', await issuing.signTrustList(5, start));
    served.set('/v1/status-lists/1', await issuing.signStatusList([[7, 'revoked']], minutes(1)));
    now = minutes(1);
    const keeper = await refreshed();
    const report = await keeper.takeFiles(
      await read(
        ['trust-list.cose', await issuing.signTrustList(4, start)],
        ['1.cwt', await issuing.signStatusList([], start)],
      ),
    );
    expect(report).toEqual({ trust: 'rollback', status: ['rollback'], isStored: true });
    expect(keeper.lists.trust?.sequence).toBe(5);
    expect(keeper.lists.status.get(issuing.uri)?.get(7)).toBe('revoked');
    expect(keeper.lists.problem).toBeUndefined();
    expect(keeper.lists.refused.size).toBe(0);
  });

  test('the same as those in use', async () => {
    const keeper = await refreshed();
    const report = await keeper.takeFiles(
      await read(
        ['trust-list.cose', served.get('/v1/trust-list') as Uint8Array],
        ['1.cwt', served.get('/v1/status-lists/1') as Uint8Array],
      ),
    );
    expect(report).toEqual({ trust: 'same', status: ['same'], isStored: true });
  });

  test('of strangers are refused, whatever roots the stick names', async () => {
    const keeper = await refreshed();
    const stranger = await createIssuing();
    now = minutes(2);
    const report = await keeper.takeFiles(
      await read(
        ['roots.json', Buffer.from(JSON.stringify({ roots: [Buffer.from(stranger.root).toString('base64url')] }))],
        ['trust-list.cose', await stranger.signTrustList(9, minutes(1))],
        ['1.cwt', await stranger.signStatusList([], minutes(1))],
      ),
    );
    expect(report).toEqual({ trust: 'unknown_root', status: ['unknown_key'], isStored: true });
    expect(keeper.lists.trust?.sequence).toBe(1);
  });

  test('are believed by no device that has never met its service', async () => {
    const keeper = createKeeper();
    const report = await keeper.takeFiles(
      await read(
        ['trust-list.cose', served.get('/v1/trust-list') as Uint8Array],
        ['1.cwt', served.get('/v1/status-lists/1') as Uint8Array],
      ),
    );
    expect(report).toEqual({ trust: 'not_pinned', status: ['not_pinned'], isStored: true });
    expect(keeper.lists.trust).toBeUndefined();
    expect(await store.readRoots()).toBeUndefined();
  });

  test('damaged ones and those of another number are named, the good one beside them is taken', async () => {
    const keeper = await refreshed();
    now = minutes(1);
    const good = await issuing.signStatusList([[7, 'revoked']], minutes(1));
    const spoiled = good.slice();
    spoiled[spoiled.length - 1] = (spoiled.at(-1) as number) ^ 1;
    const report = await keeper.takeFiles({
      statusLists: [
        { number: '1', file: fileOf(spoiled) },
        { number: '1', file: fileOf(new Uint8Array([1, 2, 3])) },
        { number: '2', file: fileOf(good) },
        { number: '1', file: fileOf(good) },
      ],
      deltas: [],
    });
    expect(report.status).toEqual(['bad_signature', 'malformed', 'wrong_list', 'newer']);
  });

  test('a good one ends the refusal of the one that the service sent', async () => {
    const keeper = await refreshed();
    const good = await issuing.signStatusList([[7, 'revoked']], minutes(1));
    const spoiled = good.slice();
    spoiled[spoiled.length - 1] = (spoiled.at(-1) as number) ^ 1;
    served.set('/v1/status-lists/1', spoiled);
    now = minutes(1);
    await keeper.refresh();
    expect(keeper.lists.problem).toBe('bad_signature');
    await keeper.takeFiles({ statusLists: [{ number: '1', file: fileOf(good) }], deltas: [] });
    expect(keeper.lists.problem).toBeUndefined();
    expect(keeper.lists.refused.size).toBe(0);
  });

  test('what the disk does not take is used all the same, and said', async () => {
    const keeper = await refreshed();
    store.writeList = async () => {
      throw new DOMException('full', 'QuotaExceededError');
    };
    now = minutes(1);
    const report = await keeper.takeFiles({
      statusLists: [{ number: '1', file: fileOf(await issuing.signStatusList([[7, 'revoked']], minutes(1))) }],
      deltas: [],
    });
    expect(report).toEqual({ status: ['newer'], isStored: false });
    expect(keeper.lists.status.get(issuing.uri)?.get(7)).toBe('revoked');
  });

  test('only what is named as a list is taken', () => {
    const found = pickListFiles([
      new File(['x'], 'holiday.jpg'),
      new File(['b'], '10.cwt'),
      new File(['a'], '2.cwt'),
      new File(['c'], '02.cwt'),
      new File(['d'], '10.cwt'),
    ]);
    expect(found.trustList).toBeUndefined();
    expect(found.statusLists.map(({ number, file }) => [number, file.name])).toEqual([
      ['2', '2.cwt'],
      ['10', '10.cwt'],
    ]);
  });

  test('one after the other is read, none that no list is as large as, and a stick that is pulled out spoils no other', async () => {
    const keeper = await refreshed();
    now = minutes(1);
    let open = 0;
    const watched = (name: string, bytes: Promise<Uint8Array>) => ({
      name,
      size: 100,
      async arrayBuffer() {
        open++;
        expect(open, 'at a time').toBe(1);
        const content = await bytes.finally(() => open--);
        return new Uint8Array(content).buffer;
      },
    });
    const huge = { name: 'trust-list.cose', size: 16 * 1024 * 1024 + 1, arrayBuffer: () => expect.unreachable() };
    const gone = watched('0.cwt', Promise.reject(new DOMException('gone', 'NotReadableError')));
    const good = watched('1.cwt', issuing.signStatusList([[7, 'revoked']], minutes(1)));
    const report = await keeper.takeFiles(pickListFiles([huge, gone, good]));
    expect(report).toEqual({ trust: 'too_large', status: ['malformed', 'newer'], isStored: true });
  });
});

test('lists that were in order when they were stored are used after the clock was set back, which they show', async () => {
  now = minutes(10);
  served.set('/v1/trust-list', await issuing.signTrustList(1, minutes(10)));
  served.set('/v1/status-lists/1', await issuing.signStatusList([], minutes(10)));
  await refreshed();
  served.clear();
  now = start;
  const reopened = createKeeper();
  await reopened.load();
  expect(reopened.lists.trust?.issuedAt).toEqual(minutes(10));
  expect(reopened.lists.status.get(issuing.uri)?.get(7)).toBe('valid');
});

test('two refreshes at a time are one', async () => {
  const keeper = createKeeper();
  await Promise.all([keeper.refresh(), keeper.refresh()]);
  expect(asked.filter(({ path }) => path === '/v1/roots')).toHaveLength(1);
});

function createKeeper() {
  return createListKeeper(store, createListSource(createListClient({ fetch: service.fetch })), () => now);
}

async function refreshed() {
  const keeper = createKeeper();
  await keeper.refresh();
  return keeper;
}
