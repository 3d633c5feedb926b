import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { CborKey, CborValue } from '../src/cbor/value.ts';
import { importKeySet, type TokenStatusList, verifyCwt, verifyTokenStatusList } from '../src/profiles.ts';
import { createForeignSigner, type Entries, exportSpki, signForeign } from './profiles-fixtures.ts';

const currentDate = new Date('2026-11-22T08:00:00Z');
const now = currentDate.getTime() / 1000;
const uri = 'https://lists.example/7';

const signer = createForeignSigner('ES256');
const keys = importKeySet([{ spki: exportSpki(signer.publicKey) }]);
const typ: Entries[number] = [16, 'application/statuslist+cwt'];

const failsWith = (code: string, detail = '') => ({ ok: false, code, detail: expect.stringContaining(detail) });

/** Two bits an index: 0 valid, 1 revoked, 2 suspended, 3 of the application's own. */
const LIST: Entries = [
  ['bits', 2],
  ['lst', deflateSync(Uint8Array.of(0b11_10_01_00))],
];

function signList(claims: Entries = [], list: Entries = LIST, header = typ): Uint8Array {
  const all: Entries = [[2, uri], [6, now], [65_533, new Map(list)], ...claims];
  return signForeign([...new Map(all)], signer, { protectedHeader: [header] });
}

async function holdList(claims?: Entries): Promise<ReadonlyMap<string, TokenStatusList>> {
  const result = await verifyTokenStatusList(signList(claims), keys, { currentDate, uri });
  if (!result.ok) throw new Error(result.code);
  return new Map([[uri, result.list]]);
}

function signToken(index: CborValue, from: CborValue = uri, claims: Entries = []): Uint8Array {
  const reference = new Map<CborKey, CborValue>([
    ['idx', index],
    ['uri', from],
  ]);
  return signForeign([...claims, [65_535, new Map([['status_list', reference]])]], signer);
}

describe('the status of a CWT among several issuers', () => {
  const [a, b] = [createForeignSigner('ES256'), createForeignSigner('ES256')];
  const both = importKeySet([
    { spki: exportSpki(a.publicKey), issuer: 'A' },
    { spki: exportSpki(b.publicKey), issuer: 'B' },
    { spki: exportSpki(signer.publicKey) },
  ]);
  const list = async (from: typeof a, claims: Entries) => {
    const all: Entries = [[2, uri], [6, now], [65_533, new Map(LIST)], ...claims];
    const bytes = signForeign(all, from, { protectedHeader: [typ] });
    const result = await verifyTokenStatusList(bytes, both, { currentDate, uri });
    if (!result.ok) throw new Error(result.code);
    return new Map([[uri, result.list]]);
  };
  const reference = new Map([['status_list', new Map<CborKey, CborValue>(Object.entries({ idx: 0, uri }))]]);
  const token = (from: typeof a, claims: Entries) => signForeign([...claims, [65_535, reference]], from);
  const verify = async (bytes: Uint8Array, status: ReadonlyMap<string, TokenStatusList>) =>
    verifyCwt(bytes, both, { currentDate, status });

  test('is told by the list of its own issuer', async () => {
    expect(await verify(token(a, [[1, 'A']]), await list(a, [[1, 'A']]))).toMatchObject({ ok: true, status: 'valid' });
  });

  test('is not told by that of another, at the same address', async () => {
    const foreign = await list(b, [[1, 'B']]);
    expect(foreign.get(uri)?.issuer).toBe('B');
    expect(await verify(token(a, [[1, 'A']]), foreign)).toMatchObject(failsWith('status_unknown'));
    expect(await verify(token(signer, []), foreign)).toMatchObject(failsWith('status_unknown'));
  });

  test('is told by a key that the caller trusts for any issuer, whose list names none', async () => {
    expect(await verify(token(a, [[1, 'A']]), await list(signer, []))).toMatchObject({ ok: true, status: 'valid' });
  });

  test('is not told by a key of one issuer, whose list names none', async () => {
    const all: Entries = [
      [2, uri],
      [6, now],
      [65_533, new Map(LIST)],
    ];
    const bytes = signForeign(all, b, { protectedHeader: [typ] });
    expect(await verifyTokenStatusList(bytes, both, { currentDate, uri })).toMatchObject(failsWith('bad_signature'));
  });

  test('is told by nobody who could not sign the token as well', async () => {
    const unnamed = await list(signer, []);
    expect(await verify(token(signer, [[1, 'A']]), unnamed)).toMatchObject({ ok: true, issuer: 'A', status: 'valid' });
    expect(await verify(token(b, [[1, 'A']]), unnamed)).toMatchObject(failsWith('bad_signature'));
  });
});

