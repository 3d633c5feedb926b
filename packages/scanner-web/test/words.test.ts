import { VERIFICATION_CODES } from '@zhengma/credential-core/verify';
import { expect, test } from 'vitest';
import { adminWordsOf } from '../src/admin/admin-words.ts';
import { deskWordsOf } from '../src/desk/desk-words.ts';
import {
  nameBusinessType,
  nameEnrolment,
  namePersonClass,
  nameRelation,
  nameScheme,
} from '../src/words/code-tables.ts';
import { chooseLanguage, otherLanguage } from '../src/words/language.ts';
import { describeAge, describeInstant } from '../src/words/time.ts';
import { wordsOf } from '../src/words/words.ts';
import { workplaceWordsOf } from '../src/workplace/workplace-words.ts';

const LANGUAGES = ['zh-CN', 'en'] as const;

test.each(LANGUAGES)('%s explains every code of the core and every one of its own', (language) => {
  const { verdict } = wordsOf(language);
  const codes = ['valid', 'no_lists', 'lists_refused', 'replayed', ...VERIFICATION_CODES].sort();
  expect(Object.keys(verdict).sort()).toEqual(codes);
  for (const [code, { reason, next }] of Object.entries(verdict)) {
    expect(reason, code).not.toBe('');
    expect(next, code).not.toBe('');
  }
});

test('the two languages say the same things', () => {
  expect(shapeOf(wordsOf('en'))).toEqual(shapeOf(wordsOf('zh-CN')));
});

test('Chinese sentences are Chinese and English ones are English', () => {
  const han = /\p{Script=Han}/u;
  for (const { reason, next } of Object.values(wordsOf('zh-CN').verdict)) {
    expect(reason).toMatch(han);
    expect(next).toMatch(han);
  }
  for (const { reason, next } of Object.values(wordsOf('en').verdict)) expect(reason + next).not.toMatch(han);
  for (const { reason, next } of Object.values(wordsOf('zh-CN').patient.verdict)) {
    expect(reason).toMatch(han);
    expect(next).toMatch(han);
  }
  for (const { reason, next } of Object.values(wordsOf('en').patient.verdict)) expect(reason + next).not.toMatch(han);
});

test.each(LANGUAGES)('%s says no two things in the same words, so that an operator knows what happened', (language) => {
  const { verdict } = wordsOf(language);
  const reasons = Object.values(verdict).map(({ reason }) => reason);
  expect(reasons.filter((reason, index) => reasons.indexOf(reason) !== index)).toEqual([]);
});

test.each(LANGUAGES)('%s tells the person at the counter why and what to do, and accuses nobody', (language) => {
  const { verdict, patient } = wordsOf(language);
  expect(Object.keys(patient.verdict).sort()).toEqual(Object.keys(verdict).sort());
  const said = Object.entries(patient.verdict);
  for (const [code, { reason, next }] of said) {
    expect(reason, code).not.toBe('');
    expect(next, code).not.toBe('');
    expect(Array.from(reason + next).length, `${code}: read at a glance`).toBeLessThan(language === 'en' ? 140 : 50);
  }
  const all = [...Object.values(patient.headline), ...said.map(([, { reason, next }]) => reason + next)].join(' ');
  expect(all).not.toMatch(/伪|假|冒|篡|骗|盗|泄露|违规|举报|上报|拒|不要受理|密钥|签名|吊销/);
  expect(all).not.toMatch(
    /forg|fake|fraud|tamper|stolen|report|refuse|reject|suspicious|compromised|invalid|signature|revoked/i,
  );
  const own = [
    'not_presented',
    'presentation_expired',
    'expired',
    'not_yet_valid',
    'replayed',
    'revoked',
    'suspended',
    'status_list_stale',
    'trust_list_stale',
    'region_not_allowed',
    'clock_behind',
    'presentation_in_future',
    'bad_signature',
    'no_lists',
  ] as const;
  expect(new Set(own.map((code) => patient.verdict[code].reason)).size).toBe(own.length);
});

test('the administration page says the same in both languages, each in its own', () => {
  expect(shapeOf(adminWordsOf('en'))).toEqual(shapeOf(adminWordsOf('zh-CN')));
  const han = /\p{Script=Han}/u;
  for (const part of ['action', 'outcome', 'failure', 'section', 'role'] as const) {
    for (const [name, words] of Object.entries(adminWordsOf('en')[part])) expect(words, name).not.toMatch(han);
    for (const [name, words] of Object.entries(adminWordsOf('zh-CN')[part])) expect(words, name).toMatch(han);
  }
  const outcomes = ['accepted', 'repeated', 'replayed', 'out_of_scope', ...VERIFICATION_CODES].sort();
  expect(Object.keys(adminWordsOf('en').outcome).sort()).toEqual(outcomes);
});

