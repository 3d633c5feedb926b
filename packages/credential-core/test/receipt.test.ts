import { describe, expect, test } from 'vitest';
import { type CborValue, decodeCbor } from '../src/cbor/decode.ts';
import { encodeCbor } from '../src/cbor/encode.ts';
import { signIssued } from '../src/cose/profile-header.ts';
import { decodeSign1 } from '../src/cose/sign1.ts';
import { exportPublicKey, issueReceipt, issueTrustList, type ReceiptContent, verifyReceipt } from '../src/index.ts';
import { CODE_LIMITS } from '../src/limits.ts';
import { RECEIPT_TYPE } from '../src/receipt/receipt.ts';
import { after, ISSUER, issue, NOW, otherKey, issuerKey as receiptKey, STATUS_URI, trustContent } from './fixtures.ts';

const at = { currentDate: NOW };
const KEYS = [exportPublicKey(otherKey), exportPublicKey(receiptKey)];
const refused = (code: string) => expect.objectContaining({ ok: false, code });
const wrongContent = expect.objectContaining({ name: 'CredentialError', code: 'ERR_INVALID_CONTENT' });

const CONTENT: ReceiptContent = {
  issuer: ISSUER,
  organisation: 'H37020000001',
  operator: '3f0c1b5e-8f5a-4f0e-9f5e-0c1b5e8f5a4f',
  outcome: 'valid',
  businessType: '01301',
  credential: { issuer: ISSUER, id: '0102030405060708' },
  bearer: false,
  delegated: true,
  replayKey: 'ab'.repeat(32),
  trustListSequence: 7,
  statusList: { uri: STATUS_URI, issuedAt: NOW },
};

const { businessType: _, statusList: __, ...BARE } = CONTENT;

function issueWith(change: object = {}) {
  return issueReceipt({ ...CONTENT, ...change }, receiptKey, at);
}

/** The payload of a good receipt, changed, and signed by the same key. */
async function forge(
  change: (claims: Map<number, CborValue>, map: Map<number, CborValue>) => void,
  typ = RECEIPT_TYPE,
) {
  const { payload } = decodeSign1((await issueWith()).bytes, CODE_LIMITS);
  const claims = new Map(decodeCbor(payload, CODE_LIMITS) as ReadonlyMap<number, CborValue>);
  const map = new Map(claims.get(-65_539) as ReadonlyMap<number, CborValue>);
  claims.set(-65_539, map);
  change(claims, map);
  return signIssued(encodeCbor(claims), receiptKey, { typ });
}

describe('a receipt', () => {
  test('comes back with what was signed, and an id of its own', async () => {
    const [first, second] = [await issueWith(), await issueWith()];
    expect(first.id).toMatch(/^[0-9a-f]{32}$/);
    expect(second.id).not.toBe(first.id);
    expect(await verifyReceipt(first.bytes, KEYS, at)).toEqual({
      ok: true,
      receipt: { ...CONTENT, id: first.id, issuedAt: NOW },
    });
  });

  test('of a credential without status, for no business', async () => {
    const content = { ...BARE, outcome: 'not_revocable' } as const;
    const { bytes, id } = await issueReceipt(content, receiptKey, at);
    expect(await verifyReceipt(bytes, KEYS, at)).toEqual({ ok: true, receipt: { ...content, id, issuedAt: NOW } });
  });

  test('keeps the zeros at the beginning of a businessType', async () => {
    for (const businessType of ['00000', '01101', '99999']) {
      const { bytes } = await issueWith({ businessType });
      expect(await verifyReceipt(bytes, KEYS, at)).toMatchObject({ ok: true, receipt: { businessType } });
    }
  });

  test('is good for ever, and not before its time', async () => {
    const { bytes } = await issueWith();
    expect(await verifyReceipt(bytes, KEYS, { currentDate: after(1e9) })).toMatchObject({ ok: true });
    expect(await verifyReceipt(bytes, KEYS, { currentDate: after(-60) })).toMatchObject({ ok: true });
    expect(await verifyReceipt(bytes, KEYS, { currentDate: after(-61) })).toEqual(refused('issued_in_future'));
  });

  test('is refused from a key that is not given, even under the kid of one that is', async () => {
    const { bytes } = await issueWith();
    expect(await verifyReceipt(bytes, [], at)).toEqual(refused('unknown_key'));
    expect(await verifyReceipt(bytes, [exportPublicKey(otherKey)], at)).toEqual(refused('unknown_key'));
    const forged = await issueReceipt(CONTENT, { ...otherKey, kid: receiptKey.kid }, at);
    expect(await verifyReceipt(forged.bytes, KEYS, at)).toEqual(refused('bad_signature'));
  });

  test('no other message of the same key passes for it', async () => {
    const list = await issueTrustList(trustContent(), receiptKey, at);
    for (const bytes of [list, (await issue()).bytes, await forge(() => {}, 'application/zhengma-trust-list+cwt')]) {
      expect(await verifyReceipt(bytes, KEYS, at)).toEqual(refused('malformed'));
    }
  });

  test('with any bit flipped is refused', async () => {
    const { bytes } = await issueWith();
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect((await verifyReceipt(flipped, KEYS, at)).ok, `bit ${bit}`).toBe(false);
    }
  });

  test('cut short, lengthened or too large is refused', async () => {
    const { bytes } = await issueWith();
    for (let length = 0; length < bytes.length; length++) {
      expect(await verifyReceipt(bytes.subarray(0, length), KEYS, at)).toEqual(refused('malformed'));
    }
    expect(await verifyReceipt(Uint8Array.of(...bytes, 0), KEYS, at)).toEqual(refused('malformed'));
    expect(await verifyReceipt(Uint8Array.of(0xd2, ...new Uint8Array(20_000)), KEYS, at)).toEqual(refused('too_large'));
  });

  test('is read whole before anybody else can write to its buffer', async () => {
    const bytes = Uint8Array.from((await issueWith()).bytes);
    const pending = verifyReceipt(bytes, KEYS, at);
    bytes.fill(0);
    expect(await pending).toMatchObject({ ok: true, receipt: { organisation: 'H37020000001' } });
  });
});

