import { Buffer } from 'node:buffer';
import { type Plain, raw } from './cbor.ts';
import { embed, mapFrom, withEntries } from './cose.ts';
import { Group } from './group.ts';
import { p256Key, weierstrassKeys } from './lists.ts';
import {
  boundClaims,
  CLAIMS,
  CNF,
  CTI,
  claims,
  cnf,
  credential,
  device,
  EXP,
  HOUR,
  IAT,
  ISS,
  MAP,
  NBF,
  NOW,
  NOW_SECONDS,
  presentation,
} from './people.ts';

const LATEST = 253_402_300_799;

export function makeClaims(): Group {
  const group = new Group(
    'claims',
    'The claims of a credential and the form of each field, in messages that are well signed.',
    {
      TopLevel: 'Exactly the claims of the format, each in its form.',
      Field: 'Each field of the credential map in its form, and only one spelling of each value.',
      Registry: 'Types and fields outside the registry: a newer reader is needed.',
      Binding: 'The device key in cnf.',
    },
  );
  topLevel(group);
  registry(group);
  fields(group);
  codes(group);
  bindings(group);
  return group;
}

function topLevel(group: Group): void {
  const refuse = (comment: string, change: readonly (readonly [Plain, Plain | undefined])[]) =>
    group.refuse('malformed', 'TopLevel', comment, credential(claims(change)));
  for (const [name, label] of [
    ['issuer', ISS],
    ['end', EXP],
    ['issue time', IAT],
    ['id', CTI],
    ['credential map', MAP],
  ] as const) {
    refuse(`no ${name}`, [[label, undefined]]);
    refuse(`null as ${name}`, [[label, null]]);
  }
  for (const [comment, issuer] of [
    ['an empty issuer', ''],
    ['an issuer of 65 characters', 'A'.repeat(65)],
    ['an issuer that is a number', 370_200],
    ['an issuer that is bytes', Buffer.from('370200')],
    ['an issuer with a line end', '370200\n'],
    ['an issuer with a null character', '370200\0'],
    ['an issuer with a direction override', '370200\u202e'],
    ['an issuer with a zero width space', '3702\u200b00'],
    ['an issuer with a soft hyphen', '3702\u00ad00'],
    ['an issuer with a line separator', '370200\u2028'],
    ['an issuer with a mark of Unicode 17 that combines', 'a\u1acf\u0316'],
    ['an issuer with letters of Unicode 16 that compose', '\u{16d67}\u{16d67}'],
    ['an issuer with a character that nobody assigned', '3702\u0378'],
    ['an issuer with a noncharacter', '3702\ufffe'],
    ['an issuer with a character of the supplementary multilingual plane', '3702\u{1f600}'],
  ] as const) {
    refuse(comment, [[ISS, issuer]]);
  }
  refuse('an id of 7 bytes', [[CTI, Buffer.alloc(7)]]);
  refuse('an id of 9 bytes', [[CTI, Buffer.alloc(9)]]);
  refuse('an id that is text', [[CTI, '01020304']]);
  refuse('an end at the issue time', [[EXP, NOW_SECONDS]]);
  refuse('an end before the issue time', [[EXP, NOW_SECONDS - 1]]);
  refuse('an end after the year 9999', [[EXP, LATEST + 1]]);
  refuse('a negative end', [[EXP, -1]]);
  refuse('a negative issue time', [[IAT, -1]]);
  refuse('an end as text', [[EXP, '2026-11-22T09:00:00Z']]);
  refuse('a beginning at the end', [[NBF, NOW_SECONDS + HOUR]]);
  refuse('a beginning after the end', [[NBF, NOW_SECONDS + HOUR + 1]]);
  refuse('a beginning that is null', [[NBF, null]]);
  refuse('a beginning that is text', [[NBF, '']]);
  for (const [comment, label, value] of [
    ['a subject', 2, 'somebody'],
    ['an audience', 3, '*'],
    ['a challenge', 39, Buffer.alloc(8)],
    ['a status list of another format', 65_535, mapFrom([])],
    ['claim 169', 169, mapFrom([])],
    ['an unknown claim', 99, 1],
    ['an unknown negative claim', -1, 1],
    ['the claim of a trust list', -65_538, mapFrom([])],
    ['the claim of a health certificate', -260, mapFrom([])],
  ] as const) {
    refuse(comment, [[label, value]]);
  }
  refuse('a credential map that is an array', [[MAP, [1]]]);
  refuse('an empty credential map', [[MAP, mapFrom([])]]);
  group.refuse('malformed', 'TopLevel', 'claims that are an array', credential([]));
  group.refuse('malformed', 'TopLevel', 'claims that are a byte string', credential(Buffer.from('claims')));
  group.refuse('malformed', 'TopLevel', 'empty claims', credential(mapFrom([])));
  group.accept('TopLevel', 'an end in the year 9999', credential(claims([[EXP, LATEST]])));
  group.accept('TopLevel', 'a beginning before the issue time', credential(claims([[NBF, 0]])));
  group.accept('TopLevel', 'issued in 1970', credential(claims([[IAT, 0]])));
}