test('what is said around the operator is said in both languages, each in its own', () => {
  const [chinese, english] = [deskWordsOf('zh-CN'), deskWordsOf('en')];
  expect(shapeOf(english)).toEqual(shapeOf(chinese));
  const han = /\p{Script=Han}/u;
  for (const part of ['mark', 'end'] as const) {
    for (const [name, words] of Object.entries(english[part])) expect(words, name).not.toMatch(han);
    for (const [name, words] of Object.entries(chinese[part])) expect(words, name).toMatch(han);
  }
  for (const [code, { reason, next }] of Object.entries(english.troubles.code))
    expect(reason + next, code).not.toMatch(han);
  for (const [code, { reason, next }] of Object.entries(chinese.troubles.code))
    expect(reason + next, code).toMatch(han);
  expect(english.queue.waiting(1, 'just now')).toBe('1 to upload, oldest just now');
  expect(english.shift.askSignOut(1)).toBe('1 receipt is not uploaded yet.');
  expect(english.shift.askSignOut(2)).toBe('2 receipts are not uploaded yet.');
});

test('what is said of the place is said in both languages, each in its own', () => {
  const [chinese, english] = [workplaceWordsOf('zh-CN'), workplaceWordsOf('en')];
  expect(shapeOf(english)).toEqual(shapeOf(chinese));
  expect(JSON.stringify(english)).not.toMatch(/\p{Script=Han}/u);
  for (const [mode, { name, means }] of Object.entries(chinese.modes))
    expect(name + means, mode).toMatch(/\p{Script=Han}/u);
});

test('the language is the first preferred one that the pages speak', () => {
  expect(chooseLanguage(['fr-FR', 'en-GB', 'zh-CN'])).toBe('en');
  expect(chooseLanguage(['zh-TW', 'en'])).toBe('zh-CN');
  expect(chooseLanguage(['fr-FR'])).toBe('zh-CN');
  expect(chooseLanguage([])).toBe('zh-CN');
  expect(LANGUAGES.map(otherLanguage)).toEqual(['en', 'zh-CN']);
});

test.each([
  [-30, '刚刚', 'just now'],
  [59, '刚刚', 'just now'],
  [60, '1 分钟前', '1 minute ago'],
  [150, '2 分钟前', '2 minutes ago'],
  [3_600, '1 小时前', '1 hour ago'],
  [86_399, '23 小时前', '23 hours ago'],
  [172_800, '2 天前', '2 days ago'],
])('an age of %i seconds', (seconds, chinese, english) => {
  const currentDate = new Date('2026-06-01T08:00:00Z');
  const since = new Date(currentDate.getTime() - seconds * 1000);
  expect(describeAge(since, currentDate, wordsOf('zh-CN'))).toBe(chinese);
  expect(describeAge(since, currentDate, wordsOf('en'))).toBe(english);
});

test('an instant is written the way each language writes it', () => {
  const instant = new Date(2026, 11, 22, 14, 5);
  expect(describeInstant(instant, 'zh-CN')).toBe('2026年12月22日 14:05');
  expect(describeInstant(instant, 'en')).toMatch(/^Dec 22, 2026, 2:05.PM$/);
});

test('codes have names in both languages, and local codes stay codes', () => {
  expect(nameScheme('310', 'zh-CN')).toBe('职工基本医疗保险');
  expect(nameScheme('310', 'en')).toBe('Basic medical insurance for employees');
  expect(namePersonClass('12', 'en')).toBe('Retired');
  expect(nameEnrolment('2', 'zh-CN')).toBe('暂停参保');
  expect(nameBusinessType('01301', 'zh-CN')).toBe('结算');
  expect([nameRelation('2', 'zh-CN'), nameRelation('2', 'en')]).toEqual(['子女', 'Child']);
  expect(nameBusinessType('90001', 'en')).toBe('90001');
  expect(nameScheme('9901', 'en')).toBe('9901');
  expect(namePersonClass('toString', 'en')).toBe('toString');
});

test('who acts for whom is said with and without the name of the person', () => {
  expect(wordsOf('zh-CN').actsFor('李*', '子女', '张**')).toBe('李*（子女）代 张** 办理');
  expect(wordsOf('zh-CN').actsFor('李*', '子女', undefined)).toBe('李*（子女）代 参保人 办理');
  expect(wordsOf('en').actsFor('李*', 'Child', undefined)).toBe('李* (Child) acts for the holder');
  expect(wordsOf('zh-CN').grantedBy('holder', '明天')).toBe('参保人本人授权，有效期至 明天');
  expect(wordsOf('en').grantedBy('issuer', undefined)).toBe('Authorised by the issuer');
  expect(wordsOf('en').person.undisclosedCount(1, 'Name, Scheme')).toBe('Up to 1 of: Name, Scheme');
});

function shapeOf(words: object): unknown {
  return Object.fromEntries(
    Object.entries(words).map(([key, value]) => [key, typeof value === 'object' ? shapeOf(value) : typeof value]),
  );
}
