import { Buffer } from 'node:buffer';
import {
  bytesOf,
  cbor,
  type Encoded,
  encoded,
  encodeEntries,
  head,
  indefinite,
  mapOf,
  nested,
  type Plain,
  raw,
  tagged,
  textOf,
} from './cbor.ts';
import { Group } from './group.ts';
import { CLAIMS, CREDENTIAL_MAP, CTI, claims, credential, ISS, MAP } from './people.ts';

/** The credential with one value replaced, signed as it then is. */
const withName = (value: Plain) => credential(claims([], [[2, value]]));
const withRegion = (value: Plain) => credential(claims([], [[4, value]]));
const withPayload = (payload: Encoded) => credential(payload);

export function makeCbor(): Group {
  const group = new Group(
    'cbor',
    'Deterministic CBOR (RFC 8949 §4.2.1), byte by byte, in messages that are signed as they are.',
    {
      Head: 'The shortest head that holds the argument.',
      Indefinite: 'Lengths are definite.',
      MapKeys: 'Keys are integers or text, unique, in bytewise order.',
      Text: 'Valid UTF-8 in Unicode normalisation form C without byte order mark.',
      Value: 'No floats, no simple values but false, true and null, no tags, no integers beyond ±(2^53 − 1).',
      Limit: 'Bounds on nesting, items and text.',
      End: 'One item fills the bytes.',
    },
  );
  heads(group);
  lengths(group);
  keys(group);
  texts(group);
  values(group);
  limits(group);
  ends(group);
  return group;
}

function heads(group: Group): void {
  const refuse = (comment: string, bytes: Uint8Array) => group.refuse('malformed', 'Head', comment, bytes);
  refuse('an integer in two bytes instead of one', withPayload(entry(7, encoded(head(0, 1, 1)))));
  refuse('an integer in three bytes instead of two', withPayload(entry(6, encoded(head(0, 11, 2)))));
  refuse('an integer in five bytes instead of three', withPayload(entry(5, encoded(head(0, 310, 4)))));
  refuse('an integer in nine bytes instead of five', withRegion(encoded(head(0, 370_202, 8))));
  refuse('a long head of a text', withName(textOf(Buffer.from('欧***'), 1)));
  refuse('a long head of a byte string', credential(claims([[CTI, bytesOf(Buffer.alloc(8), 1)]])));
  refuse('a long head of an array', credential(claims([], [[8, encoded(head(4, 1, 1), cbor(1101))]])));
  refuse('a long head of the claims', withPayload(encoded(mapOf(encodeEntries([...claims()]), 1))));
  refuse(
    'a long head of the credential map',
    credential(claims([[MAP, encoded(mapOf(encodeEntries([...CREDENTIAL_MAP]), 1))]])),
  );
  refuse('a long head of a map key', withPayload(replaceKey(ISS, head(0, 1, 1))));
  refuse('a long head of a negative map key', withPayload(replaceKey(MAP, head(1, 65_536, 8))));
  for (const info of [28, 29, 30]) {
    refuse(`reserved additional information ${info} of an integer`, withRegion(raw(info.toString(16))));
    refuse(`reserved additional information ${info} of a text`, withName(raw((0x60 + info).toString(16))));
  }
  refuse(
    'a long head of the four parts',
    credential(claims(), { change: (parts) => encoded(head(4, 4, 1), ...parts.map(cbor)) }),
  );
  refuse('a long head of the tag', credential(claims(), { tag: Buffer.from(head(6, 18, 1)) }));
  refuse(
    'a long head of the payload',
    credential(claims(), {
      change: ([a, b, c, d]) => [a as Plain, b as Plain, bytesOf(c as Uint8Array, 4), d as Plain],
    }),
  );
  refuse(
    'a long head of the signature',
    credential(claims(), {
      change: ([a, b, c, d]) => [a as Plain, b as Plain, c as Plain, bytesOf(d as Uint8Array, 2)],
    }),
  );
}

function lengths(group: Group): void {
  const refuse = (comment: string, bytes: Uint8Array) => group.refuse('malformed', 'Indefinite', comment, bytes);
  refuse('a text in chunks', withName(indefinite(3, [cbor('欧'), cbor('***')])));
  refuse('a byte string in chunks', credential(claims([[CTI, indefinite(2, [cbor(Buffer.alloc(8))])]])));
  refuse('an array without count', credential(claims([], [[8, indefinite(4, [cbor(1101)])]])));
  refuse('claims without count', withPayload(indefinite(5, encodeEntries([...claims()]).flat())));
  refuse(
    'a credential map without count',
    credential(claims([[MAP, indefinite(5, encodeEntries([...CREDENTIAL_MAP]).flat())]])),
  );
  refuse('four parts without count', credential(claims(), { change: (parts) => indefinite(4, parts.map(cbor)) }));
  refuse(
    'a payload in chunks',
    credential(claims(), {
      change: ([a, b, c, d]) => [a as Plain, b as Plain, indefinite(2, [cbor(c as Plain)]), d as Plain],
    }),
  );
  refuse('a break on its own', withRegion(raw('ff')));
}