function registry(group: Group): void {
  const refuse = (code: string, comment: string, map: readonly (readonly [Plain, Plain | undefined])[]) =>
    group.refuse(code, 'Registry', comment, credential(claims([], map)));
  refuse('unsupported_type', 'type 0', [[0, 0]]);
  refuse('unsupported_type', 'type 2', [[0, 2]]);
  refuse('unsupported_type', 'a type far away', [[0, 65_536]]);
  refuse('malformed', 'a negative type', [[0, -1]]);
  refuse('malformed', 'a type as text', [[0, 'medical-insurance']]);
  refuse('malformed', 'no type', [[0, undefined]]);
  refuse('malformed', 'a type that is true', [[0, true]]);
  refuse('unsupported_type', 'an unknown field', [[99, 1]]);
  refuse('unsupported_type', 'field 15', [[15, true]]);
  refuse('unsupported_type', 'a negative field', [[-1, 1]]);
  refuse('unsupported_type', 'a field named by a text', [['region', 370_202]]);
}

function fields(group: Group): void {
  const refuse = (comment: string, key: number, value: Plain | undefined) =>
    group.refuse('malformed', 'Field', comment, credential(claims([], [[key, value]])));
  const accept = (comment: string, key: number, value: Plain, expected: Readonly<Record<string, unknown>>) =>
    group.accept('Field', comment, credential(claims([], [[key, value]])), { claims: { ...CLAIMS, ...expected } });
  for (const [comment, value] of [
    ['a status that is a number', 4],
    ['a status of one number', [1]],
    ['a status of three numbers', [1, 4, 0]],
    ['an empty status', []],
    ['a negative list', [-1, 4]],
    ['a list of 2^32', [2 ** 32, 4]],
    ['a negative index', [1, -1]],
    ['an index of 2^24', [1, 2 ** 24]],
    ['an index that is text', [1, '4']],
    ['a status that is null', null],
  ] as const) {
    refuse(comment, 1, value);
  }
  for (const [comment, value] of [
    ['an empty name', ''],
    ['a name of 65 characters', '欧'.repeat(65)],
    ['a name that is bytes', Buffer.from('欧')],
    ['a name that is a number', 7],
    ['a name with a tab', '欧\t*'],
    ['a name with a right-to-left mark', '欧\u200f*'],
    ['a name with an unassigned private control', '欧\u0085*'],
  ] as const) {
    refuse(comment, 2, value);
  }
  accept('a name of 64 characters', 2, '欧'.repeat(64), { name: '欧'.repeat(64) });
  accept('a name with a character of private use', 2, '李\ue863', { name: '李\ue863' });
  accept('a name with an ideograph of extension I', 2, '\u{2ebf0}明', { name: '\u{2ebf0}明' });
  accept('a name in the script Miao', 2, '\u{16f00}\u{16f54}', { name: '\u{16f00}\u{16f54}' });
  accept('a name of 64 characters outside the basic plane', 2, '\u{20000}'.repeat(64), {
    name: '\u{20000}'.repeat(64),
  });
  for (const [comment, value] of [
    ['a full ID number', '11010519491231002X'],
    ['an ID number without mask', '002X'],
    ['an ID number with two masks', '1**002X'],
    ['an ID number that shows seven characters in front', '1101051*002X'],
    ['an ID number that shows five characters at the end', '*1002X'],
    ['an ID number that shows nothing at the end', '110105*'],
    ['an ID number in lowercase', '*002x'],
    ['an ID number in fullwidth digits', '*\uff10\uff10\uff12\uff18'],
    ['an ID number with a line end', '*002X\n'],
    ['an ID number that is a number', 28],
  ] as const) {
    refuse(comment, 3, value);
  }
  accept('an ID number that shows six and four', 3, '110105*002X', { idNumber: '110105*002X' });
  accept('an ID number that shows one and one', 3, '1*X', { idNumber: '1*X' });
  refuse('no region', 4, undefined);
  refuse('a region of seven digits', 4, 1_000_000);
  refuse('a negative region', 4, -1);
  refuse('a region as text', 4, '370202');
  refuse('a region that is null', 4, null);
  for (const [comment, value] of [
    ['no business in a list', []],
    ['a business that is no list', 1301],
    ['seventeen kinds of business', Array(17).fill(1301)],
    ['a business of six digits', [100_000]],
    ['a negative business', [-1]],
    ['a business as text', ['01301']],
    ['a business in a list in a list', [[1301]]],
  ] as const) {
    refuse(comment, 8, value);
  }
  accept('business 00000 and 99999', 8, [0, 99_999], { businessTypes: ['00000', '99999'] });
  accept('sixteen kinds of business', 8, Array(16).fill(1301), { businessTypes: Array(16).fill('01301') });
  for (const value of [0, 86_401, -1]) refuse(`a longest age of ${value} seconds`, 9, value);
  refuse('a longest age as text', 9, '60');
  accept('a longest age of a second', 9, 1, { maxPresentationAgeSeconds: 1 });
  accept('a longest age of a day', 9, 86_400, { maxPresentationAgeSeconds: 86_400 });
  for (const [key, name] of [
    [11, 'paper'],
    [13, 'delegable'],
  ] as const) {
    refuse(`${name} that is false`, key, false);
    refuse(`${name} that is 1`, key, 1);
  }
  accept('paper that is true', 11, true, { paper: true });
  const presented = (...map: readonly (readonly [Plain, Plain])[]) =>
    presentation(embed(credential(boundClaims([], map))));
  group.accept('Field', 'delegable that is true', presented([13, true]), {
    bearer: false,
    presentation: { presentedAt: NOW.toISOString(), audience: '*', challenged: false },
    claims: { ...CLAIMS, delegable: true },
  });
  refuse('delegable by no device', 13, true);
  group.refuse('malformed', 'Field', 'a paper code that is bound to a device', presented([11, true]));
  group.refuse('malformed', 'Field', 'delegable by a delegate', presented([10, ['李**', 2]], [13, true]));
  for (const [comment, value] of [
    ['a delegate that is a text', '李**'],
    ['a delegate without relation', ['李**']],
    ['a delegate with more than name and relation', ['李**', 2, 0]],
    ['a delegate without name', ['', 2]],
    ['a delegate with a name that is no text', [7, 2]],
    ['a delegate with a relation that is a number as text', ['李**', '2']],
    ['a delegate that is a map', mapFrom([[0, '李**']])],
  ] as const) {
    refuse(comment, 10, value);
  }
  refuse('a delegate without a device', 10, ['李**', 901]);
  refuse('a name of spaces', 2, '   ');
  refuse('a name of letters that show nothing', 2, '\u3164');
  refuse('a name of empty braille patterns', 2, '\u2800\u2800');
  refuse('a name with a grapheme joiner', 2, '欧\u034f*');
  refuse('a name of vowels of Khmer that show nothing', 2, '\u17b4\u17b5');
  refuse('a name with a variation selector of Mongolian', 2, '欧\u180b*');
  refuse('a name with a variation selector', 2, '欧\ufe0f*');
  refuse('a name that begins with a mark that combines', 2, '\u0301欧*');
  accept('a name with a mark after its letter', 2, 'q\u0323*', { name: 'q\u0323*' });
  const commitment = Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex');
  accept('a commitment of 16 bytes', 12, commitment, { idCommitment: commitment.toString('hex') });
  refuse('a commitment of 15 bytes', 12, commitment.subarray(1));
  refuse('a commitment of 32 bytes', 12, Buffer.alloc(32));
  refuse('a commitment that is text', 12, commitment.toString('hex'));
  const least = withEntries(mapFrom([]), [
    [0, 1],
    [4, 370_202],
  ]);
  group.accept('Field', 'the region and nothing else', credential(claims([[MAP, least]])), {
    claims: { region: '370202' },
    status: 'not_revocable',
  });
}

