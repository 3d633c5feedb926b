import { expect, test } from 'vitest';
import { verifyCwt } from '../../packages/credential-core/src/profiles/cwt.ts';
import { importKeySet } from '../../packages/credential-core/src/profiles/key-set.ts';
import { verifyTokenStatusList } from '../../packages/credential-core/src/profiles/token-status-list.ts';
import { describeVectors, fromHex, readVectorText } from './vectors.ts';

/** The public half of the key that the draft's examples are signed with (its repository, src/util.py). */
const EXAMPLE_KEY = {
  kty: 'EC',
  crv: 'P-256',
  alg: 'ES256',
  x: 'I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo',
  y: '6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M',
};
const keys = importKeySet([{ kid: new TextEncoder().encode('12'), jwk: EXAMPLE_KEY }]);

const uri = 'https://example.com/statuslists/1';
const currentDate = new Date('2026-11-22T00:00:00Z');

describeVectors('a CWT that refers to a Token Status List: the examples of the draft', () => {
  const token = fromHex(readVectorText('token-status-list/referenced_token_cwt.md'));
  const listBytes = fromHex(readVectorText('token-status-list/status_list_cwt.md'));

  test('the token verifies and names its list', async () => {
    expect(await verifyCwt(token, keys, { currentDate, status: 'not_checked' })).toMatchObject({
      ok: true,
      status: 'not_checked',
      subject: '12345',
      issuedAt: new Date('2023-06-16T12:56:10Z'),
      statusReference: { uri, index: 0 },
    });
  });

  test('the list verifies and holds the 16 values of the draft', async () => {
    const result = await verifyTokenStatusList(listBytes, keys, { currentDate, uri });
    expect(result).toMatchObject({ ok: true, list: { uri, size: 16 } });
    if (!result.ok) return;
    const values = Array.from({ length: 16 }, (_, index) => (result.list.get(index) === 'revoked' ? 1 : 0));
    expect(values.join('')).toBe('1001110111000101');
    expect(result.list.get(16)).toBe('unknown');
  });

  test('index 0 is 1 in that list, so the token is revoked', async () => {
    const result = await verifyTokenStatusList(listBytes, keys, { currentDate, uri });
    if (!result.ok) throw new Error(result.code);
    const status = new Map([[uri, result.list]]);
    expect(await verifyCwt(token, keys, { currentDate, status })).toMatchObject({ ok: false, code: 'revoked' });
  });

  test('a list says nothing about tokens before it is verified by a trusted key', async () => {
    expect(await verifyTokenStatusList(listBytes, importKeySet([]), { currentDate, uri })).toMatchObject({
      ok: false,
      code: 'unknown_key',
    });
  });
});
