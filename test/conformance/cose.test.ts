import { createPublicKey, verify } from 'node:crypto';
import { expect, test } from 'vitest';
import { readIssuedHeader } from '../../packages/credential-core/src/cose/profile-header.ts';
import { decodeSign1, encodeSigStructure } from '../../packages/credential-core/src/cose/sign1.ts';
import { createEd25519Verifier } from '../../packages/credential-core/src/keys/ed25519-verify.ts';
import { CODE_LIMITS } from '../../packages/credential-core/src/limits.ts';
import { describeVectors, fromHex, listVectors, readVectors } from './vectors.ts';

interface CoseCase {
  title: string;
  fail?: boolean;
  input: {
    sign0: {
      key: { crv: string; x?: string; y?: string; x_hex?: string };
      external?: string;
      alg: string;
    };
  };
  intermediates: { ToBeSign_hex: string };
  output: { cbor: string };
}

/** The signature check of a case on our Sig_structure, with the case's own algorithm. */
async function accepts({ input, output }: CoseCase): Promise<boolean> {
  let message: ReturnType<typeof decodeSign1>;
  try {
    message = decodeSign1(fromHex(output.cbor), CODE_LIMITS);
  } catch {
    return false;
  }
  const { key, external = '', alg } = input.sign0;
  // RFC 9052 §4.4: an empty protected map is signed as an empty byte string, however it was spelled.
  const protectedBytes = message.protectedHeader.size === 0 ? new Uint8Array() : message.protectedBytes;
  const header = message.protectedHeader.get(1) ?? message.unprotectedHeader.get(1);
  if (header !== (alg === 'ES256' ? -7 : -8)) return false;
  const signed = encodeSigStructure(protectedBytes, message.payload, fromHex(external));
  if (alg === 'EdDSA') return createEd25519Verifier(fromHex(key.x_hex ?? ''))(signed, message.signature);
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: key.x, y: key.y } as never, format: 'jwk' });
  return verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, message.signature);
}

describeVectors('COSE_Sign1 against cose-wg/Examples', () => {
  const files = [...listVectors('cose/sign1-tests'), 'cose/eddsa-examples/eddsa-sig-01.json'];
  const cases = files.map((file) => [file.split('/').at(-1) as string, readVectors<CoseCase>(file)] as const);

  test.each(cases.filter(([, { fail }]) => fail))('%s fails', async (_, item) => {
    expect(await accepts(item)).toBe(false);
  });

  // pass-03 is the untagged message, which the format does not use.
  const passing = cases.filter(([, { fail }]) => !fail);
  test.each(passing.filter(([file]) => file !== 'sign-pass-03.json'))('%s passes', async (_, item) => {
    expect(await accepts(item)).toBe(true);
  });

  test('sign-pass-03.json, the untagged message, is refused', () => {
    const item = readVectors<CoseCase>('cose/sign1-tests/sign-pass-03.json');
    expect(() => decodeSign1(fromHex(item.output.cbor), CODE_LIMITS)).toThrow(
      expect.objectContaining({ code: 'malformed' }),
    );
  });

  test.each(passing)('%s: what is signed is what the case says', (file, item) => {
    const tagged = file === 'sign-pass-03.json' ? `d2${item.output.cbor}` : item.output.cbor;
    const { protectedHeader, protectedBytes, payload } = decodeSign1(fromHex(tagged), CODE_LIMITS);
    const header = protectedHeader.size === 0 ? new Uint8Array() : protectedBytes;
    const signed = encodeSigStructure(header, payload, fromHex(item.input.sign0.external ?? ''));
    expect(signed).toEqual(fromHex(item.intermediates.ToBeSign_hex));
  });

  test.each(cases)('%s is outside the format’s profile', (_, item) => {
    const read = () => readIssuedHeader(decodeSign1(fromHex(item.output.cbor), CODE_LIMITS));
    expect(read).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^(?:malformed|unsupported_algorithm)$/) }),
    );
  });
});
