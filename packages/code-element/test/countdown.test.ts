import { expect, test } from 'vitest';
import { readCountdown } from '../src/view/countdown.ts';

const drawnAt = new Date('2026-11-20T02:00:00Z');
const renewAt = new Date('2026-11-20T02:00:30Z');

test.each([
  [0, 30, 1],
  [1, 30, 0.99997],
  [29_001, 1, 0.0333],
  [30_000, 0, 0],
  [90_000, 0, 0],
  [-5_000, 30, 1],
])('%i ms after it was drawn: %i s left', (milliseconds, secondsLeft, fraction) => {
  const countdown = readCountdown({ drawnAt, renewAt }, new Date(drawnAt.getTime() + milliseconds));
  expect(countdown.secondsLeft).toBe(secondsLeft);
  expect(countdown.fraction).toBeCloseTo(fraction, 3);
});

test('a code without time has no fraction of it', () => {
  expect(readCountdown({ drawnAt, renewAt: drawnAt }, drawnAt)).toEqual({ secondsLeft: 0, fraction: 0 });
});
