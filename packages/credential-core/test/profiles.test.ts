import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeCbor } from '../src/cbor/encode.ts';
import { type CborKey, CborTag, type CborValue } from '../src/cbor/value.ts';
import { importKeySet, type TrustedPublicKey, verifyClaim169, verifyCwt, verifyHcert } from '../src/profiles.ts';
import { carry, createForeignSigner, type Entries, exportSpki, signForeign } from './profiles-fixtures.ts';

const currentDate = new Date('2026-11-22T08:00:00Z');
const now = currentDate.getTime() / 1000;
const options = { currentDate, status: 'not_checked' } as const;

const signers = {
  EdDSA: createForeignSigner('EdDSA'),
  ES256: createForeignSigner('ES256'),
  PS256: createForeignSigner('PS256'),
};
const signer = signers.ES256;
const kid = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
const spki = exportSpki(signer.publicKey);
const keys = importKeySet([{ spki }]);

const bytesOf = (member: string | undefined) => Uint8Array.from(Buffer.from(member ?? '', 'base64url'));
const failsWith = (code: string, detail = '') => ({ ok: false, code, detail: expect.stringContaining(detail) });

/** A key of P-384 whose last byte was changed. */
function spoilP384(): Uint8Array {
  const der = Uint8Array.from(exportSpki(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey));
  der[der.length - 1] = (der.at(-1) as number) ^ 1;
  return der;
}

