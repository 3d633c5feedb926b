import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sm2 as library } from 'sm-crypto-v2';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  delegateCredential,
  exportPublicKey,
  importIssuerKey,
  issueReceipt,
  issueTrustList,
  presentCredential,
  type SignatureAlgorithm,
  type Signer,
  type TrustList,
  verifyCredential,
  verifyReceipt,
  verifyTrustList,
} from '../src/index.ts';
import { createIssuerKey, importSm2Key, sm2 } from '../src/sm2.ts';
import { after, issue, issuerKey, NOW, ROOTS, rootKey, trustContent } from './fixtures.ts';

const at = { currentDate: NOW };
const key = importSm2Key(new Uint8Array(32).fill(5));
const issuer = createIssuerKey(key);
const order = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

async function trustSm2(options = {}, keys = [exportPublicKey(issuer)]): Promise<TrustList> {
  const content = trustContent({ keys: keys.map((publicKey) => ({ publicKey })) });
  const result = await verifyTrustList(await issueTrustList(content, issuer, at), [exportPublicKey(issuer)], {
    ...at,
    ...options,
  });
  if (!result.ok) throw new Error(result.code);
  return result.list;
}

const verify = async (text: string, trust: TrustList) =>
  verifyCredential(text, trust, { ...at, status: 'not_checked' });

const compress = ({ publicKey }: Signer) =>
  Uint8Array.of(2 + ((publicKey[64] as number) & 1), ...publicKey.subarray(1, 33));

describe('SM2 brought along', () => {
  test('roots, issuers and devices sign with it', async () => {
    const trust = await trustSm2({ algorithms: [sm2] });
    expect(await verify((await issue({}, issuer)).text, trust)).toMatchObject({ ok: true, bearer: true });
    const { bytes } = await issue({ holderKey: exportPublicKey(key) }, issuer);
    const { text } = await presentCredential(bytes, key, at);
    expect(await verify(text, trust)).toMatchObject({ ok: true, bearer: false });
  });

  test('receipts are signed and checked with it', async () => {
    const content = {
      issuer: 'counter',
      organisation: 'H37020000001',
      operator: 'someone',
      outcome: 'not_revocable',
      credential: { issuer: '370200', id: '0102030405060708' },
      bearer: true,
      delegated: false,
      replayKey: 'ab'.repeat(32),
      trustListSequence: 1,
    } as const;
    const { bytes } = await issueReceipt(content, issuer, at);
    const keys = [exportPublicKey(issuer)];
    expect(await verifyReceipt(bytes, keys, { ...at, algorithms: [sm2] })).toMatchObject({ ok: true });
    expect(await verifyReceipt(bytes, keys, at)).toMatchObject({ ok: false, code: 'unsupported_algorithm' });
    const spoiled = bytes.slice();
    spoiled[spoiled.length - 1] = (spoiled.at(-1) as number) ^ 1;
    expect(await verifyReceipt(spoiled, keys, { ...at, algorithms: [sm2] })).toMatchObject({ code: 'bad_signature' });
    const wrong = verifyReceipt(bytes, keys, { ...at, algorithms: sm2 as never });
    await expect(wrong).rejects.toThrow(new TypeError('options.algorithms must be an array of algorithms'));
    const nothing = verifyReceipt(bytes, keys, { ...at, algorithms: [null as never] });
    await expect(nothing).rejects.toThrow(new TypeError('options.algorithms must be an array of algorithms'));
  });

  test('a changed signature, or one by another key, is a bad one', async () => {
    const trust = await trustSm2({ algorithms: [sm2] });
    const other = importSm2Key(new Uint8Array(32).fill(6));
    const forged = await issue({}, { ...issuer, sign: other.sign });
    expect(await verify(forged.text, trust)).toMatchObject({ ok: false, code: 'bad_signature' });
  });

  test('an algorithm that answers with something else than true has not found the signature good', async () => {
    const lenient = { name: 'SM2', createVerifier: () => async () => 'no' as never } as const;
    const content = trustContent({ keys: [{ publicKey: exportPublicKey(issuer) }] });
    const trust = await verifyTrustList(await issueTrustList(content, rootKey, at), ROOTS, {
      ...at,
      algorithms: [lenient],
    });
    if (!trust.ok) throw new Error(trust.code);
    const { text } = await issue({}, issuer);
    expect(await verify(text, trust.list)).toMatchObject({ ok: false, code: 'bad_signature' });
  });

  test('a header that names another algorithm than the key has is a bad signature', async () => {
    const trust = await trustSm2({ algorithms: [sm2] });
    const named = await issue({}, { ...issuerKey, kid: issuer.kid });
    expect(await verify(named.text, trust)).toMatchObject({ ok: false, code: 'bad_signature' });
  });
});

