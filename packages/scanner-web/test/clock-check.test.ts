import { type StatusList, type TrustList, verifyStatusList, verifyTrustList } from '@zhengma/credential-core/verify';
import { beforeAll, expect, test } from 'vitest';
import { describeLength, deskWordsOf } from '../src/desk/desk-words.ts';
import { checkClock, createServiceClock } from '../src/lists/clock-check.ts';
import { createIssuing } from './issuing.ts';

const start = new Date('2026-06-01T08:00:00Z');
const after = (seconds: number) => new Date(start.getTime() + seconds * 1000);

let lists: { readonly trust: TrustList; readonly status: ReadonlyMap<string, StatusList> };

beforeAll(async () => {
  const issuing = await createIssuing();
  const trust = await verifyTrustList(await issuing.signTrustList(1, start), [issuing.root], { currentDate: start });
  if (!trust.ok) throw new Error(trust.code);
  const later = after(600);
  const status = await verifyStatusList(await issuing.signStatusList([], later), trust.list, {
    currentDate: later,
    uri: issuing.uri,
  });
  if (!status.ok) throw new Error(status.code);
  lists = { trust: trust.list, status: new Map([[issuing.uri, status.list]]) };
});

test('a clock that nothing contradicts is not spoken of', () => {
  expect(checkClock(lists, undefined, after(600))).toBeUndefined();
  expect(checkClock(lists, undefined, after(540)), 'as far as readers tolerate').toBeUndefined();
  expect(checkClock({ status: new Map() }, undefined, start)).toBeUndefined();
});

test('a signed list that is ahead of the clock shows by how much it is behind, at least', () => {
  expect(checkClock(lists, undefined, after(539))).toEqual({ direction: 'behind', seconds: 61 });
  expect(checkClock(lists, undefined, after(600 - 3 * 86_400))).toEqual({ direction: 'behind', seconds: 3 * 86_400 });
});

test.each([
  [120, undefined],
  [121, { direction: 'behind', seconds: 121 }],
  [-120, undefined],
  [-7200, { direction: 'ahead', seconds: 7200 }],
])('the service’s clock is ahead by %i s', (aheadSeconds, fault) => {
  const currentDate = after(86_400);
  expect(checkClock(lists, { aheadSeconds, readAt: currentDate }, currentDate)).toEqual(fault);
});

test('what the service said before the clock was set, or long ago, counts no more', () => {
  const reading = { aheadSeconds: 7200, readAt: after(86_400) };
  expect(checkClock(lists, reading, after(86_400 + 7200))).toBeUndefined();
  expect(checkClock(lists, reading, after(86_400 + 601))).toBeUndefined();
  expect(checkClock(lists, reading, after(86_400 + 599))).toEqual({ direction: 'behind', seconds: 7200 });
});

test('the service’s clock is read off the header of an answer, by the middle of its way', async () => {
  let now = after(0);
  const clock = createServiceClock(
    () => now,
    async () => {
      now = after(4);
      return new Response(null, { headers: { Date: after(302).toUTCString() } });
    },
  );
  expect(clock.reading).toBeUndefined();
  await clock.fetch('/v1/roots');
  expect(clock.reading).toEqual({ aheadSeconds: 300.5, readAt: after(4) });
});

test.each([
  ['without the header', undefined, 1],
  ['that took too long', after(302).toUTCString(), 31],
  ['that came before it was asked for: the clock was set meanwhile', after(302).toUTCString(), -5],
])('an answer %s says nothing of the clock', async (_, date, tripSeconds) => {
  let now = after(0);
  const clock = createServiceClock(
    () => now,
    async () => {
      now = after(tripSeconds);
      return new Response(null, { headers: date === undefined ? {} : { Date: date } });
    },
  );
  await clock.fetch('/v1/roots');
  expect(clock.reading).toBeUndefined();
});

test.each([
  [61, '1 分钟', '1 minute'],
  [3569, '59 分钟', '59 minutes'],
  [3571, '1 小时', '1 hour'],
  [3 * 3600, '3 小时', '3 hours'],
  [3 * 86_400 - 300, '3 天', '3 days'],
  [49 * 3600, '2 天', '2 days'],
])('%i seconds are said in one unit', (seconds, chinese, english) => {
  expect(describeLength(seconds, deskWordsOf('zh-CN'))).toBe(chinese);
  expect(describeLength(seconds, deskWordsOf('en'))).toBe(english);
});
