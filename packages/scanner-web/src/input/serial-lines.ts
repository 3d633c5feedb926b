/** One line as a scanner sent it; what is no UTF-8, or too long, is said to be there and no more. */
export type SerialLine = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'unreadable' };

/** What has come of a line so far. */
export interface SerialBuffer {
  readonly bytes: Uint8Array;
  readonly isTooLong: boolean;
}

/** Nothing yet. */
export const EMPTY_BUFFER: SerialBuffer = { bytes: new Uint8Array(), isTooLong: false };

const MAX_LINE_BYTES = 8192;
const CARRIAGE_RETURN = 13;
const LINE_FEED = 10;

/** Takes the lines, ended by CR, LF or both, out of a stream that comes in pieces. Empty lines are none. */
export function splitLines(
  buffer: SerialBuffer,
  piece: Uint8Array,
): { readonly buffer: SerialBuffer; readonly lines: readonly SerialLine[] } {
  const lines: SerialLine[] = [];
  let pending = buffer;
  let start = 0;
  for (let at = 0; at < piece.length; at++) {
    if (piece[at] !== CARRIAGE_RETURN && piece[at] !== LINE_FEED) continue;
    const line = append(pending, piece.subarray(start, at));
    if (line.isTooLong || line.bytes.length > 0) lines.push(readLine(line));
    pending = EMPTY_BUFFER;
    start = at + 1;
  }
  return { buffer: append(pending, piece.subarray(start)), lines };
}

function append({ bytes, isTooLong }: SerialBuffer, more: Uint8Array): SerialBuffer {
  if (isTooLong || bytes.length + more.length > MAX_LINE_BYTES) return { bytes: EMPTY_BUFFER.bytes, isTooLong: true };
  const joined = new Uint8Array(bytes.length + more.length);
  joined.set(bytes);
  joined.set(more, bytes.length);
  return { bytes: joined, isTooLong };
}

function readLine({ bytes, isTooLong }: SerialBuffer): SerialLine {
  if (isTooLong) return { kind: 'unreadable' };
  try {
    return { kind: 'line', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { kind: 'unreadable' };
  }
}
