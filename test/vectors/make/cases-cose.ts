import { Buffer } from 'node:buffer';
import { cbor, type Plain, raw, tagged } from './cbor.ts';
import { bareHeader, mapFrom, message } from './cose.ts';
import { flip, Group } from './group.ts';
import { p256Key, STATUS_LIST_TYPE, statusList, TRUST_LIST_TYPE, trustList } from './lists.ts';
import { claims, credential, DELEGATION_TYPE, delegation, issuer, presentation } from './people.ts';

const { kid } = issuer;

export function makeCose(): Group {
  const group = new Group('cose', 'The COSE_Sign1 of a credential (RFC 9052 §4.2) and its headers.', {
    Structure: 'A tagged array of four parts, each of its own kind.',
    Header: 'Algorithm and kid in the protected header, and nothing else.',
    Algorithm: 'Only algorithms of the format; the key decides, not the header.',
    Type: 'One kind of message never passes for another (RFC 9596).',
    Unprotected: 'The unprotected header is empty: anybody could change it.',
  });
  structure(group);
  headers(group);
  algorithms(group);
  types(group);
  return group;
}

function structure(group: Group): void {
  const refuse = (comment: string, change: (parts: Plain[]) => Plain) =>
    group.refuse('malformed', 'Structure', comment, credential(claims(), { change }));
  const replace = (at: number, value: Plain) => (parts: Plain[]) => parts.map((part, i) => (i === at ? value : part));
  refuse('three parts', (parts) => parts.slice(0, 3));
  refuse('five parts', (parts) => [...parts, null]);
  refuse('no parts', () => []);
  refuse('a map instead of the parts', () => new Map());
  refuse('the parts in a byte string', (parts) => cbor(parts));
  refuse(
    'a protected header that is a map',
    replace(
      0,
      mapFrom([
        [1, -19],
        [4, kid],
      ]),
    ),
  );
  refuse('a protected header that is null', replace(0, null));
  refuse('an unprotected header that is an array', replace(1, []));
  refuse('an unprotected header that is null', replace(1, null));
  refuse('a payload that is a map', replace(2, claims()));
  refuse('a payload that is null: detached', replace(2, null));
  refuse('a payload that is text', replace(2, 'payload'));
  refuse('a signature that is text', replace(3, 'signature'));
  refuse('a signature that is null', replace(3, null));
  const tagOf = (comment: string, tag: Uint8Array | null) =>
    group.refuse('malformed', 'Structure', comment, credential(claims(), { tag }));
  tagOf('no tag', null);
  tagOf('the tag of COSE_Sign', Buffer.from('d862', 'hex'));
  tagOf('the tag of COSE_Mac0', Buffer.of(0xd1));
  tagOf('the tag of COSE_Encrypt0', Buffer.of(0xd0));
  tagOf('the tag twice', Buffer.of(0xd2, 0xd2));
  group.refuse('malformed', 'Structure', 'a text instead of a message', cbor('message'));
  group.refuse('malformed', 'Structure', 'JSON instead of a message', Buffer.from('{"iss":"370200"}'));
}

function headers(group: Group): void {
  const refuse = (comment: string, entries: readonly (readonly [Plain, Plain])[], code = 'malformed') =>
    group.refuse(code, 'Header', comment, credential(claims(), { protectedBytes: bareHeader(entries) }));
  const right = [
    [1, -19],
    [4, kid],
  ] as const;
  refuse('a kid of 7 bytes', [
    [1, -19],
    [4, kid.subarray(1)],
  ]);
  refuse('a kid of 9 bytes', [
    [1, -19],
    [4, Buffer.concat([kid, Buffer.of(0)])],
  ]);
  refuse('a kid of 32 bytes', [
    [1, -19],
    [4, Buffer.alloc(32)],
  ]);
  refuse('an empty kid', [
    [1, -19],
    [4, Buffer.alloc(0)],
  ]);
  refuse('a kid that is text', [
    [1, -19],
    [4, '01565176'],
  ]);
  refuse('a kid that is a number', [
    [1, -19],
    [4, 1],
  ]);
  refuse('no kid', [[1, -19]]);
  for (const [comment, label, value] of [
    ['a list of critical headers', 2, [4]],
    ['an empty list of critical headers', 2, []],
    ['a content type', 3, 60],
    ['an initialisation vector', 5, Buffer.alloc(16)],
    ['claims in the header', 15, mapFrom([[1, '370200']])],
    ['a certificate chain', 33, Buffer.alloc(3)],
    ['an address of a certificate', 35, 'https://lists.example/cert'],
    ['an unknown header', 99, 1],
    ['an unknown header of text', 'x', 1],
    ['a private header', -65_600, 1],
  ] as const) {
    refuse(comment, [...right, [label, value]]);
  }
  group.refuse(
    'malformed',
    'Header',
    'a protected header that is an array',
    credential(claims(), { protectedBytes: cbor([]) }),
  );
  group.refuse(
    'malformed',
    'Header',
    'a protected header with its keys in another order',
    credential(claims(), { protectedBytes: Buffer.from('a2044801565176601c895c0132', 'hex') }),
  );
  group.refuse(
    'malformed',
    'Header',
    'a protected header with the algorithm twice',
    credential(claims(), { protectedBytes: Buffer.from('a3013201320448 01565176601c895c'.replace(' ', ''), 'hex') }),
  );
  group.refuse(
    'malformed',
    'Header',
    'a tag in the protected header',
    credential(claims(), {
      protectedBytes: cbor(
        mapFrom([
          [1, -19],
          [4, tagged(2, kid)],
        ]),
      ),
    }),
  );
  for (const [comment, unprotected] of [
    ['a kid in the unprotected header', mapFrom([[4, kid]])],
    ['an algorithm in the unprotected header', mapFrom([[1, -19]])],
    ['an unknown unprotected header', mapFrom([[99, 1]])],
    ['disclosures where nothing is redacted', mapFrom([[17, [cbor([Buffer.alloc(16), '王*', 2])]]])],
    ['a countersignature', mapFrom([[11, Buffer.alloc(64)]])],
  ] as const) {
    group.refuse('malformed', 'Unprotected', comment, credential(claims(), { unprotected }));
  }
}