describe('trusted keys', () => {
  const { x: edX } = signers.EdDSA.publicKey.export({ format: 'jwk' });
  const { x, y } = signers.ES256.publicKey.export({ format: 'jwk' });
  const { n, e } = signers.PS256.publicKey.export({ format: 'jwk' });
  const coseKey = (...entries: Entries) => encodeCbor(new Map<CborKey, CborValue>(entries));
  const yIsOdd = ((bytesOf(y)[31] as number) & 1) === 1;

  test.each<[keyof typeof signers, string, TrustedPublicKey]>([
    ['EdDSA', 'SPKI', { spki: exportSpki(signers.EdDSA.publicKey) }],
    ['EdDSA', 'JWK', { jwk: { kty: 'OKP', crv: 'Ed25519', x: edX as string } }],
    ['EdDSA', 'COSE_Key', { coseKey: coseKey([1, 1], [-1, 6], [-2, bytesOf(edX)]) }],
    ['ES256', 'SPKI', { spki }],
    ['ES256', 'JWK', { jwk: { kty: 'EC', crv: 'P-256', alg: 'ES256', x: x as string, y: y as string } }],
    ['ES256', 'COSE_Key', { coseKey: coseKey([1, 2], [-1, 1], [-2, bytesOf(x)], [-3, bytesOf(y)]) }],
    ['ES256', 'compressed COSE_Key', { coseKey: coseKey([1, 2], [-1, 1], [-2, bytesOf(x)], [-3, yIsOdd]) }],
    ['PS256', 'SPKI', { spki: exportSpki(signers.PS256.publicKey) }],
    ['PS256', 'JWK', { jwk: { kty: 'RSA', alg: 'PS256', n: n as string, e: e as string } }],
    ['PS256', 'COSE_Key', { coseKey: coseKey([1, 3], [-1, bytesOf(n)], [-2, bytesOf(e)]) }],
  ])('%s from %s', async (algorithm, _, key) => {
    const token = signForeign([[1, 'someone']], signers[algorithm]);
    expect(await verifyCwt(token, importKeySet([key]), options)).toMatchObject({ ok: true, issuer: 'someone' });
    const others = Object.values(signers).filter((other) => other !== signers[algorithm]);
    for (const other of others) {
      // Says the algorithm of the key, and is signed by another.
      const forged = signForeign([[1, 'someone']], { ...other, alg: signers[algorithm].alg });
      expect(await verifyCwt(forged, importKeySet([key]), options)).toMatchObject(failsWith('bad_signature'));
    }
  });

  test('a key is used for its own algorithm, whatever the message says', async () => {
    const token = signForeign([], { ...signer, alg: -37 });
    expect(await verifyCwt(token, keys, options)).toMatchObject(failsWith('unknown_key'));
  });

  const shortRsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
  const p521 = generateKeyPairSync('ec', { namedCurve: 'P-521' }).publicKey;

  test.each<[string, TrustedPublicKey]>([
    ['no key at all', {} as TrustedPublicKey],
    ['bytes that are no SPKI', { spki: Uint8Array.of(1, 2, 3) }],
    ['an empty SPKI', { spki: new Uint8Array() }],
    ['an SPKI cut off', { spki: spki.subarray(0, 90) }],
    ['an SPKI and a byte', { spki: Uint8Array.of(...spki, 0) }],
    ['RSA of 1024 bits', { spki: exportSpki(shortRsa) }],
    ['P-521', { spki: exportSpki(p521) }],
    ['a COSE_Key that is no CBOR', { coseKey: Uint8Array.of(0xff) }],
    ['a COSE_Key that is no map', { coseKey: Uint8Array.of(0x80) }],
    ['a COSE_Key on another curve', { coseKey: coseKey([1, 2], [-1, 2], [-2, bytesOf(x)], [-3, bytesOf(y)]) }],
    ['a COSE_Key without y', { coseKey: coseKey([1, 2], [-1, 1], [-2, bytesOf(x)]) }],
    [
      'a COSE_Key whose x is on no point',
      { coseKey: coseKey([1, 2], [-1, 1], [-2, new Uint8Array(32).fill(255)], [-3, true]) },
    ],
    ['a symmetric JWK', { jwk: { kty: 'oct' } }],
    ['a JWK of RS256', { jwk: { kty: 'RSA', alg: 'RS256', n: n as string, e: e as string } }],
    ['a JWK of another curve', { jwk: { kty: 'EC', crv: 'P-384', x: x as string, y: y as string } }],
    ['a JWK in padded Base64', { jwk: { kty: 'OKP', crv: 'Ed25519', x: `${edX}=` } }],
    ['a JWK that is null', { jwk: null } as unknown as TrustedPublicKey],
  ])('%s is refused when it is given', (_, key) => {
    expect(() => importKeySet([key])).toThrow(expect.objectContaining({ code: 'ERR_INVALID_KEY' }));
  });

  test('arguments of a wrong type are mistakes of the caller', async () => {
    expect(() => importKeySet({} as never)).toThrow(TypeError);
    expect(() => importKeySet([null as never])).toThrow(TypeError);
    expect(() => importKeySet([{ spki, kid: 'kid' as never }])).toThrow(TypeError);
    expect(() => importKeySet([{ spki, issuer: 5 as never }])).toThrow(TypeError);
    expect(() => importKeySet([{ spki, uses: 'test' as never }])).toThrow(TypeError);
    expect(() => importKeySet([{ spki, uses: ['tests' as never] }])).toThrow(TypeError);
    await expect(verifyCwt('' as never, keys, options)).rejects.toThrow(TypeError);
    await expect(verifyCwt(new Uint8Array(), [] as never, options)).rejects.toThrow(TypeError);
    await expect(verifyCwt(new Uint8Array(), keys, {} as never)).rejects.toThrow(TypeError);
    await expect(verifyCwt(new Uint8Array(), keys, { currentDate } as never)).rejects.toThrow(TypeError);
    await expect(verifyHcert(5 as never, keys, options)).rejects.toThrow(TypeError);
    await expect(verifyClaim169(5 as never, keys, options)).rejects.toThrow(TypeError);
  });

  test.each<[string, Entries, Entries]>([
    ['a status list', [[65_533, new Map()]], []],
    ['a credential of our own', [[-65_537, new Map()]], []],
    ['a trust list', [[-65_538, new Map()]], []],
    ['a type of its own', [], [[16, 'application/statuslist+cwt']]],
    ['a presentation', [], [[16, 294]]],
  ])('%s is no plain token, however well signed', async (_, claims, protectedHeader) => {
    const token = signForeign(claims, signer, { protectedHeader });
    expect(await verifyCwt(token, keys, options)).toMatchObject(failsWith('wrong_format'));
  });

  test('a token says that it is one, or nothing', async () => {
    for (const typ of [61, 'application/cwt']) {
      const token = signForeign([], signer, { protectedHeader: [[16, typ]] });
      expect(await verifyCwt(token, keys, options)).toMatchObject({ ok: true });
    }
  });

  test('a token that is bound to a key is a copy without a proof of it', async () => {
    const token = signForeign([[8, new Map([[1, new Map()]])]], signer);
    expect(await verifyCwt(token, keys, options)).toMatchObject(failsWith('not_presented'));
  });

  test.each<[string, TrustedPublicKey]>([
    ['a point off the curve', { jwk: { kty: 'EC', crv: 'P-256', x: 'A'.repeat(43), y: `${'B'.repeat(42)}A` } }],
    ['an Ed25519 point of small order', { jwk: { kty: 'OKP', crv: 'Ed25519', x: `AQ${'A'.repeat(41)}` } }],
    ['an exponent of five bytes', { jwk: { kty: 'RSA', n: `_${'_'.repeat(340)}w`, e: 'AQAAAAE' } }],
    ['a P-384 point off the curve', { spki: spoilP384() }],
    ['an even exponent', { jwk: { kty: 'RSA', n: `_${'_'.repeat(340)}w`, e: 'Ag' } }],
    ['a modulus that begins with zeros', { jwk: { kty: 'RSA', n: `AA${'_'.repeat(340)}`, e: 'AQAB' } }],
  ])('a key that no signature could be good by is refused: %s', (_, key) => {
    expect(() => importKeySet([key])).toThrow(expect.objectContaining({ code: 'ERR_INVALID_KEY' }));
  });

  test('a kid picks among named keys; a key without one is tried for every message', async () => {
    const named = importKeySet([{ spki, kid }]);
    const withKid = signForeign([], signer, { protectedHeader: [[4, kid]] });
    const withAnother = signForeign([], signer, { protectedHeader: [[4, kid.subarray(1)]] });
    expect(await verifyCwt(withKid, named, options)).toMatchObject({ ok: true });
    expect(await verifyCwt(withKid, keys, options)).toMatchObject({ ok: true });
    expect(await verifyCwt(signForeign([], signer), named, options)).toMatchObject(failsWith('unknown_key'));
    expect(await verifyCwt(withAnother, named, options)).toMatchObject(failsWith('unknown_key'));
  });

  test('of several keys with one kid, each is tried', async () => {
    const sharing = importKeySet([
      { spki: exportSpki(createForeignSigner('ES256').publicKey), kid },
      { spki, kid },
    ]);
    const token = signForeign([], signer, { unprotectedHeader: [[4, kid]] });
    expect(await verifyCwt(token, sharing, options)).toMatchObject({ ok: true });
  });

  test('a key that is trusted for one issuer does not speak for another', async () => {
    const bound = importKeySet([{ spki, issuer: 'AT' }]);
    expect(await verifyCwt(signForeign([[1, 'AT']], signer), bound, options)).toMatchObject({ ok: true });
    for (const claims of [[[1, 'BE']], []] as Entries[]) {
      expect(await verifyCwt(signForeign(claims, signer), bound, options)).toMatchObject(failsWith('unknown_issuer'));
    }
  });
});

