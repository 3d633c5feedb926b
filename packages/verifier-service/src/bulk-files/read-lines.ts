import { createReadStream } from 'node:fs';

const LINE_FEED = 10;

/** A line without its end. */
export interface Line {
  /** Undefined for a line that is longer than was allowed. */
  readonly text: string | undefined;
  /** Where the next line begins, in bytes; undefined for a last line that has no end. */
  readonly end: number | undefined;
}

/** The lines of a file, one after the other; of each, `maxBytes` at most are held. */
export async function* readLines(file: string, maxBytes: number): AsyncGenerator<Line> {
  let held: Buffer[] = [];
  let size = 0;
  let position = 0;
  const hold = (piece: Buffer) => {
    size += piece.length;
    if (size <= maxBytes) held.push(piece);
    else held = [];
  };
  const take = (end: number | undefined): Line => {
    const text = size <= maxBytes ? Buffer.concat(held).toString('utf8') : undefined;
    held = [];
    size = 0;
    return { text, end };
  };
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let start = 0;
    for (;;) {
      const feed = chunk.indexOf(LINE_FEED, start);
      if (feed < 0) break;
      hold(chunk.subarray(start, feed));
      start = feed + 1;
      yield take(position + start);
    }
    hold(chunk.subarray(start));
    position += chunk.length;
  }
  if (size > 0) yield take(undefined);
}