function algorithms(group: Group): void {
  const withAlgorithm = (alg: Plain | undefined) =>
    credential(claims(), {
      protectedBytes: cbor(new Map<Plain, Plain>([...(alg === undefined ? [] : [[1, alg] as const]), [4, kid]])),
    });
  group.accept('Algorithm', 'EdDSA without naming the curve', withAlgorithm(-8));
  for (const [comment, alg] of [
    ['no algorithm', undefined],
    ['algorithm 0', 0],
    ['algorithm none as text', 'none'],
    ['EdDSA as text', 'EdDSA'],
    ['null as algorithm', null],
    ['a byte string as algorithm', Buffer.of(0x32)],
    ['Ed448', -53],
    ['ES384', -35],
    ['ESP384', -51],
    ['PS256', -37],
    ['RS256', -257],
    ['HMAC with SHA-256', 5],
    ['AES-GCM', 1],
    ['ML-DSA-44', -48],
    ['an algorithm that is one off', -18],
  ] as const) {
    group.refuse('unsupported_algorithm', 'Algorithm', comment, withAlgorithm(alg));
  }
  for (const [comment, alg] of [
    ['ES256 over an Ed25519 signature', -7],
    ['ESP256 over an Ed25519 signature', -9],
    ['SM2 over an Ed25519 signature', -65_600],
  ] as const) {
    group.refuse('bad_signature', 'Algorithm', comment, withAlgorithm(alg));
  }
  const change = { key: p256Key, header: mapFrom([[4, kid]]) };
  group.refuse(
    'bad_signature',
    'Algorithm',
    'another issuer’s ES256 signature under the kid of an Ed25519 key',
    credential(claims(), change),
  );
  group.refuse(
    'unsupported_algorithm',
    'Header',
    'an empty protected header',
    credential(claims(), { protectedBytes: Buffer.alloc(0) }),
  );
  group.refuse(
    'unsupported_algorithm',
    'Header',
    'an empty map in the protected header',
    credential(claims(), { protectedBytes: Buffer.of(0xa0) }),
  );
  group.refuse(
    'malformed',
    'Algorithm',
    'a float as algorithm',
    credential(claims(), {
      protectedBytes: cbor(
        new Map<Plain, Plain>([
          [1, raw('f9ccc0')],
          [4, kid],
        ]),
      ),
    }),
  );
}

function types(group: Group): void {
  for (const [comment, typ] of [
    ['the type of a trust list', TRUST_LIST_TYPE],
    ['the type of a status list', STATUS_LIST_TYPE],
    ['the type of a CWT', 'application/cwt'],
    ['the number of a CWT', 61],
    ['the type of an SD-CWT as text', 'application/sd-cwt'],
    ['the type of a key binding token as text', 'application/kb+cwt'],
    ['an empty type', ''],
    ['null as type', null],
  ] as const) {
    group.refuse(
      'malformed',
      'Type',
      comment,
      credential(claims(), {
        header: mapFrom([
          [4, kid],
          [16, typ],
        ]),
      }),
    );
  }
  const typed = (typ: Plain) =>
    credential(claims(), {
      header: mapFrom([
        [4, kid],
        [16, typ],
      ]),
    });
  group.refuse('malformed', 'Type', 'a credential under the type of an SD-CWT', typed(293));
  group.refuse('malformed', 'Type', 'a credential under the type of a presentation', typed(294));
  group.refuse('malformed', 'Type', 'a credential under the type of a delegation', typed(DELEGATION_TYPE));
  group.refuse('malformed', 'Type', 'a trust list as a code', trustList());
  group.refuse('malformed', 'Type', 'a status list as a code', statusList());
  const untyped = (bytes: Uint8Array) => bytes;
  group.refuse('not_presented', 'Type', 'a delegation that nobody presents', untyped(delegation()));
  group.refuse(
    'malformed',
    'Type',
    'a presentation without its type',
    presentation(undefined, undefined, { header: new Map() }),
  );
  group.refuse(
    'malformed',
    'Structure',
    'a signature without message',
    message({ key: issuer, payload: '' }).subarray(0, 4),
  );
  group.refuse('bad_signature', 'Structure', 'one bit of the payload flipped', flip(credential(), -67));
}