describe('messages', () => {
  test.each([[[]], [[18]], [[61, 18]]])('tags %j around it are accepted', async (tags) => {
    expect(await verifyCwt(signForeign([], signer, { tags }), keys, options)).toMatchObject({ ok: true });
  });

  test.each([
    [[16], 'encrypted', 'encrypted'],
    [[61, 96], 'encrypted', 'encrypted'],
    [[17], 'unsupported_algorithm', 'MAC'],
    [[98], 'unsupported_algorithm', 'several'],
    [[18, 61], 'malformed', ''],
    [[61, 61, 18], 'malformed', ''],
    [[1], 'malformed', ''],
  ])('tags %j are %s', async (tags, code, detail) => {
    expect(await verifyCwt(signForeign([], signer, { tags }), keys, options)).toMatchObject(failsWith(code, detail));
  });

  test.each<[string, Parameters<typeof signForeign>[2], string]>([
    ['crit in the protected header', { protectedHeader: [[2, [99]]] }, 'must be understood'],
    ['crit in the unprotected header', { unprotectedHeader: [[2, [99]]] }, 'must be understood'],
    ['a kid that is text', { protectedHeader: [[4, 'kid']] }, 'kid'],
  ])('%s is refused', async (_, form, detail) => {
    expect(await verifyCwt(signForeign([], signer, form), keys, options)).toMatchObject(failsWith('malformed', detail));
  });

  test('another algorithm is refused before any key is looked for', async () => {
    for (const alg of [-35, -257, 5, 0]) {
      const token = signForeign([], { ...signer, alg });
      expect(await verifyCwt(token, keys, options)).toMatchObject(failsWith('unsupported_algorithm'));
    }
  });

  test('the unprotected header is not signed, and decides nothing but which keys are tried', async () => {
    const token = signForeign([[1, 'someone']], signer, {
      unprotectedHeader: [
        [1, -37],
        ['x', 'y'],
      ],
    });
    expect(await verifyCwt(token, keys, options)).toMatchObject({ ok: true });
  });

  test('more than 16 KiB is too large', async () => {
    expect(await verifyCwt(new Uint8Array(16_385), keys, options)).toMatchObject(failsWith('too_large'));
  });

  test('what a caller writes into its buffer meanwhile changes nothing', async () => {
    const token = signForeign([[1, 'someone']], signer);
    const pending = verifyCwt(token, keys, options);
    token.fill(0);
    expect(await pending).toMatchObject({ ok: true, issuer: 'someone' });
  });

  test('no message with one bit changed verifies', async () => {
    const token = signForeign(
      [
        [1, 'someone'],
        [4, now + 60],
      ],
      signer,
      { protectedHeader: [[4, kid]] },
    );
    for (let bit = 0; bit < token.length * 8; bit++) {
      const changed = Uint8Array.from(token);
      changed[bit >> 3] = (changed[bit >> 3] as number) ^ (1 << (bit & 7));
      expect((await verifyCwt(changed, keys, options)).ok, `bit ${bit}`).toBe(false);
    }
  });
});

