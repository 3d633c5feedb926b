import { beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeBase45 } from '../src/bytes/base45.ts';
import { CborTag, type CborValue } from '../src/cbor/decode.ts';
import { encodeCbor } from '../src/cbor/encode.ts';
import { CLAIM, CONTENT_FORMAT, HEADER } from '../src/cose/headers.ts';
import { signBound } from '../src/cose/profile-header.ts';
import { decodeSign1, embedSign1, signSign1 } from '../src/cose/sign1.ts';
import {
  createIssuerKey,
  createReplayGuard,
  exportPublicKey,
  generateDeviceKey,
  importDeviceKey,
  importIssuerKey,
  issueStrips,
  type PresentOptions,
  peekCredential,
  presentCredential,
  type Signer,
  type StatusList,
  type TrustList,
  type VerifyOptions,
  verifyCredential,
} from '../src/index.ts';
import { CODE_LIMITS } from '../src/limits.ts';
import { after, credentialContent, issue, issuerKey, NOW, otherKey, statusLists, trustList } from './fixtures.ts';

const device = await importIssuerKey(new Uint8Array(32).fill(7));
const challenge = new Uint8Array(16).fill(9);

let trust: TrustList;
let status: Map<string, StatusList>;
let bound: string;

beforeAll(async () => {
  trust = await trustList();
  status = await statusLists(trust);
  bound = (await issue({ holderKey: exportPublicKey(device) })).text;
});

function verify(what: string | Uint8Array, options: Partial<VerifyOptions> = {}) {
  return verifyCredential(what, trust, { currentDate: NOW, status, ...options });
}

async function present(options: Partial<PresentOptions> = {}, credential = bound, key: Signer = device) {
  return (await presentCredential(credential, key, { currentDate: NOW, ...options })).text;
}

const refused = (code: string, check: string) => ({ ok: false, code, conclusive: true, checks: { [check]: 'failed' } });

/** A presentation of the bound credential with claims of any kind, signed by the device. */
async function presentClaims(claims: [number, CborValue][], embedded?: CborValue, signer: Signer = device) {
  const message = decodeSign1(openText(bound), CODE_LIMITS);
  return signBound(encodeCbor(new Map(claims)), signer, embedded ?? embedSign1(message), CONTENT_FORMAT.kbCwt);
}

function openText(text: string): Uint8Array {
  return decodeBase45(text, 4);
}

const NOW_SECONDS = NOW.getTime() / 1000;

