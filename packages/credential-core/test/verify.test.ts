import { beforeAll, describe, expect, test } from 'vitest';
import { encodeBase45 } from '../src/bytes/base45.ts';
import { decodeCbor } from '../src/cbor/decode.ts';
import { encodeCbor } from '../src/cbor/encode.ts';
import { ALGORITHM, CLAIM, HEADER } from '../src/cose/headers.ts';
import { signIssued } from '../src/cose/profile-header.ts';
import { decodeSign1, encodeSigStructure } from '../src/cose/sign1.ts';
import { writeConfirmation } from '../src/credential/payload.ts';
import {
  CHECK_NAMES,
  type CheckName,
  exportPublicKey,
  type IssuerKey,
  issueStatusList,
  peekCredential,
  type StatusList,
  type TrustList,
  type VerificationCode,
  type VerifyOptions,
  verifyCredential,
  verifyStatusList,
} from '../src/index.ts';
import { createPublicKey } from '../src/keys/cose-key.ts';
import { CODE_LIMITS } from '../src/limits.ts';
import {
  after,
  credentialContent,
  ISSUER,
  issue,
  issuerKey,
  LIST_INDEX,
  NOW,
  otherKey,
  STATUS_BASE,
  STATUS_URI,
  statusContent,
  statusLists,
  trustContent,
  trustList,
} from './fixtures.ts';

let trust: TrustList;
let status: Map<string, StatusList>;

beforeAll(async () => {
  trust = await trustList();
  status = await statusLists(trust);
});

function verify(what: string | Uint8Array, options: Partial<VerifyOptions> = {}, list = trust) {
  return verifyCredential(what, list, { currentDate: NOW, status, ...options });
}

/** The failure, its place in the order of checks, and that nothing after it was checked; the purpose only where it was asked. */
function failure(code: VerificationCode, at: CheckName) {
  const index = CHECK_NAMES.indexOf(at);
  const outcome = (name: CheckName, i: number) => (i < index && name !== 'purpose' ? 'passed' : 'not_checked');
  const checks = CHECK_NAMES.map((name, i) => [name, i === index ? 'failed' : outcome(name, i)]);
  return expect.objectContaining({ ok: false, code, checks: Object.fromEntries(checks) });
}

/** A credential whose payload map was changed before it was signed: well signed, wrongly made. */
async function signChanged(change: (claims: Map<number, unknown>, credential: Map<number, unknown>) => void) {
  const { bytes } = await issue();
  const claims = decodeCbor(decodeSign1(bytes, CODE_LIMITS).payload, CODE_LIMITS) as Map<number, unknown>;
  change(claims, claims.get(CLAIM.credential) as Map<number, unknown>);
  return signIssued(encodeCbor(claims as never), issuerKey);
}

const deviceConfirmation = writeConfirmation(createPublicKey(otherKey));

async function signWithHeader(header: Map<unknown, unknown>, unprotected = new Map(), key: IssuerKey = issuerKey) {
  const { payload } = decodeSign1((await issue()).bytes, CODE_LIMITS);
  const protectedBytes = encodeCbor(header as never);
  const signature = await key.sign(encodeSigStructure(protectedBytes, payload));
  return new Uint8Array([0xd2, ...encodeCbor([protectedBytes, unprotected, payload, signature])]);
}

