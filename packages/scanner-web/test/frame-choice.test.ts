import { expect, test } from 'vitest';
import { createFrameChooser } from '../src/scanner/frame-choice.ts';
import { chooseCode } from '../src/verdict/choose-code.ts';

const OFFICIAL = '4201123456789012345678901234';

test.each([
  [[], { kind: 'none' }],
  [['ZM1:A'], { kind: 'code', text: 'ZM1:A', isForeign: false }],
  [['ZM1:A', 'ZM1:A'], { kind: 'code', text: 'ZM1:A', isForeign: false }],
  [['https://example.org/', OFFICIAL, 'ZM1:A'], { kind: 'code', text: 'ZM1:A', isForeign: false }],
  [['ZM1:A', 'ZM1:B'], { kind: 'several' }],
  [['https://example.org/', OFFICIAL], { kind: 'code', text: OFFICIAL, isForeign: true }],
  [['https://example.org/'], { kind: 'code', text: 'https://example.org/', isForeign: true }],
])('of %j', (texts, choice) => {
  expect(chooseCode(texts)).toEqual(choice);
});

test('a frame that shows but one of two codes does not decide between them', () => {
  const chooser = createFrameChooser();
  expect(chooser.choose(['ZM1:A', 'ZM1:B']).kind).toBe('several');
  for (let frame = 1; frame < 8; frame++) expect(chooser.choose(['ZM1:A']).kind).toBe('several');
  expect(chooser.choose(['ZM1:A'])).toMatchObject({ kind: 'code', text: 'ZM1:A' });
});

test('a code of another system is named only when nothing better follows', () => {
  const chooser = createFrameChooser();
  expect(chooser.choose([OFFICIAL]).kind).toBe('wait');
  expect(chooser.choose([OFFICIAL]).kind).toBe('wait');
  expect(chooser.choose([OFFICIAL])).toMatchObject({ kind: 'code', text: OFFICIAL });
  expect(createFrameChooser().choose(['ZM1:A'])).toMatchObject({ kind: 'code', text: 'ZM1:A' });
});

test('a code that was answered and left lying is looked at again when it has been away', () => {
  const chooser = createFrameChooser();
  chooser.awaitEmptyView();
  for (let frame = 0; frame < 20; frame++) expect(chooser.choose(['ZM1:A']).kind).toBe('wait');
  for (let frame = 0; frame < 8; frame++) chooser.choose([]);
  expect(chooser.choose(['ZM1:A'])).toMatchObject({ kind: 'code', text: 'ZM1:A' });
});