describe('a presentation', () => {
  test('is accepted, is no bearer code, and says when it was made', async () => {
    expect(await verify(await present())).toMatchObject({
      ok: true,
      bearer: false,
      presentation: { presentedAt: NOW, audience: '*', challenged: false },
      credential: { claims: { name: '欧***' } },
      replay: { until: after(661) },
    });
  });

  test('renews itself at half of the age that the issuer allows', async () => {
    const { renewAt, expiresAt } = await presentCredential(bound, device, { currentDate: NOW });
    expect([renewAt, expiresAt]).toEqual([after(30), after(60)]);
    const claims = { ...credentialContent().claims, maxPresentationAgeSeconds: 20 };
    const short = await issue({ claims, holderKey: exportPublicKey(device) });
    const presentation = await presentCredential(short.bytes, device, { currentDate: NOW });
    expect([presentation.renewAt, presentation.expiresAt]).toEqual([after(10), after(20)]);
  });

  test('is of the moment at which it was asked for, whatever becomes of the Date', async () => {
    const currentDate = new Date(NOW);
    const made = presentCredential(bound, device, { currentDate });
    currentDate.setTime(0);
    expect((await made).renewAt).toEqual(after(30));
  });

  test.each([
    ['at the end of its age', 120, undefined],
    ['a second later: a copy', 121, 'presentation_expired'],
    ['made by a clock that is a minute ahead', -60, undefined],
    ['made by a clock that is further ahead', -61, 'presentation_in_future'],
  ])('%s', async (_, seconds, code) => {
    // The lists are of now, so that it is the presentation that is in the future, not the clock that is behind.
    const text = await present({ currentDate: after(3000 - seconds) });
    const result = await verify(text, { currentDate: after(3000) });
    expect(result).toMatchObject(code ? refused(code, 'validity') : { ok: true });
  });

  test('of a credential that has expired meanwhile', async () => {
    const result = await verify(await present({ currentDate: after(3599) }), { currentDate: after(3660) });
    expect(result).toMatchObject(refused('expired', 'validity'));
  });

  test('the issuer’s shorter age holds', async () => {
    const claims = { ...credentialContent().claims, maxPresentationAgeSeconds: 10 };
    const { text } = await issue({ claims, holderKey: exportPublicKey(device) });
    const shown = await present({}, text);
    expect(await verify(shown, { currentDate: after(70) })).toMatchObject({ ok: true });
    expect(await verify(shown, { currentDate: after(71) })).toMatchObject(refused('presentation_expired', 'validity'));
  });

  test('made before the credential was issued', async () => {
    const early = await presentClaims([
      [CLAIM.aud, '*'],
      [CLAIM.iat, NOW_SECONDS - 61],
    ]);
    expect(await verify(early)).toMatchObject(refused('presentation_expired', 'validity'));
  });

  test('signed by another device', async () => {
    const forged = await presentClaims(
      [
        [CLAIM.aud, '*'],
        [CLAIM.iat, NOW_SECONDS],
      ],
      undefined,
      otherKey,
    );
    expect(await verify(forged)).toMatchObject(refused('bad_presentation', 'binding'));
  });

  test('of a bearer code, or of a presentation, is malformed', async () => {
    const claims: [number, CborValue][] = [
      [CLAIM.aud, '*'],
      [CLAIM.iat, NOW_SECONDS],
    ];
    const bearer = decodeSign1((await issue()).bytes, CODE_LIMITS);
    expect(await verify(await presentClaims(claims, embedSign1(bearer)))).toMatchObject(
      refused('malformed', 'binding'),
    );
    const once = decodeSign1(await presentClaims(claims), CODE_LIMITS);
    expect(await verify(await presentClaims(claims, embedSign1(once)))).toMatchObject(refused('malformed', 'format'));
  });

  test.each<[string, [number, CborValue][]]>([
    ['without audience', [[CLAIM.iat, NOW_SECONDS]]],
    ['without time', [[CLAIM.aud, '*']]],
    [
      'with a claim that is not its own',
      [
        [CLAIM.aud, '*'],
        [CLAIM.iat, NOW_SECONDS],
        [CLAIM.iss, 'x'],
      ],
    ],
    [
      'with a challenge too short to be one',
      [
        [CLAIM.aud, '*'],
        [CLAIM.iat, NOW_SECONDS],
        [CLAIM.cnonce, new Uint8Array(7)],
      ],
    ],
  ])('%s is malformed', async (_, claims) => {
    expect(await verify(await presentClaims(claims))).toMatchObject(refused('malformed', 'format'));
  });

  test('with another tag, or no message at all, inside is malformed', async () => {
    const claims: [number, CborValue][] = [
      [CLAIM.aud, '*'],
      [CLAIM.iat, NOW_SECONDS],
    ];
    const { value } = embedSign1(decodeSign1(openText(bound), CODE_LIMITS));
    for (const embedded of [new CborTag(17, value), value, 'x', new CborTag(18, 'x')]) {
      expect(await verify(await presentClaims(claims, embedded))).toMatchObject(refused('malformed', 'format'));
    }
  });

  test('with an unprotected or unknown header is malformed', async () => {
    const message = decodeSign1(openText(await present()), CODE_LIMITS);
    const key = { coseAlgorithm: -19, sign: device.sign };
    const unprotected = await signSign1(message.payload, key, message.protectedHeader, new Map([[99, 1]]));
    expect(await verify(unprotected)).toMatchObject(refused('malformed', 'format'));
    const header = new Map([...message.protectedHeader, [99, 1]]);
    expect(await verify(await signSign1(message.payload, key, header))).toMatchObject(refused('malformed', 'format'));
    const kid = new Map([...message.protectedHeader, [HEADER.kid, issuerKey.kid]]);
    expect(await verify(await signSign1(message.payload, key, kid))).toMatchObject(refused('malformed', 'format'));
  });

  test('is looked into without trusting it', async () => {
    expect(peekCredential(await present({ challenge }))).toMatchObject({
      ok: true,
      unverified: { presentation: { presentedAt: NOW, audience: '*', challenge }, holderKey: exportPublicKey(device) },
    });
  });
});

