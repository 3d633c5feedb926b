import { verifyCredential, verifyStatusList, verifyTrustList } from '@zhengma/credential-core/verify';
import { beforeAll, expect, test } from 'vitest';
import { isOfficialCode, judgeResult, judgeWithoutCheck } from '../src/verdict/verdict.ts';
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

test('grey: another code, and the official one by its form alone', async () => {
  expect(await judge('https://example.org/')).toMatchObject({ tone: 'foreign', code: 'not_zhengma' });
  expect(isOfficialCode('1234567890123456789012345678')).toBe(true);
  expect(isOfficialCode('123456789012345678901234567')).toBe(false);
  expect(isOfficialCode('１２３４５６７８９０１２３４５６７８９０１２３４５６７８')).toBe(false);
  expect(judgeWithoutCheck('official_code', start).tone).toBe('foreign');
});

test('amber: nothing to check against', () => {
  expect(judgeWithoutCheck('no_lists', start)).toMatchObject({ tone: 'unsure', code: 'no_lists' });
});

interface Scene {
  readonly at?: Date;
  readonly entries?: [number, 'revoked' | 'suspended'][];
  readonly withStatus?: boolean;
  readonly refused?: ReadonlySet<string>;
}

async function judge(text: string, { at = start, entries = [], withStatus = true, refused }: Scene = {}) {
  const trust = await verifyTrustList(await issuing.signTrustList(1, start), [issuing.root], { currentDate: at });
  if (!trust.ok) throw new Error(trust.code);
  const bytes = await issuing.signStatusList(entries, start);
  const list = await verifyStatusList(bytes, trust.list, { currentDate: at, uri: issuing.uri });
  if (!list.ok) throw new Error(list.code);
  const status = new Map(withStatus ? [[issuing.uri, list.list]] : []);
  return judgeResult(await verifyCredential(text, trust.list, { currentDate: at, status }), at, refused);
}