describe('the times of a CWT', () => {
  test.each<[string, Entries, object]>([
    ['no times at all', [], { ok: true }],
    [
      'within its time',
      [
        [6, now],
        [5, now],
        [4, now + 1],
      ],
      { ok: true, expiresAt: new Date((now + 1) * 1000) },
    ],
    ['expired within the skew', [[4, now - 59]], { ok: true }],
    ['expired', [[4, now - 60]], failsWith('expired')],
    ['not yet valid', [[5, now + 61]], failsWith('not_yet_valid')],
    ['issued in the future', [[6, now + 61]], failsWith('issued_in_future')],
    ['a time in text', [[4, '2030-01-01']], failsWith('malformed', 'expiresAt')],
    ['a time before 1970', [[4, -1]], failsWith('malformed', 'expiresAt')],
    ['a time after 9999', [[4, 253_402_300_800]], failsWith('malformed', 'expiresAt')],
    ['a tagged time', [[4, new CborTag(1, now)]], failsWith('malformed', 'expiresAt')],
    ['an issuer that is no text', [[1, 5]], failsWith('malformed', 'issuer')],
  ])('%s', async (_, claims, expected) => {
    expect(await verifyCwt(signForeign(claims, signer), keys, options)).toMatchObject(expected);
  });

  test.each([
    ['with a fraction', 'fb41da5a0d00200000', { ok: true, expiresAt: new Date(1_768_436_736_500) }],
    ['that is no number', 'f97e00', failsWith('malformed', 'expiresAt')],
    ['that has no end', 'f97c00', failsWith('malformed', 'expiresAt')],
  ])('a float %s', async (_, hex, expected) => {
    const claims = Buffer.from(`a104${hex}`, 'hex');
    const early = { ...options, currentDate: new Date('2025-01-01T00:00:00Z') };
    expect(await verifyCwt(signForeign(claims, signer), keys, early)).toMatchObject(expected);
  });

  test('what has failed after the signature is given with the failure, before it is not', async () => {
    const expired = await verifyCwt(
      signForeign(
        [
          [1, 'someone'],
          [4, 1],
        ],
        signer,
      ),
      keys,
      options,
    );
    expect(expired).toMatchObject({ code: 'expired', verified: { issuer: 'someone' } });
    expect(expired.checks).toMatchObject({ signature: 'passed', validity: 'failed', status: 'not_checked' });
    const forged = await verifyCwt(signForeign([[1, 'someone']], signers.ES256), importKeySet([]), options);
    expect(forged).not.toHaveProperty('verified');
  });
});

