import {
  type DeviceKey,
  delegateCredential,
  exportPublicKey,
  generateDeviceKey,
  presentCredential,
} from '@zhengma/credential-core/present';
import { verifyCredential, verifyStatusList, verifyTrustList } from '@zhengma/credential-core/verify';
import { beforeAll, describe, expect, test } from 'vitest';
import { chooseCode } from '../src/verdict/choose-code.ts';
import { judgeForeign, judgeResult, judgeWithoutLists, nameForeignKind } from '../src/verdict/verdict.ts';
import { createIssuing } from './issuing.ts';

const start = new Date('2026-06-01T08:00:00Z');
let issuing: Awaited<ReturnType<typeof createIssuing>>;

beforeAll(async () => {
  issuing = await createIssuing();
});

test('green: a good credential, with what the counter may see of the person', async () => {
  const { text } = await issuing.signCredential(start);
  expect(await judge(text)).toMatchObject({
    tone: 'valid',
    code: 'valid',
    bearer: true,
    statusUnchecked: false,
    person: {
      name: '张**',
      idNumber: '*0018',
      region: '370202',
      scheme: '310',
      personClass: '12',
      enrolment: '1',
      issuerName: '示例签发机构',
    },
  });
});

test('green, and said: a credential without a status list', async () => {
  const { text } = await issuing.signCredential(start, { isRevocable: false });
  expect(await judge(text)).toMatchObject({ tone: 'valid', statusUnchecked: true });
});

test('red: revoked and suspended, with the person the credential is about', async () => {
  const { text } = await issuing.signCredential(start);
  expect(await judge(text, { entries: [[7, 'revoked']] })).toMatchObject({
    tone: 'refused',
    code: 'revoked',
    person: { name: '张**' },
  });
  expect(await judge(text, { entries: [[7, 'suspended']] })).toMatchObject({ tone: 'refused', code: 'suspended' });
});

test('red without a person: a forged signature', async () => {
  const { text } = await issuing.signCredential(start);
  const stranger = await createIssuing();
  const verdict = await judge((await stranger.signCredential(start)).text);
  expect(verdict).toMatchObject({ tone: 'refused', code: 'unknown_key' });
  expect(verdict).not.toHaveProperty('person');
  expect(await judge(`${text.slice(0, -3)}${text.endsWith('000') ? '111' : '000'}`)).toMatchObject({ tone: 'refused' });
});

test('amber: no status list, and a list past its age; later red', async () => {
  const { text } = await issuing.signCredential(start);
  expect(await judge(text, { withStatus: false })).toMatchObject({ tone: 'unsure', code: 'status_unknown' });
  const hour = 3_600_000;
  expect(await judge(text, { at: new Date(start.getTime() + 2 * hour) })).toMatchObject({
    tone: 'unsure',
    code: 'status_list_stale',
  });
  expect(await judge(text, { at: new Date(start.getTime() + 9 * 24 * hour) })).toMatchObject({ tone: 'refused' });
});

test('amber: its status list or the trust list was refused in a newer form, whatever the one in use says', async () => {
  const { text } = await issuing.signCredential(start);
  for (const key of [issuing.uri, 'trust']) {
    const verdict = await judge(text, { refused: new Set([key]) });
    expect(verdict).toMatchObject({ tone: 'unsure', code: 'lists_refused', person: { name: '张**' } });
  }
  expect(await judge(text, { refused: new Set(['https://elsewhere.example/1']) })).toMatchObject({ tone: 'valid' });
  expect(await judge(text, { refused: new Set(['trust']), entries: [[7, 'revoked']] })).toMatchObject({
    tone: 'refused',
    code: 'revoked',
  });
});

