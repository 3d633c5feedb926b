import { beforeAll, describe, expect, test } from 'vitest';
import type { CborValue } from '../src/cbor/decode.ts';
import { encodeCbor } from '../src/cbor/encode.ts';
import { CLAIM, CONTENT_FORMAT } from '../src/cose/headers.ts';
import { signBound } from '../src/cose/profile-header.ts';
import { decodeSign1, embedSign1 } from '../src/cose/sign1.ts';
import { DELEGATION_TYPE } from '../src/credential/delegation.ts';
import { writeConfirmation } from '../src/credential/payload.ts';
import {
  type CredentialContent,
  CredentialError,
  type DelegateOptions,
  delegateCredential,
  exportPublicKey,
  importIssuerKey,
  type MedicalInsuranceClaims,
  peekCredential,
  presentCredential,
  type Signer,
  type StatusList,
  type TrustList,
  type VerifyOptions,
  verifyCredential,
} from '../src/index.ts';
import { createPublicKey } from '../src/keys/cose-key.ts';
import { CODE_LIMITS } from '../src/limits.ts';
import { after, credentialContent, issue, LIST_INDEX, NOW, statusLists, trustList } from './fixtures.ts';

const holder = await importIssuerKey(new Uint8Array(32).fill(7));
const daughter = await importIssuerKey(new Uint8Array(32).fill(8));
const stranger = await importIssuerKey(new Uint8Array(32).fill(9));
const delegate = { name: '李明珠', relation: '2' };

let trust: TrustList;
let status: Map<string, StatusList>;

beforeAll(async () => {
  trust = await trustList();
  status = await statusLists(trust);
});

function verify(what: string | Uint8Array, options: Partial<VerifyOptions> = {}) {
  return verifyCredential(what, trust, { currentDate: NOW, status, ...options });
}

const issueTo = (key: Signer, claims: Partial<MedicalInsuranceClaims>, change: Partial<CredentialContent> = {}) =>
  issue({ holderKey: exportPublicKey(key), claims: { ...credentialContent().claims, ...claims }, ...change });

const present = async (what: string | Uint8Array, key: Signer = daughter) =>
  (await presentCredential(what, key, { currentDate: NOW })).text;

const refused = (code: string, check: string) => ({ ok: false, code, conclusive: true, checks: { [check]: 'failed' } });

describe('granted by the issuer', () => {
  test('the delegate’s device presents, and the verdict names both people and the relation', async () => {
    const { bytes } = await issueTo(daughter, { delegate, businessTypes: ['01302'] });
    expect(await verify(await present(bytes))).toMatchObject({
      ok: true,
      bearer: false,
      credential: { claims: { name: '欧***', delegate: { name: '李**', relation: '2' } } },
      delegate: {
        name: '李**',
        relation: '2',
        grantedBy: 'issuer',
        expiresAt: after(3600),
        businessTypes: ['01302'],
      },
    });
  });

  test('within its scope only', async () => {
    const { bytes } = await issueTo(daughter, { delegate, businessTypes: ['01302'] });
    const result = await verify(await present(bytes), { businessType: '01301' });
    expect(result).toMatchObject(refused('business_not_allowed', 'purpose'));
  });

  test('a code of one’s own names no delegate', async () => {
    const result = await verify(await present((await issueTo(daughter, {})).bytes));
    expect(result).toMatchObject({ ok: true });
    expect(result).not.toHaveProperty('delegate');
  });

  test.each([
    ['without relation', { name: '李明珠' }],
    ['without name', { relation: '2' }],
    ['that is no person', '李明珠'],
  ])('a delegate %s is not issued', async (_, value) => {
    await expect(issueTo(daughter, { delegate: value as never })).rejects.toMatchObject({
      code: 'ERR_INVALID_CONTENT',
    });
  });
});

