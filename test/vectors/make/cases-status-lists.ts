import { Buffer } from 'node:buffer';
import { bomb, zlib } from './carrier.ts';
import { type Plain, reversedMap } from './cbor.ts';
import { mapFrom } from './cose.ts';
import { flip, Group } from './group.ts';
import type { Key } from './keys.ts';
import {
  beijingKey,
  compromisedKey,
  formerKey,
  listHeader,
  STATUS_LIST,
  STATUS_LIST_TYPE,
  STATUS_URI,
  SUB,
  sm2Key,
  statusClaims,
  statusList,
  statusMap,
  TRUST_LIST_TYPE,
  TTL,
  trustList,
} from './lists.ts';
import { after, credential, DAY, EXP, HOUR, IAT, ISS, issuer, NOW_SECONDS, root, stranger } from './people.ts';

type Change = readonly (readonly [Plain, Plain | undefined])[];

export function makeStatusLists(): Group {
  const group = new Group(
    'status-lists',
    'Token Status Lists in their CWT form, signed by the issuer of the credentials.',
    {
      Signer: 'By a key of the issuer that was in force.',
      Address: 'The sub is the address that was asked for, below the base of the issuer.',
      Bits: 'Values of 1, 2, 4 or 8 bits, least significant first.',
      Form: 'Headers and claims, each in its form.',
      Rollback: 'Issued earlier than the one held, or at the same second with other content.',
      Time: 'A list of the future; an expired one is given back.',
    },
  );
  const good = {
    ok: true,
    size: 64,
    statuses: ['valid', 'revoked', 'suspended', 'unknown', 'valid', 'revoked', 'unknown'],
  } as const;
  const indexes = [0, 1, 2, 3, 4, 63, 64];
  group.statusList('Signer', 'by the issuer', statusList(), good, { indexes });
  signers(group);
  addresses(group);
  bits(group);
  statusForms(group);
  statusRollbacks(group);
  const same = { ok: true, size: 64, statuses: [] } as const;
  group.statusList('Time', 'a minute ahead', statusList(), same, { now: after(-HOUR - 60) });
  group.statusList('Time', 'further ahead', statusList(), 'issued_in_future', { now: after(-HOUR - 61) });
  group.statusList('Time', 'years after its end', statusList(), same, { now: after(1000 * DAY) });
  return group;
}

function signers(group: Group): void {
  const by = (key: Key, payload: Plain = statusClaims()) => statusList(payload, { key });
  const refuse = (code: string, comment: string, bytes: Uint8Array) => group.statusList('Signer', comment, bytes, code);
  refuse('unknown_issuer', 'by an issuer that is not in the trust list', by(issuer, statusClaims([[ISS, '120000']])));
  refuse('unknown_key', 'by a key of nobody', by(stranger));
  refuse('unknown_key', 'by the key of another issuer', by(beijingKey));
  refuse('unknown_key', 'by the root', by(root));
  refuse(
    'bad_signature',
    'by a stranger under the kid of the issuer',
    statusList(undefined, { key: stranger, header: listHeader(issuer, STATUS_LIST_TYPE) }),
  );
  refuse('bad_signature', 'a bit of the signature flipped', flip(statusList(), -1));
  refuse(
    'key_compromised',
    'by a key that was compromised by then',
    by(compromisedKey, statusClaims([[IAT, NOW_SECONDS]])),
  );
  refuse('key_not_valid', 'by a key that had ended by then', by(formerKey, statusClaims([[IAT, NOW_SECONDS]])));
  const same = { ok: true, size: 64, statuses: [] } as const;
  group.statusList('Signer', 'by a key before it was compromised', by(compromisedKey), same);
  group.statusList('Signer', 'by the second key of the issuer', by(formerKey), same);
  refuse(
    'unsupported_algorithm',
    'by an SM2 key, without a plug-in',
    by(
      sm2Key,
      statusClaims([
        [ISS, '440300'],
        [SUB, 'https://lists.example/440300/1'],
      ]),
    ),
  );
}