function keys(group: Group): void {
  const refuse = (comment: string, bytes: Uint8Array, code = 'malformed') =>
    group.refuse(code, 'MapKeys', comment, bytes);
  const entries = encodeEntries([...claims()]);
  refuse('claims in another order', withPayload(encoded(mapOf([...entries].reverse()))));
  const map = encodeEntries([...CREDENTIAL_MAP]);
  const withMap = (pairs: typeof map) => credential(claims([[MAP, encoded(mapOf(pairs))]]));
  refuse('a credential map in another order', withMap([...map].reverse()));
  const byLength = encodeEntries([...CREDENTIAL_MAP, [-1, 0], [24, 0]]);
  refuse('a credential map in the order of the lengths of its keys', withMap(byLength));
  refuse('a claim twice', withPayload(encoded(mapOf([entries[0] as never, ...entries]))));
  refuse('a claim twice with two values', withPayload(encoded(mapOf([[cbor(1), cbor('110000')], ...sorted(entries)]))));
  refuse('a region twice with two values', withMap(insertAfter(map, 4, [cbor(4), cbor(110_101)])));
  refuse('a name twice', withMap(insertAfter(map, 2, map[2] as never)));
  refuse(
    'a region once as a long key and once as a short one',
    withMap(insertAfter(map, 4, [head(0, 4, 1), cbor(110_101)])),
  );
  for (const [comment, key] of [
    ['a byte string as a key', '4101'],
    ['an array as a key', '8101'],
    ['a map as a key', 'a0'],
    ['a float as a key', 'f93c00'],
    ['true as a key', 'f5'],
    ['null as a key', 'f6'],
    ['a tag as a key', 'c101'],
    ['the key of redacted claims where nothing is redacted', 'f83b'],
  ] as const) {
    refuse(comment, withMap([...map, [raw(key).bytes, cbor(1)]]));
  }
  refuse(
    'a text as a key of the claims',
    withPayload(encoded(mapOf(sorted([...entries, [cbor('iss'), cbor('370200')]])))),
  );
  refuse('a text as a key of the credential map', withMap([...map, [cbor('name'), cbor('欧***')]]), 'unsupported_type');
  refuse(
    'a map with a key and no value',
    withPayload(encoded(head(5, entries.length + 1), ...entries.flat(), cbor(-65_538))),
  );
}

function texts(group: Group): void {
  const refuse = (comment: string, hexadecimal: string) =>
    group.refuse('malformed', 'Text', comment, withName(textOf(Buffer.from(hexadecimal.replaceAll(' ', ''), 'hex'))));
  refuse('a lone continuation byte', '80');
  refuse('a byte that is in no UTF-8', 'ff');
  refuse('a character cut off', 'e6ac');
  refuse('a character cut off in the middle', 'e6ac 2a2a');
  refuse('a lead byte after an ideograph', 'e6aca7 e6');
  refuse('a continuation byte too many', 'e6aca7 a7');
  refuse('a slash in two bytes', 'c0af');
  refuse('a slash in three bytes', 'e080af');
  refuse('a null in two bytes', 'c080');
  refuse('half of a surrogate pair', 'eda080');
  refuse('a surrogate pair as six bytes', 'eda081 edb080');
  refuse('a character beyond U+10FFFF', 'f4908080');
  refuse('a character in five bytes', 'f888808080');
  refuse('latin 1', 'e9');
  refuse('GB 18030', 'c5b7d1f4');
  refuse('a byte order mark in front', 'efbbbf e6aca7');
  refuse('a letter and a combining accent', '65cc81');
  refuse('the ångström sign', 'e284ab');
  refuse('a compatibility ideograph', 'efa480');
  refuse('combining marks in another order', '71cc87cca3');
  refuse('conjoining jamo', 'e18480e185a1');
  const accept = (comment: string, name: string) =>
    group.accept('Text', comment, withName(name), { claims: { ...CLAIMS, name } });
  accept('a composed letter', '\u00e9');
  accept('an ideograph of the supplementary plane', '\u{20000}*');
  accept('an ideograph of extension A', '\u3400*');
  accept('the last ideograph that is read without asking', '\u9fff*');
  accept('a hangul syllable', '\uac00*');
  accept('a middle dot as in the names of minorities', '阿**·*');
  accept('combining marks in their order', 'q\u0323\u0307');
}

