// Forge an unsigned token-and-timestamp code in one line. Then try the same, and everything else, on a ZM1 code.
import { deflateSync } from 'node:zlib';
import {
  decodeQrText,
  delegateCredential,
  exportPublicKey,
  generateDeviceKey,
  generateIssuerKey,
  type IssuerKey,
  issueCredential,
  issueStatusList,
  issueTrustList,
  presentCredential,
  type Signer,
  type VerifyOptions,
  verifyCredential,
  verifyStatusList,
  verifyTrustList,
} from '@zhengma/credential-core';

// ---- The sketch that many halls begin with: whoever can read it can write it.
const sketch = 'medical://insurance?token=370202000001&timestamp=1795334400';
const forged = sketch.replace('370202000001', '370202000002').replace(/\d+$/, `${Math.floor(Date.now() / 1000)}`);
console.log('unsigned code forged:', forged.replace(/\d/g, '·'), '→ accepted by whoever trusts it\n');

// ---- A ZM1 code of a fictional person, and a desk that verifies it.
const currentDate = new Date();
const inHours = (hours: number) => new Date(currentDate.getTime() + hours * 3_600_000);
const [rootKey, cityKey, otherCityKey, forgerKey] = await Promise.all(Array.from({ length: 4 }, generateIssuerKey));
if (!rootKey || !cityKey || !otherCityKey || !forgerKey) throw new Error('four keys are needed');
const statusBaseUri = 'https://lists.example/status';
const city = (id: string, key: IssuerKey, regions: string[]) => ({
  id,
  name: `city ${id}`,
  keys: [{ publicKey: exportPublicKey(key) }],
  types: ['medical-insurance'],
  regions,
  statusBaseUri,
});
const cities = [city('370200', cityKey, ['3702']), city('110100', otherCityKey, ['1101'])];
const publishTrust = (sequence: number, issuers = cities, key: IssuerKey = rootKey) =>
  issueTrustList({ sequence, publisher: 'example root', expiresAt: inHours(24), issuers }, key, { currentDate });
const roots = [exportPublicKey(rootKey)];
const trusted = await verifyTrustList(await publishTrust(2), roots, { currentDate });
if (!trusted.ok) throw new Error(trusted.detail);
const trust = trusted.list;

const uri = `${statusBaseUri}/1`;
const publishStatus = (revoked: number[], key: IssuerKey, at: Date) =>
  issueStatusList(
    { issuer: '370200', uri, expiresAt: inHours(24), size: 8192, entries: revoked.map((index) => [index, 'revoked']) },
    key,
    { currentDate: at },
  );
const listed = await verifyStatusList(await publishStatus([13], cityKey, currentDate), trust, { currentDate, uri });
if (!listed.ok) throw new Error(listed.detail);
const status = new Map([[uri, listed.list]]);

const issue = (change: object, key: IssuerKey = cityKey, at = currentDate) =>
  issueCredential(
    {
      type: 'medical-insurance',
      issuer: '370200',
      expiresAt: inHours(1),
      status: { list: 1, index: 7 },
      claims: { name: '欧阳明月', idNumber: '11010519491231002X', region: '370202', scheme: '310' },
      ...change,
    },
    key,
    { currentDate: at },
  );
const genuine = await issue({});
const verify = async (code: string | Uint8Array) => {
  const verdict = await verifyCredential(code, trust, { currentDate, status });
  return verdict.ok ? 'ok' : verdict.code;
};
console.log('the genuine code                                →', await verify(genuine.text));

// ---- The attempts.
const opened = decodeQrText(genuine.text);
if (!opened.ok) throw new Error(opened.detail);
const original = opened.bytes;
const stranger = await issue({ claims: { name: '慕容清风', region: '370202' } });

/** The code with one run of its bytes exchanged for another of the same length. */
function exchange(from: Uint8Array, to: Uint8Array, bytes = original): Uint8Array {
  const at = Buffer.from(bytes).indexOf(from);
  if (at < 0 || from.length !== to.length) throw new Error('nothing to exchange');
  const copy = bytes.slice();
  copy.set(to, at);
  return copy;
}
const seconds = (date: Date) => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, Math.floor(date.getTime() / 1000));
  return bytes;
};
const utf8 = (text: string) => new TextEncoder().encode(text);

