import { describe, expect, test } from 'vitest';
import {
  CREDENTIAL_TYPES,
  type CredentialContent,
  CredentialError,
  exportPublicKey,
  FIELDS,
  generateIssuerKey,
  importIssuerKey,
  issueCredential,
  isValidIdNumber,
  maskIdNumber,
  maskName,
  peekCredential,
  presentCredential,
} from '../src/index.ts';
import { after, credentialContent, issue, issuerKey, NOW, otherKey } from './fixtures.ts';

const claims = credentialContent().claims;

describe('issuing', () => {
  test('takes 190 bytes at most with all default fields', async () => {
    const { bytes } = await issue();
    expect(bytes.length).toBeLessThanOrEqual(190);
  });

  test('signs the id that it gives back, whatever becomes of the caller’s bytes', async () => {
    const id = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    const pending = issue({ id });
    id.fill(9);
    const issued = await pending;
    expect(issued.id).toBe('0102030405060708');
    expect(peekCredential(issued.text)).toMatchObject({ unverified: { id: issued.id } });
  });

  test('gives each credential a random id', async () => {
    const { id: _, ...content } = credentialContent();
    const ids = new Set<string>();
    for (let i = 0; i < 20; i++) ids.add((await issueCredential(content, issuerKey, { currentDate: NOW })).id);
    expect(ids.size).toBe(20);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{16}$/);
  });

  test.each([
    [undefined, '欧***', '*002X'],
    [{ name: 'full' }, '欧阳明月', '*002X'],
    [{ idNumber: '6+4' }, '欧***', '110105*002X'],
    [{ idNumber: '3+4' }, '欧***', '110*002X'],
    [{ idNumber: '1+1' }, '欧***', '1*X'],
  ] as const)('masks before it signs: %j', async (masks, name, idNumber) => {
    const options = { currentDate: NOW, ...(masks && { masks }) };
    const { text } = await issueCredential(credentialContent(), issuerKey, options);
    expect(peekCredential(text)).toMatchObject({ unverified: { claims: { name, idNumber } } });
  });

  test.each<[string, Partial<CredentialContent>]>([
    ['an ID number with a wrong check digit', { claims: { ...claims, idNumber: '110105194912310021' } }],
    ['an ID number with a birth date that does not exist', { claims: { ...claims, idNumber: '110105194902300020' } }],
    ['a document number too short to mask', { claims: { ...claims, idNumber: 'E12345' } }],
    ['a region of five digits', { claims: { ...claims, region: '37020' } }],
    ['a region that is missing', { claims: { ...claims, region: undefined as never } }],
    ['a business type of four digits', { claims: { ...claims, businessTypes: ['1101'] } }],
    ['a claim that is not in the table', { claims: { ...claims, phone: '13800000000' } as never }],
    ['a type that is not in the registry', { type: 'passport' as never }],
    ['an end before the beginning', { expiresAt: after(-1) }],
    ['an end within the same second', { expiresAt: after(0.5) }],
    ['an id of seven bytes', { id: new Uint8Array(7) }],
    ['a status index outside every list', { status: { list: 1, index: 2 ** 24 } }],
    ['an issuer without a name', { issuer: '' }],
    ['an issuer that begins with a byte order mark', { issuer: '\ufeff370200' }],
    ['a name that begins with a picture', { claims: { ...credentialContent().claims, name: '😀明' } }],
    ['an issuer that grows beyond 64 characters in NFC', { issuer: '\u0958'.repeat(64) }],
    ['half a character', { claims: { ...claims, name: '\ud842x' } }],
    ['a key that is no COSE_Key', { holderKey: new Uint8Array(32) }],
  ])('refuses %s, and its message holds no value', async (_, change) => {
    const error = await issue(change).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CredentialError);
    expect(error).toMatchObject({ code: 'ERR_INVALID_CONTENT' });
    expect((error as Error).message).not.toMatch(/1101|3702|1380|E12|欧/);
  });

  test('a region and a document without table are passed through', async () => {
    const change = { claims: { ...claims, scheme: '9A1', personClass: '1401', idNumber: 'H12345678' } };
    const peeked = peekCredential((await issue(change)).text);
    expect(peeked).toMatchObject({ unverified: { claims: { scheme: '9A1', personClass: '1401', idNumber: '*5678' } } });
  });

  test.each<[string, () => Promise<unknown>]>([
    ['no content', () => issueCredential(null as never, issuerKey, { currentDate: NOW })],
    ['no key', () => issueCredential(credentialContent(), undefined as never, { currentDate: NOW })],
    ['no clock', () => issueCredential(credentialContent(), issuerKey, {} as never)],
    ['an expiry that is no Date', () => issue({ expiresAt: 1 as never })],
    ['a seed that is no bytes', () => importIssuerKey('secret' as never)],
    ['an id that is no bytes', () => issue({ id: [1, 2, 3, 4, 5, 6, 7, 8] as never })],
    ['an issuer that is no text', () => issue({ issuer: 370_200 as never })],
    ['a holder key that is no bytes', () => issue({ holderKey: 'x' as never })],
    [
      'a mask that there is not',
      () => issueCredential(credentialContent(), issuerKey, { currentDate: NOW, masks: { idNumber: '0+0' as never } }),
    ],
  ])('%s is a TypeError', async (_, act) => {
    await expect(act()).rejects.toThrow(TypeError);
  });

  test('a code that cheap cameras cannot read is not issued unless asked for; what goes to a device may be larger', async () => {
    const name = Array.from({ length: 64 }, (_, i) => String.fromCodePoint(0x4e00 + i * 97)).join('');
    const issuer = Array.from({ length: 64 }, (_, i) => String.fromCodePoint(0x5e00 + i * 61)).join('');
    const businessTypes = Array.from({ length: 16 }, (_, i) => String(10_000 + i * 771));
    const content = credentialContent({ issuer, claims: { ...claims, name, businessTypes } });
    const options = { currentDate: NOW, masks: { name: 'full' } } as const;
    await expect(issueCredential(content, issuerKey, options)).rejects.toMatchObject({ code: 'ERR_QR_CAPACITY' });
    const asked = await issueCredential(content, issuerKey, { ...options, maxVersion: 22 });
    expect(asked.bytes.length).toBeGreaterThan(541);
    expect(peekCredential(asked.text)).toMatchObject({ ok: true, unverified: { issuer } });
    const bound = await issueCredential({ ...content, holderKey: exportPublicKey(issuerKey) }, issuerKey, options);
    expect(bound.bytes.length).toBeGreaterThan(541);
    const present = { currentDate: NOW };
    await expect(presentCredential(bound.text, issuerKey, present)).rejects.toMatchObject({ code: 'ERR_QR_CAPACITY' });
    const shown = await presentCredential(bound.text, issuerKey, { ...present, maxVersion: 25 });
    expect(peekCredential(shown.text)).toMatchObject({ ok: true, unverified: { issuer } });
  });

  test('a content too large for a code is refused', async () => {
    const name = Array.from({ length: 64 }, (_, i) => String.fromCodePoint(0x4e00 + i * 97)).join('');
    await expect(issue({ claims: { ...claims, name } })).resolves.toMatchObject({ text: expect.any(String) });
    await expect(issue({ claims: { ...claims, name: `${name}长` } })).rejects.toMatchObject({
      code: 'ERR_INVALID_CONTENT',
    });
  });
});