function values(group: Group): void {
  const refuse = (comment: string, bytes: Uint8Array) => group.refuse('malformed', 'Value', comment, bytes);
  for (const [comment, hexadecimal] of [
    ['a float of 16 bits', 'f93c00'],
    ['a float of 32 bits', 'fa3f800000'],
    ['a float of 64 bits', 'fb3ff0000000000000'],
    ['infinity', 'f97c00'],
    ['not a number', 'f97e00'],
    ['undefined', 'f7'],
    ['simple value 0', 'e0'],
    ['simple value 19', 'f3'],
    ['simple value 32', 'f820'],
    ['true in two bytes', 'f815'],
    ['simple value 59 as a value', 'f83b'],
    ['2^53', '1b0020000000000000'],
    ['minus 2^53', '3b001fffffffffffff'],
    ['the largest unsigned integer', '1bffffffffffffffff'],
    ['the smallest negative integer', '3bffffffffffffffff'],
    ['a date', 'c11a6b02a100'],
    ['a date as text', 'c0 6a 323032362d31312d3232'],
    ['a bignum', 'c24105'],
    ['a negative bignum', 'c34105'],
    ['a decimal fraction', 'c4820005'],
    ['encoded CBOR', 'd8184100'],
    ['a self description', 'd9d9f700'],
    ['a tagged COSE message', 'd28440a04040'],
    ['a reference to a shared value', 'd81d00'],
  ] as const) {
    refuse(`${comment} where an integer is expected`, withRegion(raw(hexadecimal)));
  }
  refuse('the claims in a self description', withPayload(tagged(55_799, claims())));
  refuse('the claims as a tagged CWT', withPayload(tagged(61, claims())));
  refuse('the whole message as a tagged CWT', credential(claims(), { tag: Buffer.from('d83dd2', 'hex') }));
}

function limits(group: Group): void {
  const refuse = (comment: string, bytes: Uint8Array, code = 'malformed') =>
    group.refuse(code, 'Limit', comment, bytes);
  // The claims and the credential map are two levels.
  refuse('six more levels, of a value that is none', withRegion(nested(6)));
  refuse('seven more levels', withRegion(nested(7)));
  refuse('a hundred levels', withRegion(nested(100)));
  refuse('two thousand levels instead of the claims', withPayload(nested(2000)));
  refuse('two thousand levels instead of a message', Buffer.concat([Buffer.of(0xd2), nested(2000).bytes]));
  refuse('two thousand tags', Buffer.alloc(2000, 0xd2));
  refuse('257 items', withPayload(encoded(cbor(Array(256).fill(0)))));
  refuse('256 items that are no claims', withPayload(encoded(cbor(Array(255).fill(0)))));
  refuse('a text of 257 bytes', withName('A'.repeat(257)));
  refuse('a text of 256 bytes that is too long for a name', withName('A'.repeat(256)));
  refuse('a text of 1000 combining marks', withName(`a${'\u0345\u0316'.repeat(500)}`));
  refuse('an array of 2^32 items that are not there', withRegion(raw('9affffffff')));
  refuse('a map of 2^53 items that are not there', withRegion(raw('bb0020000000000000')));
  refuse('a byte string of 2^64 bytes that are not there', withRegion(raw('5bffffffffffffffff')));
  refuse('a text of 2^31 bytes that are not there', withName(raw('7a80000000')));
}

function ends(group: Group): void {
  const refuse = (comment: string, bytes: Uint8Array) => group.refuse('malformed', 'End', comment, bytes);
  const good = credential();
  refuse('a byte after the message', Buffer.concat([good, Buffer.of(0)]));
  refuse('a message twice', Buffer.concat([good, good]));
  refuse('a byte after the claims', withPayload(encoded(cbor(claims()), Buffer.of(0))));
  refuse('claims cut off', withPayload(encoded(cbor(claims()).subarray(0, -1))));
  refuse('no claims at all', withPayload(encoded()));
  refuse(
    'a byte after the protected header',
    credential(claims(), { protectedBytes: Buffer.from('a20132044801565176601c895c00', 'hex') }),
  );
  for (const cut of [1, 2, 40, 64, 66, 100]) refuse(`a message without its last ${cut} bytes`, good.subarray(0, -cut));
}

/** The claims, with one entry of the credential map in these bytes. */
function entry(key: number, value: Encoded): Encoded {
  return encoded(cbor(claims([], [[key, value]])));
}

/** The claims with the bytes of one key replaced, its place in the order kept. */
function replaceKey(key: number, bytes: Uint8Array): Encoded {
  const entries = encodeEntries([...claims()]).sort(([a], [b]) => Buffer.compare(a, b));
  const wanted = cbor(key);
  return encoded(mapOf(entries.map(([name, value]) => [Buffer.compare(name, wanted) === 0 ? bytes : name, value])));
}

function sorted(entries: ReturnType<typeof encodeEntries>): ReturnType<typeof encodeEntries> {
  return [...entries].sort(([a], [b]) => Buffer.compare(a, b));
}

function insertAfter<T>(list: readonly T[], index: number, item: T): T[] {
  return [...list.slice(0, index + 1), item, ...list.slice(index + 1)];
}