describe('a buffer that is filled anew while the answer is awaited', () => {
  /** A presentation of now whose signature is that of an old one, and the old one to swap in. */
  async function forge(claims: [number, CborValue][]) {
    const shown = await presentCredential(bound, device, { currentDate: NOW, audience: 'AAAAAAAA', challenge });
    const old = decodeSign1(shown.bytes, CODE_LIMITS);
    const payload = encodeCbor(new Map(claims));
    const forged = encodeCbor(new CborTag(18, [old.protectedBytes, new Map(), payload, old.signature]));
    const genuine = encodeCbor(new CborTag(18, [old.protectedBytes, new Map(), old.payload, old.signature]));
    expect(forged.length).toBe(genuine.length);
    return { forged, genuine };
  }

  test.each<[string, string, Date, Uint8Array]>([
    ['the time', 'AAAAAAAA', after(80_000), challenge],
    ['the audience', 'BBBBBBBB', NOW, challenge],
    ['the challenge', 'AAAAAAAA', NOW, new Uint8Array(16).fill(8)],
  ])('%s that is read is the one that was signed', async (_, audience, at, nonce) => {
    const { forged, genuine } = await forge([
      [CLAIM.aud, audience],
      [CLAIM.iat, at.getTime() / 1000],
      [CLAIM.cnonce, nonce],
    ]);
    const buffer = forged.slice();
    const verdict = verify(buffer, { currentDate: at, audience, challenge: nonce });
    buffer.set(genuine);
    expect(await verdict).toMatchObject(refused('bad_presentation', 'binding'));
  });

  test('clock and challenge are those of the call', async () => {
    const text = await present({ challenge });
    const [currentDate, given] = [new Date(after(200)), challenge.slice()];
    const verdict = verify(text, { currentDate, challenge: given });
    currentDate.setTime(NOW.getTime());
    given.fill(0);
    expect(await verdict).toMatchObject(refused('presentation_expired', 'validity'));
  });
});

describe('whom it is for', () => {
  test('a named verifier, and nobody else', async () => {
    const text = await present({ audience: 'H37020000001' });
    expect(await verify(text, { audience: 'H37020000001' })).toMatchObject({
      ok: true,
      presentation: { audience: 'H37020000001' },
    });
    expect(await verify(text, { audience: ['H37020000002', 'H37020000001'] })).toMatchObject({ ok: true });
    expect(await verify(text, { audience: 'H37020000002' })).toMatchObject(refused('wrong_audience', 'binding'));
    expect(await verify(text)).toMatchObject(refused('wrong_audience', 'binding'));
  });

  test('any verifier, also one with a name', async () => {
    expect(await verify(await present(), { audience: 'H37020000001' })).toMatchObject({ ok: true });
  });

  test('the answer to a challenge, here and to no other', async () => {
    const text = await present({ challenge });
    expect(await verify(text, { challenge })).toMatchObject({ ok: true, presentation: { challenged: true } });
    const other = new Uint8Array(16).fill(8);
    expect(await verify(text, { challenge: other })).toMatchObject(refused('wrong_challenge', 'binding'));
    expect(await verify(text)).toMatchObject(refused('wrong_challenge', 'binding'));
    expect(await verify(await present(), { challenge })).toMatchObject(refused('wrong_challenge', 'binding'));
    const bearer = (await issue()).text;
    expect(await verify(bearer, { challenge })).toMatchObject(refused('wrong_challenge', 'binding'));
  });
});

describe('the replay key', () => {
  const key = async (text: string | Uint8Array, options: Partial<VerifyOptions> = {}) => {
    const result = await verify(text, options);
    return result.ok ? result.replay.key : result.code;
  };

  test('is one for every spelling of a presentation', async () => {
    const text = await present();
    expect(await key(openText(text))).toBe(await key(text));
  });

  test('is another for every presentation, credential and presenter', async () => {
    const second = await issue({ id: new Uint8Array(8), holderKey: exportPublicKey(device) });
    const keys = [
      await key(await present()),
      await key(await present({ currentDate: after(1) })),
      await key(await present({ challenge }), { challenge }),
      await key(await present({ audience: 'a' }), { audience: 'a' }),
      await key(await present({}, second.text)),
      await key((await issue()).text),
      await key((await issue({ id: new Uint8Array(8) })).text),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.every((each) => /^[0-9a-f]{64}$/.test(each))).toBe(true);
  });

  test('an S that was raised by the order of the group is not a second spelling', async () => {
    const bytes = openText(await present()).slice();
    const order = (1n << 252n) + 27742317777372353535851937790883648493n;
    let carry = order;
    for (let i = bytes.length - 32; i < bytes.length; i++, carry >>= 8n) {
      const sum = BigInt(bytes[i] as number) + (carry & 255n);
      bytes[i] = Number(sum & 255n);
      carry += (sum >> 8n) << 8n;
    }
    expect(await verify(bytes)).toMatchObject(refused('bad_presentation', 'binding'));
  });
});

