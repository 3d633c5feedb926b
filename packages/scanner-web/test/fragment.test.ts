import { expect, test } from 'vitest';
import { nameCameraProblem } from '../src/input/camera-problem.ts';
import { readFragment } from '../src/wallet/fragment.ts';

const TEXT = 'ZM1:6BF OXN%TSMAHN-H7ZM.Q0+DWJU$5/*';

test('the credential in an address is read percent-encoded and as base64url', () => {
  expect(readFragment(`#${encodeURIComponent(TEXT)}`)).toBe(TEXT);
  expect(readFragment(`#${Buffer.from(TEXT).toString('base64url')}`)).toBe(TEXT);
});

test('anything else is no credential', () => {
  for (const fragment of ['', '#', '#about', '#%E0%A4%A', `#${encodeURIComponent('HC1:ABC')}`]) {
    expect(readFragment(fragment), fragment).toBeNull();
  }
});

test.each([
  ['NotAllowedError', 'denied'],
  ['NotFoundError', 'missing'],
  ['NotReadableError', 'busy'],
  ['TypeError', 'failed'],
])('a camera that fails with %s is %s', (name, problem) => {
  expect(nameCameraProblem(Object.assign(new Error('camera'), { name }))).toBe(problem);
});
