import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createPs256Verifier } from '../src/keys/rsa-pss-verify.ts';
import { createP384Verifier } from '../src/profiles/p384-verify.ts';
import { createForeignSigner } from './profiles-fixtures.ts';

const message = new TextEncoder().encode('sample');
const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

/** 4096 bits: the modulus, and a signature of "sample" by OpenSSL. Making such a key takes seconds. */
const LARGE_MODULUS = [
  '2sIWQCR48PRlsSxVlxZ48Q1LLWKcIKKpvudHksQIQt6P1GEVdkNI66smW-2VR20Ma827N7PqYlg6umFZFUCoB17U27q9IuNEEEf00FcUUWXaivpm',
  'lu89vN72H9UitMMJeqcsL0iut_mXSmxYOtKfb0RdEHUnPr33i7BUz9TE-nS2QNIe_5t5A2aN9jCrrl_Z06xkxQzLGlrbqyr2Q2MPfB4fIjjOM9OB',
  'EXpzNsRgQc3ZcBWMYjLC1r5lVueZ1uKBeSIvLH4wiFJ5vzN6Ei8tbZGixjI6lFVbAcVWABHZUlKwuDVvmoa8RP-G2C9Zn_0TQTUTSetaaT2q05xR',
  '0Hhq3uskk3tthtCtXcws8TmBUsM5b3uQJNTq61kX_ZZdzAL16gMnf5qdZJkvz-Rzfz3-XE4bQgMIq2nertav60X9VY-vxpV9VIlhi2-ZSnfIFjBM',
  'FTI0g-sXYWQO2EJqROkhZqW9fUBW2Gk5tFY_ujtQJheRMtetGW1Mc6JTStJT8R0Fw5D-7jzUtCvTmtCT6AfH3K40aRqFa91xEE5zNyhvmkEhCdwf',
  'LFzf0udVgT3IC0YTnEWXIIWnj_jLhbdjZNIZ-nxQLh5jfu8lMDw5iwpKNA1o9j54yGtrQq9N7t2xratgKWrbSZOY4WLsIO1pNLXg7690JjLRQ_q0',
  'HfLsvzasRA8',
].join('');
const LARGE_SIGNATURE = [
  'HkRJdgBK1qapeqv0jyoLxiq4npi4pVDTGcIaCEdo_6ZczPLWBJptbgX-DJ7-AngCcmti_I0nbgTDnIQhX9liDBSR-6nE6pfy_-scswLHfyyb_GGL',
  'TMSFxHK10FpYb_ZVB1KcxPD0q7oiQiOlMrJbKkg3ugouIkmKiXNs05ERrYIxEiwKRUtI04n2RMdl1s7NoSXW07jHHP5lUajCpIF3w5nu_kZ6NSth',
  'K7VfA2VaSGV8q1V1kwSSi7PcRawMIs_WD8HVfhUkUvAac5CiD6zRCk55u89IDOMEvgPq5aOEanUqyj6HG6B2bdhtitYt-LAwQ6Qaj8PRl4B-0NOU',
  'kWzu_iaNKZPXllaKO-yzCECclZ40VJ3jke3vbNuxgV5xA3lHSEA5V_9Pha61xcNlrkLAo4XqIoR8R4s_9VGOSOA66APIXqdo582RumWEcQ0GsLlJ',
  'qV9HTHY0uI4oGv4uVS9pLiiiwTzvWAt5eCGHAP2y--h_DzygrMGpt-LG-Pr6WSJeLit4bAAd9LADg1F09c_EPLwUn3pZBeaEeHz63jW--UMTkoUC',
  '3dydZ34xrYfGhBsF9e_y9oAcC0kY5tJo6zLn_CnwbFZveFynG8dbr7rddH5GZYa0TX3meZ1fGbkb2GNNTVF_mRQbJVkZM3vPhtf5k7lI43IOI7S6',
  'PEowSjPiy7I',
].join('');

const fromBase64Url = (text = '') => Uint8Array.from(Buffer.from(text, 'base64url'));
const jwk = publicKey.export({ format: 'jwk' });
const modulus = fromBase64Url(jwk.n);
const exponent = fromBase64Url(jwk.e);

