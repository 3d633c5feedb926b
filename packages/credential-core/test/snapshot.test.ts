import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCbor } from '../src/cbor/encode.ts';
import { signIssued } from '../src/cose/profile-header.ts';
import {
  type CredentialStatus,
  exportPublicKey,
  issueRevocationSnapshot,
  type RevocationSnapshot,
  type RevocationSnapshotContent,
  type TrustList,
  verifyCredential,
  verifyRevocationSnapshot,
} from '../src/index.ts';
import { encodeRice, RiceSet } from '../src/status/rice.ts';
import { SNAPSHOT_TYPE } from '../src/status/snapshot-form.ts';
import {
  after,
  ISSUER,
  issue,
  issuerKey,
  LIST_INDEX,
  NOW,
  otherKey,
  STATUS_BASE,
  STATUS_URI,
  trustList,
} from './fixtures.ts';

const at = { currentDate: NOW };
const refused = (code: string) => expect.objectContaining({ ok: false, code });

type Entries = RevocationSnapshotContent['lists'][number]['entries'];

function content(entries: Entries, change: Partial<RevocationSnapshotContent> = {}): RevocationSnapshotContent {
  return {
    issuer: ISSUER,
    sequence: 1,
    expiresAt: after(86_400),
    lists: [{ list: 1, size: 8192, entries }],
    ...change,
  };
}

async function offer(
  entries: Entries,
  change: Partial<RevocationSnapshotContent> = {},
  options: { base?: RevocationSnapshot; previous?: RevocationSnapshot; trust?: TrustList; key?: typeof issuerKey } = {},
) {
  const { trust = await trustList(), key = issuerKey, ...rest } = options;
  const bytes = await issueRevocationSnapshot(content(entries, change), key, at);
  return verifyRevocationSnapshot(bytes, trust, { ...at, ...rest });
}

async function snapshotOf(...args: Parameters<typeof offer>): Promise<RevocationSnapshot> {
  const result = await offer(...args);
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  return result.snapshot;
}

const said = (snapshot: RevocationSnapshot, index: number, uri = STATUS_URI) => snapshot.lists.get(uri)?.get(index);

describe('a coded set', () => {
  test('holds what was put in, and nothing else', () => {
    const sets = fc.uniqueArray(fc.integer({ min: 0, max: 9999 }), { minLength: 1, maxLength: 400 });
    fc.assert(
      fc.property(sets, (integers) => {
        const sorted = Uint32Array.from(integers).sort();
        const set = new RiceSet(encodeRice(sorted), 10_000);
        const found = Array.from({ length: 10_001 }, (_, at) => at).filter((integer) => set.has(integer));
        expect(found).toEqual([...sorted]);
        expect([...set]).toEqual([...sorted]);
      }),
      { numRuns: 60 },
    );
  });

  test.each([
    ['0.01 %', 0.0001],
    ['0.1 %', 0.001],
    ['0.5 %', 0.005],
    ['1 %', 0.01],
    ['2 %', 0.02],
  ])('of %s of all indexes takes at most 1.01 of its entropy', (_, share) => {
    const size = 2 ** 22;
    let state = 1;
    const sorted = Uint32Array.from({ length: size }, (_, index) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state < share * 2 ** 32 ? index : 0;
    }).filter((index) => index > 0);
    const part = sorted.length / size;
    const entropy = size * -(part * Math.log2(part) + (1 - part) * Math.log2(1 - part));
    const { bytes } = encodeRice(sorted);
    const ratio = (bytes.length * 8) / entropy;
    expect(ratio).toBeGreaterThan(0.99);
    expect(ratio).toBeLessThanOrEqual(1.01);
  });
});