describe('a good credential', () => {
  test('is accepted with its claims masked, its issuer named and its lists aged', async () => {
    const { text, id } = await issue();
    expect(await verify(text, { businessType: '01301' })).toEqual({
      ok: true,
      bearer: true,
      replay: { key: expect.stringMatching(/^[0-9a-f]{64}$/), until: after(3600 + 601) },
      status: 'valid',
      credential: {
        type: 'medical-insurance',
        issuer: ISSUER,
        issuerName: '青岛市',
        id,
        issuedAt: NOW,
        expiresAt: after(3600),
        status: { list: 1, index: LIST_INDEX, uri: STATUS_URI },
        claims: {
          name: '欧***',
          idNumber: '*002X',
          region: '370202',
          scheme: '310',
          personClass: '11',
          enrolment: '1',
          businessTypes: ['01101', '01301'],
        },
      },
      checks: Object.fromEntries(CHECK_NAMES.map((name) => [name, 'passed'])),
      lists: {
        trust: { issuedAt: NOW, expiresAt: after(86_400) },
        status: { uri: STATUS_URI, issuedAt: NOW, expiresAt: after(86_400) },
      },
    });
  });

  test('is accepted as bytes and with the older algorithm number', async () => {
    expect(await verify((await issue()).bytes)).toMatchObject({ ok: true });
    const header = new Map<unknown, unknown>([
      [HEADER.alg, ALGORITHM.eddsa],
      [HEADER.kid, issuerKey.kid],
    ]);
    expect(await verify(await signWithHeader(header))).toMatchObject({ ok: true });
  });

  test('without a status reference says that it cannot be revoked', async () => {
    const { status: _, ...content } = credentialContent();
    const { issueCredential } = await import('../src/index.ts');
    const { text } = await issueCredential(content, issuerKey, { currentDate: NOW });
    expect(await verify(text)).toMatchObject({ ok: true, status: 'not_revocable' });
  });

  test('with status left out says so in the result and in the checks', async () => {
    const result = await verify((await issue()).text, { status: 'not_checked' });
    expect(result).toMatchObject({
      ok: true,
      status: 'not_checked',
      checks: { status: 'not_checked', freshness: 'passed' },
    });
  });

  test('is found among several keys of its issuer', async () => {
    const sameKid = { ...otherKey, kid: issuerKey.kid };
    const keys = [otherKey, issuerKey].map((key) => ({ publicKey: exportPublicKey(key) }));
    const list = await trustList({ keys });
    expect(await verify((await issue()).text, {}, list)).toMatchObject({ ok: true });
    expect(await verify((await issue({}, sameKid)).text, {}, list)).toEqual(failure('bad_signature', 'signature'));
  });

  test('is not changed by who holds the result', async () => {
    const result = await verify((await issue()).text);
    result.lists.trust.expiresAt.setFullYear(2099);
    expect((await verify((await issue()).text)).lists.trust.expiresAt).toEqual(after(86_400));
  });

  test('peeked at, gives what it says under the name unverified', async () => {
    const { text, id } = await issue({}, otherKey);
    expect(peekCredential(text)).toMatchObject({
      ok: true,
      unverified: { id, issuer: ISSUER, claims: { region: '370202' }, kid: Buffer.from(otherKey.kid).toString('hex') },
    });
  });
});