test('the table of fields is not changed by who reads it', () => {
  for (const row of [...FIELDS, ...CREDENTIAL_TYPES]) {
    expect(() => Object.assign(row, { name: 'another', masks: {} })).toThrow(TypeError);
  }
  expect(() => (FIELDS as unknown[]).push({})).toThrow(TypeError);
});

test('a name that changes while it is read is masked all the same', async () => {
  const changing = (values: unknown[]) => {
    let at = 0;
    return () => values[Math.min(at++, values.length - 1)];
  };
  const delegate = { relation: '2', name: '李明珠' };
  const [early, late] = [changing([delegate, 'no delegate']), changing([7, '李明珠'])];
  for (const given of [
    Object.defineProperty({ ...claims }, 'delegate', { get: early, enumerable: true }),
    { ...claims, delegate: Object.defineProperty({ relation: '2' }, 'name', { get: late, enumerable: true }) },
  ]) {
    const issued = await issue({ claims: given as never, holderKey: exportPublicKey(otherKey) }).catch(() => undefined);
    const peeked = issued && peekCredential(issued.text);
    expect(JSON.stringify(peeked ?? '')).not.toContain('李明珠');
  }
});

describe('a signer elsewhere', () => {
  test.each([
    ['a signature of 70 bytes', { sign: async () => new Uint8Array(70) }],
    ['a signature that is no bytes', { sign: async () => 'x' as never }],
    ['a signature by another key', { sign: otherKey.sign }],
    ['a kid of 3 bytes', { kid: new Uint8Array(3) }],
  ])('with %s is told at once', async (_, wrong) => {
    await expect(issue({}, { ...issuerKey, ...wrong })).rejects.toMatchObject({ code: 'ERR_INVALID_KEY' });
  });

  test('that failed is no better the next time, and one that cannot sign says so itself', async () => {
    const lying = { ...issuerKey, sign: otherKey.sign };
    for (let i = 0; i < 2; i++) await expect(issue({}, lying)).rejects.toMatchObject({ code: 'ERR_INVALID_KEY' });
    const away = { ...issuerKey, sign: async () => Promise.reject(new Error('the HSM is away')) };
    await expect(issue({}, away)).rejects.toThrow(new Error('the HSM is away'));
  });
});