describe('the guard in memory', () => {
  const replay = (key: string, seconds = 60) => ({ bearer: false, replay: { key, until: after(seconds) } });
  const bearer = (key: string) => ({ bearer: true, replay: { key, until: after(30 * 86_400) } });

  test('lets a code pass once, the same event again, and tells a replay elsewhere', () => {
    const guard = createReplayGuard();
    expect(guard.admit(replay('a'), 'H1/01301', NOW)).toBe('first');
    expect(guard.admit(replay('a'), 'H1/01301', after(1))).toBe('repeated');
    expect(guard.admit(replay('a'), 'P1/02121', after(1))).toBe('replayed');
    expect(guard.admit(replay('b'), 'P1/02121', after(1))).toBe('first');
  });

  test('that is full does not go through all that it holds for each code that is shown', () => {
    const guard = createReplayGuard({ maxEntries: 100 });
    for (let i = 0; i < 100; i++) guard.admit(replay(String(i), 60), 'x', NOW);
    const walked = vi.spyOn(Map.prototype, Symbol.iterator);
    try {
      for (let i = 0; i < 50; i++) expect(guard.admit(replay(`more ${i}`, 60), 'x', after(9))).toBe('full');
      expect(walked).not.toHaveBeenCalled();
    } finally {
      walked.mockRestore();
    }
    expect(guard.admit(replay('later', 120), 'x', after(61))).toBe('first');
  });

  test('holds no more than it may, forgets only what is refused for its age, and says when it is full', () => {
    const guard = createReplayGuard({ maxEntries: 2 });
    expect(guard.admit(replay('a', 10), 'x', NOW)).toBe('first');
    expect(guard.admit(replay('b', 60), 'x', NOW)).toBe('first');
    expect(guard.admit(replay('c', 60), 'x', after(9))).toBe('full');
    expect(guard.admit(replay('a', 10), 'y', after(9))).toBe('replayed');
    expect(guard.admit(replay('c', 60), 'x', after(10))).toBe('first');
    expect(guard.admit(replay('b', 60), 'x', after(10))).toBe('repeated');
  });

  test('a bearer code is never replayed: at its next desk, and the next day, it is shown first', () => {
    const guard = createReplayGuard();
    expect(guard.admit(bearer('paper'), 'H1/01101', NOW)).toBe('first');
    expect(guard.admit(bearer('paper'), 'H1/01301', after(60))).toBe('first');
    expect(guard.admit(bearer('paper'), 'H1/01101', after(86_399))).toBe('repeated');
    expect(guard.admit(bearer('paper'), 'H1/01101', after(86_400))).toBe('first');
    expect(guard.admit(bearer('paper'), 'H1/01101', after(86_401))).toBe('repeated');
  });

  test('a month of paper codes leaves room for presentations, and is held in as little', () => {
    const guard = createReplayGuard({ maxEntries: 100 });
    for (let i = 0; i < 1000; i++) expect(guard.admit(bearer(`paper ${i}`), 'x', after(i))).toBe('first');
    expect(guard.admit(replay('a', 2000), 'x', after(1000))).toBe('first');
    expect(guard.admit(replay('a', 2000), 'y', after(1000))).toBe('replayed');
    // The oldest are forgotten, the newest are not.
    expect(guard.admit(bearer('paper 999'), 'x', after(1000))).toBe('repeated');
    expect(guard.admit(bearer('paper 0'), 'x', after(1000))).toBe('first');
  });

  test('a clock or an end that is no time is a TypeError, and lets nobody pass', () => {
    const guard = createReplayGuard();
    const never = new Date(Number.NaN);
    expect(() => guard.admit(replay('a'), 'x', never)).toThrow(TypeError);
    const wrong = new TypeError('verdict must be the result of a verification that succeeded');
    for (const verdict of [
      { bearer: false, replay: { key: 'a', until: never } },
      { bearer: false, replay: { key: 1, until: NOW } },
      { replay: { key: 'a', until: NOW } },
      { bearer: false, replay: { key: 'a' } },
      { key: 'a', until: NOW },
      {},
      undefined,
    ]) {
      expect(() => guard.admit(verdict as never, 'x', NOW)).toThrow(wrong);
    }
    const context = new TypeError('context must be a string of at most 256 units');
    for (const each of [undefined, 'x'.repeat(257)]) {
      expect(() => guard.admit(replay('a'), each as never, NOW)).toThrow(context);
    }
    expect(guard.admit(replay('a'), 'x', NOW)).toBe('first');
  });

  test.each([0, -1, 1.5, Number.NaN])('%s entries is a TypeError', (maxEntries) => {
    expect(() => createReplayGuard({ maxEntries })).toThrow(new TypeError('maxEntries must be a positive integer'));
  });

  test.each([null, 5, '5', true])('%j as options is a TypeError', (options) => {
    expect(() => createReplayGuard(options as never)).toThrow(new TypeError('options must be an object'));
  });
});