describe('the format', () => {
  test.each<[string, string, VerificationCode]>([
    ['nothing', '', 'not_zhengma'],
    ['a link', 'medical://insurance?token=abc&timestamp=1', 'not_zhengma'],
    ['an official 28-digit code', '3702000000000000000000000001', 'not_zhengma'],
    ['an EU certificate', 'HC1:6BF', 'not_zhengma'],
    ['a lowercase prefix', 'zm1:BB8', 'not_zhengma'],
    ['the next version', 'ZM2:BB8', 'unsupported_version'],
    ['an empty code', 'ZM1:', 'malformed'],
    ['bad Base45', 'ZM1:BB8A', 'malformed'],
    ['another content', `ZM1:${encodeBase45(Uint8Array.of(0xa0))}`, 'malformed'],
    ['a text longer than a code', `ZM1:${'0'.repeat(6144)}000`, 'too_large'],
  ])('%s', async (_, text, code) => {
    const result = await verify(text);
    expect(result).toEqual(failure(code, 'format'));
    expect(result).toMatchObject({ conclusive: true });
    expect(result).not.toHaveProperty('credential');
    expect(peekCredential(text)).toMatchObject({ ok: false, code });
  });

  test('the untagged message and other tags are malformed', async () => {
    const { bytes } = await issue();
    expect(await verify(bytes.subarray(1))).toEqual(failure('malformed', 'format'));
    expect(await verify(new Uint8Array([0xd1, ...bytes.subarray(1)]))).toEqual(failure('malformed', 'format'));
  });

  const good = () =>
    new Map<unknown, unknown>([
      [HEADER.alg, ALGORITHM.ed25519],
      [HEADER.kid, issuerKey.kid],
    ]);
  test.each<[string, (header: Map<unknown, unknown>) => void, VerificationCode]>([
    ['no algorithm', (header) => header.delete(HEADER.alg), 'unsupported_algorithm'],
    ['ES384', (header) => header.set(HEADER.alg, -35), 'unsupported_algorithm'],
    ['HMAC with the public key', (header) => header.set(HEADER.alg, 5), 'unsupported_algorithm'],
    ['an algorithm by name', (header) => header.set(HEADER.alg, 'EdDSA'), 'unsupported_algorithm'],
    ['no kid', (header) => header.delete(HEADER.kid), 'malformed'],
    ['a long kid', (header) => header.set(HEADER.kid, new Uint8Array(9)), 'malformed'],
    ['a critical header', (header) => header.set(2, [99]), 'malformed'],
    ['the type of a status list', (header) => header.set(HEADER.typ, 'application/statuslist+cwt'), 'malformed'],
    ['an unknown header', (header) => header.set('x', 1), 'malformed'],
  ])('well signed, but with %s', async (_, change, code) => {
    const header = good();
    change(header);
    expect(await verify(await signWithHeader(header))).toEqual(failure(code, 'format'));
  });

  test('an unprotected header, which anybody could change, is malformed', async () => {
    const bytes = await signWithHeader(good(), new Map([[HEADER.kid, issuerKey.kid]]));
    expect(await verify(bytes)).toEqual(failure('malformed', 'format'));
  });

  test.each<[string, Parameters<typeof signChanged>[0]]>([
    ['no issuer', (claims) => claims.delete(CLAIM.iss)],
    ['an empty issuer', (claims) => claims.set(CLAIM.iss, '')],
    ['no expiry', (claims) => claims.delete(CLAIM.exp)],
    ['a negative time', (claims) => claims.set(CLAIM.iat, -1)],
    ['a time after the year 9999', (claims) => claims.set(CLAIM.exp, 253_402_300_800)],
    ['an expiry before its issue', (claims) => claims.set(CLAIM.exp, claims.get(CLAIM.iat))],
    ['a start after its end', (claims) => claims.set(CLAIM.nbf, claims.get(CLAIM.exp))],
    ['a short cti', (claims) => claims.set(CLAIM.cti, new Uint8Array(7))],
    ['an unknown claim', (claims) => claims.set(99, 1)],
    ['an audience', (claims) => claims.set(3, 'x')],
    ['no credential map', (claims) => claims.delete(CLAIM.credential)],
    ['a key that is no COSE_Key', (claims) => claims.set(CLAIM.cnf, new Map([[1, new Map([[1, 2]])]]))],
    ['two confirmation methods', (claims) => claims.set(CLAIM.cnf, new Map([[3, new Uint8Array(2)]]))],
    ['a type that is no number', (_, map) => map.set(0, 'medical-insurance')],
    ['a status that is no pair', (_, map) => map.set(1, [1])],
    ['a status index outside every list', (_, map) => map.set(1, [1, 2 ** 24])],
    ['a full ID number', (_, map) => map.set(3, '11010519491231002X')],
    ['no region', (_, map) => map.delete(4)],
    ['a region of seven digits', (_, map) => map.set(4, 3_702_020)],
    ['a code spelled as text', (_, map) => map.set(5, '310')],
    ['an empty list of business types', (_, map) => map.set(8, [])],
    ['a paper flag that is false', (_, map) => map.set(11, false)],
    ['a delegate without a device', (_, map) => map.set(10, ['李**', 2])],
    ['leave to delegate without a device', (_, map) => map.set(13, true)],
    ['a paper code that is bound', (claims, map) => claims.set(CLAIM.cnf, deviceConfirmation) && map.set(11, true)],
    [
      'a delegate who may delegate',
      (claims, map) => claims.set(CLAIM.cnf, deviceConfirmation) && map.set(10, ['李**', 2]).set(13, true),
    ],
    ['a name with a line break', (_, map) => map.set(2, '张\n伟')],
    ['a name that turns the text around', (_, map) => map.set(2, '张\u202e伟')],
  ])('well signed, but with %s: malformed', async (_, change) => {
    expect(await verify(await signChanged(change))).toEqual(failure('malformed', 'format'));
  });

  test.each<[string, number]>([
    ['a type', 0],
    ['a field', 31],
  ])('%s from a later registry asks for a newer reader', async (_, key) => {
    const bytes = await signChanged((_claims, map) => map.set(key, 2));
    expect(await verify(bytes)).toEqual(failure('unsupported_type', 'format'));
  });
});

