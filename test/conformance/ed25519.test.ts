import { expect, test } from 'vitest';
import type { CryptoRuntime } from '../../packages/credential-core/src/keys/ed25519-runtime.ts';
import { createEd25519Verifier } from '../../packages/credential-core/src/keys/ed25519-verify.ts';
import { describeVectors, fromHex, readVectors } from './vectors.ts';

interface Wycheproof {
  numberOfTests: number;
  testGroups: { publicKey: { pk: string }; tests: { msg: string; sig: string; result: 'valid' | 'invalid' }[] }[];
}

interface SpeccheckCase {
  message: string;
  pub_key: string;
  signature: string;
}

const RUNTIMES: CryptoRuntime[] = ['node', 'web', 'noble'];

describeVectors('Ed25519 against public vectors', () => {
  test.each(RUNTIMES)('Wycheproof, all 151 cases on %s', async (runtime) => {
    const { testGroups, numberOfTests } = readVectors<Wycheproof>('ed25519/ed25519_test.json');
    let agreed = 0;
    for (const { publicKey, tests } of testGroups) {
      const verify = createEd25519Verifier(fromHex(publicKey.pk), runtime);
      for (const { msg, sig, result } of tests) {
        if ((await verify(fromHex(msg), fromHex(sig))) === (result === 'valid')) agreed++;
      }
    }
    expect([agreed, numberOfTests]).toEqual([151, 151]);
  });

  test.each(RUNTIMES)('speccheck, only number 3 of the 12 cases is accepted on %s', async (runtime) => {
    const cases = readVectors<SpeccheckCase[]>('ed25519/speccheck/cases.json');
    expect(cases).toHaveLength(12);
    const accepted: number[] = [];
    for (const [number, { message, pub_key, signature }] of cases.entries()) {
      const verify = createEd25519Verifier(fromHex(pub_key), runtime);
      if (await verify(fromHex(message), fromHex(signature))) accepted.push(number);
    }
    expect(accepted).toEqual([3]);
  });
});
