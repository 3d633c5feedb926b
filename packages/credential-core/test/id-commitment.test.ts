import { scryptSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { commitIdNumber, matchesIdNumber } from '../src/codes.ts';
import { issueCredential, verifyCredential } from '../src/index.ts';
import { credentialContent, issuerKey, NOW, trustList } from './fixtures.ts';

const NUMBER = '11010519491231002X';

test('a typed number is checked offline against what the issuer committed to', async () => {
  const { text } = await issueCredential(credentialContent(), issuerKey, { currentDate: NOW, commitIdNumber: true });
  const result = await verifyCredential(text, await trustList(), { currentDate: NOW, status: 'not_checked' });
  if (!result.ok) throw new Error(result.code);
  expect(result.credential.claims.idNumber).toBe('*002X');
  expect(await matchesIdNumber(result.credential, ` ${NUMBER.toLowerCase()} `)).toBe(true);
  expect(await matchesIdNumber(result.credential, '110105194912310038')).toBe(false);
});

test('no credential carries a commitment unless asked to, and one is bound to its credential', async () => {
  const { text } = await issueCredential(credentialContent(), issuerKey, { currentDate: NOW });
  const result = await verifyCredential(text, await trustList(), { currentDate: NOW, status: 'not_checked' });
  if (!result.ok) throw new Error(result.code);
  expect(result.credential.claims).not.toHaveProperty('idCommitment');
  expect(await matchesIdNumber(result.credential, NUMBER)).toBeUndefined();
  expect(await commitIdNumber(NUMBER, '0102030405060708')).not.toBe(await commitIdNumber(NUMBER, '0102030405060709'));
});

test('it is scrypt, as node:crypto computes it', async () => {
  const expected = scryptSync(NUMBER, 'zhengma:0102030405060708', 16, { N: 2 ** 15, r: 8, p: 1, maxmem: 2 ** 26 });
  expect(await commitIdNumber(NUMBER, '0102030405060708')).toBe(expected.toString('hex'));
});

test('without a number there is nothing to commit to', async () => {
  const content = credentialContent({ claims: { region: '370202' } });
  await expect(issueCredential(content, issuerKey, { currentDate: NOW, commitIdNumber: true })).rejects.toMatchObject({
    code: 'ERR_INVALID_CONTENT',
  });
});