test('options that are changed while a list is verified change nothing', async () => {
  const [previous] = (await holdList()).values();
  const date = new Date(currentDate);
  const options = { currentDate: date, uri, ...(previous && { previous }) };
  const older = verifyTokenStatusList(signList([[6, now - 60]]), keys, options);
  const ofTheFuture = verifyTokenStatusList(signList([[6, now + 3600]]), keys, options);
  Object.assign(options, { uri: 'https://lists.example/8', previous: undefined });
  date.setTime((now + 7200) * 1000);
  expect(await older).toMatchObject(failsWith('rollback'));
  expect(await ofTheFuture).toMatchObject(failsWith('issued_in_future'));
});

describe('the status of a CWT', () => {
  test('comes with the age of the list that it was read from', async () => {
    const status = await holdList([
      [6, now - 3e8],
      [65_534, 3600],
    ]);
    const lists = { status: { uri, issuedAt: new Date((now - 3e8) * 1000), ttlSeconds: 3600 } };
    expect(await verifyCwt(signToken(0), keys, { currentDate, status })).toMatchObject({ ok: true, lists });
    expect(await verifyCwt(signToken(1), keys, { currentDate, status })).toMatchObject({ code: 'revoked', lists });
    expect(await verifyCwt(signToken(0), keys, { currentDate, status: 'not_checked' })).toMatchObject({ lists: {} });
    const ending = await holdList([[4, now + 60]]);
    const { lists: ages } = await verifyCwt(signToken(0), keys, { currentDate, status: ending });
    expect(ages).toEqual({ status: { uri, issuedAt: currentDate, expiresAt: new Date((now + 60) * 1000) } });
  });

  test('by something that is no status list is a TypeError', async () => {
    const [list] = (await holdList()).values();
    for (const wrong of [new Uint8Array(1), { ok: true, list }, { uri, get: () => 'valid' }]) {
      await expect(
        verifyCwt(signToken(0), keys, { currentDate, status: new Map([[uri, wrong as never]]) }),
      ).rejects.toThrow(new TypeError('options.status must hold the lists that verifyTokenStatusList gave'));
    }
  });

  test.each([
    [0, { ok: true, status: 'valid', statusReference: { uri, index: 0 } }],
    [1, failsWith('revoked')],
    [2, failsWith('suspended')],
    [3, failsWith('status_unknown')],
    [4, failsWith('status_unknown')],
  ])('index %i', async (index, expected) => {
    const status = await holdList();
    expect(await verifyCwt(signToken(index), keys, { currentDate, status })).toMatchObject(expected);
  });

  test('is unknown without the list, and with another one under its URI', async () => {
    const held = await holdList();
    const other = 'https://lists.example/8';
    const lists = [new Map(), new Map([[other, [...held.values()][0] as TokenStatusList]])];
    for (const [token, status] of [
      [signToken(0), lists[0]],
      [signToken(0, other), lists[1]],
    ] as const) {
      const result = await verifyCwt(token, keys, { currentDate, status: status as Map<string, TokenStatusList> });
      expect(result).toMatchObject(failsWith('status_unknown'));
    }
  });

  test('is not looked at only for a caller that says so', async () => {
    expect(await verifyCwt(signToken(1), keys, { currentDate, status: 'not_checked' })).toMatchObject({
      ok: true,
      status: 'not_checked',
    });
  });

  test('cannot be asked of a token that names no list', async () => {
    const token = signForeign([[1, 'someone']], signer);
    expect(await verifyCwt(token, keys, { currentDate, status: new Map() })).toMatchObject({
      ok: true,
      status: 'not_revocable',
    });
  });

  test('a list that has expired refuses what it refused, and is too old for a good answer', async () => {
    const status = await holdList([[4, now]]);
    expect(await verifyCwt(signToken(1), keys, { currentDate, status })).toMatchObject(failsWith('revoked'));
    expect(await verifyCwt(signToken(0), keys, { currentDate, status })).toMatchObject(failsWith('status_list_stale'));
  });

  test('is unknown where the token names another mechanism only', async () => {
    const token = signForeign([[65_535, new Map([['identifier_list', new Map()]])]], signer);
    const status = await holdList();
    expect(await verifyCwt(token, keys, { currentDate, status })).toMatchObject(failsWith('status_unknown'));
    expect(await verifyCwt(token, keys, { currentDate, status: 'not_checked' })).toMatchObject({ ok: true });
  });

  test.each<[string, CborValue]>([
    ['no map', 5],
    ['no map in it', new Map([['status_list', 5]])],
    [
      'a negative index',
      new Map([
        [
          'status_list',
          new Map<CborKey, CborValue>([
            ['idx', -1],
            ['uri', uri],
          ]),
        ],
      ]),
    ],
    ['no URI', new Map([['status_list', new Map([['idx', 1]])]])],
  ])('a reference with %s is malformed', async (_, reference) => {
    const token = signForeign([[65_535, reference]], signer);
    expect(await verifyCwt(token, keys, { currentDate, status: 'not_checked' })).toMatchObject(failsWith('malformed'));
  });

  test('an index with a fraction is malformed', async () => {
    // {65535: {"status_list": {"idx": 0.5, "uri": ""}}}
    const claims = Buffer.from('a119ffffa16b7374617475735f6c697374a263696478f938006375726960', 'hex');
    const result = await verifyCwt(signForeign(claims, signer), keys, { currentDate, status: 'not_checked' });
    expect(result).toMatchObject(failsWith('malformed', 'index'));
  });
});

