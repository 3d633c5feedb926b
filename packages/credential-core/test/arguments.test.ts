import { describe, expect, test } from 'vitest';
import { commitIdNumber, maskIdNumber, maskName, matchesIdNumber } from '../src/codes.ts';
import {
  exportPublicKey,
  issueCredential,
  issueStatusList,
  issueTrustList,
  presentCredential,
  readQr,
  renderQr,
} from '../src/index.ts';
import {
  credentialContent,
  issue,
  issuerKey,
  NOW,
  otherKey,
  rootKey,
  statusContent,
  trustContent,
} from './fixtures.ts';

/** A caller's slip in plain JavaScript is told in words, not by what the code stumbled over. */
describe('a wrong argument is a TypeError that names it', () => {
  const at = { currentDate: NOW };
  const held = { ...credentialContent(), holderKey: exportPublicKey(otherKey) };
  const [issuer] = trustContent().issuers;
  const wrong = (value: unknown) => value as never;
  const bound = issue({ holderKey: exportPublicKey(otherKey) });

  test.each<[string, string, () => unknown]>([
    ['commitIdNumber', 'idNumber must be a string', () => commitIdNumber(wrong(5), '0102030405060708')],
    ['commitIdNumber', 'credentialId must be 16 hexadecimal digits', () => commitIdNumber('x', 'nonsense')],
    [
      'matchesIdNumber',
      'idNumber must be a string',
      () => matchesIdNumber({ id: '0102030405060708', claims: { idCommitment: '00' } }, wrong(undefined)),
    ],
    ['maskName', 'name must be a string', () => maskName(wrong(undefined))],
    ['maskIdNumber', 'idNumber must be a string', () => maskIdNumber(wrong(undefined), '0+4')],
    [
      'redact',
      'options.redact must be an array',
      () => issueCredential(held, issuerKey, { ...at, redact: wrong('name') }),
    ],
    ['masks', 'options.masks must be an object', () => issueCredential(held, issuerKey, { ...at, masks: wrong(null) })],
    [
      'issuers',
      'issuers must be an array',
      () => issueTrustList(wrong({ ...trustContent(), issuers: undefined }), rootKey, at),
    ],
    [
      'an issuer',
      'an issuer must be an object',
      () => issueTrustList(wrong({ ...trustContent(), issuers: [null] }), rootKey, at),
    ],
    [
      'keys of an issuer',
      "an issuer's keys must be an array",
      () => issueTrustList(wrong({ ...trustContent(), issuers: [{ ...issuer, keys: undefined }] }), rootKey, at),
    ],
    ['roots', 'roots must be an array', () => issueTrustList(wrong({ ...trustContent(), roots: 5 }), rootKey, at)],
    [
      'entries',
      'entries must be iterable',
      () => issueStatusList(wrong({ ...statusContent(), entries: undefined }), issuerKey, at),
    ],
    [
      'disclose',
      'options.disclose must be an array',
      async () => presentCredential((await bound).text, otherKey, { ...at, disclose: wrong('name') }),
    ],
    // What restricts must not be left out where it is given wrongly: the code would be good for more, or for ever.
    ['status', 'status must be an object', () => issueCredential(wrong({ ...held, status: null }), issuerKey, at)],
    ['status', 'status must be an object', () => issueCredential(wrong({ ...held, status: 0 }), issuerKey, at)],
    ['notBefore', 'notBefore must be a Date', () => issueCredential(wrong({ ...held, notBefore: 0 }), issuerKey, at)],
    ...(['notBefore', 'notAfter', 'compromisedSince'] as const).map((name): [string, string, () => unknown] => [
      `${name} of a key`,
      `${name} must be a Date`,
      () => {
        const keys = [{ ...issuer?.keys[0], [name]: null }];
        return issueTrustList(wrong({ ...trustContent(), issuers: [{ ...issuer, keys }] }), rootKey, at);
      },
    ]),
    ['readQr', 'image must be an object with data, width and height', () => readQr(wrong(null))],
    [
      'readQr, half a pixel',
      'data must hold four bytes a pixel',
      () => readQr({ data: new Uint8ClampedArray(6), width: 1.5, height: 1 }),
    ],
    ['renderQr', 'format must be svg, png or terminal', () => renderQr('x', wrong(undefined))],
  ])('%s: %s', async (_, message, call) => {
    await expect((async () => call())()).rejects.toEqual(new TypeError(message));
  });
});