describe('device keys', () => {
  test('that nobody can read sign presentations, with either algorithm', async () => {
    const p256 = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const keys = [await generateDeviceKey(), await importDeviceKey(p256)];
    expect(keys.map(({ algorithm }) => algorithm)).toEqual(['Ed25519', 'ES256']);
    for (const key of keys) {
      const pair = key.keyPair as CryptoKeyPair;
      expect(pair.privateKey.extractable).toBe(false);
      const { text } = await issue({ holderKey: exportPublicKey(key) });
      const shown = await present({}, text, await importDeviceKey(key.keyPair));
      expect(await verify(shown)).toMatchObject({ ok: true, bearer: false });
    }
  });

  test('are ES256 where WebCrypto has no Ed25519', async () => {
    const { generateKey } = crypto.subtle;
    const old = vi.spyOn(crypto.subtle, 'generateKey').mockImplementation((async (
      algorithm: Parameters<typeof generateKey>[0],
      ...rest: [boolean, KeyUsage[]]
    ) => {
      if (typeof algorithm === 'string' || algorithm.name === 'Ed25519')
        throw new DOMException('', 'NotSupportedError');
      return generateKey.call(crypto.subtle, algorithm, ...rest);
    }) as never);
    try {
      const key = await generateDeviceKey();
      expect(key.algorithm).toBe('ES256');
      expect((key.keyPair as CryptoKeyPair).privateKey.extractable).toBe(false);
      const { text } = await issue({ holderKey: exportPublicKey(key) });
      expect(await verify(await present({}, text, key))).toMatchObject({ ok: true, bearer: false });
    } finally {
      old.mockRestore();
    }
  });

  test('of another kind are refused', async () => {
    const p384 = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-384' }, false, ['sign', 'verify']);
    await expect(importDeviceKey(p384)).rejects.toMatchObject({ code: 'ERR_INVALID_KEY' });
    await expect(importDeviceKey({} as never)).rejects.toThrow(TypeError);
  });

  test('of two pairs are refused', async () => {
    const [a, b] = [await generateDeviceKey(), await generateDeviceKey()];
    const mixed = { privateKey: a.keyPair.privateKey, publicKey: b.keyPair.publicKey };
    await expect(importDeviceKey(mixed)).rejects.toMatchObject({ code: 'ERR_INVALID_KEY' });
  });

  test('with the halves swapped, or a public half that nobody can read, are refused in the same words', async () => {
    const { privateKey, publicKey } = (await generateDeviceKey()).keyPair;
    const raw = await crypto.subtle.exportKey('raw', publicKey as CryptoKey);
    const hidden = await crypto.subtle.importKey('raw', raw, 'Ed25519', false, ['verify']);
    for (const pair of [
      { privateKey: publicKey, publicKey: privateKey },
      { privateKey, publicKey: hidden },
    ]) {
      await expect(importDeviceKey(pair)).rejects.toMatchObject({ name: 'CredentialError', code: 'ERR_INVALID_KEY' });
    }
  });

  test('behind an object with a state of its own sign as that object', async () => {
    class Module implements Signer {
      readonly algorithm = 'Ed25519';
      readonly publicKey = issuerKey.publicKey;
      readonly #key = issuerKey;
      async sign(message: Uint8Array) {
        return this.#key.sign(message);
      }
    }
    const { text } = await issue({}, createIssuerKey(new Module()));
    expect(await verify(text)).toMatchObject({ ok: true });
  });

  test.each([
    ['the neutral point', [1]],
    ['a point of small order', [0]],
    ['one that is not canonical', Array(32).fill(255)],
  ])('that no signature could be good by are no keys: %s', async (_, start) => {
    const publicKey = new Uint8Array(32);
    publicKey.set(start);
    const invalid = expect.objectContaining({ code: 'ERR_INVALID_KEY' });
    expect(() => exportPublicKey({ algorithm: 'Ed25519', publicKey })).toThrow(invalid);
    const holderKey = exportPublicKey(device).slice();
    holderKey.set(publicKey, holderKey.length - 32);
    await expect(issue({ holderKey })).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
  });

  test('a point that is not on the curve is no key', () => {
    const publicKey = new Uint8Array(65).fill(1);
    publicKey[0] = 4;
    expect(() => exportPublicKey({ algorithm: 'ES256', publicKey })).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_KEY' }),
    );
  });
});