/** RFC 9285. */
function base45(bytes: Uint8Array): string {
  const digit = (value: number) => '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:'.charAt(value % 45);
  let text = '';
  for (let i = 0; i < bytes.length; i += 2) {
    const [high = 0, low] = bytes.subarray(i, i + 2);
    const value = low === undefined ? high : high * 256 + low;
    text += digit(value) + digit(Math.floor(value / 45)) + (low === undefined ? '' : digit(Math.floor(value / 2025)));
  }
  return text;
}
const sameSignature = (bytes: Uint8Array, from: Uint8Array) => {
  const copy = bytes.slice();
  copy.set(from.subarray(-64), copy.length - 64);
  return copy;
};

const attempts: [attempt: string, code: string | Uint8Array, expected: string][] = [
  ['the unsigned sketch', forged, 'not_zhengma'],
  ['another name', exchange(utf8('欧'), utf8('王')), 'bad_signature'],
  ['another last four digits', exchange(utf8('*002X'), utf8('*0038')), 'bad_signature'],
  ['a later expiry', exchange(seconds(inHours(1)), seconds(inHours(9000))), 'bad_signature'],
  ['a signature of zeros', original.fill.call(original.slice(), 0, -64), 'bad_signature'],
  ["another code's signature", sameSignature(original, stranger.bytes), 'bad_signature'],
  ['no signature', original.subarray(0, -64), 'malformed'],
  ['bytes added at the end', new Uint8Array([...original, 0]), 'malformed'],
  [
    'the algorithm exchanged for HMAC',
    exchange(Uint8Array.of(0xa2, 1, 0x32, 4), Uint8Array.of(0xa2, 1, 5, 4)),
    'unsupported_algorithm',
  ],
  ["the forger's own key", (await issue({}, forgerKey)).text, 'unknown_key'],
  [
    "the forger's key under the city's kid",
    (await issue({}, { ...forgerKey, kid: cityKey.kid })).text,
    'bad_signature',
  ],
  ['an issuer made up', (await issue({ issuer: '999999' }, forgerKey)).text, 'unknown_issuer'],
  ["another city's key for this city", (await issue({}, otherCityKey)).text, 'unknown_key'],
  [
    'a person of this city, signed by another',
    (await issue({ issuer: '110100' }, otherCityKey)).text,
    'region_not_allowed',
  ],
  ['yesterday’s code', (await issue({ expiresAt: inHours(-1) }, cityKey, inHours(-25))).text, 'expired'],
  ['a code from tomorrow', (await issue({ expiresAt: inHours(48) }, cityKey, inHours(24))).text, 'issued_in_future'],
  ['a revoked code', (await issue({ status: { list: 1, index: 13 } })).text, 'revoked'],
  [
    'a screenshot of a device-bound code',
    (await issue({ holderKey: exportPublicKey(forgerKey) })).text,
    'not_presented',
  ],
  ['a version made up', genuine.text.replace('ZM1', 'ZM9'), 'unsupported_version'],
  ['the text in lowercase', `ZM1:${genuine.text.slice(4).toLowerCase()}`, 'malformed'],
  ['a bomb: a megabyte in a few characters', `ZM1:${base45(deflateSync(new Uint8Array(2 ** 20)))}`, 'too_large'],
];
let stopped = 0;
for (const [attempt, code, expected] of attempts) {
  const verdict = await verify(code);
  console.log(`${attempt.padEnd(48)}→ ${verdict}${verdict === expected ? '' : `  (expected ${expected})`}`);
  if (verdict === expected) stopped++;
}

// ---- Codes that a phone shows: each presentation is signed by the phone's own key and is old after a minute.
const [phone, otherPhone] = await Promise.all([generateDeviceKey(), generateDeviceKey()]);
const bind = (businessTypes: string[], key: IssuerKey = cityKey) =>
  issue(
    {
      holderKey: exportPublicKey(phone),
      claims: { name: '欧阳明月', region: '370202', businessTypes, delegable: true },
    },
    key,
  );
const bound = await bind(['01101', '01302']);
const present = async (code: string | Uint8Array, key: Signer, options: object = {}) =>
  (await presentCredential(code, key, { currentDate, ...options })).text;
const lend = (code: string | Uint8Array, key: Signer, change: object = {}) => {
  const delegate = { name: '慕容清风', relation: '9' };
  const delegateKey = exportPublicKey(otherPhone);
  return delegateCredential(code, key, { currentDate, delegate, delegateKey, expiresAt: inHours(0.9), ...change });
};
const ask = async (code: string | Uint8Array, options: Partial<VerifyOptions> = {}) => {
  const verdict = await verifyCredential(code, trust, { currentDate, status, ...options });
  return verdict.ok ? 'ok' : verdict.code;
};

