import type { CborLimits } from '../limits.ts';
import { malformed, Refusal } from '../result.ts';

/**
 * The strict byte scan that every input passes before any decoder sees it. CBOR leaves an encoder many freedoms; each is
 * closed here, because a freedom is a second spelling of the same credential, or a way to make a decoder work for hours:
 *
 * - heads longer than needed, indefinite lengths (RFC 8949 §4.2.1): one spelling only
 * - unsorted or repeated map keys: two readers may pick different values
 * - map keys that are not integers or text: no COSE or CWT map has any
 * - tags (dates, bignums, shared references): decoders run code for them; the COSE tag is taken off before the scan
 * - floats and simple values other than false, true, null: nothing in the format needs them
 * - integers beyond ±(2^53 − 1): not exact in JavaScript
 * - text that is not UTF-8, not NFC, or begins with a byte order mark: looks the same, compares differently
 * - more nesting, items, bytes or text than the limits: work before a signature is checked stays bounded
 *
 * Accepts exactly one data item that fills `bytes`. Iterative: hostile nesting cannot exhaust the call stack.
 *
 * @throws Refusal `too_large` when `bytes` is over the limit, else `malformed`
 */
export function scanCbor(bytes: Uint8Array, limits: CborLimits): void {
  if (bytes.length > limits.bytes) throw new Refusal('too_large', 'cbor: more bytes than the limit');
  const open: Container[] = [];
  let at = 0;
  let items = 0;

  do {
    const container = open.at(-1);
    const isKey = container?.isMap === true && container.left % 2 === 0;
    const start = at;
    if (++items > limits.items) throw malformed('cbor: more items than the limit');
    if (at >= bytes.length) throw malformed('cbor: cut off');

    const initial = bytes[at++] as number;
    const major = initial >> 5;
    const info = initial & 31;
    let argument = info;
    if (major === 7) {
      if (info < 20 || info > 22) throw malformed('cbor: a float or a simple value other than false, true, null');
    } else if (info >= 24) {
      const width = ARGUMENT_WIDTHS[info - 24];
      if (width === undefined) throw malformed(info === 31 ? 'cbor: indefinite length' : 'cbor: reserved head');
      if (at + width > bytes.length) throw malformed('cbor: cut off');
      argument = readUnsigned(bytes, at, width);
      at += width;
      if (argument < (SMALLEST_ARGUMENTS[info - 24] as number)) throw malformed('cbor: a head longer than needed');
    }
    if (isKey && (major === 2 || major > 3)) throw malformed('cbor: a map key that is no integer or text');

    let opened = 0;
    switch (major) {
      case 0:
        if (argument > Number.MAX_SAFE_INTEGER) throw malformed('cbor: an integer beyond 2^53 - 1');
        break;
      case 1:
        if (argument >= Number.MAX_SAFE_INTEGER) throw malformed('cbor: an integer beyond 2^53 - 1');
        break;
      case 2:
      case 3:
        if (argument > bytes.length - at) throw malformed('cbor: cut off');
        if (major === 3) {
          if (argument > limits.textBytes) throw malformed('cbor: a text longer than the limit');
          checkText(bytes, at, at + argument);
        }
        at += argument;
        break;
      case 4:
      case 5:
        opened = major === 5 ? argument * 2 : argument;
        // Every item takes a byte, so a larger count is a lie; checked here so that it is refused before any work.
        if (opened > bytes.length - at) throw malformed('cbor: cut off');
        break;
      case 6:
        throw malformed('cbor: a tag where none is expected');
    }

    if (container) {
      if (isKey) {
        if (container.keyEnd > 0 && compareBytes(bytes, container.keyStart, container.keyEnd, start, at) >= 0) {
          throw malformed('cbor: map keys repeated or not in order');
        }
        container.keyStart = start;
        container.keyEnd = at;
      }
      container.left--;
    }
    if (opened > 0) {
      if (open.length >= limits.depth) throw malformed('cbor: nested deeper than the limit');
      open.push({ isMap: major === 5, left: opened, keyStart: 0, keyEnd: 0 });
    }
    while (open.at(-1)?.left === 0) open.pop();
  } while (open.length > 0);

  if (at !== bytes.length) throw malformed('cbor: bytes after the item');
}

/** An array or map whose items are being read. In a map, an even number left means that a key comes next. */
interface Container {
  readonly isMap: boolean;
  left: number;
  keyStart: number;
  keyEnd: number;
}

const ARGUMENT_WIDTHS = [1, 2, 4, 8];
const SMALLEST_ARGUMENTS = [24, 2 ** 8, 2 ** 16, 2 ** 32];

/** Big-endian; above 2^53 the value is not exact, and is only compared with limits. */
function readUnsigned(bytes: Uint8Array, at: number, width: number): number {
  let value = 0;
  for (let i = 0; i < width; i++) value = value * 256 + (bytes[at + i] as number);
  return value;
}

/** Bytewise lexicographic order of the encoded keys (RFC 8949 §4.2.1). */
function compareBytes(bytes: Uint8Array, startA: number, endA: number, startB: number, endB: number): number {
  const length = Math.min(endA - startA, endB - startB);
  for (let i = 0; i < length; i++) {
    const difference = (bytes[startA + i] as number) - (bytes[startB + i] as number);
    if (difference !== 0) return difference;
  }
  return endA - startA - (endB - startB);
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function checkText(bytes: Uint8Array, start: number, end: number): void {
  let ascii = true;
  for (let i = start; i < end && ascii; i++) ascii = (bytes[i] as number) < 0x80;
  if (ascii) return;
  let text: string;
  try {
    text = UTF8.decode(bytes.subarray(start, end));
  } catch {
    throw malformed('cbor: text that is not UTF-8');
  }
  if (text.charCodeAt(0) === 0xfeff) throw malformed('cbor: text with a byte order mark');
  if (text !== text.normalize('NFC')) throw malformed('cbor: text that is not in NFC');
}
