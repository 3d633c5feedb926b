import { describe, expect, test } from 'vitest';
import type { CryptoRuntime } from '../src/keys/ed25519-runtime.ts';
import { createEcdsaVerifier, createP256Verifier } from '../src/keys/p256-verify.ts';

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

/** RFC 6979 §A.2.5: the public key, and the signature of "sample" with SHA-256. */
const PUBLIC_KEY = bytes(
  '04 60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6 7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299',
);
const MESSAGE = new TextEncoder().encode('sample');
const SIGNATURE = bytes(
  'efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716 f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8',
);

const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const toBytes = (value: bigint) => bytes(value.toString(16).padStart(64, '0'));
const toNumber = (part: Uint8Array) => BigInt(`0x${Buffer.from(part).toString('hex')}`);
const join = (...parts: Uint8Array[]) => Uint8Array.from(Buffer.concat(parts));

test('a file of the library that does not arrive is asked for again at the next signature', async () => {
  let asked = 0;
  const curve = {
    name: 'P-256',
    bytes: 32,
    loadJavaScript: async () => {
      if (++asked === 1) throw new TypeError('Failed to fetch');
      return import('../src/keys/p256-javascript.ts');
    },
  };
  const verify = createEcdsaVerifier(curve, PUBLIC_KEY, 'noble');
  await expect(verify(MESSAGE, SIGNATURE)).rejects.toThrow('Failed to fetch');
  expect(await verify(MESSAGE, SIGNATURE)).toBe(true);
  expect(await verify(MESSAGE, SIGNATURE)).toBe(true);
  expect(asked).toBe(2);
});

describe.each<CryptoRuntime>(['node', 'web', 'noble'])('ES256 on %s', (runtime) => {
  const verify = createP256Verifier(PUBLIC_KEY, runtime);
  const r = toNumber(SIGNATURE.subarray(0, 32));
  const s = toNumber(SIGNATURE.subarray(32));

  test('RFC 6979 §A.2.5', async () => {
    expect(await verify(MESSAGE, SIGNATURE)).toBe(true);
    expect(await verify(new TextEncoder().encode('test'), SIGNATURE)).toBe(false);
  });

  test('both s and n - s are accepted, as COSE asks for neither', async () => {
    expect(await verify(MESSAGE, join(toBytes(r), toBytes(N - s)))).toBe(true);
  });

  test('r and s outside 1 to n - 1 are refused', async () => {
    const numbers: [bigint, bigint][] = [
      [0n, s],
      [r, 0n],
      [0n, 0n],
      [N, s],
      [r, N],
      [r + N, s].map((value) => value % 2n ** 256n) as [bigint, bigint],
      [2n ** 256n - 1n, 2n ** 256n - 1n],
    ];
    for (const [a, b] of numbers) expect(await verify(MESSAGE, join(toBytes(a), toBytes(b)))).toBe(false);
  });

  test('a signature of a wrong length is false, not an exception', async () => {
    for (const length of [0, 1, 63, 65, 72]) {
      const wrong = new Uint8Array(length);
      wrong.set(SIGNATURE.subarray(0, length));
      expect(await verify(MESSAGE, wrong)).toBe(false);
    }
  });

  test('what is no point of the curve in 65 bytes checks nothing', async () => {
    const keys = [
      new Uint8Array(),
      PUBLIC_KEY.subarray(0, 64),
      join(PUBLIC_KEY, bytes('00')),
      // compressed, hybrid and infinite points
      join(bytes('03'), PUBLIC_KEY.subarray(1, 33)),
      join(bytes('07'), PUBLIC_KEY.subarray(1)),
      new Uint8Array(65),
      join(bytes('04'), new Uint8Array(64)),
      join(PUBLIC_KEY.subarray(0, 64), bytes('00')),
    ];
    for (const key of keys) expect(await createP256Verifier(key, runtime)(MESSAGE, SIGNATURE)).toBe(false);
  });
});