describe('a code that its device presents', () => {
  let device: DeviceKey;
  let bound: string;

  beforeAll(async () => {
    device = await generateDeviceKey();
    bound = (await issuing.signCredential(start, { holderKey: exportPublicKey(device) })).text;
  });

  async function present(text: string, key: DeviceKey, options: object = {}) {
    return (await presentCredential(text, key, { currentDate: start, ...options })).text;
  }

  test('green, and no bearer; the bare credential and the picture of two minutes ago are red', async () => {
    const shown = await present(bound, device);
    const verdict = await judge(shown);
    expect(verdict).toMatchObject({ tone: 'valid', bearer: false, person: { name: '张**' } });
    expect(verdict).not.toHaveProperty('delegate');
    expect(await judge(bound)).toMatchObject({ tone: 'refused', code: 'not_presented' });
    const later = new Date(start.getTime() + 121_000);
    expect(await judge(shown, { at: later })).toMatchObject({ tone: 'refused', code: 'presentation_expired' });
  });

  test('amber: a clock that is behind the lists held here is not blamed on the code', async () => {
    const early = new Date(start.getTime() - 600_000);
    const verdict = await judge(await present(bound, device), { at: early, listsAt: start });
    expect(verdict).toMatchObject({ tone: 'unsure', code: 'clock_behind' });
  });

  test('what was redacted is counted and not there', async () => {
    const options = { holderKey: exportPublicKey(device), redact: ['name', 'scheme'] as const };
    const { text } = await issuing.signCredential(start, options);
    const { person } = await judge(await present(text, device, { disclose: ['name'] }));
    expect(person).toMatchObject({ name: '张**', undisclosed: 1, withheld: ['scheme', 'assistance'] });
    expect(person).not.toHaveProperty('scheme');
  });

  test('an assistance gives priority', async () => {
    const { text } = await issuing.signCredential(start, { claims: { assistance: '2304' } });
    expect((await judge(text)).person).toMatchObject({ assistance: '2304', priority: true });
    expect((await judge((await issuing.signCredential(start)).text)).person).not.toHaveProperty('priority');
  });

  test('a delegate of the issuer is named beside the person, also where the credential is refused', async () => {
    const claims = { delegate: { name: '李小红', relation: '2' } };
    const { text } = await issuing.signCredential(start, { claims, holderKey: exportPublicKey(device) });
    const people = { person: { name: '张**' }, delegate: { name: '李**', relation: '2', grantedBy: 'issuer' } };
    expect(await judge(await present(text, device))).toMatchObject({ tone: 'valid', ...people });
    const revoked = await judge(await present(text, device), { entries: [[7, 'revoked']] });
    expect(revoked).toMatchObject({ code: 'revoked', ...people });
  });

  test('a delegate of the holder is named, with what they may do', async () => {
    const options = { claims: { delegable: true } as const, holderKey: exportPublicKey(device) };
    const { text } = await issuing.signCredential(start, options);
    const other = await generateDeviceKey();
    const lent = await delegateCredential(text, device, {
      currentDate: start,
      delegate: { name: '王虚构', relation: '9' },
      delegateKey: exportPublicKey(other),
      expiresAt: new Date(start.getTime() + 3_600_000),
      businessTypes: ['01302'],
    });
    expect(await judge(await present(lent.text, other))).toMatchObject({
      tone: 'valid',
      bearer: false,
      person: { name: '张**' },
      delegate: { name: '王**', relation: '9', grantedBy: 'holder', businessTypes: ['01302'] },
    });
    expect(await judge(lent.text)).toMatchObject({ tone: 'refused', code: 'not_presented' });
  });
});

const OFFICIAL = '1234567890123456789012345678';

test('grey: a code of another system is named by its form alone, and ours is left to the checks', () => {
  const kinds: [string, string | undefined][] = [
    [OFFICIAL, 'official'],
    [OFFICIAL.slice(1), 'unknown'],
    ['１２３４５６７８９０１２３４５６７８９０１２３４５６７８', 'unknown'],
    ['https://example.org/', 'url'],
    ['11010519491231002X', 'id-number'],
    ['wxp://f2f0abc', 'payment'],
    ['ZM1:ANYTHING', undefined],
    ['ZM2:ANYTHING', undefined],
  ];
  for (const [text, kind] of kinds) expect(nameForeignKind(text), text).toBe(kind);
  expect(judgeForeign('official', start)).toMatchObject({ tone: 'foreign', foreign: 'official' });
});

test('of several codes ours is chosen, then the official one, then one that is no poster’s', () => {
  const own = 'ZM1:A';
  expect(chooseCode([])).toEqual({ kind: 'none' });
  expect(chooseCode([OFFICIAL, own, 'https://example.org/'])).toMatchObject({ text: own, isForeign: false });
  expect(chooseCode([own, own])).toMatchObject({ text: own });
  expect(chooseCode([own, 'ZM1:B'])).toEqual({ kind: 'several' });
  expect(chooseCode([own, 'ZM2:B'])).toEqual({ kind: 'several' });
  expect(chooseCode(['11010519491231002X', OFFICIAL])).toMatchObject({ text: OFFICIAL, isForeign: true });
  expect(chooseCode(['https://example.org/', 'x', '11010519491231002X'])).toMatchObject({ text: '11010519491231002X' });
  expect(chooseCode(['wxp://f2f0abc', '11010519491231002X'])).toMatchObject({ text: '11010519491231002X' });
  expect(chooseCode(['https://example.org/', 'x'])).toMatchObject({ text: 'https://example.org/', isForeign: true });
});

test('amber: nothing to check against', () => {
  expect(judgeWithoutLists(start)).toMatchObject({ tone: 'unsure', code: 'no_lists' });
});

interface Scene {
  readonly at?: Date;
  /** When the lists were verified, where that is not `at`. */
  readonly listsAt?: Date;
  readonly entries?: [number, 'revoked' | 'suspended'][];
  readonly withStatus?: boolean;
  readonly refused?: ReadonlySet<string>;
}

async function judge(text: string, { at = start, listsAt = at, entries = [], withStatus = true, refused }: Scene = {}) {
  const trust = await verifyTrustList(await issuing.signTrustList(1, start), [issuing.root], { currentDate: listsAt });
  if (!trust.ok) throw new Error(trust.code);
  const bytes = await issuing.signStatusList(entries, start);
  const list = await verifyStatusList(bytes, trust.list, { currentDate: listsAt, uri: issuing.uri });
  if (!list.ok) throw new Error(list.code);
  const status = new Map(withStatus ? [[issuing.uri, list.list]] : []);
  return judgeResult(await verifyCredential(text, trust.list, { currentDate: at, status }), at, refused);
}
