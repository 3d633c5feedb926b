import { beforeAll, describe, expect, test } from 'vitest';
import { type CborMap, type CborValue, decodeCbor, REDACTED_CLAIM_KEYS } from '../src/cbor/decode.ts';
import { encodeCbor } from '../src/cbor/encode.ts';
import { CLAIM, CONTENT_FORMAT, HEADER } from '../src/cose/headers.ts';
import { signBound, signIssued } from '../src/cose/profile-header.ts';
import { decodeSign1, embedSign1, type Sign1 } from '../src/cose/sign1.ts';
import { redactClaims, writeDisclosures } from '../src/credential/disclosure.ts';
import {
  delegateCredential,
  exportPublicKey,
  type IssueCredentialOptions,
  importIssuerKey,
  issueCredential,
  peekCredential,
  presentCredential,
  type StatusList,
  type TrustList,
  verifyCredential,
} from '../src/index.ts';
import { CODE_LIMITS } from '../src/limits.ts';
import { after, credentialContent, issuerKey, NOW, statusLists, trustList } from './fixtures.ts';

const device = await importIssuerKey(new Uint8Array(32).fill(7));
const ALL = ['name', 'idNumber', 'scheme', 'personClass'] as const;

let trust: TrustList;
let status: Map<string, StatusList>;

beforeAll(async () => {
  trust = await trustList();
  status = await statusLists(trust);
});

const verify = (what: string | Uint8Array) => verifyCredential(what, trust, { currentDate: NOW, status });

const issueRedacted = (options: Partial<IssueCredentialOptions> = {}, change = {}) =>
  issueCredential(credentialContent({ holderKey: exportPublicKey(device), ...change }), issuerKey, {
    currentDate: NOW,
    redact: ALL,
    ...options,
  });

const present = async (what: Uint8Array, disclose?: readonly (typeof ALL)[number][]) =>
  (await presentCredential(what, device, { currentDate: NOW, ...(disclose && { disclose }) })).text;