/** Codes of tables that regions extend: a number where it is one. */
function codes(group: Group): void {
  for (const [key, name] of [
    [5, 'scheme'],
    [6, 'personClass'],
    [7, 'enrolment'],
    [14, 'assistance'],
  ] as const) {
    const with_ = (value: Plain) => credential(claims([], [[key, value]]));
    const accept = (comment: string, value: Plain, text: string) =>
      group.accept('Field', `${name}: ${comment}`, with_(value), { claims: { ...CLAIMS, [name]: text } });
    const refuse = (comment: string, value: Plain) =>
      group.refuse('malformed', 'Field', `${name}: ${comment}`, with_(value));
    accept('nine digits', 999_999_999, '999999999');
    accept('zero', 0, '0');
    accept('leading zeros, as text', '01', '01');
    accept('letters', '31A', '31A');
    accept('ten digits, as text', '1000000000', '1000000000');
    refuse('ten digits as a number', 1_000_000_000);
    refuse('a number written as text', '310');
    refuse('zero written as text', '0');
    refuse('a negative number', -1);
    refuse('an empty text', '');
    refuse('thirteen characters', 'ABCDEFGHIJKLM');
    refuse('a sign', '-31');
    refuse('true', true);
  }
}

function bindings(group: Group): void {
  const refuse = (comment: string, value: Plain, code = 'malformed') =>
    group.refuse(code, 'Binding', comment, credential(claims([[CNF, value]])));
  const key = device.coseKey;
  refuse('a device key, shown bare', cnf(device), 'not_presented');
  refuse('a P-256 device key, shown bare', cnf(p256Key), 'not_presented');
  refuse('an SM2 device key, shown bare', cnf(weierstrassKeys.sm2), 'not_presented');
  refuse('a P-256 point that is on no curve, shown bare', cnf(weierstrassKeys.offCurve), 'not_presented');
  for (const [comment, value] of [
    ['a cnf that is null', null],
    ['a cnf that is bytes', Buffer.alloc(32)],
    ['an empty cnf', mapFrom([])],
    ['a cnf with a kid', mapFrom([[3, Buffer.alloc(8)]])],
    [
      'a cnf with a key and a kid',
      mapFrom([
        [1, key],
        [3, Buffer.alloc(8)],
      ]),
    ],
    ['a cnf with an encrypted key', mapFrom([[2, Buffer.alloc(32)]])],
    ['a cnf with a key in a byte string', mapFrom([[1, Buffer.alloc(32)]])],
    ['an empty key', mapFrom([[1, mapFrom([])]])],
    ['a key without type', cnfWith([[1, undefined]])],
    ['a key without curve', cnfWith([[-1, undefined]])],
    ['a key without x', cnfWith([[-2, undefined]])],
    ['a key of 31 bytes', cnfWith([[-2, Buffer.alloc(31)]])],
    ['a key of 33 bytes', cnfWith([[-2, Buffer.alloc(33)]])],
    ['a key with its secret', cnfWith([[-4, Buffer.alloc(32)]])],
    ['a key with an algorithm', cnfWith([[3, -19]])],
    ['a key with a kid of its own', cnfWith([[2, Buffer.alloc(8)]])],
    ['a key with operations', cnfWith([[4, [2]]])],
    ['an Ed448 key', cnfWith([[-1, 7]])],
    ['an X25519 key', cnfWith([[-1, 4]])],
    [
      'a symmetric key',
      mapFrom([
        [
          1,
          mapFrom([
            [1, 4],
            [-1, Buffer.alloc(32)],
          ]),
        ],
      ]),
    ],
    ['a P-256 key of the Ed25519 type', cnfWith([[-1, 1]])],
    ['a P-256 key with y in full', cnfOf(p256Key.coseKey, [[-3, Buffer.alloc(32)]])],
    ['a P-256 key without y', cnfOf(p256Key.coseKey, [[-3, undefined]])],
    ['a P-256 key with y as a number', cnfOf(p256Key.coseKey, [[-3, 1]])],
    ['a P-384 key', cnfOf(p256Key.coseKey, [[-1, 2]])],
    ['a secp256k1 key', cnfOf(p256Key.coseKey, [[-1, 8]])],
    ['a curve as text', cnfOf(p256Key.coseKey, [[-1, 'P-256']])],
    ['a key whose x is a float', cnfWith([[-2, raw('f93c00')]])],
  ] as const) {
    refuse(comment, value);
  }
}

function cnfWith(change: readonly (readonly [Plain, Plain | undefined])[]): Plain {
  return cnfOf(device.coseKey, change);
}

function cnfOf(key: ReadonlyMap<Plain, Plain>, change: readonly (readonly [Plain, Plain | undefined])[]): Plain {
  return mapFrom([[1, withEntries(key, change)]]);
}