describe('how many signatures a code has checked', () => {
  let checked = 0;
  const counting: SignatureAlgorithm = {
    name: 'SM2',
    createVerifier(publicKey) {
      const check = sm2.createVerifier(publicKey);
      return (message, signature) => {
        checked++;
        return check(message, signature);
      };
    },
  };
  const [holder, delegate] = [6, 7].map((seed) => importSm2Key(new Uint8Array(32).fill(seed))) as [Signer, Signer];
  const bad = (signer: Signer): Signer => ({ ...signer, sign: async () => new Uint8Array(64).fill(1) });

  async function makeCodes(issuerKey = issuer, holderKey = holder, delegateKey = delegate) {
    const claims = { region: '370202', delegable: true } as const;
    const bound = await issue({ claims, holderKey: exportPublicKey(holder) }, issuerKey);
    const lent = await delegateCredential(bound.bytes, holderKey, {
      ...at,
      delegate: { name: '李明珠', relation: '2' },
      delegateKey: exportPublicKey(delegate),
      expiresAt: after(60),
    });
    return {
      paper: (await issue({}, issuerKey)).text,
      presentation: (await presentCredential(bound.bytes, holderKey, at)).text,
      chain: (await presentCredential(lent.bytes, delegateKey, { ...at, maxVersion: 40 })).text,
    };
  }

  /** Time is bounded by this, wherever a signature is checked: three, whatever a code says. */
  test('as many as it carries, which is three at most, and none after the first that is bad', async () => {
    const trust = await trustSm2({ algorithms: [counting] });
    const count = async (text: string) => {
      checked = 0;
      const result = await verify(text, trust);
      return [checked, result.ok ? 'ok' : result.code];
    };
    const good = await makeCodes();
    expect(await count(good.paper)).toEqual([1, 'ok']);
    expect(await count(good.presentation)).toEqual([2, 'ok']);
    expect(await count(good.chain)).toEqual([3, 'ok']);

    const forged = await makeCodes({ ...issuer, sign: bad(issuer).sign });
    expect(await count(forged.paper)).toEqual([1, 'bad_signature']);
    expect(await count(forged.chain)).toEqual([1, 'bad_signature']);
    const copied = await makeCodes(issuer, bad(holder));
    expect(await count(copied.presentation)).toEqual([2, 'bad_presentation']);
    expect(await count(copied.chain)).toEqual([2, 'bad_delegation']);
    expect(await count((await makeCodes(issuer, holder, bad(delegate))).chain)).toEqual([3, 'bad_presentation']);

    expect(await count((await issue({}, { ...issuer, kid: new Uint8Array(8) })).text)).toEqual([0, 'unknown_key']);
    expect(await count((await issue({}, { ...issuerKey, kid: issuer.kid })).text)).toEqual([0, 'bad_signature']);
    expect(await count('ZM1:0')).toEqual([0, 'malformed']);
  });
});

describe('SM2 not brought along', () => {
  test('a list may name such keys; what they sign cannot be checked, the rest can', async () => {
    const content = trustContent({
      keys: [exportPublicKey(issuer), exportPublicKey(issuerKey)].map((publicKey) => ({ publicKey })),
    });
    const root = await importIssuerKey(new Uint8Array(32).fill(1));
    const result = await verifyTrustList(await issueTrustList(content, root, at), [exportPublicKey(root)], at);
    if (!result.ok) throw new Error(result.code);
    expect(await verify((await issue({}, issuer)).text, result.list)).toMatchObject({
      ok: false,
      code: 'unsupported_algorithm',
      checks: { signature: 'failed' },
    });
    expect(await verify((await issue()).text, result.list)).toMatchObject({ ok: true });
    const { bytes } = await issue({ holderKey: exportPublicKey(key) });
    const { text } = await presentCredential(bytes, key, at);
    expect(await verify(text, result.list)).toMatchObject({ ok: false, code: 'unsupported_algorithm' });
  });

  test('a root of it does not verify its list', async () => {
    await expect(trustSm2()).rejects.toThrow('unsupported_algorithm');
  });
});