describe('a snapshot', () => {
  test('tells of every list of the issuer, and a credential is verified by it', async () => {
    const snapshot = await snapshotOf([], {
      ttlSeconds: 900,
      lists: [
        { list: 7, size: 100, entries: [[99, 'revoked'] as const] },
        {
          list: 1,
          size: 8192,
          entries: [
            [8191, 'suspended'],
            [0, 'revoked'],
          ],
        },
        { list: 9, size: 1, entries: [] },
      ],
    });
    expect(snapshot).toMatchObject({ issuer: ISSUER, sequence: 1, issuedAt: NOW, expiresAt: after(86_400) });
    expect([...snapshot.lists.keys()]).toEqual([1, 7, 9].map((list) => `${STATUS_BASE}/${list}`));
    expect([0, 1, 8190, 8191, 8192, -1, 0.5].map((index) => said(snapshot, index))).toEqual([
      'revoked',
      'valid',
      'valid',
      'suspended',
      'unknown',
      'unknown',
      'unknown',
    ]);
    expect(said(snapshot, 99, `${STATUS_BASE}/7`)).toBe('revoked');
    expect(said(snapshot, 0, `${STATUS_BASE}/9`)).toBe('valid');
    expect(snapshot.lists.get(STATUS_URI)).toMatchObject({ ttlSeconds: 900, size: 8192, uri: STATUS_URI });

    const { text } = await issue();
    const trust = await trustList();
    const verify = async (entries: Entries, currentDate = NOW) => {
      const { lists } = await snapshotOf(entries, { expiresAt: after(1800) });
      return verifyCredential(text, trust, { currentDate, status: lists });
    };
    const good = { ok: true, status: 'valid', lists: { status: { uri: STATUS_URI, issuedAt: NOW } } };
    expect(await verify([[LIST_INDEX + 1, 'revoked']])).toMatchObject(good);
    expect(await verify([[LIST_INDEX, 'revoked']])).toEqual(refused('revoked'));
    expect(await verify([[LIST_INDEX, 'suspended']])).toEqual(refused('suspended'));
    expect(await verify([], after(1800))).toMatchObject({ ok: false, code: 'status_list_stale', conclusive: false });
    const elsewhere = await snapshotOf([], { lists: [{ list: 2, size: 8192, entries: [] }] });
    expect(await verifyCredential(text, trust, { ...at, status: elsewhere.lists })).toEqual(refused('status_unknown'));
  });

  test('is believed from its issuer alone, by a key in force, and no longer than that key is', async () => {
    expect(await offer([], { issuer: 'nobody' })).toEqual(refused('unknown_issuer'));
    expect(await offer([], {}, { key: otherKey })).toEqual(refused('unknown_key'));
    expect(await offer([], {}, { key: { ...otherKey, kid: issuerKey.kid } })).toEqual(refused('bad_signature'));
    const compromised = await trustList({
      keys: [{ publicKey: exportPublicKey(issuerKey), compromisedSince: after(-60) }],
    });
    expect(await offer([], {}, { trust: compromised })).toEqual(refused('key_compromised'));

    const { lists } = await snapshotOf([]);
    const rotated = await trustList({
      keys: [
        { publicKey: exportPublicKey(issuerKey), compromisedSince: NOW },
        { publicKey: exportPublicKey(otherKey) },
      ],
    });
    const { text } = await issue({}, otherKey);
    expect(await verifyCredential(text, rotated, { ...at, status: lists })).toEqual(refused('status_unknown'));
    const bytes = await issueRevocationSnapshot(content([]), issuerKey, { currentDate: after(61) });
    expect(await verifyRevocationSnapshot(bytes, await trustList(), at)).toEqual(refused('issued_in_future'));
    const flipped = await issueRevocationSnapshot(content([[1, 'revoked']]), issuerKey, at);
    flipped[flipped.length - 70] = (flipped[flipped.length - 70] as number) ^ 1;
    expect(await verifyRevocationSnapshot(flipped, await trustList(), at)).toEqual(refused('bad_signature'));
  });

  test('is not replaced by an older one', async () => {
    const previous = await snapshotOf([[5, 'revoked']], { sequence: 5 });
    expect(await offer([[5, 'revoked']], { sequence: 5 }, { previous })).toMatchObject({ ok: true });
    expect(await offer([], { sequence: 5 }, { previous })).toEqual(refused('rollback'));
    expect(await offer([[5, 'revoked']], { sequence: 4 }, { previous })).toEqual(refused('rollback'));
    expect(await offer([], { sequence: 6 }, { previous })).toMatchObject({ ok: true });
  });
});

