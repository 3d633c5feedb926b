import { describe, expect, test } from 'vitest';
import {
  exportPublicKey,
  type IssuerKey,
  issueStatusList,
  issueTrustList,
  type PublicKey,
  type StatusList,
  type StatusListContent,
  type TrustList,
  type TrustListContent,
  verifyCredential,
  verifyStatusList,
  verifyTrustList,
} from '../src/index.ts';
import {
  after,
  ISSUER,
  issue,
  issuerKey,
  NOW,
  otherKey,
  ROOTS,
  rootKey,
  STATUS_BASE,
  STATUS_URI,
  statusContent,
  statusLists,
  trustContent,
  trustList,
} from './fixtures.ts';

const at = { currentDate: NOW };
const refused = (code: string) => expect.objectContaining({ ok: false, code });
const wrongContent = expect.objectContaining({ name: 'CredentialError', code: 'ERR_INVALID_CONTENT' });

describe('the trust list', () => {
  test('comes back with what was signed', async () => {
    const list = await trustList();
    expect(list).toMatchObject({ sequence: 1, publisher: 'test root', issuedAt: NOW, expiresAt: after(86_400) });
    expect(list.issuers).toMatchObject([{ id: ISSUER, regions: ['3702'], types: ['medical-insurance'] }]);
  });

  test('is not issued with a key that is never valid', async () => {
    const keys = [{ publicKey: exportPublicKey(issuerKey), notBefore: after(60), notAfter: after(59) }];
    await expect(issueTrustList(trustContent({ keys }), rootKey, at)).rejects.toEqual(wrongContent);
    const always = keys.map((key) => ({ ...key, notAfter: after(60) }));
    await expect(issueTrustList(trustContent({ keys: always }), rootKey, at)).resolves.toBeInstanceOf(Uint8Array);
  });

  test('is not changed by who holds it', async () => {
    const list = await trustList({ keys: [{ publicKey: exportPublicKey(issuerKey), compromisedSince: after(3600) }] });
    const [issuer] = list.issuers as unknown as [Record<'keys' | 'types' | 'regions', unknown[]>];
    const [key] = issuer.keys as [{ readonly publicKey: PublicKey; compromisedSince?: Date }];
    for (const change of [
      () => (list.issuers as unknown[]).push(issuer),
      () => issuer.keys.push(key),
      () => issuer.regions.push('11'),
      () => issuer.types.push('another'),
      () => Object.assign(issuer, { regions: ['11'] }),
      () => delete key.compromisedSince,
      () => Object.assign(key.publicKey, { verify: async () => true }),
      () => Object.assign(list, { sequence: 0 }),
    ]) {
      expect(change).toThrow(TypeError);
    }
    // Before the key was used once, so that nothing of it was prepared.
    for (const bytes of [key.publicKey.bytes, key.publicKey.kid, key.publicKey.coseKey]) bytes.fill(0);
    const lists = await statusLists(list);
    const { text } = await issue();
    expect(await verifyCredential(text, list, { ...at, status: lists })).toMatchObject({ ok: true });
  });

  test('is refused from a root that is not pinned, even under its kid', async () => {
    expect(await verifyTrustList(await issueTrustList(trustContent(), otherKey, at), ROOTS, at)).toEqual(
      refused('unknown_root'),
    );
    const forged = await issueTrustList(trustContent(), { ...otherKey, kid: rootKey.kid }, at);
    expect(await verifyTrustList(forged, ROOTS, at)).toEqual(refused('bad_signature'));
    expect(await verifyTrustList(await issueTrustList(trustContent(), rootKey, at), [], at)).toEqual(
      refused('unknown_root'),
    );
  });

  test('is not replaced by an older one, nor by another of the same sequence', async () => {
    const previous = await trustList({}, { sequence: 5 });
    const offer = async (change: Partial<TrustListContent>, currentDate = NOW) =>
      verifyTrustList(await issueTrustList(trustContent({}, change), rootKey, { currentDate }), ROOTS, {
        ...at,
        previous,
      });
    expect(await offer({ sequence: 4 })).toEqual(refused('rollback'));
    expect(await offer({ sequence: 5, publisher: 'another' })).toEqual(refused('rollback'));
    expect(await offer({ sequence: 5 })).toMatchObject({ ok: true });
    expect(await offer({ sequence: 6 })).toMatchObject({ ok: true });
  });

  test('hands its roots on: the old ones end, the new ones last, also over a restart', async () => {
    const [a, b] = [exportPublicKey(rootKey), exportPublicKey(otherKey)];
    const offer = async (sequence: number, key: IssuerKey, previous?: TrustList, roots?: Uint8Array[], pins = [a]) =>
      verifyTrustList(await issueTrustList(trustContent({}, { sequence, ...(roots && { roots }) }), key, at), pins, {
        ...at,
        ...(previous && { previous }),
      });
    const listOf = async (...args: Parameters<typeof offer>) => {
      const result = await offer(...args);
      if (!result.ok) throw new Error(result.code);
      return result.list;
    };
    const first = await listOf(1, rootKey);
    expect(first.roots).toEqual([a]);
    expect(await offer(2, otherKey, first)).toEqual(refused('unknown_root'));
    const rotation = await listOf(2, rootKey, first, [b]);
    expect(rotation.roots).toEqual([b]);
    expect(await offer(3, rootKey, rotation)).toEqual(refused('unknown_root'));
    const third = await listOf(3, otherKey, rotation);
    expect(third.roots).toEqual([b]);
    expect(await offer(4, rootKey, third)).toEqual(refused('unknown_root'));
    expect((await listOf(4, otherKey, undefined, undefined, [...third.roots])).roots).toEqual([b]);
    // Loaded again after a restart, or fetched again unchanged, the list that names the new roots is still good.
    const bytes = await issueTrustList(trustContent({}, { sequence: 2, roots: [b] }), rootKey, at);
    expect(rotation.verifiedBy).toEqual([a]);
    expect(await verifyTrustList(bytes, rotation.verifiedBy, at)).toMatchObject({ ok: true, list: { roots: [b] } });
    expect(await verifyTrustList(bytes, [a], { ...at, previous: rotation })).toEqual({ ok: true, list: rotation });
    expect(await verifyTrustList(bytes, [a], { ...at, previous: third })).toEqual(refused('unknown_root'));
  });

  test('fetched again is signed again by those who signed it: bytes that would not load after a restart are refused', async () => {
    const bytes = await issueTrustList(trustContent({}, { roots: [exportPublicKey(otherKey)] }), rootKey, at);
    const first = await verifyTrustList(bytes, ROOTS, at);
    if (!first.ok) throw new Error(first.code);
    const again = (offered: Uint8Array) => verifyTrustList(offered, ROOTS, { ...at, previous: first.list });
    expect(await again(bytes)).toEqual({ ok: true, list: first.list });
    for (const from of [1, 32, 64]) {
      const spoiled = bytes.slice();
      spoiled[spoiled.length - from] = (spoiled.at(-from) as number) ^ 1;
      expect(await again(spoiled)).toEqual(refused('bad_signature'));
    }
    // The same content by the root that signs the next list: it would not load with the roots kept beside this one.
    const content = trustContent({}, { roots: [exportPublicKey(otherKey)] });
    expect(await again(await issueTrustList(content, otherKey, at))).toEqual(refused('unknown_root'));
  });

  test('that would leave nobody to sign the next one is not issued', async () => {
    await expect(issueTrustList(trustContent({}, { roots: [] }), rootKey, at)).rejects.toEqual(wrongContent);
    const notAKey = [new Uint8Array(3)];
    await expect(issueTrustList(trustContent({}, { roots: notAKey }), rootKey, at)).rejects.toEqual(wrongContent);
  });

  test('from the future says that the clock here is behind', async () => {
    const bytes = await issueTrustList(trustContent(), rootKey, { currentDate: after(61) });
    expect(await verifyTrustList(bytes, ROOTS, at)).toEqual(refused('issued_in_future'));
    expect(await verifyTrustList(bytes, ROOTS, { currentDate: after(1) })).toMatchObject({ ok: true });
  });

  test('after its end is still given back: its age is the verifier’s to judge', async () => {
    const bytes = await issueTrustList(trustContent(), rootKey, at);
    expect(await verifyTrustList(bytes, ROOTS, { currentDate: after(90_000) })).toMatchObject({ ok: true });
  });

  test('a status list does not pass for it, however well signed', async () => {
    const bytes = await issueStatusList(statusContent(), rootKey, at);
    expect(await verifyTrustList(bytes, ROOTS, at)).toEqual(refused('malformed'));
  });

  test.each<[string, Parameters<typeof trustContent>]>([
    ['an issuer twice', [{}, { issuers: [...trustContent().issuers, ...trustContent().issuers] }]],
    ['a region that is no code', [{ regions: ['*'] }]],
    ['an empty region, which would allow all', [{ regions: [''] }]],
    ['a status URI with a slash at the end', [{ statusBaseUri: 'https://lists.example/' }]],
    ['a status URI that is no web address', [{ statusBaseUri: 'file:///lists' }]],
    ['a negative sequence', [{}, { sequence: -1 }]],
    ['half a sequence', [{}, { sequence: 1.5 }]],
    ['an end before its beginning', [{}, { expiresAt: after(-1) }]],
    [
      'a key twice',
      [
        {
          keys: [
            { publicKey: exportPublicKey(issuerKey) },
            { publicKey: exportPublicKey(issuerKey), compromisedSince: NOW },
          ],
        },
      ],
    ],
    ['more items than a list may hold', [{ types: Array(250_000).fill('x') }]],
    ['a name that turns the text around', [{ name: 'a\u202eb' }]],
    ['a key that is no COSE_Key', [{ keys: [{ publicKey: issuerKey.publicKey }] }]],
  ])('is not issued with %s', async (_, content) => {
    await expect(issueTrustList(trustContent(...content), rootKey, at)).rejects.toEqual(wrongContent);
  });

  test('is read whole before anybody else can write to its buffer', async () => {
    const bytes = await issueTrustList(trustContent(), rootKey, at);
    const buffer = Buffer.from(bytes);
    const pending = verifyTrustList(buffer, ROOTS, at);
    buffer.fill(0);
    const result = await pending;
    expect(result).toMatchObject({ ok: true, list: { issuers: [{ id: ISSUER }] } });
    const later = Buffer.from(bytes);
    const held = await verifyTrustList(later, ROOTS, at);
    later.fill(0);
    if (!held.ok) throw new Error(held.code);
    const { text } = await issue();
    expect(await verifyCredential(text, held.list, { ...at, status: 'not_checked' })).toMatchObject({ ok: true });
  });

  test.each<[string, unknown]>([
    ['the result instead of its list', { ok: true, list: {} }],
    ['null', null],
    ['an empty object', {}],
  ])('with %s as its predecessor is a TypeError: it would compare with nothing', async (_, previous) => {
    const bytes = await issueTrustList(trustContent(), rootKey, at);
    await expect(verifyTrustList(bytes, ROOTS, { ...at, previous: previous as never })).rejects.toThrow(TypeError);
    const status = await issueStatusList(statusContent(), issuerKey, at);
    const options = { ...at, uri: STATUS_URI, previous: previous as never };
    await expect(verifyStatusList(status, await trustList(), options)).rejects.toThrow(TypeError);
  });

  test('made to be slow to read is refused at once', async () => {
    // Normalising this text takes hours; a cap on its length stands before it.
    const text = Buffer.from(`a${'\u0345'.repeat(1_000_000)}${'\u0316'.repeat(1_000_000)}`);
    const bytes = new Uint8Array([0xd2, 0x81, 0x7a, 0, 0x3d, 0x09, 0x01, ...text]);
    expect(text.length).toBe(0x3d0901);
    expect(await verifyTrustList(bytes, ROOTS, at)).toEqual({
      ok: false,
      code: 'malformed',
      detail: 'cbor: a text longer than the limit',
    });
  });

  test('a pin that is no key is the caller’s mistake', async () => {
    const bytes = await issueTrustList(trustContent(), rootKey, at);
    await expect(verifyTrustList(bytes, [new Uint8Array(32)], at)).rejects.toMatchObject({ code: 'ERR_INVALID_KEY' });
  });
});