function addresses(group: Group): void {
  const of = (uri: Plain, id = '370200') =>
    statusList(
      statusClaims([
        [SUB, uri],
        [ISS, id],
      ]),
      id === '370200' ? {} : { key: beijingKey },
    );
  const refuse = (comment: string, bytes: Uint8Array, uri = STATUS_URI) =>
    group.statusList('Address', comment, bytes, 'wrong_list', { uri });
  refuse('another list of the issuer than was asked for', of('https://lists.example/370200/2'));
  refuse('asked for elsewhere', of(STATUS_URI), 'https://mirror.example/370200/1');
  for (const uri of [
    'https://lists.example/370200/01',
    'https://lists.example/370200/',
    'https://lists.example/370200/1/',
    'https://lists.example/370200/a',
    'https://lists.example/370200/-1',
    'https://lists.example/370200/1?x',
    'https://lists.example/370200/12345678901',
    'https://lists.example/3702001',
    'https://other.example/1',
  ]) {
    refuse(`an address that is not the issuer’s: ${uri}`, of(uri), uri);
  }
  refuse('an issuer at the address of another', of(STATUS_URI, '110000'));
  group.statusList(
    'Address',
    'list 0',
    of('https://lists.example/370200/0'),
    { ok: true, size: 64, statuses: [] },
    { uri: 'https://lists.example/370200/0' },
  );
}

function bits(group: Group): void {
  const of = (width: Plain, bytes: Uint8Array, change: Change = []) =>
    statusList(statusClaims([[STATUS_LIST, statusMap(width, bytes, change)]]));
  const refuse = (comment: string, bytes: Uint8Array, code = 'malformed') =>
    group.statusList('Bits', comment, bytes, code);
  const bytes = Buffer.from('b9a3', 'hex');
  group.statusList(
    'Bits',
    '1 bit: the example of the draft',
    of(1, bytes),
    {
      ok: true,
      size: 16,
      statuses: [
        'revoked',
        'valid',
        'valid',
        'revoked',
        'revoked',
        'revoked',
        'valid',
        'revoked',
        'revoked',
        'revoked',
        'valid',
        'valid',
        'valid',
        'revoked',
        'valid',
        'revoked',
        'unknown',
      ],
    },
    { indexes: Array.from({ length: 17 }, (_, i) => i) },
  );
  group.statusList(
    'Bits',
    '2 bits: the example of the draft',
    of(2, Buffer.from('c944f9', 'hex')),
    {
      ok: true,
      size: 12,
      statuses: [
        'revoked',
        'suspended',
        'valid',
        'unknown',
        'valid',
        'revoked',
        'valid',
        'revoked',
        'revoked',
        'suspended',
        'unknown',
        'unknown',
      ],
    },
    { indexes: Array.from({ length: 12 }, (_, i) => i) },
  );
  group.statusList(
    'Bits',
    '4 bits',
    of(4, bytes),
    { ok: true, size: 4, statuses: ['unknown', 'unknown', 'unknown', 'unknown'] },
    { indexes: [0, 1, 2, 3] },
  );
  group.statusList(
    'Bits',
    '8 bits',
    of(8, Buffer.of(2, 1, 0)),
    { ok: true, size: 3, statuses: ['suspended', 'revoked', 'valid', 'unknown'] },
    { indexes: [0, 1, 2, 3] },
  );
  group.statusList(
    'Bits',
    'an empty list',
    of(2, Buffer.alloc(0)),
    { ok: true, size: 0, statuses: ['unknown'] },
    { indexes: [0] },
  );
  group.statusList(
    'Bits',
    'indexes that are none',
    of(1, bytes),
    { ok: true, size: 16, statuses: ['unknown', 'unknown'] },
    { indexes: [-1, 0.5] },
  );
  for (const width of [0, 3, 16, -1, '2', null]) refuse(`a width of ${JSON.stringify(width)}`, of(width, bytes));
  refuse('no width', of(1, bytes, [['bits', undefined]]));
  refuse('no list', of(1, bytes, [['lst', undefined]]));
  refuse('a list that is text', of(1, bytes, [['lst', 'list']]));
  refuse('a list that is not compressed', of(1, bytes, [['lst', bytes]]));
  refuse('a list with a byte after the stream', of(1, bytes, [['lst', Buffer.concat([zlib(bytes), Buffer.of(0)])]]));
  refuse('a list with a wrong checksum', of(1, bytes, [['lst', zlib(bytes, { checksum: 0 })]]));
  refuse('a list with a preset dictionary', of(1, bytes, [['lst', zlib(bytes, { header: [0x78, 0xf9, 0, 0, 0, 1] })]]));
  refuse('an address of an aggregation', of(1, bytes, [['aggregation_uri', 'https://lists.example/all']]));
  refuse('more than 2^24 indexes of 1 bit', of(1, bytes, [['lst', bomb(2 ** 21 + 1)]]), 'too_large');
  group.statusList(
    'Bits',
    '2^24 indexes of 1 bit',
    of(1, bytes, [['lst', bomb(2 ** 21)]]),
    { ok: true, size: 2 ** 24, statuses: ['valid', 'unknown'] },
    { indexes: [2 ** 24 - 1, 2 ** 24] },
  );
}