describe('issuer, signature and scope', () => {
  test('an issuer that the trust list does not know', async () => {
    expect(await verify((await issue({ issuer: '110000' })).text)).toEqual(failure('unknown_issuer', 'issuer'));
  });

  test('a key that the issuer does not have', async () => {
    expect(await verify((await issue({}, otherKey)).text)).toEqual(failure('unknown_key', 'issuer'));
  });

  test('a signature by another key under the issuer’s kid', async () => {
    const { text } = await issue({}, { ...otherKey, kid: issuerKey.kid });
    const result = await verify(text);
    expect(result).toEqual(failure('bad_signature', 'signature'));
    expect(result).not.toHaveProperty('credential');
  });

  test('a signature of a wrong length is a bad signature', async () => {
    const { bytes } = await issue();
    const message = decodeSign1(bytes, CODE_LIMITS);
    for (const length of [0, 63, 65]) {
      const parts = [message.protectedBytes, new Map(), message.payload, new Uint8Array(length)];
      const changed = new Uint8Array([0xd2, ...encodeCbor(parts)]);
      expect(await verify(changed)).toEqual(failure('bad_signature', 'signature'));
    }
  });

  test.each<[string, Parameters<typeof trustList>[0], VerificationCode]>([
    [
      'before the key’s time',
      { keys: [{ publicKey: exportPublicKey(issuerKey), notBefore: after(1) }] },
      'key_not_valid',
    ],
    [
      'after the key’s time',
      { keys: [{ publicKey: exportPublicKey(issuerKey), notAfter: after(-1) }] },
      'key_not_valid',
    ],
    [
      'after the key was lost',
      { keys: [{ publicKey: exportPublicKey(issuerKey), compromisedSince: NOW }] },
      'key_compromised',
    ],
    ['of a type that is not the issuer’s', { types: ['birth-certificate'] }, 'type_not_allowed'],
    ['for a region that is not the issuer’s', { regions: ['1101', '37021'] }, 'region_not_allowed'],
  ])('a credential %s', async (_, issuer, code) => {
    const result = await verify((await issue()).text, {}, await trustList(issuer));
    expect(result).toEqual(failure(code, 'scope'));
    expect(result).toMatchObject({ credential: { issuer: ISSUER } });
  });

  test('a credential issued before the key was lost stays good', async () => {
    const keys = [{ publicKey: exportPublicKey(issuerKey), compromisedSince: after(1), notBefore: NOW, notAfter: NOW }];
    expect(await verify((await issue()).text, {}, await trustList({ keys }))).toMatchObject({ ok: true });
  });
});

