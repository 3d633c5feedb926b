import type { CborLimits } from '../limits.ts';
import { malformed, Refusal } from '../result.ts';
import { HeadReader } from './head.ts';
import { decodeText } from './text.ts';
import { type CborKey, CborTag, type CborValue, REDACTED_CLAIM_KEYS } from './value.ts';

export { type CborKey, type CborMap, CborTag, type CborValue, REDACTED_CLAIM_KEYS } from './value.ts';

/** What a caller expects beyond the plain profile. */
export interface CborGrants {
  /** The tag numbers that are accepted, anywhere in the item. */
  readonly tags?: readonly number[];
  /** Whether simple(59) is accepted as a map key (SD-CWT). */
  readonly redactedClaimKeys?: true;
}

const NO_GRANTS: CborGrants = {};

/**
 * Decodes one deterministic CBOR item (RFC 8949 §4.2.1) that fills `bytes`, checking each byte as it is read. CBOR leaves an
 * encoder many freedoms; each is closed here, because a freedom is a second spelling of the same credential, or a way to make
 * a decoder work for hours:
 *
 * - heads longer than needed, indefinite lengths (§4.2.1): one spelling only
 * - unsorted or repeated map keys: two readers may pick different values
 * - map keys that are not integers or text: no COSE or CWT map has any; simple(59) is for SD-CWT, where it is granted
 * - tags that are not granted (dates, bignums, shared references): decoders run code for them; here no tag ever does
 * - floats and simple values other than false, true, null: nothing in the format needs them
 * - integers beyond ±(2^53 − 1): not exact in JavaScript
 * - text that is not UTF-8, not NFC, or begins with a byte order mark: looks the same, compares differently
 * - more nesting, items, bytes or text than the limits: work before a signature is checked stays bounded
 *
 * Iterative: hostile nesting cannot exhaust the call stack.
 *
 * @param grants what is accepted beyond that; a tag counts as an item and as a level of nesting
 * @throws Refusal `too_large` when `bytes` is over the limit, else `malformed`
 */
export function decodeCbor(bytes: Uint8Array, limits: CborLimits, grants: CborGrants = NO_GRANTS): CborValue {
  if (bytes.length > limits.bytes) throw new Refusal('too_large', 'cbor: more bytes than the limit');
  const head = new HeadReader(bytes);
  let container: Container | undefined;
  let root: CborValue = null;
  let depth = 0;
  let items = 0;

  do {
    const isKey = container?.map !== undefined && container.left % 2 === 0;
    const start = head.at;
    if (++items > limits.items) throw malformed('cbor: more items than the limit');
    head.read();
    const { major, argument } = head;
    if (major !== 7) checkArgument(head);

    let value: CborValue = null;
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
      case 3: {
        const end = head.at + argument;
        if (end > bytes.length) throw malformed('cbor: cut off');
        if (major === 2) value = bytes.subarray(head.at, end);
        else if (argument > limits.textBytes) throw malformed('cbor: a text longer than the limit');
        else value = decodeText(bytes, head.at, end);
        head.at = end;
        break;
      }
      case 4:
        opened = new Container(container, argument);
        value = opened.array = [];
        break;
      case 5:
        opened = new Container(container, argument * 2);
        value = opened.map = new Map();
        break;
      case 6:
        if (!grants.tags?.includes(argument)) throw malformed('cbor: a tag where none is expected');
        opened = new Container(container, 1);
        value = opened.tag = new CborTag(argument, null);
        break;
      default:
        if (!isKey) value = decodeSimple(head.info);
    }

    if (container) {
      if (isKey) {
        if (container.keyEnd > 0 && compareBytes(bytes, container.keyStart, container.keyEnd, start, head.at) >= 0) {
          throw malformed('cbor: map keys repeated or not in order');
        }
        container.key = typeof value === 'number' || typeof value === 'string' ? value : readOtherKey(head, grants);
        container.keyStart = start;
        container.keyEnd = head.at;
      } else if (container.map) container.map.set(container.key, value);
      else if (container.array) container.array.push(value);
      else (container.tag as { value: CborValue }).value = value;
      container.left--;
    } else root = value;

    if (opened) {
      // Every item takes a byte, so a larger count is a lie; found here, it is refused before any work.
      if (opened.left > bytes.length - head.at) throw malformed('cbor: cut off');
      if (opened.left > 0) {
        if (++depth > limits.depth) throw malformed('cbor: nested deeper than the limit');
        container = opened;
      }
    }
    while (container?.left === 0) {
      container = container.parent;
      depth--;
    }
  } while (container);

  if (head.at !== bytes.length) throw malformed('cbor: bytes after the item');
  return root;
}

/** An array, a map or a tag whose items are being read. In a map, an even number left means that a key comes next. */
class Container {
  readonly parent: Container | undefined;
  left: number;
  array: CborValue[] | undefined;
  map: Map<CborKey, CborValue> | undefined;
  tag: CborTag | undefined;
  key: CborKey = 0;
  keyStart = 0;
  keyEnd = 0;

  constructor(parent: Container | undefined, left: number) {
    this.parent = parent;
    this.left = left;
  }
}

function checkArgument(head: HeadReader): void {
  if (head.info > 27) throw malformed(head.info === 31 ? 'cbor: indefinite length' : 'cbor: reserved head');
  if (!head.isShortest()) throw malformed('cbor: a head longer than needed');
}

function decodeSimple(info: number): boolean | null {
  if (info < 20 || info > 22) throw malformed('cbor: a float or a simple value other than false, true, null');
  return info === 22 ? null : info === 21;
}

function readOtherKey(head: HeadReader, grants: CborGrants): typeof REDACTED_CLAIM_KEYS {
  if (grants.redactedClaimKeys && head.major === 7 && head.info === 24 && head.argument === 59)
    return REDACTED_CLAIM_KEYS;
  throw malformed('cbor: a map key that is no integer or text');
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
