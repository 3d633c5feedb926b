import { expect, test } from 'vitest';
import { openClaim169, verifyClaim169 } from '../../packages/credential-core/src/profiles/claim-169.ts';
import { importKeySet, type TrustedPublicKey } from '../../packages/credential-core/src/profiles/key-set.ts';
import {
  carry,
  createForeignSigner,
  exportSpki,
  signForeign,
} from '../../packages/credential-core/test/profiles-fixtures.ts';
import { describeVectors, listVectors, readVectors } from './vectors.ts';

interface Claim169Vector {
  name: string;
  qr_data: string;
  signing_key?: { algorithm: 'ES256' | 'EdDSA'; public_key_hex: string };
  expected_claim169?: Record<string, unknown>;
  expected_cwt_meta?: Record<string, string | number>;
}

const currentDate = new Date('2026-06-01T00:00:00Z');
const signer = createForeignSigner('EdDSA');
const keys = importKeySet([{ spki: exportSpki(signer.publicKey) }]);

describeVectors('Claim 169 against public vectors', () => {
  const read = (kind: string) =>
    listVectors(`claim-169/${kind}`).map((path) => [path, readVectors<Claim169Vector>(path)] as const);
  const readable = [...read('valid'), ...read('edge')].filter(([, { name }]) => !name.startsWith('encrypted'));

  test('there are 18: 11 valid, 3 at the edge, 4 invalid', () => {
    expect([read('valid'), read('edge'), read('invalid')].map((set) => set.length)).toEqual([11, 3, 4]);
  });

  test.each(readable)('%s is read as the set says', (_, vector) => {
    const { identity, ...claims } = openClaim169(vector.qr_data).content;
    expect(describeClaims(claims)).toEqual(vector.expected_cwt_meta);
    const { photoFormat, ...expected } = vector.expected_claim169 ?? {};
    for (const [name, value] of Object.entries(expected)) {
      const found = identity.biometrics.filter(({ kind }) => kind === name);
      if (found.length > 0) expect(found).toMatchObject((value as Biometric[]).map(describeBiometric));
      else expect(identity).toMatchObject({ [name]: value });
    }
    // One names the format of a photo that it does not have.
    expect(identity.photo?.format).toBe(vector.name === 'demographics-full' ? undefined : photoFormat);
  });

  test.each(readable.filter(([, { signing_key }]) => signing_key))('%s verifies', async (_, vector) => {
    const key = readKey(vector);
    const result = await verifyClaim169(vector.qr_data, importKeySet([key]), { currentDate });
    expect(result).toMatchObject({ ok: true, identity: vector.expected_claim169 });
    expect(await verifyClaim169(vector.qr_data, keys, { currentDate })).toMatchObject({
      ok: false,
      code: vector.signing_key?.algorithm === 'EdDSA' ? 'bad_signature' : 'unknown_key',
    });
  });

  test.each(['encrypted-aes256', 'encrypted-signed'])('%s is refused for what it is', async (name) => {
    const { qr_data } = readVectors<Claim169Vector>(`claim-169/valid/${name}.json`);
    expect(await verifyClaim169(qr_data, keys, { currentDate })).toMatchObject({
      ok: false,
      code: 'encrypted',
      detail: expect.stringContaining('encrypted'),
    });
  });

  test.each(readable.filter(([, { signing_key }]) => !signing_key))(
    '%s has an empty signature, and no key accepts it',
    async (_, { qr_data }) => {
      const result = await verifyClaim169(qr_data, keys, { currentDate });
      expect(result).toMatchObject({ ok: false, code: 'bad_signature' });
      expect(result).not.toHaveProperty('verified');
    },
  );

  test.each([
    ['expired', 'expired'],
    ['not-yet-valid', 'not_yet_valid'],
  ])('%s, once it is signed, is %s', async (name, code) => {
    const { qr_data } = readVectors<Claim169Vector>(`claim-169/edge/${name}.json`);
    const text = carry(signForeign(openClaim169(qr_data).message.payload, signer), '');
    expect(await verifyClaim169(text, keys, { currentDate })).toMatchObject({ ok: false, code });
  });

  test('unknown attributes are passed through', async () => {
    const { qr_data } = readVectors<Claim169Vector>('claim-169/edge/unknown-fields.json');
    expect([...openClaim169(qr_data).content.identity.other.keys()]).toEqual([30, 45, 70, 99]);
  });

  test.each([
    ['bad-base45', /^base45: /],
    ['bad-zlib', /^zlib: /],
    ['missing-169', /^claim 169: /],
    ['not-cose', /^cose: /],
  ])('%s is malformed', async (name, detail) => {
    const { qr_data } = readVectors<Claim169Vector>(`claim-169/invalid/${name}.json`);
    expect(await verifyClaim169(qr_data, keys, { currentDate })).toMatchObject({
      ok: false,
      code: 'malformed',
      detail: expect.stringMatching(detail),
    });
  });
});

interface Biometric {
  data?: string;
  format: number;
  subFormat: number;
}

/** The set gives the data of some; of the others the size is not known. */
function describeBiometric({ data, format, subFormat }: Biometric) {
  return { format, subFormat, ...(data && { size: Buffer.from(data, 'base64').length }) };
}

function describeClaims(claims: object): Record<string, unknown> {
  const entries = Object.entries(claims);
  return Object.fromEntries(
    entries.map(([name, value]) => [name, value instanceof Date ? value.getTime() / 1000 : value]),
  );
}

function readKey({ signing_key }: Claim169Vector): TrustedPublicKey {
  const bytes = Buffer.from(signing_key?.public_key_hex ?? '', 'hex');
  const encode = (start: number, end: number) => bytes.subarray(start, end).toString('base64url');
  if (signing_key?.algorithm === 'EdDSA') return { jwk: { kty: 'OKP', crv: 'Ed25519', x: encode(0, 32) } };
  return { jwk: { kty: 'EC', crv: 'P-256', x: encode(1, 33), y: encode(33, 65) } };
}