describe('a clock that is behind the issue time of the status list', () => {
  const at = (seconds: number) => new Date(currentDate.getTime() + seconds * 1000);
  const verifyAt = async (clock: Date, token: Uint8Array, skew = 60) =>
    verifyCwt(token, keys, { currentDate: clock, status: await holdList(), clockSkewSeconds: skew });

  test('gives no good answer', async () => {
    const behind = {
      ...failsWith('clock_behind'),
      checks: { validity: 'passed', status: 'passed', freshness: 'failed' },
    };
    expect(await verifyAt(at(-61), signToken(0))).toMatchObject(behind);
    expect(await verifyAt(at(-60), signToken(0))).toMatchObject({ ok: true, status: 'valid' });
    expect(await verifyAt(at(-600), signToken(0), 600)).toMatchObject({ ok: true, status: 'valid' });
    expect(await verifyAt(at(-601), signToken(0), 600)).toMatchObject(behind);
  });

  test.each<[string, Entries]>([
    ['issued', [[6, now]]],
    ['not valid before', [[5, now]]],
  ])('is blamed for a token that is %s later than it', async (_, claims) => {
    const behind = { ...failsWith('clock_behind'), checks: { validity: 'failed', status: 'not_checked' } };
    expect(await verifyAt(at(-61), signToken(0, uri, claims))).toMatchObject(behind);
    expect(await verifyAt(at(-60), signToken(0, uri, claims))).toMatchObject({ ok: true });
  });

  test('leaves refused what the list refuses', async () => {
    expect(await verifyAt(at(-61), signToken(1))).toMatchObject(failsWith('revoked'));
    expect(await verifyAt(at(-61), signToken(2))).toMatchObject(failsWith('suspended'));
    expect(await verifyAt(at(-61), signToken(3))).toMatchObject(failsWith('status_unknown'));
  });

  test('is not shown by a list that the answer does not rest on', async () => {
    const later: Entries = [[6, now]];
    const future = failsWith('issued_in_future');
    expect(await verifyAt(at(-61), signForeign(later, signer))).toMatchObject(future);
    expect(await verifyAt(at(-61), signToken(0, 'https://lists.example/8', later))).toMatchObject(future);
    for (const status of ['not_checked', await holdList([[1, 'another']])] as const) {
      const options = { currentDate: at(-61), status };
      expect(await verifyCwt(signToken(0, uri, later), keys, options)).toMatchObject(future);
    }
  });

  test('is not blamed where it is right', async () => {
    const token = signToken(0, uri, [[6, now + 61]]);
    expect(await verifyAt(currentDate, token)).toMatchObject(failsWith('issued_in_future'));
  });
});