describe('hostile codes', () => {
  const certificate = new Map<CborKey, CborValue>([
    ['ver', '1.3.0'],
    ['nam', new Map([['fnt', 'MUSTERFRAU']])],
    ['dob', '1998-02-26'],
    ['v', [new Map<CborKey, CborValue>([['dn', 2]])]],
  ]);
  const hcert = (content: CborValue) =>
    carry(
      signForeign(
        [
          [4, now + 60],
          [6, now],
          [-260, new Map([[1, content]])],
        ],
        signer,
        { protectedHeader: [[4, kid]] },
      ),
      'HC1:',
    );
  const named = importKeySet([{ spki, kid, uses: ['vaccination'] }]);

  test('the certificate that the following are variations of verifies', async () => {
    expect(await verifyHcert(hcert(certificate), named, options)).toMatchObject({
      ok: true,
      certificate: { kind: 'vaccination', version: '1.3.0', content: { dob: '1998-02-26', v: [{ dn: 2 }] } },
    });
  });

  test.each<[string, CborValue]>([
    ['no map', []],
    ['no entry', new Map([...certificate, ['v', []]])],
    ['an entry that is null', new Map([...certificate, ['v', null]])],
    ['two entries', new Map([...certificate, ['v', [new Map(), new Map()]]])],
    ['two kinds of entry', new Map([...certificate, ['t', [new Map()]]])],
    ['entries that are no array', new Map([...certificate, ['v', new Map()]])],
    ['an entry that is no object', new Map([...certificate, ['v', [5]]])],
    ['no name', new Map([...certificate, ['nam', new Map()]])],
    ['no date of birth', new Map([...certificate, ['dob', null]])],
    ['no version', new Map([...certificate, ['ver', 1]])],
    ['a member without a name', new Map([...certificate, [5, 1]])],
    ['bytes, which JSON has not', new Map([...certificate, ['x', new Uint8Array(3)]])],
    ['a tag that is no date', new Map([...certificate, ['x', new CborTag(2, new Uint8Array(9))]])],
  ])('a certificate with %s is malformed', async (_, content) => {
    expect(await verifyHcert(hcert(content), named, options)).toMatchObject(failsWith('malformed', 'hcert: '));
  });

  test('a number that JSON has none for is malformed', async () => {
    const payload = encodeCbor(
      new Map<CborKey, CborValue>([
        [4, now + 60],
        [6, now],
        [-260, new Map([[1, new Map([...certificate, ['x', 0x1234]])]])],
      ]),
    );
    const at = Buffer.from(payload).indexOf('191234', 'hex');
    payload.set([0xf9, 0x7e, 0x00], at);
    const text = carry(signForeign(payload, signer, { protectedHeader: [[4, kid]] }), 'HC1:');
    expect(await verifyHcert(text, named, options)).toMatchObject(failsWith('malformed', 'hcert: a number'));
  });

  test('a member named __proto__ is a member and nothing else', async () => {
    const content = new Map<CborKey, CborValue>([...certificate, ['__proto__', new Map([['ok', true]])]]);
    const result = await verifyHcert(hcert(content), named, options);
    if (!result.ok) throw new Error(result.code);
    expect(Object.getPrototypeOf(result.certificate.content)).toBe(Object.prototype);
    expect(Object.hasOwn(result.certificate.content, '__proto__')).toBe(true);
  });

  test.each([
    ['', 'wrong_format'],
    ['ZM1:', 'wrong_format'],
    ['hc1:6BF', 'wrong_format'],
    ['HC2:6BF', 'unsupported_version'],
    ['HC1:', 'malformed'],
    ['HC1:6BF', 'malformed'],
    [`HC1:${'0'.repeat(6145)}`, 'too_large'],
  ])('%j is %s', async (text, code) => {
    expect(await verifyHcert(text, named, options)).toMatchObject(failsWith(code));
  });

  test('a code that inflates beyond 16 KiB is too large', async () => {
    const text = carry(new Uint8Array(16_385), '');
    expect(await verifyHcert(`HC1:${text}`, named, options)).toMatchObject(failsWith('too_large'));
    expect(await verifyClaim169(text, keys, options)).toMatchObject(failsWith('too_large'));
  });

  test.each<[string, Entries]>([
    ['a name that is no text', [[4, 5]]],
    ['a gender that is no number', [[9, 'female']]],
    ['a photo without data', [[16, 5]]],
    [
      'a format that is no number',
      [
        [16, new Uint8Array(3)],
        [17, 'JPEG'],
      ],
    ],
    ['fingers that are no array', [[18, 'all']]],
    ['a finger that is no number', [[18, ['thumb']]]],
    ['biometric data that is no map', [[62, [5]]]],
    ['biometric data without data', [[62, [new Map([[1, 0]])]]]],
  ])('claim 169 with %s is malformed', async (_, attributes) => {
    const text = carry(signForeign([[169, new Map(attributes)]], signer), '');
    expect(await verifyClaim169(text, keys, options)).toMatchObject(failsWith('malformed', 'claim 169: '));
  });

  test('claim 169 tells that there are images, and how large they are', async () => {
    const face = new Map<CborKey, CborValue>([
      [0, new Uint8Array(70)],
      [1, 0],
      [2, 4],
    ]);
    const attributes = new Map<CborKey, CborValue>([
      [16, new Uint8Array(90)],
      [17, 1],
      [18, Uint8Array.of(1, 6)],
      [62, face],
    ]);
    const result = await verifyClaim169(carry(signForeign([[169, attributes]], signer), ''), keys, options);
    expect(result).toMatchObject({
      ok: true,
      identity: {
        photo: { size: 90, format: 1 },
        bestQualityFingers: [1, 6],
        biometrics: [{ kind: 'face', size: 70, format: 0, subFormat: 4 }],
      },
    });
  });

  test('mutated bytes are refused with a code and never throw', async () => {
    const inside = signForeign(
      [
        [4, now + 60],
        [6, now],
        [-260, new Map([[1, certificate]])],
        [169, new Map([[4, 'A']])],
      ],
      signer,
      {
        protectedHeader: [[4, kid]],
      },
    );
    const mutation = fc.record({
      at: fc.nat(inside.length - 1),
      remove: fc.nat(3),
      insert: fc.uint8Array({ maxLength: 4 }),
    });
    const verifyAll = async (bytes: Uint8Array) => [
      await verifyCwt(bytes, importKeySet([{ spki }]), options),
      await verifyHcert(carry(bytes, 'HC1:'), named, options),
      await verifyClaim169(carry(bytes, ''), keys, options),
    ];
    const originals = await verifyAll(inside);
    expect(originals.map(({ ok }) => ok)).toEqual([true, true, true]);
    await fc.assert(
      fc.asyncProperty(fc.array(mutation, { minLength: 1, maxLength: 3 }), async (mutations) => {
        const bytes = [...inside];
        for (const { at, remove, insert } of mutations) bytes.splice(at, remove, ...insert);
        const changed = Uint8Array.from(bytes);
        for (const [index, result] of (await verifyAll(changed)).entries()) {
          // CBOR outside the signed parts has other spellings of the same content.
          if (result.ok) expect(result).toEqual(originals[index]);
          else expect(result.code).toMatch(/^[a-z_]+$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('whatever the text is, it is refused with a code', async () => {
    const base45 = fc.string({
      unit: fc.constantFrom(...'0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'),
      maxLength: 60,
    });
    await fc.assert(
      fc.asyncProperty(fc.oneof(base45, fc.string()), async (text) => {
        for (const result of [
          await verifyHcert(`HC1:${text}`, named, options),
          await verifyHcert(text, named, options),
          await verifyClaim169(text, keys, options),
        ]) {
          expect(result).toMatchObject({ ok: false, code: expect.any(String) });
        }
      }),
      { numRuns: 500 },
    );
  });
});