function statusForms(group: Group): void {
  const refuse = (comment: string, payload: Plain) =>
    group.statusList('Form', comment, statusList(payload), 'malformed');
  for (const [comment, label, value] of [
    ['no issuer', ISS, undefined],
    ['an issuer that is a number', ISS, 370_200],
    ['no sub', SUB, undefined],
    ['a sub that is bytes', SUB, Buffer.from(STATUS_URI)],
    ['no end', EXP, undefined],
    ['no issue time', IAT, undefined],
    ['an end at the issue time', EXP, NOW_SECONDS - HOUR],
    ['no list', STATUS_LIST, undefined],
    ['a list that is bytes', STATUS_LIST, zlib(Buffer.alloc(2))],
    ['a time to live that is text', TTL, 'a day'],
    ['a negative time to live', TTL, -1],
    ['an unknown claim', 99, 1],
    ['a credential map', -65_537, mapFrom([])],
  ] as const) {
    refuse(comment, statusClaims([[label, value]]));
  }
  group.statusList('Form', 'a time to live', statusList(statusClaims([[TTL, 600]])), {
    ok: true,
    size: 64,
    statuses: [],
  });
  const header = (comment: string, bytes: Uint8Array, code = 'malformed') =>
    group.statusList('Form', comment, bytes, code);
  header('the type of a trust list', statusList(undefined, { header: listHeader(issuer, TRUST_LIST_TYPE) }));
  header('no type', statusList(undefined, { header: mapFrom([[4, issuer.kid]]) }));
  header('no kid', statusList(undefined, { header: mapFrom([[16, STATUS_LIST_TYPE]]) }));
  header(
    'an algorithm that there is not',
    statusList(undefined, {
      header: mapFrom([
        [1, -35],
        [4, issuer.kid],
        [16, STATUS_LIST_TYPE],
      ]),
    }),
    'unsupported_algorithm',
  );
  header('an unprotected header', statusList(undefined, { unprotected: mapFrom([[4, issuer.kid]]) }));
  header('a trust list', trustList());
  header('a credential', credential());
  header('no bytes', Buffer.alloc(0));
  header('two lists', Buffer.concat([statusList(), statusList()]));
  header('claims in another order', statusList(reversedMap(statusClaims())));
}

function statusRollbacks(group: Group): void {
  const same = { ok: true, size: 64, statuses: [] } as const;
  const held = { previous: 'default' };
  const of = (seconds: number, map: Plain = statusMap()) =>
    statusList(
      statusClaims([
        [IAT, NOW_SECONDS - HOUR + seconds],
        [STATUS_LIST, map],
      ]),
    );
  group.statusList('Rollback', 'the same list again', of(0), same, held);
  group.statusList('Rollback', 'a second older', of(-1), 'rollback', held);
  group.statusList('Rollback', 'a second newer', of(1), same, held);
  group.statusList(
    'Rollback',
    'of the same second, with other content',
    of(0, statusMap(2, Buffer.alloc(16))),
    'rollback',
    held,
  );
  group.statusList(
    'Rollback',
    'of the same second, with another width',
    of(0, statusMap(1, Buffer.from(`e4${'00'.repeat(14)}40`, 'hex'))),
    'rollback',
    held,
  );
  group.statusList(
    'Rollback',
    'of the same second, compressed otherwise',
    of(
      0,
      statusMap(2, Buffer.alloc(0), [['lst', zlib(Buffer.from(`e4${'00'.repeat(14)}40`, 'hex'), { block: 'stored' })]]),
    ),
    same,
    held,
  );
  group.statusList(
    'Rollback',
    'newer, that takes a revocation back',
    of(1, statusMap(2, Buffer.alloc(16))),
    same,
    held,
  );
}
