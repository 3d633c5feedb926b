import { Buffer } from 'node:buffer';
import { ALPHABET, adler32, base45, bomb, CODE_LENGTH_ORDER, qrText, zlib, zlibOfBits } from './carrier.ts';
import { cbor } from './cbor.ts';
import { Group } from './group.ts';
import { CLAIMS, claims, credential } from './people.ts';

const LONG_NAME = 'A'.repeat(64);
const LONG = { name: LONG_NAME, idNumber: '*002X', region: '370202', businessTypes: Array(16).fill('01101') };

/** A credential that compression makes shorter. */
function compressible(): Uint8Array {
  return credential(
    claims(
      [],
      [
        [2, LONG_NAME],
        [5, undefined],
        [6, undefined],
        [7, undefined],
        [8, Array(16).fill(1101)],
      ],
    ),
  );
}

export function makeCarrier(): Group {
  const group = new Group('carrier', 'From the text of a QR code to the message: prefix, Base45, zlib, sizes.', {
    Prefix: 'The text has to begin with ZM1: exactly; nothing is trimmed or folded.',
    Base45: 'RFC 9285, strictly: one spelling for each byte string.',
    Zlib: 'RFC 1950 and RFC 1951, strictly: one whole stream, right checksum, zero padding, nothing after it, and shorter.',
    Size: 'Caps that hold before anything is decoded.',
  });
  const good = credential();
  const text = qrText(good);
  group.accept('Base45', 'a credential as it is', good);
  prefixes(group, text);
  spellings(group, text);
  overflows(group);
  streams(group);
  sizes(group);
  return group;
}

function prefixes(group: Group, text: string): void {
  const rest = text.slice(4);
  for (const [comment, prefixed] of [
    ['no prefix', rest],
    ['the prefix in lowercase', `zm1:${rest}`],
    ['a space before the prefix', ` ${text}`],
    ['a line end before the prefix', `\n${text}`],
    ['a byte order mark before the prefix', `\ufeff${text}`],
    ['the prefix without colon', `ZM1${rest}`],
    ['a letter for the version', `ZMA:${rest}`],
    ['a version of two digits', `ZM10:${rest}`],
    ['a fullwidth digit for the version', `ZM\uff11:${rest}`],
    ['the prefix of a European health certificate', `HC1:${rest}`],
    ['a web address', 'https://lists.example/'],
    ['an empty text', ''],
    ['half of the prefix', 'ZM'],
    ['an official number of 28 digits', '1234567890123456789012345678'],
  ] as const) {
    group.refuse('not_zhengma', 'Prefix', comment, prefixed);
  }
  for (const version of ['0', '2', '9']) {
    group.refuse('unsupported_version', 'Prefix', `version ${version}`, `ZM${version}:${rest}`);
  }
  group.refuse('unsupported_version', 'Prefix', 'another version and nothing else', 'ZM2:');
}

function spellings(group: Group, text: string): void {
  const middle = 40;
  const replace = (at: number, by: string, count = by.length) => text.slice(0, at) + by + text.slice(at + count);
  for (const [comment, spelled] of [
    ['nothing after the prefix', 'ZM1:'],
    ['a line end after the text', `${text}\n`],
    ['a carriage return and a line end after the text', `${text}\r\n`],
    ['a space after the text', `${text} `],
    ['a space more in the middle', replace(middle, ' ', 0)],
    ['lowercase letters', `ZM1:${text.slice(4).toLowerCase()}`],
    ['a character outside the alphabet', replace(middle, '!')],
    ['an underscore', replace(middle, '_')],
    ['a null character', replace(middle, '\0')],
    ['a character beyond ASCII', replace(middle, '\u00e9')],
    ['a fullwidth digit', replace(middle, '\uff10')],
    ['a character outside the basic plane', replace(middle, '\u{1f600}')],
    ['a character that is outside the alphabet by 256', replace(middle, '\u0130')],
    ['one character too few', text.slice(0, -1)],
    ['one character too many', `${text}0`],
    ['a group of three that is 65536', replace(4 + 36, 'GGX')],
    ['the largest group of three', replace(4 + 36, ':::')],
    ['a last pair that is 256', 'ZM1:VG5U5'],
    ['the largest last pair', 'ZM1:::'],
    ['padding as of Base64', `${text}=`],
    ['the prefix twice', `ZM1:${text}`],
  ] as const) {
    group.refuse('malformed', 'Base45', comment, spelled);
  }
}