describe('granted by the holder', () => {
  const delegateTo = async (options: Partial<DelegateOptions> = {}, claims = {}, change = {}) =>
    delegateCredential((await issueTo(holder, { delegable: true, ...claims }, change)).bytes, holder, {
      currentDate: NOW,
      delegate,
      delegateKey: exportPublicKey(daughter),
      expiresAt: after(1800),
      ...options,
    });

  test('the delegate’s device presents, and the verdict names both people and the relation', async () => {
    const { text } = await delegateTo({ businessTypes: ['01301'] });
    expect(await verify(await present(text))).toMatchObject({
      ok: true,
      bearer: false,
      credential: { claims: { name: '欧***' } },
      delegate: {
        name: '李**',
        relation: '2',
        grantedBy: 'holder',
        expiresAt: after(1800),
        businessTypes: ['01301'],
      },
    });
  });

  test('may last as long as the credential, also where both were given the same odd millisecond', async () => {
    const odd = new Date(after(3600).getTime() + 789);
    const { text } = await delegateTo({ expiresAt: odd }, {}, { expiresAt: odd });
    expect(await verify(await present(text))).toMatchObject({ ok: true, delegate: { expiresAt: after(3600) } });
  });

  test('for what the delegation names; without that, for what the credential names', async () => {
    const narrow = await present((await delegateTo({ businessTypes: ['01301'] })).bytes);
    expect(await verify(narrow, { businessType: '01301' })).toMatchObject({ ok: true });
    expect(await verify(narrow, { businessType: '01101' })).toMatchObject(refused('business_not_allowed', 'purpose'));
    const wide = await present((await delegateTo()).bytes);
    expect(await verify(wide, { businessType: '01101' })).toMatchObject({
      ok: true,
      delegate: { businessTypes: ['01101', '01301'] },
    });
    expect(await verify(wide, { businessType: '01302' })).toMatchObject(refused('business_not_allowed', 'purpose'));
  });

  test('the delegate is not the holder: their presentations have other replay keys', async () => {
    const { text } = await issueTo(holder, { delegable: true });
    const lent = await delegateCredential(text, holder, {
      currentDate: NOW,
      delegate,
      delegateKey: exportPublicKey(daughter),
      expiresAt: after(1800),
    });
    const [own, delegated] = [await verify(await present(text, holder)), await verify(await present(lent.text))];
    if (!own.ok || !delegated.ok) throw new Error('both are good');
    expect(own.replay.key).not.toBe(delegated.replay.key);
  });

  test('shown bare it is a copy, and looked into it says whom it is for', async () => {
    const { text } = await delegateTo();
    expect(await verify(text)).toMatchObject(refused('not_presented', 'binding'));
    expect(peekCredential(text)).toMatchObject({
      ok: true,
      unverified: { delegation: { delegate: { name: '李**' }, delegateKey: exportPublicKey(daughter) } },
    });
  });

  test('revoked with its credential', async () => {
    const lists = await statusLists(trust, { entries: [[LIST_INDEX, 'revoked']] });
    const text = await present((await delegateTo()).text);
    expect(await verify(text, { status: lists })).toMatchObject(refused('revoked', 'status'));
  });

  test('ends before its credential', async () => {
    const { text } = await delegateTo();
    const last = await presentCredential(text, daughter, { currentDate: after(1799) });
    expect([last.renewAt, last.expiresAt]).toEqual([after(1800), after(1800)]);
    expect(await verify(last.text, { currentDate: after(1859) })).toMatchObject({ ok: true });
    const result = await verify(last.text, { currentDate: after(1860) });
    expect(result).toMatchObject(refused('delegation_expired', 'validity'));
    await expect(presentCredential(text, daughter, { currentDate: after(1800) })).rejects.toMatchObject({
      code: 'ERR_INVALID_CONTENT',
    });
  });

  test('lets nobody present outside its time, not even within the tolerance between clocks', async () => {
    const late = await presentForged({ presentedAt: after(1800) });
    expect(await verify(late, { currentDate: after(1800) })).toMatchObject(refused('presentation_expired', 'validity'));
    const early = await presentForged({ issuedAt: after(60), presentedAt: after(-1) });
    expect(await verify(early)).toMatchObject(refused('presentation_expired', 'validity'));
  });

  /** A delegation that our own functions would not make, presented by an app of the delegate's that asks nobody. */
  async function presentForged(
    {
      claims = {},
      expiresAt = after(1800),
      issuedAt = NOW,
      business,
      presentedAt = NOW,
    }: {
      claims?: object;
      expiresAt?: Date;
      issuedAt?: Date;
      business?: CborValue;
      presentedAt?: Date;
    },
    signer: Signer = holder,
  ) {
    const { bytes } = await issueTo(holder, { delegable: true, ...claims });
    const map = new Map<number, CborValue>([[10, ['李**', 2]]]);
    if (business) map.set(8, business);
    const payload = new Map<number, CborValue>([
      [CLAIM.exp, expiresAt.getTime() / 1000],
      [CLAIM.iat, issuedAt.getTime() / 1000],
      [CLAIM.cnf, writeConfirmation(createPublicKey(daughter))],
      [CLAIM.credential, map],
    ]);
    const inner = embedSign1(decodeSign1(bytes, CODE_LIMITS));
    const delegation = await signBound(encodeCbor(payload), signer, inner, DELEGATION_TYPE);
    const shown = new Map<number, CborValue>([
      [CLAIM.aud, '*'],
      [CLAIM.iat, presentedAt.getTime() / 1000],
    ]);
    const outer = embedSign1(decodeSign1(delegation, CODE_LIMITS));
    return signBound(encodeCbor(shown), daughter, outer, CONTENT_FORMAT.kbCwt);
  }

  test.each<[string, Parameters<typeof presentForged>, string, string]>([
    ['signed by a stranger', [{}, stranger], 'bad_delegation', 'binding'],
    ['signed by the delegate', [{}, daughter], 'bad_delegation', 'binding'],
    ['where the issuer does not allow it', [{ claims: { delegable: undefined } }], 'delegation_not_allowed', 'binding'],
    ['by a delegate', [{ claims: { delegable: undefined, delegate } }], 'delegation_not_allowed', 'binding'],
    ['beyond its credential’s time', [{ expiresAt: after(3601) }], 'delegation_not_allowed', 'binding'],
    ['beyond its credential’s scope', [{ business: [2121] }], 'delegation_not_allowed', 'binding'],
    ['of the future', [{ issuedAt: after(61) }], 'issued_in_future', 'validity'],
    [
      'that ended before its credential began',
      [{ issuedAt: after(-120), expiresAt: NOW }],
      'delegation_not_allowed',
      'binding',
    ],
    ['that ends before it begins', [{ expiresAt: NOW }], 'malformed', 'format'],
    ['for no business at all', [{ business: [] }], 'malformed', 'format'],
  ])('a delegation %s', async (_, args, code, check) => {
    expect(await verify(await presentForged(...args))).toMatchObject(refused(code, check));
  });

  test('of a delegation is malformed: the chain has one link', async () => {
    const inner = embedSign1(decodeSign1((await delegateTo()).bytes, CODE_LIMITS));
    const payload = new Map<number, CborValue>([
      [CLAIM.exp, after(60).getTime() / 1000],
      [CLAIM.iat, NOW.getTime() / 1000],
      [CLAIM.cnf, writeConfirmation(createPublicKey(stranger))],
      [CLAIM.credential, new Map<number, CborValue>([[10, ['王*', 9]]])],
    ]);
    const chain = await signBound(encodeCbor(payload), daughter, inner, DELEGATION_TYPE);
    expect(await verify(chain)).toMatchObject(refused('malformed', 'format'));
    const delegated = (await delegateTo()).bytes;
    await expect(
      delegateCredential(delegated, daughter, {
        currentDate: NOW,
        delegate,
        delegateKey: exportPublicKey(stranger),
        expiresAt: after(60),
      }),
    ).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
  });

  test.each<[string, Partial<DelegateOptions>, object, string]>([
    ['longer than the credential', { expiresAt: after(3601) }, {}, 'ERR_INVALID_CONTENT'],
    ['beyond its scope', { businessTypes: ['02121'] }, {}, 'ERR_INVALID_CONTENT'],
    ['that the issuer does not allow', {}, { delegable: undefined }, 'ERR_INVALID_CONTENT'],
    ['to no key', { delegateKey: new Uint8Array(3) }, {}, 'ERR_INVALID_CONTENT'],
    ['with a relation that is no code', { delegate: { name: '李', relation: '-' } }, {}, 'ERR_INVALID_CONTENT'],
  ])('making one %s throws', async (_, options, claims, code) => {
    await expect(delegateTo(options, claims)).rejects.toMatchObject({ code });
  });

  test('a delegate makes none: neither of the holder’s delegation nor of the issuer’s', async () => {
    const options = { currentDate: NOW, delegate, delegateKey: exportPublicKey(stranger), expiresAt: after(60) };
    const { bytes } = await delegateTo();
    await expect(delegateCredential(bytes, daughter, options)).rejects.toEqual(
      new CredentialError('ERR_INVALID_CONTENT', 'a delegate cannot delegate'),
    );
    const mediated = await issueTo(daughter, { delegate });
    await expect(delegateCredential(mediated.bytes, daughter, options)).rejects.toMatchObject({
      code: 'ERR_INVALID_CONTENT',
    });
  });

  test.each([[null], [0], [''], [false], [[]]])(
    'business that is given as %j restricts, or is refused: it never means any',
    async (value) => {
      await expect(delegateTo({ businessTypes: value as never })).rejects.toEqual(
        new CredentialError('ERR_INVALID_CONTENT', 'businessTypes has a wrong form'),
      );
    },
  );

  test.each([' \u200b李四', '李\u3164', ' ', '李'.repeat(65)])(
    'a name that cannot be read is not lent to, masked or not: %j',
    async (name) => {
      await expect(delegateTo({ delegate: { name, relation: '2' } })).rejects.toEqual(
        new CredentialError('ERR_INVALID_CONTENT', 'delegate.name has a wrong form'),
      );
    },
  );

  test('by somebody else than the holder throws', async () => {
    const { bytes } = await issueTo(daughter, { delegable: true });
    await expect(
      delegateCredential(bytes, holder, {
        currentDate: NOW,
        delegate,
        delegateKey: exportPublicKey(daughter),
        expiresAt: after(60),
      }),
    ).rejects.toMatchObject({ code: 'ERR_INVALID_KEY' });
  });
});