describe('a delta', () => {
  const NOW_AND_THEN: Entries = [
    [1, 'revoked'],
    [2, 'suspended'],
    [3, 'suspended'],
  ];

  test('changes its base, and takes back no revocation', async () => {
    const base = await snapshotOf(NOW_AND_THEN, { sequence: 3 });
    const changes: Entries = [
      [1, 'valid'],
      [2, 'valid'],
      [3, 'revoked'],
      [4, 'suspended'],
    ];
    const delta = await snapshotOf(changes, { sequence: 5, base: 3 }, { base });
    expect(delta).toMatchObject({ sequence: 5, base: 3 });
    expect([1, 2, 3, 4, 5].map((index) => said(delta, index))).toEqual([
      'revoked',
      'valid',
      'revoked',
      'suspended',
      'valid',
    ] satisfies CredentialStatus[]);
    expect([...delta.entriesOf(STATUS_URI)].sort()).toEqual([
      [1, 'revoked'],
      [3, 'revoked'],
      [4, 'suspended'],
    ]);
    expect([...delta.entriesOf(`${STATUS_BASE}/2`)]).toEqual([]);
    // What a delta does not name is as it was, and a list that is new comes with it.
    const lists = [{ list: 2, size: 64, entries: [[6, 'revoked'] as const] }];
    const more = await snapshotOf([], { sequence: 6, base: 3, lists }, { base, previous: delta });
    expect([said(more, 2), said(more, 6, `${STATUS_BASE}/2`)]).toEqual(['suspended', 'revoked']);
  });

  test('is refused without its base, with another, by another key, or where a list changed its size', async () => {
    const base = await snapshotOf(NOW_AND_THEN, { sequence: 3 });
    const delta = await snapshotOf([], { sequence: 5, base: 3 }, { base });
    const wrong = refused('wrong_list');
    expect(await offer([], { sequence: 5, base: 3 })).toEqual(wrong);
    expect(await offer([], { sequence: 5, base: 2 }, { base })).toEqual(wrong);
    expect(await offer([], { sequence: 6, base: 5 }, { base: delta })).toEqual(wrong);
    const both = await trustList({ keys: [issuerKey, otherKey].map((key) => ({ publicKey: exportPublicKey(key) })) });
    expect(await offer([], { sequence: 5, base: 3 }, { base, trust: both, key: otherKey })).toEqual(wrong);
    const lists = [{ list: 1, size: 8200, entries: [] }];
    expect(await offer([], { sequence: 5, base: 3, lists }, { base })).toEqual(refused('malformed'));
    await expect(offer([], { sequence: 3, base: 3 }, { base })).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
    await expect(offer([[1, 'valid']])).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
  });
});