/** Groups that are too large, whose lowest bits are the right bytes: a reader that cuts them off gets the message. */
function overflows(group: Group): void {
  const readGroup = (digits: string) =>
    Array.from(digits).reduceRight((sum, digit) => sum * 45 + ALPHABET.indexOf(digit), 0);
  const spell = (value: number, count: number) =>
    Array.from({ length: count }, (_, at) => ALPHABET[Math.floor(value / 45 ** at) % 45]).join('');
  const odd = [credential(), credential(claims([], [[2, '欧*']]))].find(({ length }) => length % 2 === 1) as Uint8Array;
  const text = qrText(odd);
  const groups = text.slice(4).match(/.{1,3}/g) as string[];
  const small = groups.findIndex((digits) => digits.length === 3 && readGroup(digits) + 65_536 < 45 ** 3);
  const respell = (at: number, excess: number) =>
    `ZM1:${groups.map((digits, i) => (i === at ? spell(readGroup(digits) + excess, digits.length) : digits)).join('')}`;
  group.refuse('malformed', 'Base45', 'a group of three that is the right one and 65536', respell(small, 65_536));
  group.refuse('malformed', 'Base45', 'a last pair that is the right one and 256', respell(groups.length - 1, 256));
}

function streams(group: Group): void {
  const whole = compressible();
  const expected = { claims: LONG };
  group.accept('Zlib', 'a compressed credential with fixed codes', zlib(whole), expected);
  const name = '欧'.repeat(64);
  const longest = credential(
    claims(
      [],
      [
        [2, name],
        [8, Array(16).fill(1301)],
      ],
    ),
  );
  group.accept('Zlib', 'a compressed credential with codes of its own', zlib(longest, { block: 'sent' }), {
    claims: { ...CLAIMS, name, businessTypes: Array(16).fill('01301') },
  });
  group.accept('Zlib', 'a compressed credential under another level', zlib(whole, { header: [0x78, 0x01] }), expected);
  group.accept('Zlib', 'a compressible credential as it is', whole, expected);

  const short = Buffer.from(credential());
  const uncompressed = zlib(short);
  group.refuse('malformed', 'Zlib', 'compressed though it saves nothing', uncompressed);
  const stored = zlib(whole, { block: 'stored' });
  group.refuse('malformed', 'Zlib', 'stored and not compressed', stored);
  group.refuse('malformed', 'Zlib', 'a window of 16 KiB', zlib(whole, { header: [0x68, 0xde] }));
  group.refuse('malformed', 'Zlib', 'a header with a wrong check', zlib(whole, { header: [0x78, 0xdb] }));
  group.refuse('malformed', 'Zlib', 'another method than deflate', zlib(whole, { header: [0x77, 0x1b] }));
  group.refuse('malformed', 'Zlib', 'a window beyond 32 KiB', zlib(whole, { header: [0x88, 0x1c] }));
  group.refuse('malformed', 'Zlib', 'a preset dictionary', zlib(whole, { header: [0x78, 0xf9, 0, 0, 0, 1] }));
  group.refuse(
    'malformed',
    'Zlib',
    'a preset dictionary that is announced and not there',
    zlib(whole, { header: [0x78, 0x20] }),
  );
  group.refuse(
    'malformed',
    'Zlib',
    'a gzip stream',
    Buffer.concat([Buffer.from('1f8b0800000000000003', 'hex'), short]),
  );
  group.refuse('malformed', 'Zlib', 'bare deflate', zlib(whole).subarray(2));
  group.refuse('malformed', 'Zlib', 'a wrong checksum', zlib(whole, { checksum: (adler32(whole) ^ 1) >>> 0 }));
  group.refuse('malformed', 'Zlib', 'a checksum of zero', zlib(whole, { checksum: 0 }));
  group.refuse('malformed', 'Zlib', 'no checksum', zlib(whole).subarray(0, -4));
  group.refuse('malformed', 'Zlib', 'half a checksum', zlib(whole).subarray(0, -2));
  group.refuse('malformed', 'Zlib', 'a byte before the checksum', zlib(whole, { trailing: [0] }));
  group.refuse('malformed', 'Zlib', 'a byte after the stream', Buffer.concat([zlib(whole), Buffer.of(0)]));
  group.refuse('malformed', 'Zlib', 'a second stream after the first', Buffer.concat([zlib(whole), zlib(whole)]));
  group.refuse('malformed', 'Zlib', 'padding bits that are one', zlib(padded(), { padding: 1 }));
  group.accept('Zlib', 'padding bits that are zero', zlib(padded()), { claims: { ...LONG, name: 'A'.repeat(61) } });
  group.refuse('malformed', 'Zlib', 'no last block', zlib(whole, { isLast: false }));
  group.refuse('malformed', 'Zlib', 'a stream cut in half', zlib(whole).subarray(0, 60));
  group.refuse('malformed', 'Zlib', 'a stream in a stream', zlib(zlib(bomb(4000))));
  group.refuse('malformed', 'Zlib', 'a stream of something else', zlib(Buffer.alloc(400, 0x41)));
  group.refuse('malformed', 'Zlib', 'nothing but a header', Buffer.of(0x78, 0xda));
  blocks(group);
}

