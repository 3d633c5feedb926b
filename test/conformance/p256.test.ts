import { expect, test } from 'vitest';
import type { CryptoRuntime } from '../../packages/credential-core/src/keys/ed25519-runtime.ts';
import { createP256Verifier } from '../../packages/credential-core/src/keys/p256-verify.ts';
import { describeVectors, fromHex, readVectors } from './vectors.ts';

interface Wycheproof {
  numberOfTests: number;
  testGroups: {
    publicKey: { uncompressed: string };
    tests: { msg: string; sig: string; result: 'valid' | 'invalid' | 'acceptable' }[];
  }[];
}

describeVectors('ES256 against public vectors', () => {
  test.each<CryptoRuntime>(['node', 'web', 'noble'])('Wycheproof, all 262 cases on %s', async (runtime) => {
    const { testGroups, numberOfTests } = readVectors<Wycheproof>('p256/ecdsa_secp256r1_sha256_p1363_test.json');
    let agreed = 0;
    for (const { publicKey, tests } of testGroups) {
      const verify = createP256Verifier(fromHex(publicKey.uncompressed), runtime);
      for (const { msg, sig, result } of tests) {
        if ((await verify(fromHex(msg), fromHex(sig))) === (result === 'valid')) agreed++;
      }
    }
    expect([agreed, numberOfTests]).toEqual([262, 262]);
  });
});
