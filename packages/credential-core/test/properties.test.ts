import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { decodeBase45 } from '../src/bytes/base45.ts';
import {
  type CredentialContent,
  CredentialError,
  exportPublicKey,
  issueCredential,
  issueStatusList,
  issueTrustList,
  type MedicalInsuranceClaims,
  peekCredential,
  type StatusList,
  type TrustList,
  VERIFICATION_CODES,
  verifyCredential,
  verifyStatusList,
  verifyTrustList,
} from '../src/index.ts';
import {
  after,
  issue,
  issuerKey,
  keepKnown,
  NOW,
  otherKey,
  ROOTS,
  rootKey,
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

const verify = (what: string | Uint8Array) => verifyCredential(what, trust, { currentDate: NOW, status });
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const digits = (count: number) =>
  fc.integer({ min: 0, max: 10 ** count - 1 }).map((n) => String(n).padStart(count, '0'));

const claims: fc.Arbitrary<MedicalInsuranceClaims> = fc
  .record({
    name: optional(
      fc.string({
        unit: fc.integer({ min: 0x4e00, max: 0x9fa5 }).map(String.fromCodePoint),
        minLength: 1,
        maxLength: 16,
      }),
    ),
    idNumber: optional(fc.stringMatching(/^[A-Z][0-9]{8,17}$/)),
    region: fc.integer({ min: 370_200, max: 370_299 }).map(String),
    scheme: optional(fc.stringMatching(/^[0-9A-Z]{1,12}$/)),
    personClass: optional(fc.stringMatching(/^[0-9]{1,12}$/)),
    enrolment: optional(fc.constantFrom('0', '1', '2', '3', '4')),
    businessTypes: optional(fc.array(digits(5), { minLength: 1, maxLength: 16 })),
    maxPresentationAgeSeconds: optional(fc.integer({ min: 1, max: 86_400 })),
    paper: optional(fc.constant(true)),
  })
  .map((record) => JSON.parse(JSON.stringify(record)));

/** A credential that is carried as a zlib stream. */
const COMPRESSIBLE = { claims: { region: '370202', businessTypes: Array(16).fill('01101') } };

describe('properties', () => {
  test('round trip: whatever can be issued verifies to the same claims, masked', async () => {
    await fc.assert(
      fc.asyncProperty(claims, async (given) => {
        const result = await verify((await issue({ claims: given })).text);
        if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
        const { name, idNumber, ...rest } = result.credential.claims;
        const { name: fullName, idNumber: fullNumber, ...given_ } = given;
        expect(rest).toEqual(given_);
        expect(name).toBe(fullName && fullName[0] + '*'.repeat(fullName.length - 1));
        expect(idNumber).toBe(fullNumber && `*${fullNumber.slice(-4)}`);
      }),
    );
  });

  const anything = fc.record({
    issuer: fc.oneof(
      { arbitrary: fc.constant('370200'), weight: 3 },
      fc.string({ unit: 'grapheme', maxLength: 70 }).map(keepKnown),
    ),
    id: fc.uint8Array({ minLength: 8, maxLength: 8 }),
    expiresIn: fc.integer({ min: -5, max: 10 ** 9 }),
    startsIn: optional(fc.integer({ min: -5, max: 10 ** 9 })),
    status: optional(fc.record({ list: fc.nat(2 ** 32 - 1), index: fc.nat(2 ** 24) })),
    isBound: fc.boolean(),
    name: optional(
      fc.oneof(
        { arbitrary: fc.constant('张小明'), weight: 3 },
        fc.string({ unit: 'binary', maxLength: 70 }),
        fc.string({ unit: 'grapheme', maxLength: 20 }).map(keepKnown),
      ),
    ),
    idNumber: optional(
      fc.oneof(
        { arbitrary: fc.constant('370202196503120018'), weight: 2 },
        fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
      ),
    ),
  });

  test('whatever content is offered is refused with its reason, or comes back as it was issued', async () => {
    let issued = 0;
    await fc.assert(
      fc.asyncProperty(
        anything,
        async ({ issuer, id, expiresIn, startsIn, status: reference, isBound, name, idNumber }) => {
          const content: CredentialContent = {
            type: 'medical-insurance',
            issuer,
            id,
            expiresAt: after(expiresIn),
            claims: {
              region: '370202',
              ...(name !== undefined && { name }),
              ...(idNumber !== undefined && { idNumber }),
            },
            ...(startsIn !== undefined && { notBefore: after(startsIn) }),
            ...(reference && { status: reference }),
            ...(isBound && { holderKey: exportPublicKey(otherKey) }),
          };
          const result = await issueCredential(content, issuerKey, { currentDate: NOW }).catch(
            (error: unknown) => error,
          );
          if (result instanceof CredentialError) {
            expect(result.code).toBe('ERR_INVALID_CONTENT');
            return;
          }
          issued++;
          const { text } = result as { text: string };
          expect(peekCredential(text)).toMatchObject({
            ok: true,
            unverified: {
              issuer: issuer.normalize('NFC'),
              id: Buffer.from(id).toString('hex'),
              issuedAt: NOW,
              expiresAt: content.expiresAt,
              ...(content.notBefore && { notBefore: content.notBefore }),
              ...(reference && { status: reference }),
              ...(content.holderKey && { holderKey: content.holderKey }),
            },
          });
        },
      ),
      { numRuns: 1000 },
    );

    expect(issued).toBeGreaterThan(50);
  });

  test.each(['plain', 'compressed'])('no flip of any one bit of the %s message verifies', async (kind) => {
    const { bytes, text } = await issue(kind === 'compressed' ? COMPRESSIBLE : {});
    expect(text.startsWith('ZM1:') && decodeBase45(text, 4)[0] === (kind === 'compressed' ? 0x78 : 0xd2)).toBe(true);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect((await verify(flipped)).ok).toBe(false);
    }
  });

  test.each(['plain', 'compressed'])('no flip of any one bit of the %s text verifies', async (kind) => {
    const { text } = await issue(kind === 'compressed' ? COMPRESSIBLE : {});
    for (let at = 0; at < text.length; at++) {
      for (let bit = 0; bit < 7; bit++) {
        const flipped = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1);
        expect((await verify(flipped)).ok).toBe(false);
      }
    }
  });

  const mutation = fc.array(
    fc.record({ at: fc.nat(4000), value: fc.nat(255), kind: fc.constantFrom('set', 'cut', 'add') }),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  const mutate = (bytes: Uint8Array, steps: { at: number; value: number; kind: string }[]) => {
    const mutated = [...bytes];
    for (const { at, value, kind } of steps) {
      const index = at % mutated.length;
      if (kind === 'set') mutated[index] = value;
      else if (kind === 'cut') mutated.splice(index, 1 + (value % 8));
      else mutated.splice(index, 0, value);
    }
    return Uint8Array.from(mutated);
  };

  test('mutated messages, texts and lists never throw, and fail with a code of the table', async () => {
    const { bytes, text } = await issue();
    const trustBytes = await issueTrustList(trustContent(), rootKey, { currentDate: NOW });
    const statusBytes = await issueStatusList(statusContent(), issuerKey, { currentDate: NOW });
    await fc.assert(
      fc.asyncProperty(mutation, async (steps) => {
        const mutatedText = Buffer.from(mutate(Buffer.from(text), steps)).toString('latin1');
        for (const result of [
          await verify(mutate(bytes, steps)),
          await verify(mutatedText),
          peekCredential(mutatedText),
          await verifyTrustList(mutate(trustBytes, steps), ROOTS, { currentDate: NOW }),
          await verifyStatusList(mutate(statusBytes, steps), trust, { currentDate: NOW, uri: STATUS_URI }),
        ]) {
          if (!result.ok) expect(VERIFICATION_CODES).toContain(result.code);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('any bytes and any text at all never throw', async () => {
    const noise = fc.oneof(
      fc.string(),
      fc.string().map((text) => `ZM1:${text}`),
      fc.uint8Array({ maxLength: 400 }),
    );
    await fc.assert(
      fc.asyncProperty(noise, async (what) => {
        expect((await verify(what)).ok).toBe(false);
      }),
      { numRuns: 2000 },
    );
  });
});