/** A credential whose stream does not end on a byte boundary. */
function padded(): Uint8Array {
  return credential(
    claims(
      [],
      [
        [2, 'A'.repeat(61)],
        [5, undefined],
        [6, undefined],
        [7, undefined],
        [8, Array(16).fill(1101)],
      ],
    ),
  );
}

function blocks(group: Group): void {
  const last = [1, 1] as const;
  const zeros = [0, 16] as const;
  for (const [comment, parts] of [
    ['a block of the reserved type', [last, [3, 2]]],
    ['a stored length without its complement', [last, [0, 2], [0, 5], [1, 16], zeros]],
    ['more codes for lengths than there are', [last, [2, 2], [30, 5], [0, 5], [0, 4], zeros, zeros]],
    ['more codes for distances than there are', [last, [2, 2], [0, 5], [31, 5], [0, 4], zeros, zeros]],
    ['no codes at all', [last, [2, 2], [0, 5], [0, 5], [0, 4], zeros, zeros]],
    ['a repeat of nothing', [last, [2, 2], [0, 5], [0, 5], [0, 4], [1, 3], [1, 3], [0, 6], [0, 8], zeros]],
    ['more codes than bits allow', [last, [2, 2], [0, 5], [0, 5], [0, 4], [1, 3], [1, 3], [1, 3], [0, 3], zeros]],
    ['a distance before the start', [last, [1, 2], [0b1000000, 7], [0, 5], zeros]],
    ['a length that there is not', [last, [1, 2], [0b01100011, 8], [0, 5], zeros]],
    ['a distance that there is not', [last, [1, 2], [0b00001100, 8], [0b1000000, 7], [0b01111, 5], zeros]],
  ] as const) {
    group.refuse('malformed', 'Zlib', comment, zlibOfBits(parts));
  }
  const whole = compressible();
  const rest = [...zlib(whole).subarray(2, -4)].map((byte) => [byte, 8] as const);
  const stream = zlibOfBits([...endAlone(), ...rest], adler32(whole));
  group.accept('Zlib', 'a block whose only code is its end', stream, { claims: LONG });
}

/** A block that sends a code of one symbol, the end, which zlib takes too; an empty stored block leads back to a whole byte. */
function endAlone(): (readonly [value: number, count: number])[] {
  const lengths = new Map([
    [18, 1],
    [0, 2],
    [1, 2],
  ]);
  const zeros = (count: number) => [[0, 1] as const, [count - 11, 7] as const];
  const one = [[0b11, 2]] as const;
  const none = [[0b01, 2]] as const;
  const parts: (readonly [number, number])[] = [
    [0, 1],
    [2, 2],
    [0, 5],
    [0, 5],
    [14, 4],
    ...[...CODE_LENGTH_ORDER, 12, 3, 13, 2, 14, 1].map((length) => [lengths.get(length) ?? 0, 3] as const),
    ...zeros(138),
    ...zeros(118),
    ...one,
    ...none,
    [0, 1],
    [0, 1],
    [0, 2],
  ];
  const written = parts.reduce((sum, [, count]) => sum + count, 0);
  return [...parts, [0, (8 - (written % 8)) % 8], [0, 16], [0xffff, 16]];
}

function sizes(group: Group): void {
  group.refuse('too_large', 'Size', 'a text longer than a code can be', `ZM1:${'0'.repeat(6145)}`);
  group.refuse('malformed', 'Size', 'the longest text, of zeros', `ZM1:${'0'.repeat(6144)}`);
  group.refuse('too_large', 'Size', 'a stream of 16385 bytes', bomb(16_385));
  group.refuse('malformed', 'Size', 'a stream of 16384 bytes that are no message', bomb(16_384));
  group.refuse('too_large', 'Size', 'a stream of a million bytes', bomb(1_000_000));
  group.refuseBytes('malformed', 'Size', 'no bytes', Buffer.alloc(0));
  group.refuseBytes('malformed', 'Size', 'a compressed message handed over as bytes', zlib(compressible()));
  group.refuseBytes('malformed', 'Size', 'a text handed over as bytes', Buffer.from(base45(cbor(0))));
}