const signPss = (saltLength: number, hash = 'sha256') =>
  sign(hash, message, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

describe.each(['node', 'web'] as const)('PS256 on %s', (runtime) => {
  const verify = createPs256Verifier(modulus, exponent, runtime);

  test('a salt of 32 bytes, and no other padding or hash', async () => {
    expect(await verify(message, signPss(32))).toBe(true);
    expect(await verify(message.subarray(1), signPss(32))).toBe(false);
    expect(await verify(message, signPss(20))).toBe(false);
    expect(await verify(message, signPss(32, 'sha384'))).toBe(false);
    expect(await verify(message, sign('sha256', message, privateKey))).toBe(false);
  });

  test('a signature of a wrong length or value is false, not an exception', async () => {
    const signature = Uint8Array.from(signPss(32));
    for (const wrong of [
      new Uint8Array(),
      signature.subarray(1),
      Uint8Array.of(0, ...signature),
      new Uint8Array(256),
      new Uint8Array(256).fill(255),
    ]) {
      expect(await verify(message, wrong)).toBe(false);
    }
  });

  test('4096 bits', async () => {
    const check = createPs256Verifier(fromBase64Url(LARGE_MODULUS), exponent, runtime);
    expect(await check(message, fromBase64Url(LARGE_SIGNATURE))).toBe(true);
  });

  test.each<[string, Uint8Array, Uint8Array]>([
    ['a modulus of 2047 bits', Uint8Array.of(0x7f, ...modulus.subarray(1)), exponent],
    ['a modulus of 2040 bits', modulus.subarray(1), exponent],
    ['a leading zero', Uint8Array.of(0, ...modulus), exponent],
    ['4104 bits', new Uint8Array(513).fill(255), exponent],
    ['exponent 1', modulus, Uint8Array.of(1)],
    ['an even exponent', modulus, Uint8Array.of(1, 0, 0)],
    ['an exponent of 33 bits', modulus, Uint8Array.of(1, 0, 0, 0, 1)],
    ['no exponent', modulus, new Uint8Array()],
  ])('a key with %s checks nothing', async (_, n, e) => {
    expect(await createPs256Verifier(n, e, runtime)(message, signPss(32))).toBe(false);
  });
});

describe.each(['node', 'web', 'noble'] as const)('ES256 by a P-384 key on %s', (runtime) => {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-384' });
  const { x, y } = pair.publicKey.export({ format: 'jwk' });
  const point = Uint8Array.of(4, ...fromBase64Url(x), ...fromBase64Url(y));
  const signAs = (hash: string) =>
    Uint8Array.from(sign(hash, message, { key: pair.privateKey, dsaEncoding: 'ieee-p1363' }));

  test('SHA-256, and no other hash, message or length', async () => {
    const verify = createP384Verifier(point, runtime);
    expect(await verify(message, signAs('sha256'))).toBe(true);
    expect(await verify(message.subarray(1), signAs('sha256'))).toBe(false);
    expect(await verify(message, signAs('sha384'))).toBe(false);
    expect(await verify(message, signAs('sha256').subarray(1))).toBe(false);
    expect(await verify(message, new Uint8Array(96))).toBe(false);
  });

  test('what is no point of the curve checks nothing', async () => {
    const off = Uint8Array.from(point, (byte, at) => (at === 96 ? byte ^ 1 : byte));
    expect(await createP384Verifier(off, runtime)(message, signAs('sha256'))).toBe(false);
  });
});

describe('a page without https, which has no WebCrypto', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
    vi.resetModules();
  });

  async function loadThere() {
    vi.resetModules();
    vi.stubGlobal('crypto', undefined);
    vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);
    const { createP256Verifier } = await import('../src/keys/p256-verify.ts');
    const { createPs256Verifier: createThere } = await import('../src/keys/rsa-pss-verify.ts');
    return { createP256Verifier, createThere };
  }

  test('checks ES256 in JavaScript', async () => {
    const signer = createForeignSigner('ES256');
    const { x = '', y = '' } = signer.publicKey.export({ format: 'jwk' });
    const signature = signer.sign(message);
    const { createP256Verifier } = await loadThere();
    const parts = [x, y].map((part) => Buffer.from(part, 'base64url'));
    const verify = createP256Verifier(Uint8Array.from(Buffer.concat([Uint8Array.of(4), ...parts])));
    expect(await verify(message, signature)).toBe(true);
    expect(await verify(message.subarray(1), signature)).toBe(false);
  });

  test('says that it cannot check PS256', async () => {
    const signature = signPss(32);
    const { createThere } = await loadThere();
    await expect(createThere(modulus, exponent)(message, signature)).rejects.toMatchObject({
      code: 'unsupported_algorithm',
    });
  });
});