describe('a foreign status list', () => {
  const verify = (bytes: Uint8Array) => verifyTokenStatusList(bytes, keys, { currentDate, uri });

  test('gives its times and size', async () => {
    const claims: Entries = [
      [4, now + 60],
      [65_534, 3600],
    ];
    expect(await verify(signList(claims))).toMatchObject({
      ok: true,
      list: { uri, issuedAt: currentDate, expiresAt: new Date((now + 60) * 1000), ttlSeconds: 3600, size: 4 },
    });
  });

  test.each<[string, Uint8Array, string]>([
    ['another URI', signList([[2, 'https://lists.example/8']]), 'wrong_list'],
    ['no iat', signList([[6, null]]), 'malformed'],
    ['an iat in the future', signList([[6, now + 61]]), 'issued_in_future'],
    ['another type', signList([], LIST, [16, 'application/cwt']), 'malformed'],
    ['no type', signList([], LIST, [4, new Uint8Array(8)]), 'malformed'],
    ['a ttl that is no number', signList([[65_534, 'P1D']]), 'malformed'],
    ['no bits', signList([], LIST.slice(1)), 'malformed'],
    ['3 bits', signList([], [['bits', 3], LIST[1] as Entries[number]]), 'malformed'],
    ['no list', signList([], LIST.slice(0, 1)), 'malformed'],
    [
      'a list that is no zlib stream',
      signList(
        [],
        [
          ['bits', 1],
          ['lst', new Uint8Array(9)],
        ],
      ),
      'malformed',
    ],
    [
      'a list of more than 2^24',
      signList(
        [],
        [
          ['bits', 1],
          ['lst', deflateSync(new Uint8Array(2 ** 21 + 1))],
        ],
      ),
      'too_large',
    ],
    ['nothing', new Uint8Array(), 'malformed'],
    ['more than 8 MiB', new Uint8Array(8 * 2 ** 20 + 1), 'too_large'],
  ])('with %s is refused', async (_, bytes, code) => {
    expect(await verify(bytes)).toMatchObject(failsWith(code));
  });

  test('of another signer is refused', async () => {
    const trusted = importKeySet([{ spki: exportSpki(createForeignSigner('ES256').publicKey) }]);
    const result = await verifyTokenStatusList(signList(), trusted, { currentDate, uri });
    expect(result).toMatchObject(failsWith('bad_signature'));
  });

  test('arguments of a wrong type are mistakes of the caller', async () => {
    await expect(verifyTokenStatusList('' as never, keys, { currentDate, uri })).rejects.toThrow(TypeError);
    await expect(verifyTokenStatusList(new Uint8Array(), keys, { currentDate } as never)).rejects.toThrow(TypeError);
  });
});

describe('a list that was held before', () => {
  const [held, later] = [now - 60, now];
  const revoked: Entries = [
    ['bits', 2],
    ['lst', deflateSync(Uint8Array.of(0b11_10_01_01))],
  ];
  const hold = async (bytes: Uint8Array, previous?: TokenStatusList) =>
    verifyTokenStatusList(bytes, keys, { currentDate, uri, ...(previous && { previous }) });
  const list = async (claims: Entries, values = LIST) => {
    const result = await hold(signList(claims, values));
    if (!result.ok) throw new Error(result.code);
    return result.list;
  };

  test('is replaced by a later one and by itself only', async () => {
    const previous = await list([[6, later]], revoked);
    expect(await hold(signList([[6, held]]), previous)).toMatchObject(failsWith('rollback'));
    expect(await hold(signList([[6, later]]), previous)).toMatchObject(failsWith('rollback'));
    expect(await hold(signList([[6, later]], revoked), previous)).toMatchObject({ ok: true });
    const earlier = await list([[6, held]], revoked);
    expect(await hold(signList([[6, later]]), earlier)).toMatchObject({ ok: true });
  });

  test('is not replaced by one of another issuer', async () => {
    const previous = await list([[1, 'A']]);
    expect(await hold(signList([[1, 'B']]), previous)).toMatchObject(failsWith('wrong_list'));
  });

  test('must be one that was verified', async () => {
    const previous = { uri, issuedAt: new Date(0) } as unknown as TokenStatusList;
    const wrong = hold(signList(), previous);
    await expect(wrong).rejects.toThrow(new TypeError('options.previous must be the list of a former result'));
  });
});