describe('binding and validity', () => {
  test('a bound credential shown bare is a copy', async () => {
    const { text } = await issue({ holderKey: exportPublicKey(otherKey) });
    expect(await verify(text)).toEqual(failure('not_presented', 'binding'));
  });

  test.each<[string, Date, number, VerificationCode | undefined]>([
    ['at its last second', after(3600 + 59), 60, undefined],
    ['one minute after its end', after(3600 + 60), 60, 'expired'],
    ['at its end, without leeway', after(3600), 0, 'expired'],
    ['on a clock that is a minute behind', after(-60), 60, undefined],
  ])('%s', async (_, currentDate, clockSkewSeconds, code) => {
    const result = await verify((await issue()).text, { currentDate, clockSkewSeconds });
    expect(result).toEqual(code ? failure(code, 'validity') : expect.objectContaining({ ok: true }));
  });

  test('issued in the future', async () => {
    const { text } = await issue({}, issuerKey, after(61));
    expect(await verify(text)).toEqual(failure('issued_in_future', 'validity'));
    expect(await verify(text, { currentDate: after(1) })).toMatchObject({ ok: true });
  });

  test('what seems to be of the future is the clock’s fault where a list is newer than the clock', async () => {
    const result = await verify((await issue()).text, { currentDate: after(-61) });
    expect(result).toEqual(failure('clock_behind', 'validity'));
    expect(result).toMatchObject({ conclusive: false });
  });

  test('a good code is not green on such a clock, and a bad one stays red', async () => {
    const { text } = await issue({}, issuerKey, after(-3000));
    expect(await verify(text, { currentDate: after(-61) })).toEqual(failure('clock_behind', 'freshness'));
    const lists = await statusLists(trust, { entries: [[LIST_INDEX, 'revoked']] });
    expect(await verify(text, { currentDate: after(-61), status: lists })).toEqual(failure('revoked', 'status'));
  });

  test('a status list alone shows that the clock is behind', async () => {
    const early = issue({}, issuerKey, after(-3000));
    const bytes = await issueStatusList(statusContent(), issuerKey, { currentDate: after(300) });
    const held = await verifyStatusList(bytes, trust, { currentDate: after(300), uri: STATUS_URI });
    if (!held.ok) throw new Error(held.code);
    const lists = new Map([[STATUS_URI, held.list]]);
    const { text } = await early;
    const behind = await verify(text, { status: lists, currentDate: after(239) });
    expect(behind).toEqual(failure('clock_behind', 'freshness'));
    expect(behind).toMatchObject({ conclusive: false });
    expect(await verify(text, { status: lists, currentDate: after(240) })).toMatchObject({ ok: true });
    expect(await verify(text, { currentDate: after(239) })).toMatchObject({ ok: true });
  });

  test('before its start', async () => {
    const { text } = await issue({ notBefore: after(120) });
    expect(await verify(text)).toEqual(failure('not_yet_valid', 'validity'));
    expect(await verify(text, { currentDate: after(60) })).toMatchObject({ ok: true });
  });
});

describe('purpose', () => {
  test('a business that the credential names passes, another does not', async () => {
    const { text } = await issue();
    expect(await verify(text, { businessType: '01301' })).toMatchObject({ ok: true });
    const result = await verify(text, { businessType: '02121' });
    expect(result).toEqual(failure('business_not_allowed', 'purpose'));
    expect(result).toMatchObject({ conclusive: true });
  });

  test('is not said to have been checked where the verifier named none', async () => {
    const { text } = await issue();
    expect(await verify(text)).toMatchObject({ ok: true, checks: { purpose: 'not_checked', status: 'passed' } });
    const asked = await verify(text, { businessType: '01301' });
    expect(asked).toMatchObject({ ok: true, checks: { validity: 'passed', purpose: 'passed', status: 'passed' } });
  });

  test('a credential that names none is good for any', async () => {
    const { text } = await issue({ claims: { region: '370202' } });
    expect(await verify(text, { businessType: '02121' })).toMatchObject({ ok: true });
  });
});