describe('redacted claims', () => {
  test('are not shown unless the holder discloses them', async () => {
    const { bytes } = await issueRedacted();
    const result = await verify(await present(bytes));
    expect(result).toMatchObject({ ok: true, credential: { undisclosed: 4, withheld: [...ALL, 'assistance'] } });
    expect(result.credential?.claims).toEqual({
      region: '370202',
      enrolment: '1',
      businessTypes: ['01101', '01301'],
    });
  });

  test('are shown as they were signed when disclosed, and the rest is counted', async () => {
    const { bytes } = await issueRedacted();
    expect(await verify(await present(bytes, ['name', 'scheme']))).toMatchObject({
      ok: true,
      credential: {
        undisclosed: 2,
        withheld: ['idNumber', 'personClass', 'assistance'],
        claims: { name: '欧***', scheme: '310' },
      },
    });
    expect(await verify(await present(bytes, [...ALL]))).toMatchObject({
      ok: true,
      credential: { undisclosed: 0, withheld: [], claims: { idNumber: '*002X', personClass: '11' } },
    });
  });

  test('the assistance is one of them', async () => {
    const claims = { ...credentialContent().claims, assistance: '2304' };
    const { bytes } = await issueRedacted({ redact: ['assistance'] }, { claims });
    const hidden = await verify(await present(bytes));
    expect(hidden).toMatchObject({ ok: true, credential: { undisclosed: 1, withheld: ['assistance'] } });
    expect(hidden.credential?.claims).not.toHaveProperty('assistance');
    const shown = (await presentCredential(bytes, device, { currentDate: NOW, disclose: ['assistance'] })).text;
    expect(await verify(shown)).toMatchObject({ ok: true, credential: { claims: { assistance: '2304' } } });
  });

  test('leave no trace in the code', async () => {
    const { bytes } = await issueRedacted({ redact: ['name'] });
    const shown = Buffer.from((await presentCredential(bytes, device, { currentDate: NOW })).bytes);
    expect(shown.includes(Buffer.from('欧'))).toBe(false);
    expect(Buffer.from(bytes).includes(Buffer.from('欧'))).toBe(true);
  });

  test('decoys look like claims, and are never shown', async () => {
    const { bytes } = await issueRedacted({ redact: ['name'], decoys: 3 });
    expect(await verify(await present(bytes, ['name']))).toMatchObject({
      ok: true,
      credential: { undisclosed: 3, withheld: ['assistance'], claims: { name: '欧***', scheme: '310' } },
    });
    expect(await verify(await present((await issueRedacted({ redact: [], decoys: 2 })).bytes))).toMatchObject({
      ok: true,
      credential: { undisclosed: 2 },
    });
  });

  test('the holder’s own page sees all of them, and which they are', async () => {
    const { text } = await issueRedacted({ decoys: 2 });
    expect(peekCredential(text)).toMatchObject({
      ok: true,
      unverified: { redacted: ALL, undisclosed: 0, claims: { name: '欧***', idNumber: '*002X' } },
    });
    const some = await issueRedacted({ redact: ['personClass', 'name'] });
    expect(peekCredential(some.bytes)).toMatchObject({ ok: true, unverified: { redacted: ['name', 'personClass'] } });
    const none = await issueRedacted({ redact: [], decoys: 2 });
    expect(peekCredential(none.bytes)).toMatchObject({ ok: true, unverified: { redacted: [], undisclosed: 0 } });
  });

  test('a look into a presentation tells what is shown of them, and counts the rest', async () => {
    const { bytes } = await issueRedacted({ decoys: 1 });
    for (const disclose of [[], ['scheme'], ALL] as const) {
      const shown = await presentCredential(bytes, device, { currentDate: NOW, disclose, maxVersion: 40 });
      expect(peekCredential(shown.text)).toMatchObject({
        ok: true,
        unverified: { redacted: disclose, undisclosed: 5 - disclose.length },
      });
    }
  });

  test('a delegation discloses what the holder chose', async () => {
    const daughter = await importIssuerKey(new Uint8Array(32).fill(8));
    const claims = { ...credentialContent().claims, delegable: true as const };
    const { bytes } = await issueRedacted({}, { claims });
    const lent = await delegateCredential(bytes, device, {
      currentDate: NOW,
      delegate: { name: '李明珠', relation: '2' },
      delegateKey: exportPublicKey(daughter),
      expiresAt: after(60),
      disclose: ['name'],
    });
    const { text } = await presentCredential(lent.bytes, daughter, { currentDate: NOW, maxVersion: 20 });
    expect(await verify(text)).toMatchObject({ ok: true, credential: { undisclosed: 3, claims: { name: '欧***' } } });
  });

  test('without redaction nothing is counted', async () => {
    const { bytes } = await issueRedacted({ redact: [] });
    const text = await present(bytes);
    const result = await verify(text);
    expect(result).toMatchObject({ ok: true });
    expect(result.credential).not.toHaveProperty('undisclosed');
    expect(result.credential).not.toHaveProperty('withheld');
    for (const looked of [peekCredential(bytes), peekCredential(text)]) {
      expect(looked).toMatchObject({ ok: true });
      expect(looked).not.toHaveProperty('unverified.redacted');
      expect(looked).not.toHaveProperty('unverified.undisclosed');
    }
  });
});

describe('what a hostile holder tries', () => {
  /** A presentation by the right device around a credential whose unprotected header was replaced. */
  async function presentWith(message: Sign1, unprotected: CborMap) {
    const payload = new Map<number, CborValue>([
      [CLAIM.aud, '*'],
      [CLAIM.iat, NOW.getTime() / 1000],
    ]);
    return verify(await signBound(encodeCbor(payload), device, embedSign1(message, unprotected), CONTENT_FORMAT.kbCwt));
  }

  const malformed = { ok: false, code: 'malformed', checks: { format: 'failed' } };
  const salt = new Uint8Array(16);

  test.each<[string, (held: readonly Uint8Array[]) => CborMap]>([
    ['a disclosure of his own', () => writeDisclosures([encodeCbor([salt, '王*', 2])])],
    ['one disclosure twice', ([first]) => writeDisclosures([first as Uint8Array, first as Uint8Array])],
    ['a restriction as a disclosure', () => writeDisclosures([encodeCbor([salt, [1301], 8])])],
    ['a disclosure with a short salt', () => writeDisclosures([encodeCbor([salt.subarray(1), '王*', 2])])],
    ['a disclosure of four parts', () => writeDisclosures([encodeCbor([salt, '王*', 2, 0])])],
    ['a disclosure of the region', () => writeDisclosures([encodeCbor([salt, 110101, 4])])],
    ['an empty list of disclosures', () => new Map([[HEADER.sdClaims, []]])],
    ['nine disclosures', ([first]) => writeDisclosures(Array(9).fill(first))],
    ['another unprotected header', (held) => new Map([...writeDisclosures(held), [99, 1]])],
    ['another unprotected header alone', () => new Map([[99, 1]])],
    ['disclosures that are no bytes', () => new Map([[HEADER.sdClaims, [1]]])],
  ])('%s', async (_, change) => {
    const message = decodeSign1((await issueRedacted()).bytes, CODE_LIMITS);
    const held = message.unprotectedHeader.get(HEADER.sdClaims) as Uint8Array[];
    expect(await presentWith(message, writeDisclosures(held))).toMatchObject({ ok: true });
    expect(await presentWith(message, change(held))).toMatchObject(malformed);
  });

  test('disclosures beside a credential without redaction', async () => {
    const message = decodeSign1((await issueRedacted({ redact: [] })).bytes, CODE_LIMITS);
    const disclosures = writeDisclosures([encodeCbor([salt, '王*', 2])]);
    expect(await presentWith(message, disclosures)).toMatchObject(malformed);
  });

  test('a redacted credential shown bare', async () => {
    expect(await verify((await issueRedacted()).bytes)).toMatchObject({ ok: false, code: 'not_presented' });
  });
});

