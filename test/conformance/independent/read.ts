import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { cdeDecodeOptions, decode, Simple, Tag } from 'cbor2';

/**
 * A reader of the format that shares no line with the library: cbor2 for CBOR, node:zlib and node:crypto for the rest, and the
 * codes of docs/format.md written anew. What cbor2 throws is `malformed`.
 */

export class No extends Error {
  readonly code: string;

  constructor(code: string, why: string) {
    super(why);
    this.code = code;
  }
}

export function need(condition: unknown, why: string, code = 'malformed'): asserts condition {
  if (!condition) throw new No(code, why);
}

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

export function readText(text: string): Uint8Array {
  if (!text.startsWith('ZM1:')) throw new No(/^ZM\d:/.test(text) ? 'unsupported_version' : 'not_zhengma', 'prefix');
  need(text.length <= 4 + 6144, 'length', 'too_large');
  const groups = text.slice(4).match(/.{1,3}/gs) ?? [];
  const bytes = groups.flatMap((group) => {
    need(group.length > 1, 'a character is left over');
    const digits = Array.from(group, (character) => (character.length === 1 ? ALPHABET.indexOf(character) : -1));
    need(!digits.includes(-1), 'outside the alphabet');
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    need(value < (group.length === 3 ? 65_536 : 256), 'a group too large');
    return group.length === 3 ? [value >> 8, value & 255] : [value];
  });
  const carried = Buffer.from(bytes);
  if (carried[0] !== 0x78) return carried;
  const inflated = inflate(carried);
  need(inflated && inflated.length > carried.length, 'no stream, or one that saves nothing');
  need(!hasPadding(carried, inflated), 'padding that is not zero');
  return inflated;
}

/** One stream that fills the input, of 16 KiB at most. */
function inflate(input: Uint8Array): Buffer | undefined {
  try {
    const options = { maxOutputLength: 16_384, info: true };
    const { buffer, engine } = inflateSync(input, options) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    return engine.bytesWritten === input.length ? buffer : undefined;
  } catch (error) {
    need((error as { code?: string }).code !== 'ERR_BUFFER_TOO_LARGE', 'more than 16 KiB', 'too_large');
    return undefined;
  }
}

/** zlib does not look at the bits after the last code: clearing the highest one that is set then changes nothing. */
function hasPadding(input: Uint8Array, output: Uint8Array): boolean {
  const last = input.length - 5;
  const byte = input[last] as number;
  if (byte === 0) return false;
  const cleared = Buffer.from(input);
  cleared[last] = byte & ~(1 << (31 - Math.clz32(byte)));
  return inflate(cleared)?.equals(output) === true;
}

export type Item = number | string | boolean | null | Uint8Array | Tag | Simple | Item[] | Map<unknown, Item>;

/** Deterministic CBOR of the profile; `granted`: what else may be in it. */
export function readCbor(bytes: Uint8Array, granted: { readonly tag?: true; readonly redaction?: true } = {}): Item {
  need(bytes.length <= 16_384, 'too many bytes', 'too_large');
  const item = decode(bytes, {
    ...cdeDecodeOptions,
    preferMap: true,
    ignoreGlobalTags: true,
    rejectDuplicateKeys: true,
    rejectFloats: true,
    rejectUndefined: true,
    rejectStringsNotNormalizedAs: 'NFC',
    maxDepth: 64,
  }) as Item;
  const count = countItems(item, granted, 0);
  need(count <= 256, 'too many items');
  return item;
}

/** By the list in the documents: nothing of the library. */
const CHARACTERS = readFileSync(new URL('../../../docs/characters.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('-').map((hex) => Number.parseInt(hex, 16)));

function isKnownCharacter(character: string): boolean {
  const at = character.codePointAt(0) as number;
  return CHARACTERS.some(([first = 0, last = first]) => at >= first && at <= last);
}

function countItems(item: Item, granted: { readonly tag?: true; readonly redaction?: true }, depth: number): number {
  if (typeof item === 'bigint') throw new No('malformed', 'an integer beyond 2^53 - 1');
  if (typeof item === 'number') need(Number.isSafeInteger(item), 'a number that is no exact integer');
  if (typeof item === 'string') {
    need(Buffer.byteLength(item) <= 256 && !item.startsWith('\ufeff') && item.isWellFormed(), 'a text');
    need([...item].every(isKnownCharacter), 'a character that the format does not have');
  }
  const inner = (items: readonly Item[]) => {
    if (items.length === 0) return 1;
    need(depth < 8, 'too deep');
    return items.reduce<number>((sum, each) => sum + countItems(each, granted, depth + 1), 1);
  };
  if (Array.isArray(item)) return inner(item);
  if (item instanceof Map) {
    for (const key of item.keys()) {
      const isRedaction = granted.redaction && key instanceof Simple && key.value === 59;
      need(typeof key === 'number' || typeof key === 'string' || isRedaction, 'a key');
    }
    return inner([...item].flatMap(([key, value]) => [key instanceof Simple ? 0 : (key as Item), value]));
  }
  if (item instanceof Tag) {
    need(granted.tag && Number(item.tag) === 18, 'a tag');
    return inner([item.contents as Item]);
  }
  need(!(item instanceof Simple), 'a simple value');
  const isKnown = item === null || ['number', 'string', 'boolean'].includes(typeof item) || item instanceof Uint8Array;
  need(isKnown, 'another kind of item');
  return 1;
}

export function asMap(item: unknown): Map<unknown, Item> {
  need(item instanceof Map, 'no map');
  return item;
}

export function asBytes(item: unknown, length?: number): Buffer {
  need(item instanceof Uint8Array && (length === undefined || item.length === length), 'no bytes');
  return Buffer.from(item);
}

/** Only these keys. */
export function needKeys(map: Map<unknown, Item>, ...keys: readonly unknown[]): void {
  for (const key of map.keys()) need(keys.includes(key), 'an unknown key');
}

export function asTime(item: unknown): number {
  need(typeof item === 'number' && item >= 0 && item <= 253_402_300_799, 'no time');
  return item;
}

/** docs/format.md §4: what shows nothing, besides controls. */
const UNSEEN = new Set([
  ...[0x34f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0],
  ...Array.from({ length: 5 }, (_, at) => 0x180b + at),
  ...Array.from({ length: 16 }, (_, at) => 0xfe00 + at),
]);

/** 1 to `most` characters, none of which is invisible. */
export function asPrintable(item: unknown, most = 64): string {
  need(typeof item === 'string' && [...item].length >= 1 && [...item].length <= most, 'no short text');
  need(!/\p{Cc}|\p{Cf}|\p{Cs}|\p{Zl}|\p{Zp}/u.test(item), 'a control');
  need(![...item].some((character) => UNSEEN.has(character.codePointAt(0) as number)), 'a character that nobody sees');
  need(!/^\p{M}/u.test(item), 'a mark without a letter');
  need(item.trim() !== '', 'nothing but spaces');
  return item;
}

export function hash(...parts: readonly Uint8Array[]): Buffer {
  return createHash('sha256').update(Buffer.concat(parts)).digest();
}
