import { expect, test } from 'vitest';
import { advance, openScan, type ScanEvent } from '../src/app/scan-state.ts';
import { readBusinessType, readRoots, readServiceAddress } from '../src/embed/checked-options.ts';
import { tellChange } from '../src/embed/scanner-events.ts';
import type { Verdict } from '../src/verdict/verdict.ts';
import { DEFAULT_WORKPLACE } from '../src/workplace/workplace.ts';

const START = new Date('2026-06-01T08:00:00Z');
const SECRET = 'ZM1:SECRET';
const verdict: Verdict = {
  tone: 'valid',
  code: 'valid',
  checkedAt: START,
  bearer: false,
  repeated: false,
  statusUnchecked: false,
};

/** What is told from one event after the other. */
function tell(...events: readonly ScanEvent[]): unknown[] {
  const told: unknown[] = [];
  let state = openScan({ language: 'en', currentDate: START, online: true, workplace: DEFAULT_WORKPLACE });
  for (const event of events) {
    const before = state;
    state = advance(before, event);
    tellChange(state, before, (type, detail) => told.push([type, detail]));
  }
  return told;
}

test('a code is told as work, and then as its verdict, and never as its text', () => {
  const told = tell({ kind: 'code_read', text: SECRET }, { kind: 'judged', verdict }, { kind: 'next_person' });
  expect(told).toMatchObject([
    ['state', { work: 'checking' }],
    ['state', { work: 'verdict' }],
    ['verdict', verdict],
    ['state', { work: 'looking' }],
  ]);
  expect(JSON.stringify(told)).not.toContain(SECRET);
});

test('a problem is told once for each time that it arises', () => {
  const problems = tell(
    { kind: 'camera_failed', problem: 'denied' },
    { kind: 'lists_changed', lists: { problem: 'unreachable' } },
    { kind: 'lists_changed', lists: { problem: 'unreachable', checkedAt: START } },
    { kind: 'lists_changed', lists: {} },
    { kind: 'lists_changed', lists: { problem: 'unreachable' } },
    { kind: 'image_not_read', notice: 'no_code_in_image' },
    { kind: 'engine_failed' },
  ).filter((told) => (told as [string])[0] === 'problem');
  expect(problems).toEqual([
    ['problem', { source: 'camera', code: 'denied' }],
    ['problem', { source: 'lists', code: 'unreachable' }],
    ['problem', { source: 'lists', code: 'unreachable' }],
    ['problem', { source: 'picture', code: 'no_code_in_image' }],
    ['problem', { source: 'reader', code: 'failed' }],
  ]);
});

test('what changes only how it is drawn is not told', () => {
  expect(tell({ kind: 'language_chosen', language: 'zh-CN' }, { kind: 'lists_refreshing' })).toEqual([]);
  expect(tell({ kind: 'clock_ticked', currentDate: new Date('2026-06-01T09:00:00Z') })).toEqual([]);
});

test('a service is an address by http or https; without one it is the page’s own origin', () => {
  expect(readServiceAddress(undefined)).toBe('');
  expect(readServiceAddress('https://zm.example/')).toBe('https://zm.example');
  expect(readServiceAddress('https://hall.example/zm/')).toBe('https://hall.example/zm');
  for (const wrong of ['zm.example', 'javascript:alert(1)', 'https://zm.example/?a=1', 'https://me@zm.example']) {
    expect(() => readServiceAddress(wrong), wrong).toThrow(TypeError);
  }
});

test('roots are keys, and none by mistake is no pin that holds nothing', () => {
  const root = 'pAEBAycgBiFYIJ3bT7rWqgq1mJ0m7GxH0sYv1cJkq0uVhQ8m7u1x2y3z';
  expect(readRoots(undefined)).toBe(undefined);
  expect(readRoots([root])).toEqual([root]);
  for (const wrong of [[], [''], ['not a key'], root as unknown as string[]]) {
    expect(() => readRoots(wrong)).toThrow(TypeError);
  }
});

test('a businessType has five digits', () => {
  expect([readBusinessType(undefined), readBusinessType('01301')]).toEqual([undefined, '01301']);
  for (const wrong of ['', '1301', '01301 ']) expect(() => readBusinessType(wrong)).toThrow(TypeError);
});