/** A device with this phone's public key that signs otherwise, but for the first time: the library looks at the first signature. */
async function corrupt(sign: Signer['sign']): Promise<Signer> {
  let isFirst = true;
  const signMessage: Signer['sign'] = (message) => (isFirst ? phone : { sign }).sign(message);
  const signer = { ...phone, sign: signMessage };
  await present(bound.text, signer);
  isFirst = false;
  return signer;
}

/** A device that gives out another's public key; what it signs, it signs itself. */
const thief = await corrupt((message) => otherPhone.sign(message));

/** The holder's own phone, made to sign a delegation for more than the credential allows: another one stood in for it. */
async function lendTooMuch(): Promise<Uint8Array> {
  const standIn = await bind(['01101', '01301'], forgerKey);
  const [from, to] = [standIn.bytes.subarray(1), bound.bytes.subarray(1)];
  const dishonest = await corrupt((message) => phone.sign(exchange(from, to, message)));
  return exchange(from, to, (await lend(standIn.bytes, dishonest, { businessTypes: ['01301'] })).bytes);
}

const shown = await present(bound.text, phone);
const lent = (await lend(bound.text, phone, { businessTypes: ['01302'] })).text;
const [ours, theirs] = [new Uint8Array(16).fill(1), new Uint8Array(16).fill(2)];
const late = { currentDate: inHours(0.6) };
const lentBriefly = (await lend(bound.text, phone, { expiresAt: inHours(0.5) })).text;
console.log(`${'a code as its own phone shows it'.padEnd(48)}→`, await ask(shown));
console.log(`${'lent to somebody, as their phone shows it'.padEnd(48)}→`, await ask(await present(lent, otherPhone)));

const presentations: [attempt: string, verdict: string, expected: string][] = [
  ['a copied presentation, ten minutes old', await ask(shown, { currentDate: inHours(1 / 6) }), 'presentation_expired'],
  ['one dated ahead, to be kept', await ask(await present(bound.text, phone, late)), 'presentation_in_future'],
  ['the credential on another device', await ask(await present(bound.text, thief)), 'bad_presentation'],
  ['made for another pharmacy', await ask(await present(bound.text, phone, { audience: 'P2' })), 'wrong_audience'],
  [
    "another desk's challenge, relayed",
    await ask(await present(bound.text, phone, { challenge: theirs }), { challenge: ours }),
    'wrong_challenge',
  ],
  ['no answer to the challenge', await ask(shown, { challenge: ours }), 'wrong_challenge'],
  [
    'a delegation signed by a thief',
    await ask(await present((await lend(bound.text, thief)).text, otherPhone)),
    'bad_delegation',
  ],
  [
    'a delegation beyond its scope',
    await ask(await present(await lendTooMuch(), otherPhone)),
    'delegation_not_allowed',
  ],
  ['a delegation shown bare', await ask(lent), 'not_presented'],
  ['a delegation after its end', await ask(await present(lentBriefly, otherPhone), late), 'delegation_expired'],
  [
    'lent for one business, used for another',
    await ask(await present(lent, otherPhone), { businessType: '01101' }),
    'business_not_allowed',
  ],
];
for (const [attempt, verdict, expected] of presentations) {
  console.log(`${attempt.padEnd(48)}→ ${verdict}${verdict === expected ? '' : `  (expected ${expected})`}`);
  if (verdict === expected) stopped++;
}

const lists: [attempt: string, verdict: Promise<{ ok: true } | { ok: false; code: string }>, expected: string][] = [
  [
    "a trust list of the forger's own",
    publishTrust(3, cities, forgerKey).then((bytes) => verifyTrustList(bytes, roots, { currentDate })),
    'unknown_root',
  ],
  [
    "last week's trust list",
    publishTrust(1).then((bytes) => verifyTrustList(bytes, roots, { currentDate, previous: trust })),
    'rollback',
  ],
  [
    "a status list of the forger's own",
    publishStatus([], forgerKey, currentDate).then((bytes) => verifyStatusList(bytes, trust, { currentDate, uri })),
    'unknown_key',
  ],
  [
    "yesterday's status list",
    publishStatus([], cityKey, inHours(-24)).then((bytes) =>
      verifyStatusList(bytes, trust, { currentDate, uri, previous: listed.list }),
    ),
    'rollback',
  ],
];
for (const [attempt, answer, expected] of lists) {
  const result = await answer;
  const verdict = result.ok ? 'ok' : result.code;
  console.log(`${attempt.padEnd(48)}→ ${verdict}${verdict === expected ? '' : `  (expected ${expected})`}`);
  if (verdict === expected) stopped++;
}

const tried = attempts.length + presentations.length + lists.length;
console.log(`\n${stopped} of ${tried} attempts refused, each with the code that names the reason`);
process.exit(stopped === tried ? 0 : 1);