describe('what an issuer signs wrongly is malformed', () => {
  /** A redacted credential whose map was changed before it was signed. */
  async function signMap(change: (map: Map<unknown, CborValue>, claims: Map<unknown, CborValue>) => void, typ = 293) {
    const message = decodeSign1((await issueRedacted()).bytes, CODE_LIMITS);
    const claims = decodeCbor(message.payload, CODE_LIMITS, { redactedClaimKeys: true }) as Map<unknown, CborValue>;
    change(claims.get(CLAIM.credential) as Map<unknown, CborValue>, claims);
    return signIssued(encodeCbor(claims as never), issuerKey, typ === 0 ? {} : { typ });
  }
  const hashes = (count: number, length = 32) =>
    Array.from({ length: count }, (_, i) => new Uint8Array(length).fill(i + 1));

  test.each<[string, Parameters<typeof signMap>]>([
    ['no redaction where it is announced', [(map) => map.delete(REDACTED_CLAIM_KEYS)]],
    ['redaction that is not announced', [() => {}, 0]],
    ['redaction in the top level', [(_, claims) => claims.set(REDACTED_CLAIM_KEYS, hashes(1))]],
    ['an empty redaction', [(map) => map.set(REDACTED_CLAIM_KEYS, [])]],
    ['nine hashes', [(map) => map.set(REDACTED_CLAIM_KEYS, hashes(9))]],
    ['a hash twice', [(map) => map.set(REDACTED_CLAIM_KEYS, [...hashes(1), ...hashes(1)])]],
    ['a short hash', [(map) => map.set(REDACTED_CLAIM_KEYS, hashes(1, 31))]],
    ['redaction without a device', [(_, claims) => claims.delete(CLAIM.cnf)]],
    ['another type', [() => {}, 292]],
  ])('%s', async (_, args) => {
    expect(await verify(await signMap(() => {}))).toMatchObject({ ok: false, code: 'not_presented' });
    expect(await verify(await signMap(...args))).toMatchObject({
      ok: false,
      code: 'malformed',
      checks: { format: 'failed' },
    });
  });

  test('a claim that stands in the open as well', async () => {
    const { map, disclosures } = redactClaims(new Map([[2, '欧***']]), [2], 0);
    const both = await signMap((open) => {
      open.set(2, '王*');
      open.set(REDACTED_CLAIM_KEYS, map.get(REDACTED_CLAIM_KEYS) as CborValue);
    });
    const payload = encodeCbor(
      new Map<number, CborValue>([
        [CLAIM.aud, '*'],
        [CLAIM.iat, NOW.getTime() / 1000],
      ]),
    );
    const inner = embedSign1(decodeSign1(both, CODE_LIMITS), writeDisclosures(disclosures));
    expect(await verify(await signBound(payload, device, inner, CONTENT_FORMAT.kbCwt))).toMatchObject({
      ok: false,
      code: 'malformed',
    });
  });
});

describe('a caller’s mistake', () => {
  test.each<[string, Partial<IssueCredentialOptions>, object]>([
    ['a restriction', { redact: ['businessTypes'] }, {}],
    ['a claim that is not there', { redact: ['name'] }, { claims: { region: '370202' } }],
    ['a claim twice', { redact: ['name', 'name'] }, {}],
    ['more hashes than a code holds', { decoys: 5 }, {}],
    ['a decoy and a half', { decoys: 1.5 }, {}],
    ['without a device', {}, { holderKey: undefined }],
  ])('redacting %s throws', async (_, options, change) => {
    await expect(issueRedacted(options, change)).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
  });

  test('disclosing what is not redacted throws', async () => {
    const { bytes } = await issueRedacted({ redact: ['name'] });
    await expect(present(bytes, ['scheme'])).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
  });
});