test('options that are changed while a list is verified change nothing', async () => {
  const trust = await trustList();
  const [held] = (await statusLists(trust)).values();
  const older = await issueStatusList(statusContent(), issuerKey, { currentDate: after(-60) });
  const options = { ...at, uri: STATUS_URI, ...(held && { previous: held as StatusList | undefined }) };
  const pending = verifyStatusList(older, trust, options as Parameters<typeof verifyStatusList>[2]);
  Object.assign(options, { uri: `${STATUS_BASE}/2`, previous: undefined });
  expect(await pending).toEqual(refused('rollback'));

  const currentDate = new Date(NOW);
  const ofTheFuture = await issueTrustList(trustContent(), rootKey, { currentDate: after(3600) });
  const answer = verifyTrustList(ofTheFuture, ROOTS, { currentDate });
  currentDate.setTime(after(7200).getTime());
  expect(await answer).toEqual(refused('issued_in_future'));
});

describe('the status list', () => {
  const offer = async (content: Partial<StatusListContent>, options = {}, key = issuerKey, currentDate = NOW) =>
    verifyStatusList(await issueStatusList(statusContent(content), key, { currentDate }), await trustList(), {
      ...at,
      uri: STATUS_URI,
      ...options,
    });

  test.each([1, 2] as const)('of %i bits tells every index as it was given', async (bits) => {
    const entries: [number, 'revoked' | 'suspended'][] = [
      [0, 'revoked'],
      [7, 'revoked'],
      [8, 'revoked'],
      [8191, 'revoked'],
    ];
    if (bits === 2) entries.push([100, 'suspended']);
    const lists = await statusLists(await trustList(), { bits, entries });
    const list = lists.get(STATUS_URI);
    const given = new Map(entries);
    for (let index = 0; index < 8192; index++) expect(list?.get(index)).toBe(given.get(index) ?? 'valid');
    expect(list?.size).toBe(8192);
  });

  test('knows nothing outside its size', async () => {
    const list = (await statusLists(await trustList())).get(STATUS_URI);
    for (const index of [8192, -1, 0.5, Number.NaN, 2 ** 40]) expect(list?.get(index)).toBe('unknown');
  });

  test('must be the one asked for, from an issuer that publishes there', async () => {
    expect(await offer({ uri: `${STATUS_URI}0` })).toEqual(refused('wrong_list'));
    const elsewhere = 'https://elsewhere.example/status/1';
    expect(await offer({ uri: elsewhere }, { uri: elsewhere })).toEqual(refused('wrong_list'));
    const below = `${STATUS_BASE}/1/5`;
    expect(await offer({ uri: below }, { uri: below })).toEqual(refused('wrong_list'));
  });

  test('of another address or issuer is no predecessor', async () => {
    const other = { ...trustContent().issuers[0], id: 'another' } as TrustListContent['issuers'][number];
    const trust = await trustList({}, { issuers: [...trustContent().issuers, other] });
    const previous = (await statusLists(trust)).get(STATUS_URI) as StatusList;
    const bytes = await issueStatusList(statusContent({ issuer: 'another' }), issuerKey, { currentDate: after(1) });
    const options = { currentDate: after(1), uri: STATUS_URI, previous };
    expect(await verifyStatusList(bytes, trust, options)).toEqual(refused('wrong_list'));
  });

  test('must be signed by its issuer', async () => {
    expect(await offer({ issuer: 'nobody' })).toEqual(refused('unknown_issuer'));
    expect(await offer({}, {}, otherKey)).toEqual(refused('unknown_key'));
    expect(await offer({}, {}, { ...otherKey, kid: issuerKey.kid })).toEqual(refused('bad_signature'));
  });

  test('is refused from a key that was lost before', async () => {
    const trust = await trustList({ keys: [{ publicKey: exportPublicKey(issuerKey), compromisedSince: NOW }] });
    const bytes = await issueStatusList(statusContent(), issuerKey, at);
    expect(await verifyStatusList(bytes, trust, { ...at, uri: STATUS_URI })).toEqual(refused('key_compromised'));
    const retired = await trustList({ keys: [{ publicKey: exportPublicKey(issuerKey), notAfter: after(-1) }] });
    expect(await verifyStatusList(bytes, retired, { ...at, uri: STATUS_URI })).toEqual(refused('key_not_valid'));
  });

  test('is not replaced by an older one: a revocation stays', async () => {
    const first = await offer({ entries: [[1, 'revoked']] });
    if (!first.ok) throw new Error(first.code);
    const previous = first.list;
    expect(await offer({}, { previous }, issuerKey, after(-1))).toEqual(refused('rollback'));
    expect(await offer({}, { previous })).toEqual(refused('rollback'));
    expect(await offer({ entries: [[1, 'revoked']] }, { previous })).toMatchObject({ ok: true });
    expect(await offer({}, { previous }, issuerKey, after(1))).toMatchObject({ ok: true });
  });

  test('of the largest size stays small where little is revoked', async () => {
    const bytes = await issueStatusList(statusContent({ size: 2 ** 24 }), issuerKey, at);
    expect(bytes.length).toBeLessThan(8192);
    expect(await verifyStatusList(bytes, await trustList(), { ...at, uri: STATUS_URI })).toMatchObject({ ok: true });
  });

  test.each<[string, Partial<StatusListContent>, string]>([
    ['an index outside', { entries: [[8192, 'revoked']] }, 'ERR_STATUS_INDEX'],
    ['a size that is no multiple of 8', { size: 12 }, 'ERR_INVALID_CONTENT'],
    ['a size above the limit', { size: 2 ** 24 + 8 }, 'ERR_INVALID_CONTENT'],
    ['suspension in one bit', { bits: 1, entries: [[1, 'suspended']] }, 'ERR_INVALID_CONTENT'],
    [
      'an index twice',
      {
        entries: [
          [1, 'suspended'],
          [1, 'revoked'],
        ],
      },
      'ERR_STATUS_INDEX',
    ],
    ['a width that is none', { bits: 3 as never }, 'ERR_INVALID_CONTENT'],
    ['a negative ttl', { ttlSeconds: -1 }, 'ERR_INVALID_CONTENT'],
    ['a ttl of half a second', { ttlSeconds: 0.5 }, 'ERR_INVALID_CONTENT'],
    ['an address that is no text', { uri: 5 as never }, 'ERR_INVALID_CONTENT'],
    ['an address without a list number', { uri: STATUS_BASE }, 'ERR_INVALID_CONTENT'],
    ['a list number in another spelling', { uri: `${STATUS_BASE}/01` }, 'ERR_INVALID_CONTENT'],
    ['an address that begins with a byte order mark', { uri: '\ufeffx' }, 'ERR_INVALID_CONTENT'],
    ['an end before its beginning', { expiresAt: after(-1) }, 'ERR_INVALID_CONTENT'],
  ])('is not issued with %s', async (_, content, code) => {
    await expect(issueStatusList(statusContent(content), issuerKey, at)).rejects.toMatchObject({ code });
  });
});