describe('signatures', () => {
  const message = new TextEncoder().encode('医保');
  const check = sm2.createVerifier(compress(key));

  test('are r‖s with 1 ≤ r, s < n, and nothing else passes', async () => {
    const signature = await key.sign(message);
    expect(signature).toHaveLength(64);
    expect(await check(message, signature)).toBe(true);
    expect(await check(message.subarray(1), signature)).toBe(false);
    expect(await check(message, signature.subarray(1))).toBe(false);
    for (let bit = 0; bit < 512; bit += 37) {
      const flipped = signature.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(await check(message, flipped)).toBe(false);
    }
    for (const half of [0, 32]) {
      const value = BigInt(`0x${Buffer.from(signature.subarray(half, half + 32)).toString('hex')}`);
      for (const wrong of [0n, order, value + order]) {
        const other = signature.slice();
        other.set(Buffer.from((wrong & ((1n << 256n) - 1n)).toString(16).padStart(64, '0'), 'hex'), half);
        expect(await check(message, other)).toBe(false);
      }
    }
  });

  test('are judged as the library does that signs and hashes', async () => {
    const options = { hash: true, der: false, userId: '1234567812345678' };
    for (let seed = 1; seed <= 20; seed++) {
      const signer = importSm2Key(new Uint8Array(32).fill(seed * 7));
      const own = sm2.createVerifier(compress(signer));
      const publicKey = Buffer.from(signer.publicKey).toString('hex');
      const text = new Uint8Array(seed * 5).fill(seed);
      const signature = await signer.sign(text);
      for (const [at, flip] of [
        [0, 0],
        [31, 1],
        [32, 64],
        [63, 255],
      ] as const) {
        const changed = signature.map((byte, index) => (index === at ? byte ^ flip : byte));
        const theirs = library.doVerifySignature(text, Buffer.from(changed).toString('hex'), publicKey, options);
        expect(await own(text, changed)).toBe(theirs);
        expect(theirs).toBe(flip === 0);
      }
    }
  });

  test('of what is no point of the curve are never good', async () => {
    const check = sm2.createVerifier(new Uint8Array(33).fill(255));
    expect(await check(message, await key.sign(message))).toBe(false);
  });

  test.each([
    ['too short', new Uint8Array(31).fill(1)],
    ['zero', new Uint8Array(32)],
    ['n − 1', Uint8Array.from(Buffer.from((order - 1n).toString(16), 'hex'))],
  ])('a private key that is %s is refused', (_, secret) => {
    expect(() => importSm2Key(secret)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_KEY' }));
  });
});

/** LibreSSL answers to the same name and has no SM2. */
const openSsl = (() => {
  try {
    return /^OpenSSL [3-9]/.test(execFileSync('openssl', ['version'], { encoding: 'utf8' }));
  } catch {
    return false;
  }
})();

describe.skipIf(!openSsl)('the OpenSSL command line', () => {
  const message = Buffer.from('电子医保凭证 SM2 互通');
  let folder: string;
  const openssl = (...args: string[]) =>
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const identity = ['-pkeyopt', 'distid:1234567812345678'];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'sm2-'));
    writeFileSync(join(folder, 'message'), message);
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:SM2', '-outform', 'DER', '-out', 'key.der');
    openssl('pkey', '-inform', 'DER', '-in', 'key.der', '-pubout', '-outform', 'DER', '-out', 'public.der');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** The 32 secret bytes stand after the octet string head `04 20` in the key's ECPrivateKey. */
  const readSecret = () => {
    const der = readFileSync(join(folder, 'key.der'));
    const start = der.indexOf(Buffer.from([0x02, 0x01, 0x01, 0x04, 0x20])) + 5;
    return Uint8Array.from(der.subarray(start, start + 32));
  };

  test('accepts our signature and gives ours one to accept', async () => {
    const signer = importSm2Key(readSecret());
    const publicDer = readFileSync(join(folder, 'public.der'));
    expect(Buffer.from(signer.publicKey)).toEqual(publicDer.subarray(-65));

    writeFileSync(join(folder, 'ours'), toDer(await signer.sign(message)));
    const verified = openssl(
      ...['pkeyutl', '-verify', '-pubin', '-keyform', 'DER', '-inkey', 'public.der', '-rawin', '-digest', 'sm3'],
      ...identity,
      ...['-in', 'message', '-sigfile', 'ours'],
    );
    expect(verified.toString()).toContain('Signature Verified Successfully');

    openssl(
      ...['pkeyutl', '-sign', '-keyform', 'DER', '-inkey', 'key.der', '-rawin', '-digest', 'sm3'],
      ...identity,
      ...['-in', 'message', '-out', 'theirs'],
    );
    const check = sm2.createVerifier(compress(signer));
    expect(await check(message, fromDer(readFileSync(join(folder, 'theirs'))))).toBe(true);
    expect(await check(Buffer.from('another message'), fromDer(readFileSync(join(folder, 'theirs'))))).toBe(false);
  });

  test('with another identity they are strangers', async () => {
    openssl(
      ...['pkeyutl', '-sign', '-keyform', 'DER', '-inkey', 'key.der', '-rawin', '-digest', 'sm3'],
      ...['-pkeyopt', 'distid:somebody else', '-in', 'message', '-out', 'other'],
    );
    const check = sm2.createVerifier(compress(importSm2Key(readSecret())));
    expect(await check(message, fromDer(readFileSync(join(folder, 'other'))))).toBe(false);
  });
});

function toDer(signature: Uint8Array): Buffer {
  const parts = Buffer.concat([signature.subarray(0, 32), signature.subarray(32)].map(toDerInteger));
  return Buffer.concat([Buffer.of(0x30, parts.length), parts]);
}

function toDerInteger(bytes: Uint8Array): Buffer {
  const start = Math.min(
    bytes.findIndex((byte) => byte !== 0),
    31,
  );
  const value = Buffer.concat([Buffer.alloc((bytes[start] as number) > 127 ? 1 : 0), bytes.subarray(start)]);
  return Buffer.concat([Buffer.of(2, value.length), value]);
}

function fromDer(der: Buffer): Uint8Array {
  const signature = new Uint8Array(64);
  let offset = 2;
  for (const end of [32, 64]) {
    const length = der[offset + 1] as number;
    const value = der.subarray(offset + 2, offset + 2 + length);
    const bare = value[0] === 0 ? value.subarray(1) : value;
    signature.set(bare, end - bare.length);
    offset += 2 + length;
  }
  return signature;
}
