import { describe, expect, test } from 'vitest';
import type { CryptoRuntime } from '../src/keys/ed25519-runtime.ts';
import { createEd25519Signer } from '../src/keys/ed25519-sign.ts';
import { createEd25519Verifier } from '../src/keys/ed25519-verify.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'));

/** RFC 8032 §7.1: secret key, public key, message, signature. */
const RFC_8032 = [
  [
    '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60',
    'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
    '',
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  ],
  [
    '4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb',
    '3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
    '72',
    '92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
  ],
  [
    'c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7',
    'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
    'af82',
    '6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
  ],
].map((row) => row.map(bytes) as [Uint8Array, Uint8Array, Uint8Array, Uint8Array]);

/** Taming the many EdDSAs, table 1. */
const SMALL_ORDER = [
  '01'.padEnd(64, '0'),
  `${'01'.padEnd(62, '0')}80`,
  '00'.repeat(32),
  `${'00'.repeat(31)}80`,
  ...['ec', 'ed', 'ee'].flatMap((first) => [`${first}${'ff'.repeat(30)}7f`, `${first}${'ff'.repeat(31)}`]),
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
].map(bytes);

describe.each<CryptoRuntime>(['node', 'web', 'noble'])('Ed25519 on %s', (runtime) => {
  test.each(RFC_8032)('RFC 8032 §7.1', async (seed, publicKey, message, signature) => {
    const signer = await createEd25519Signer(seed, runtime);
    expect(signer.publicKey).toEqual(publicKey);
    expect(await signer.sign(message)).toEqual(signature);
    const verify = createEd25519Verifier(publicKey, runtime);
    expect(await verify(message, signature)).toBe(true);
    expect(await verify(new Uint8Array([...message, 0]), signature)).toBe(false);
  });

  const [, publicKey, message, signature] = RFC_8032[2] as (typeof RFC_8032)[number];

  test('a signature of a wrong length is false, not an exception', async () => {
    const verify = createEd25519Verifier(publicKey, runtime);
    for (const length of [0, 1, 32, 63, 65, 128]) {
      const wrong = new Uint8Array(length);
      wrong.set(signature.subarray(0, length));
      expect(await verify(message, wrong)).toBe(false);
    }
  });

  test('a key of a wrong length, or one that is no point, is false', async () => {
    const noPoint = new Uint8Array(32).fill(0x12);
    for (const key of [new Uint8Array(0), publicKey.subarray(0, 31), new Uint8Array([...publicKey, 0]), noPoint]) {
      expect(await createEd25519Verifier(key, runtime)(message, signature)).toBe(false);
    }
  });

  test('S + L is refused: a signature has one spelling', async () => {
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).reverse().toString('hex')}`) + order;
    const malleated = new Uint8Array(signature);
    malleated.set(Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse(), 32);
    expect(await createEd25519Verifier(publicKey, runtime)(message, malleated)).toBe(false);
  });

  test('no key of small order accepts the signature that fits any message', async () => {
    const forged = new Uint8Array(64);
    forged[0] = 1;
    expect(SMALL_ORDER).toHaveLength(14);
    for (const key of SMALL_ORDER) {
      for (const r of SMALL_ORDER) {
        forged.set(r);
        expect(await createEd25519Verifier(key, runtime)(message, forged)).toBe(false);
      }
    }
  });
});