const LONG = 'x'.repeat(65);
const HIDDEN = 'a\u202eb';

describe('every field has its form', () => {
  test.each<[string, Parameters<typeof forge>[0]]>([
    ['an unknown claim', (claims) => claims.set(4, 1)],
    ['no iss', (claims) => claims.delete(1)],
    ['an empty iss', (claims) => claims.set(1, '')],
    ['an iat that is no time', (claims) => claims.set(6, 'now')],
    ['an iat beyond the year 9999', (claims) => claims.set(6, 253_402_300_800)],
    ['a short cti', (claims) => claims.set(7, new Uint8Array(15))],
    ['no map', (claims) => claims.set(-65_539, [])],
    ['an unknown field', (_claims, map) => map.set(10, true)],
    ['an outcome that is not known', (_claims, map) => map.set(0, 'revoked')],
    ['no organisation', (_claims, map) => map.delete(1)],
    ['an organisation of 65 characters', (_claims, map) => map.set(1, LONG)],
    ['an operator that turns the text around', (_claims, map) => map.set(2, HIDDEN)],
    ['a credential without cti', (_claims, map) => map.set(3, [ISSUER])],
    ['a credential of three', (_claims, map) => map.set(3, [ISSUER, new Uint8Array(8), 1])],
    ['a cti of 7 bytes', (_claims, map) => map.set(3, [ISSUER, new Uint8Array(7)])],
    ['bearer 1', (_claims, map) => map.set(4, 1)],
    ['no word on delegation', (_claims, map) => map.delete(5)],
    ['a replay key as text', (_claims, map) => map.set(6, 'ab'.repeat(32))],
    ['a negative sequence', (_claims, map) => map.set(7, -1)],
    ['a valid status that no list told', (_claims, map) => map.delete(8)],
    ['a status list of one that has none', (_claims, map) => map.set(0, 'not_revocable')],
    ['a status list without its time', (_claims, map) => map.set(8, [STATUS_URI])],
    ['a status list of three', (_claims, map) => map.set(8, [STATUS_URI, 1, 1])],
    ['a status list that is no web address', (_claims, map) => map.set(8, ['file:///1', 1])],
    ['a status list without a number', (_claims, map) => map.set(8, ['https://lists.example/status', 1])],
    ['a businessType of six digits', (_claims, map) => map.set(9, 100_000)],
    ['a businessType as text', (_claims, map) => map.set(9, '01301')],
  ])('%s is malformed', async (_, change) => {
    expect(await verifyReceipt(await forge(change), KEYS, at)).toEqual(refused('malformed'));
  });

  test.each<[string, object]>([
    ['an organisation that nobody can print', { organisation: 'a\nb' }],
    ['an empty operator', { operator: '' }],
    ['an outcome that is none', { outcome: 'revoked' }],
    ['a businessType of four digits', { businessType: '1301' }],
    ['a cti in capitals', { credential: { issuer: ISSUER, id: '01020304050607AB' } }],
    ['a short replay key', { replayKey: 'ab' }],
    ['half a sequence', { trustListSequence: 1.5 }],
    ['a valid status without its list', { statusList: undefined }],
  ])('%s is not issued', async (_, change) => {
    await expect(issueWith(change)).rejects.toEqual(wrongContent);
  });

  test('what has a wrong type is a mistake of the caller', async () => {
    const { bytes } = await issueWith();
    await expect(issueWith({ bearer: undefined })).rejects.toThrow(TypeError);
    await expect(issueWith({ replayKey: 7 })).rejects.toThrow(TypeError);
    await expect(issueWith({ credential: null })).rejects.toThrow(TypeError);
    await expect(issueReceipt(CONTENT, receiptKey, {} as never)).rejects.toThrow(TypeError);
    await expect(verifyReceipt('x' as never, KEYS, at)).rejects.toThrow(TypeError);
    await expect(verifyReceipt(bytes, KEYS[0] as never, at)).rejects.toThrow(TypeError);
    await expect(verifyReceipt(bytes, ['x' as never], at)).rejects.toThrow(TypeError);
    await expect(verifyReceipt(bytes, KEYS, {} as never)).rejects.toThrow(TypeError);
    await expect(verifyReceipt(bytes, [new Uint8Array(3)], at)).rejects.toEqual(
      expect.objectContaining({ name: 'CredentialError', code: 'ERR_INVALID_KEY' }),
    );
  });
});
