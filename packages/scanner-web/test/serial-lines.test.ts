import { expect, test } from 'vitest';
import { EMPTY_BUFFER, type SerialLine, splitLines } from '../src/input/serial-lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function feed(...pieces: Uint8Array[]): SerialLine[] {
  let buffer = EMPTY_BUFFER;
  return pieces.flatMap((piece) => {
    const split = splitLines(buffer, piece);
    buffer = split.buffer;
    return split.lines;
  });
}

test('lines end with CR, LF or both, wherever the pieces are cut', () => {
  const expected = ['ZM1:A', 'ZM1:B', '中'].map((text) => ({ kind: 'line', text }));
  for (const ends of ['\r', '\n', '\r\n']) {
    const stream = bytes(['ZM1:A', 'ZM1:B', '中', ''].join(ends));
    for (let cut = 0; cut <= stream.length; cut++)
      expect(feed(stream.subarray(0, cut), stream.subarray(cut)), `${cut}`).toEqual(expected);
    expect(feed(...[...stream].map((byte) => Uint8Array.of(byte)))).toEqual(expected);
  }
});

test('a line without its end is none yet', () => {
  expect(feed(bytes('ZM1:A'))).toEqual([]);
});

test('what is no UTF-8 is one unreadable line, and the next is read', () => {
  expect(feed(Uint8Array.of(0xff, 0xfe, 13), bytes('ZM1:A\r'))).toEqual([
    { kind: 'unreadable' },
    { kind: 'line', text: 'ZM1:A' },
  ]);
});

test('a line of more than 8 KiB is unreadable, whatever comes of it, and nothing of it is kept', () => {
  expect(feed(bytes('A'.repeat(8_192)), bytes('\r'))).toEqual([{ kind: 'line', text: 'A'.repeat(8_192) }]);
  const { buffer } = splitLines(EMPTY_BUFFER, bytes('A'.repeat(8_193)));
  expect(buffer.bytes).toHaveLength(0);
  expect(feed(bytes('A'.repeat(8_193)), bytes('ZM1:A'), bytes('\rZM1:B\r'))).toEqual([
    { kind: 'unreadable' },
    { kind: 'line', text: 'ZM1:B' },
  ]);
});
