import type { CborLimits } from '../limits.ts';
import { malformed, Refusal } from '../result.ts';

/** What the profile's CBOR can hold. Integers are exact numbers, byte strings are views into the input. */
export type CborValue = number | string | boolean | null | Uint8Array | readonly CborValue[] | CborMap;

/** A CBOR map, its keys in the order in which they are encoded. */
export type CborMap = ReadonlyMap<number | string, CborValue>;

/**
 * Decodes one deterministic CBOR item (RFC 8949 §4.2.1) that fills `bytes`, checking each byte as it is read. CBOR leaves an
 * encoder many freedoms; each is closed here, because a freedom is a second spelling of the same credential, or a way to make
 * a decoder work for hours:
 *
 * - heads longer than needed, indefinite lengths (§4.2.1): one spelling only
 * - unsorted or repeated map keys: two readers may pick different values
 * - map keys that are not integers or text: no COSE or CWT map has any
 * - tags (dates, bignums, shared references): decoders run code for them; the COSE tag is taken off before
 * - floats and simple values other than false, true, null: nothing in the format needs them
 * - integers beyond ±(2^53 − 1): not exact in JavaScript
 * - text that is not UTF-8, not NFC, or begins with a byte order mark: looks the same, compares differently
 * - more nesting, items, bytes or text than the limits: work before a signature is checked stays bounded
 *
 * Iterative: hostile nesting cannot exhaust the call stack.
 *
 * @throws Refusal `too_large` when `bytes` is over the limit, else `malformed`
 */
export function decodeCbor(bytes: Uint8Array, limits: CborLimits): CborValue {
  if (bytes.length > limits.bytes) throw new Refusal('too_large', 'cbor: more bytes than the limit');
  const open: Container[] = [];
  let root: CborValue = null;
  let at = 0;
  let items = 0;

  do {
    const container = open.at(-1);
    const isKey = container?.map !== undefined && container.left % 2 === 0;
    const start = at;
    if (++items > limits.items) throw malformed('cbor: more items than the limit');
    if (at >= bytes.length) throw malformed('cbor: cut off');

    const initial = bytes[at++] as number;
    const major = initial >> 5;
    const info = initial & 31;
    let argument = info;
    if (info >= 24 && major !== 7) {
      const width = ARGUMENT_WIDTHS[info - 24];
      if (width === undefined) throw malformed(info === 31 ? 'cbor: indefinite length' : 'cbor: reserved head');
      if (at + width > bytes.length) throw malformed('cbor: cut off');
      argument = readUnsigned(bytes, at, width);
      at += width;
      if (argument < (SMALLEST_ARGUMENTS[info - 24] as number)) throw malformed('cbor: a head longer than needed');
    }
    if (isKey && (major === 2 || major > 3)) throw malformed('cbor: a map key that is no integer or text');

    let value: CborValue;
    let opened: Container | undefined;
    switch (major) {
      case 0:
        if (argument > Number.MAX_SAFE_INTEGER) throw malformed('cbor: an integer beyond 2^53 - 1');
        value = argument;
        break;
      case 1:
        if (argument >= Number.MAX_SAFE_INTEGER) throw malformed('cbor: an integer beyond 2^53 - 1');
        value = -1 - argument;
        break;
      case 2:
      case 3:
        if (argument > bytes.length - at) throw malformed('cbor: cut off');
        if (major === 3 && argument > limits.textBytes) throw malformed('cbor: a text longer than the limit');
        value = bytes.subarray(at, at + argument);
        if (major === 3) value = decodeText(value);
        at += argument;
        break;
      case 4:
      case 5:
        opened = openContainer(major === 5, argument);
        // Every item takes a byte, so a larger count is a lie; found here, it is refused before any work.
        if (opened.left > bytes.length - at) throw malformed('cbor: cut off');
        value = opened.map ?? (opened.array as CborValue[]);
        break;
      case 6:
        throw malformed('cbor: a tag where none is expected');
      default:
        if (info < 20 || info > 22) throw malformed('cbor: a float or a simple value other than false, true, null');
        value = info === 22 ? null : info === 21;
    }

    if (!container) root = value;
    else if (container.array) container.array.push(value);
    else if (isKey) {
      if (container.keyEnd > 0 && compareBytes(bytes, container.keyStart, container.keyEnd, start, at) >= 0) {
        throw malformed('cbor: map keys repeated or not in order');
      }
      container.key = value as number | string;
      container.keyStart = start;
      container.keyEnd = at;
    } else container.map?.set(container.key, value);
    if (container) container.left--;

    if (opened && opened.left > 0) {
      if (open.length >= limits.depth) throw malformed('cbor: nested deeper than the limit');
      open.push(opened);
    }
    while (open.at(-1)?.left === 0) open.pop();
  } while (open.length > 0);

  if (at !== bytes.length) throw malformed('cbor: bytes after the item');
  return root;
}

/** An array or a map whose items are being read. In a map, an even number left means that a key comes next. */
interface Container {
  readonly array: CborValue[] | undefined;
  readonly map: Map<number | string, CborValue> | undefined;
  left: number;
  key: number | string;
  keyStart: number;
  keyEnd: number;
}

function openContainer(isMap: boolean, count: number): Container {
  return {
    array: isMap ? undefined : [],
    map: isMap ? new Map() : undefined,
    left: isMap ? count * 2 : count,
    key: 0,
    keyStart: 0,
    keyEnd: 0,
  };
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

function decodeText(bytes: Uint8Array): string {
  let ascii = '';
  for (const byte of bytes) {
    if (byte >= 0x80) return decodeUnicode(bytes);
    ascii += String.fromCharCode(byte);
  }
  return ascii;
}

function decodeUnicode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw malformed('cbor: text that is not UTF-8');
  }
  if (text.charCodeAt(0) === 0xfeff) throw malformed('cbor: text with a byte order mark');
  if (text !== text.normalize('NFC')) throw malformed('cbor: text that is not in NFC');
  return text;
}