describe('keys', () => {
  test('keep a copy of their own: a wiped buffer does not break them', async () => {
    const seed = Buffer.alloc(32, 9);
    const pending = importIssuerKey(seed);
    seed.fill(0);
    const key = await pending;
    expect(key.exportSeed()).toEqual(new Uint8Array(32).fill(9));
    key.exportSeed().fill(0);
    const { text } = await issue({ claims: { region: '370202' } }, key);
    expect(peekCredential(text)).toMatchObject({ ok: true });
    const again = await importIssuerKey(new Uint8Array(32).fill(9));
    expect(await key.sign(new Uint8Array(3))).toEqual(await again.sign(new Uint8Array(3)));
  });

  test('are new each time, and come back from their seed', async () => {
    const [a, b] = await Promise.all([generateIssuerKey(), generateIssuerKey()]);
    expect(a.publicKey).not.toEqual(b.publicKey);
    const again = await importIssuerKey(a.exportSeed());
    expect(again.publicKey).toEqual(a.publicKey);
    expect(again.kid).toEqual(a.kid);
    expect(JSON.stringify(a)).not.toContain(Buffer.from(a.exportSeed()).toString('hex'));
  });

  test('a seed of a wrong length is refused', async () => {
    await expect(importIssuerKey(new Uint8Array(31))).rejects.toMatchObject({ code: 'ERR_INVALID_KEY' });
  });
});

describe('what contradicts itself is not issued', () => {
  const holderKey = exportPublicKey(issuerKey);
  const delegate = { name: '李明珠', relation: '2' };
  test.each<[string, object]>([
    ['a delegate without a device', { claims: { ...claims, delegate } }],
    ['a paper code with a device', { holderKey, claims: { ...claims, paper: true } }],
    ['leave to delegate without a device', { claims: { ...claims, delegable: true } }],
    ['leave for a delegate to delegate', { holderKey, claims: { ...claims, delegate, delegable: true } }],
    ['an ID number with a space before it', { claims: { ...claims, idNumber: ' 110105194912310021' } }],
    ['a name that shows nothing', { claims: { ...claims, name: '\u3164\u3164' } }],
    ['a name of spaces', { claims: { ...claims, name: '   ' } }],
  ])('%s', async (_, change) => {
    await expect(issue(change)).rejects.toMatchObject({ code: 'ERR_INVALID_CONTENT' });
  });
});

describe('masks', () => {
  test('count characters, not UTF-16 units', () => {
    expect(maskName('张')).toBe('张');
    expect(maskName('张伟')).toBe('张*');
    expect(maskName('𠮷野家')).toBe('𠮷**');
  });

  test('count a letter and its accent as the one character that they are', async () => {
    const { text } = await issue({ claims: { ...claims, name: 'E\u0301clair' } });
    expect(peekCredential(text)).toMatchObject({ unverified: { claims: { name: '\u00c9*****' } } });
  });

  test('fold a check character in lowercase', async () => {
    const { text } = await issue({ claims: { ...claims, idNumber: '11010519491231002x' } });
    expect(peekCredential(text)).toMatchObject({ unverified: { claims: { idNumber: '*002X' } } });
  });

  test.each([
    ['0+4', '*002X'],
    ['6+4', '110105*002X'],
    ['3+4', '110*002X'],
    ['1+1', '1*X'],
  ] as const)('%s', (mask, masked) => expect(maskIdNumber('11010519491231002X', mask)).toBe(masked));

  test('GB 11643: the check character and the birth date are checked', () => {
    expect(isValidIdNumber('11010519491231002X')).toBe(true);
    expect(isValidIdNumber('440524188001010014')).toBe(true);
    for (const wrong of ['110105194912310020', '11010519491231002x', '11010519491331002X', '1101051949123100', '']) {
      expect(isValidIdNumber(wrong)).toBe(false);
    }
  });
});