describe('of a wrong form', () => {
  type Plain = Parameters<typeof encodeCbor>[0];
  const list = (...more: [number, Plain][]) => new Map<number, Plain>([[0, 1], [1, 64], ...more]);
  const claims = (snapshot: [number, Plain][], more: [number, Plain][] = []) =>
    new Map<number, Plain>([
      [1, ISSUER],
      [4, NOW.getTime() / 1000 + 60],
      [6, NOW.getTime() / 1000],
      [-65_540, new Map(snapshot)],
      ...more,
    ]);
  // The gaps 0 and 2 with k = 1: 1·0, 0·1·0.
  const two = [1, 2, Uint8Array.of(0b1001_0000)];

  const offered = async (payload: Plain) => {
    const bytes = await signIssued(encodeCbor(payload), issuerKey, { typ: SNAPSHOT_TYPE });
    return verifyRevocationSnapshot(bytes, await trustList(), at);
  };

  test('is refused, each', async () => {
    const good = await offered(
      claims([
        [0, 1],
        [1, [list([2, two])]],
      ]),
    );
    expect(good).toMatchObject({ ok: true });
    if (!good.ok) return;
    const held = [...(good.snapshot.lists.get(STATUS_URI) ? Array(64).keys() : [])];
    expect(held.filter((index) => said(good.snapshot, index) === 'revoked')).toEqual([0, 3]);

    const set = (...value: Plain[]) =>
      claims([
        [0, 1],
        [1, [list([2, value])]],
      ]);
    const wrong: Record<string, Plain> = {
      'no snapshot': new Map(claims([])).set(-65_540, 1),
      'an unknown claim': claims(
        [
          [0, 1],
          [1, []],
        ],
        [[8, 1]],
      ),
      'an unknown entry': claims([
        [0, 1],
        [1, []],
        [3, 1],
      ]),
      'no sequence': claims([[1, []]]),
      'a list twice': claims([
        [0, 1],
        [1, [list(), list()]],
      ]),
      'an unknown entry of a list': claims([
        [0, 1],
        [1, [list([5, 1])]],
      ]),
      'an empty list': claims([
        [0, 1],
        [
          1,
          [
            new Map([
              [0, 1],
              [1, 0],
            ]),
          ],
        ],
      ]),
      'a list above 2^24': claims([
        [0, 1],
        [
          1,
          [
            new Map([
              [0, 1],
              [1, 2 ** 24 + 1],
            ]),
          ],
        ],
      ]),
      'taking back without a base': claims([
        [0, 1],
        [1, [list([4, two])]],
      ]),
      'a base that is not older': claims([
        [0, 1],
        [1, []],
        [2, 1],
      ]),
      'an empty set': set(1, 0, new Uint8Array()),
      'a set of four': set(1, 2, two[2] as Uint8Array, 0),
      'k above 24': set(25, 1, Uint8Array.of(0x80, 0, 0, 0)),
      'more than there are': set(1, 65, new Uint8Array(20).fill(0xaa)),
      'an index outside': set(0, 1, new Uint8Array(9).with(8, 0x80)),
      'bits after the set': set(1, 2, Uint8Array.of(0b1001_0001)),
      'a byte after the set': set(1, 2, Uint8Array.of(0b1001_0000, 0)),
      'a set that is cut off': set(1, 2, Uint8Array.of()),
      'nothing but zeros': set(1, 2, new Uint8Array(4)),
      'a remainder that is cut off': set(24, 1, Uint8Array.of(0x80, 0, 0)),
    };
    for (const [comment, payload] of Object.entries(wrong)) {
      expect(await offered(payload), comment).toEqual(refused('malformed'));
    }
    expect(
      await offered(
        new Map(
          claims([
            [0, 1],
            [1, []],
          ]),
        ).set(4, 1),
      ),
      'exp before iat',
    ).toEqual(refused('malformed'));
  });

  test('arguments of a wrong type are the caller’s mistake', async () => {
    const bytes = await issueRevocationSnapshot(content([]), issuerKey, at);
    const trust = await trustList();
    const verify = (change: object) => verifyRevocationSnapshot(bytes, trust, { ...at, ...change } as never);
    await expect(verify({ base: {} })).rejects.toThrow(TypeError);
    await expect(verify({ previous: 'old' })).rejects.toThrow(TypeError);
    await expect(verify({ currentDate: 'now' })).rejects.toThrow(TypeError);
    const wrong = (change: object) => issueRevocationSnapshot({ ...content([]), ...change } as never, issuerKey, at);
    await expect(wrong({ lists: 1 })).rejects.toThrow(TypeError);
    await expect(wrong({ lists: [{ list: 1, size: 8, entries: 1 }] })).rejects.toThrow(TypeError);
    for (const [entries, code] of [
      [[[8, 'revoked']], 'ERR_STATUS_INDEX'],
      [
        [
          [1, 'revoked'],
          [1, 'suspended'],
        ],
        'ERR_STATUS_INDEX',
      ],
      [[[1, 'unknown']], 'ERR_INVALID_CONTENT'],
    ] as const) {
      await expect(wrong({ lists: [{ list: 1, size: 8, entries }] })).rejects.toMatchObject({ code });
    }
    await expect(wrong({ lists: [{ list: 1, size: 2 ** 24 + 1, entries: [] }] })).rejects.toMatchObject({
      code: 'ERR_INVALID_CONTENT',
    });
  });
});
