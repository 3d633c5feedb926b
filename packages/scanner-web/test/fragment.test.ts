import { expect, test } from 'vitest';
import { nameCameraProblem } from '../src/input/camera-problem.ts';
import { readFragment, readPasted } from '../src/wallet/fragment.ts';

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

test('what somebody pasted is read as a text and as a link, and nothing else', () => {
  expect(readPasted(` ${TEXT}\n`)).toBe(TEXT);
  expect(readPasted(`https://wallet.example/wallet/#${encodeURIComponent(TEXT)}`)).toBe(TEXT);
  for (const other of ['', 'https://wallet.example/wallet/', 'HC1:ABC', `text ${TEXT}`]) {
    expect(readPasted(other), other).toBeNull();
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