describe('status and freshness', () => {
  test.each(['revoked', 'suspended'] as const)('%s', async (state) => {
    const lists = await statusLists(trust, { entries: [[LIST_INDEX, state]] });
    const result = await verify((await issue()).text, { status: lists });
    expect(result).toEqual(failure(state, 'status'));
    expect(result).toMatchObject({ conclusive: true, credential: { claims: { name: '欧***' } } });
  });

  test('a neighbour’s revocation does not matter', async () => {
    const lists = await statusLists(trust, {
      entries: [
        [LIST_INDEX - 1, 'revoked'],
        [LIST_INDEX + 1, 'suspended'],
      ],
    });
    expect(await verify((await issue()).text, { status: lists })).toMatchObject({ ok: true, status: 'valid' });
  });

  test('a list in another shape is a TypeError: as no list it would go unnoticed', async () => {
    const { text } = await issue();
    const list = status.get(STATUS_URI) as StatusList;
    for (const wrong of [new Uint8Array(1), { ok: true, list }, { uri: STATUS_URI, issuer: ISSUER }]) {
      await expect(verify(text, { status: new Map([[STATUS_URI, wrong as never]]) })).rejects.toThrow(
        new TypeError("options.status must be a Map of lists that verifyStatusList gave, or 'not_checked'"),
      );
    }
  });

  test('evidence that lies about its form lets nobody pass', async () => {
    const { text } = await issue();
    const list = (await statusLists(trust, { entries: [[LIST_INDEX, 'revoked']] })).get(STATUS_URI) as StatusList;
    const { issuedAt, expiresAt } = list;
    const like = { uri: STATUS_URI, issuer: ISSUER, issuedAt, expiresAt, size: 8192 };
    const offer = (change: object) => {
      const evidence = { ...like, get: () => 'valid', isSignedBy: () => true, ...change };
      return verify(text, { status: new Map([[STATUS_URI, evidence as never]]) });
    };
    expect(await offer({})).toMatchObject({ ok: true });
    const unknown = expect.objectContaining({ ok: false, code: 'status_unknown', conclusive: false });
    for (const get of [async () => 'revoked', () => 1, () => undefined, () => 'Revoked']) {
      expect(await offer({ get })).toEqual(unknown);
    }
    expect(await offer({ isSignedBy: async () => false })).toEqual(unknown);
    for (const wrong of [
      { issuedAt: undefined },
      { expiresAt: Number.MAX_SAFE_INTEGER },
      { issuedAt: new Date('x') },
    ]) {
      await expect(offer(wrong)).rejects.toThrow(TypeError);
    }
  });

  test('no list, an index outside it, or another issuer’s list: unknown, neither valid nor revoked', async () => {
    const unknown = expect.objectContaining({ ok: false, code: 'status_unknown', conclusive: false });
    expect(await verify((await issue()).text, { status: new Map() })).toEqual(unknown);
    expect(await verify((await issue({ status: { list: 1, index: 8192 } })).text)).toEqual(unknown);
    const list = status.get(STATUS_URI) as StatusList;
    expect(
      await verify((await issue({ status: { list: 2, index: 1 } })).text, {
        status: new Map([[`${STATUS_BASE}/2`, list]]),
      }),
    ).toEqual(unknown);
    const other = {
      id: 'another',
      name: 'x',
      types: [],
      regions: [],
      statusBaseUri: STATUS_BASE,
      keys: [{ publicKey: exportPublicKey(otherKey) }],
    };
    const both = await trustList({}, { issuers: [...trustContent().issuers, other] });
    const foreign = await statusLists(both, { issuer: 'another' }, otherKey);
    expect(await verify((await issue()).text, { status: foreign }, both)).toEqual(unknown);
  });

  test('a list past its end turns a good answer inconclusive, and a refusal once it is too old', async () => {
    const { text } = await issue({ expiresAt: after(30 * 86_400) });
    const at = (seconds: number) => verify(text, { currentDate: after(seconds), maxStaleSeconds: 3600 });
    const fresh = await trustList({}, { expiresAt: after(30 * 86_400) });
    expect(await verify(text, { currentDate: after(86_399) }, fresh)).toMatchObject({ ok: true });
    expect(await verify(text, { currentDate: after(86_400) }, fresh)).toEqual(
      failure('status_list_stale', 'freshness'),
    );
    expect(await at(86_400 + 1)).toMatchObject({ code: 'trust_list_stale', conclusive: false });
    expect(await at(86_400 + 3600)).toMatchObject({ code: 'trust_list_stale', conclusive: false });
    expect(await at(86_400 + 3601)).toMatchObject({ code: 'trust_list_stale', conclusive: true });
  });

  test('with one list too old the other does not soften the answer', async () => {
    const old = { status: await statusLists(trust, { expiresAt: after(60) }), maxStaleSeconds: 3600 };
    const { text } = await issue({ expiresAt: after(40 * 86_400) });
    const at = after(86_400 + 60);
    expect(await verify(text, { currentDate: at, ...old })).toMatchObject({
      code: 'trust_list_stale',
      conclusive: true,
    });
    const unknown = await verify(text, { currentDate: after(86_400 + 4000), maxStaleSeconds: 3600, status: new Map() });
    expect(unknown).toMatchObject({ code: 'status_unknown', conclusive: true });
  });

  test('an issuer or a key that a stale trust list does not know may have been added since', async () => {
    const stranger = await issue({ issuer: '110000', expiresAt: after(40 * 86_400) });
    expect(await verify(stranger.text)).toMatchObject({ code: 'unknown_issuer', conclusive: true });
    const stale = { currentDate: after(86_400) };
    expect(await verify(stranger.text, stale)).toMatchObject({ code: 'unknown_issuer', conclusive: false });
    const newKey = await issue({ expiresAt: after(40 * 86_400) }, otherKey);
    expect(await verify(newKey.text, stale)).toMatchObject({ code: 'unknown_key', conclusive: false });
    const late = { ...stale, currentDate: after(9 * 86_400) };
    expect(await verify(newKey.text, late)).toMatchObject({ code: 'unknown_key', conclusive: true });
  });

  test('a status list is believed only while the trust list believes who signed it', async () => {
    const { text } = await issue();
    expect(await verify(text)).toMatchObject({ ok: true, status: 'valid' });
    const keys = [{ publicKey: exportPublicKey(otherKey) }, { publicKey: exportPublicKey(issuerKey) }];
    const lists = await statusLists(await trustList({ keys }), {}, otherKey);
    expect(await verify(text, { status: lists }, await trustList({ keys }))).toMatchObject({ ok: true });
    const lost = [{ publicKey: exportPublicKey(otherKey), compromisedSince: after(-60) }, keys[1] as (typeof keys)[0]];
    const after1 = await verify(text, { status: lists }, await trustList({ keys: lost }));
    expect(after1).toEqual(failure('status_unknown', 'status'));
    expect(await verify(text, { status: lists })).toEqual(failure('status_unknown', 'status'));
  });

  test('what an old list refuses stays refused', async () => {
    const { text } = await issue({ expiresAt: after(30 * 86_400) });
    const lists = await statusLists(trust, { entries: [[LIST_INDEX, 'revoked']] });
    const result = await verify(text, { status: lists, currentDate: after(20 * 86_400) });
    expect(result).toMatchObject({ code: 'revoked', conclusive: true });
  });
});

describe('a caller’s mistake', () => {
  test.each<[string, () => Promise<unknown>]>([
    ['no text', () => verify(undefined as never)],
    ['no trust list', () => verify('ZM1:', {}, {} as never)],
    ['no clock', () => verify('ZM1:', { currentDate: undefined as never })],
    ['an invalid date', () => verify('ZM1:', { currentDate: new Date(Number.NaN) })],
    ['status left out silently', () => verify('ZM1:', { status: undefined as never })],
    ['a list that nobody verified', () => verify('ZM1:', {}, { findIssuer: () => undefined } as never)],
    ['a negative tolerance', () => verify('ZM1:', { clockSkewSeconds: -1 })],
    ['a clock tolerance that lets anything pass', () => verify('ZM1:', { clockSkewSeconds: 601 })],
    ['a tolerance without end', () => verify('ZM1:', { maxStaleSeconds: Number.POSITIVE_INFINITY })],
  ])('%s is a TypeError', async (_, act) => {
    await expect(act()).rejects.toThrow(TypeError);
  });
});