describe('a caller’s mistake', () => {
  test('presenting what is not one’s own, or not bound, or presented', async () => {
    await expect(present({}, bound, otherKey)).rejects.toMatchObject({ code: 'ERR_INVALID_KEY' });
    await expect(present({}, (await issue()).text)).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
    await expect(present({}, await present())).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
    await expect(present({}, 'ZM1:')).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
    await expect(present({ audience: '' })).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
    await expect(present({ disclose: ['name'] })).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
  });

  test.each<[string, Partial<PresentOptions>]>([
    ['a clock that is no Date', { currentDate: 1 as never }],
    ['an audience that is no text', { audience: 1 as never }],
    ['a challenge that is too short', { challenge: new Uint8Array(7) }],
    ['a challenge that is no bytes', { challenge: 'x' as never }],
  ])('%s is a TypeError', async (_, options) => {
    await expect(present(options)).rejects.toThrow(TypeError);
  });

  test.each<[string, Partial<VerifyOptions>]>([
    ['a business as a number', { businessType: 1301 as never }],
    ['a business by another name', { businessType: 'settlement' }],
    ['an audience that is no text', { audience: [1] as never }],
    ['a challenge that is too short', { challenge: new Uint8Array(1) }],
  ])('verifying with %s is a TypeError', async (_, options) => {
    await expect(verify(bound, options)).rejects.toThrow(TypeError);
  });

  test('a signer that gives no signature is found out before anything leaves', async () => {
    const broken = { ...device, sign: async () => new Uint8Array(63) };
    await expect(present({}, bound, broken)).rejects.toMatchObject({ code: 'ERR_INVALID_KEY' });
  });
});

describe('strips', () => {
  const { type, issuer, status: reference, claims } = credentialContent();
  const content = { type, issuer, claims, ...(reference && { status: reference }) };

  test('cover a day, each for its window and a grace', async () => {
    const strips = await issueStrips(content, issuerKey, { currentDate: NOW, count: 48, windowSeconds: 1800 });
    expect(strips).toHaveLength(48);
    expect(new Set(strips.map(({ id }) => id)).size).toBe(48);
    const [first, second] = strips;
    expect([first?.notBefore, first?.expiresAt, second?.notBefore]).toEqual([NOW, after(3600), after(1800)]);
    const options = { currentDate: NOW, from: after(0.999), count: 1, windowSeconds: 60 };
    const [between] = await issueStrips(content, issuerKey, options);
    expect([between?.notBefore, between?.expiresAt]).toEqual([NOW, after(120)]);
    const at = (text: string | undefined, seconds: number) => verify(text ?? '', { currentDate: after(seconds) });
    expect(await at(first?.text, 0)).toMatchObject({ ok: true, bearer: true });
    expect(await at(first?.text, 3659)).toMatchObject({ ok: true });
    expect(await at(first?.text, 3660)).toMatchObject(refused('expired', 'validity'));
    expect(await at(second?.text, 1739)).toMatchObject(refused('not_yet_valid', 'validity'));
    expect(await at(strips[47]?.text, 47 * 1800)).toMatchObject({ ok: true });
  });

  test.each([
    ['content', { holderKey: exportPublicKey(device) }, {}],
    ['content', { id: new Uint8Array(8) }, {}],
    ['options', {}, { redact: ['name'] }],
    ['options', {}, { commitIdNumber: true }],
  ])('%s that ask for what a strip is not: a TypeError, and no code that can be copied', async (_, more, options) => {
    const asked = { currentDate: NOW, count: 1, windowSeconds: 60, ...options };
    await expect(issueStrips({ ...content, ...more }, issuerKey, asked)).rejects.toThrow(TypeError);
  });

  test.each([
    ['no code', { count: 0 }],
    ['more than one for each minute of a day', { count: 1441 }],
    ['no window', { windowSeconds: 0 }],
    ['a grace below nothing', { graceSeconds: -1 }],
    ['a start that is no Date', { from: 1 as never }],
  ])('%s is a TypeError', async (_, change) => {
    const options = { currentDate: NOW, count: 1, windowSeconds: 60, ...change };
    await expect(issueStrips(content, issuerKey, options)).rejects.toThrow(TypeError);
  });
});
