import { describe, expect, test } from 'vitest';
import {
  type CameraProblem,
  hangsOnDevices,
  hangsOnPermission,
  mayPass,
  nameCameraProblem,
} from '../src/input/camera-problem.ts';
import { advanceCamera, type CameraEvent, type CameraState, chooseRetryDelay } from '../src/input/camera-state.ts';

const OPENING: CameraState = { kind: 'opening' };
const LIVE: CameraState = { kind: 'live' };
const PAUSED: CameraState = { kind: 'paused' };
const BUSY = trouble('busy');
const DENIED = trouble('denied');
const RETRYING = trouble('busy', 0, true);
const camera = { id: 'a', label: 'USB' };

function trouble(problem: CameraProblem, retries = 0, isRetrying = false): CameraState {
  return { kind: 'problem', problem, retries, isRetrying };
}

describe('every event in every state', () => {
  test.each<[CameraEvent, readonly [CameraState, CameraState][]]>([
    [
      { kind: 'camera_live' },
      [
        [OPENING, LIVE],
        [LIVE, LIVE],
        [PAUSED, PAUSED],
        [BUSY, BUSY],
        [RETRYING, LIVE],
      ],
    ],
    [
      { kind: 'camera_failed', problem: 'stalled' },
      [
        [OPENING, trouble('stalled')],
        [LIVE, trouble('stalled')],
        [PAUSED, PAUSED],
        [RETRYING, trouble('stalled', 1)],
      ],
    ],
    [
      { kind: 'camera_retried' },
      [
        [OPENING, OPENING],
        [LIVE, LIVE],
        [PAUSED, PAUSED],
        [BUSY, OPENING],
        [RETRYING, OPENING],
      ],
    ],
    [
      { kind: 'camera_sought' },
      [
        [OPENING, OPENING],
        [LIVE, LIVE],
        [PAUSED, PAUSED],
        [BUSY, RETRYING],
        [RETRYING, RETRYING],
      ],
    ],
    [
      { kind: 'camera_reopened' },
      [
        [OPENING, OPENING],
        [LIVE, OPENING],
        [PAUSED, PAUSED],
        [BUSY, BUSY],
      ],
    ],
    [
      { kind: 'camera_chosen', camera },
      [
        [OPENING, OPENING],
        [LIVE, OPENING],
        [PAUSED, PAUSED],
        [BUSY, OPENING],
        [RETRYING, OPENING],
      ],
    ],
    [
      { kind: 'page_hidden' },
      [
        [OPENING, PAUSED],
        [LIVE, PAUSED],
        [PAUSED, PAUSED],
        [DENIED, DENIED],
        [RETRYING, BUSY],
      ],
    ],
    [
      { kind: 'page_shown' },
      [
        [OPENING, OPENING],
        [LIVE, LIVE],
        [PAUSED, OPENING],
        [DENIED, DENIED],
        [BUSY, RETRYING],
      ],
    ],
  ])('$kind', (event, cases) => {
    for (const [before, after] of cases) expect(advanceCamera(before, event), JSON.stringify(before)).toEqual(after);
  });
});

test('whoever has pulled the plug hears that, and not that there is no camera', () => {
  const lost = trouble('lost', 0, true);
  expect(advanceCamera(lost, { kind: 'camera_failed', problem: 'missing' })).toEqual(trouble('lost', 1));
  expect(advanceCamera(lost, { kind: 'camera_failed', problem: 'busy' })).toEqual(trouble('busy', 1));
});

test('what may pass is tried again after 2, 4, 8 … 30 seconds; what waits for somebody is not', () => {
  expect([0, 1, 2, 3, 4, 50].map((retries) => chooseRetryDelay(trouble('busy', retries)))).toEqual([
    2, 4, 8, 16, 30, 30,
  ]);
  for (const state of [DENIED, trouble('missing'), trouble('insecure'), RETRYING, LIVE, OPENING, PAUSED])
    expect(chooseRetryDelay(state), JSON.stringify(state)).toBeUndefined();
});

test.each([
  ['NotAllowedError', 'prompt', 'denied', 'denied'],
  ['NotAllowedError', 'denied', 'denied', 'blocked'],
  ['NotAllowedError', 'prompt', 'prompt', 'dismissed'],
  ['NotAllowedError', 'prompt', 'granted', 'blocked_by_system'],
  ['NotAllowedError', 'unknown', 'unknown', 'denied'],
  ['SecurityError', 'denied', 'denied', 'blocked'],
  ['NotFoundError', 'granted', 'granted', 'missing'],
  ['OverconstrainedError', 'granted', 'granted', 'missing'],
  ['NotReadableError', 'granted', 'granted', 'busy'],
  ['AbortError', 'granted', 'granted', 'busy'],
  ['TypeError', 'granted', 'granted', 'failed'],
] as const)('%s with the permission %s and then %s is called %s', (name, before, after, problem) => {
  const error = Object.assign(new Error('no'), { name });
  expect(nameCameraProblem(error, before, after)).toBe(problem);
});

test('each problem that can pass has something that makes it pass', () => {
  const healing = (problem: CameraProblem) => [hangsOnPermission(problem), hangsOnDevices(problem), mayPass(problem)];
  expect(healing('blocked')).toEqual([true, false, false]);
  expect(healing('missing')).toEqual([false, true, false]);
  expect(healing('stalled')).toEqual([false, false, true]);
  expect(healing('insecure')).toEqual([false, false, false]);
  expect(nameCameraProblem('not an error')).toBe('failed');
});
