import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseStrip, type Strip } from '../src/holding/strip.ts';

const START = Date.UTC(2026, 10, 20, 2);
const at = (seconds: number) => new Date(START + seconds * 1000);
const strip = (text: string, from: number, to: number): Strip => ({ text, notBefore: at(from), expiresAt: at(to) });

/** Windows of a minute, each valid for a minute longer. */
const STRIPS = [strip('a', 0, 120), strip('b', 60, 180), strip('c', 120, 240)];

test.each([
  [0, 'a', 60],
  [59, 'a', 60],
  [60, 'b', 120],
  [119, 'b', 120],
  [120, 'c', 240],
  [239, 'c', 240],
])('%i s after the start the code is %s, until %i s', (seconds, text, until) => {
  expect(chooseStrip(STRIPS, at(seconds))).toEqual({
    strip: expect.objectContaining({ text }),
    shownUntil: at(until),
  });
});

test('before the first, between two and after the last there is none', () => {
  expect(chooseStrip(STRIPS, at(-1))).toEqual({ code: 'not_yet_valid', availableFrom: at(0) });
  const apart = [strip('a', 0, 60), strip('b', 3600, 3660)];
  expect(chooseStrip(apart, at(60))).toEqual({ code: 'not_yet_valid', availableFrom: at(3600) });
  expect(chooseStrip(STRIPS, at(240))).toEqual({ code: 'strips_used_up' });
  expect(chooseStrip([], at(0))).toEqual({ code: 'strips_used_up' });
});

test('what is chosen is valid now, and nothing that began later is', () => {
  const arbitrary = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 200 })), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(arbitrary, fc.integer({ min: -50, max: 800 }), (windows, seconds) => {
      const strips = windows
        .map(([from, length], index) => strip(String(index), from, from + length))
        .sort((left, right) => left.notBefore.getTime() - right.notBefore.getTime());
      const now = at(seconds);
      const isValid = ({ notBefore, expiresAt }: Strip) => notBefore <= now && now < expiresAt;
      const chosen = chooseStrip(strips, now);
      if ('code' in chosen) return !strips.some(isValid);
      const latest = Math.max(...strips.filter(isValid).map(({ notBefore }) => notBefore.getTime()));
      return isValid(chosen.strip) && chosen.strip.notBefore.getTime() === latest && chosen.shownUntil > now;
    }),
  );
});
