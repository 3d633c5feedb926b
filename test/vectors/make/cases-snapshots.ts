import { Buffer } from 'node:buffer';
import { type Plain, raw, reversedMap } from './cbor.ts';
import { mapFrom } from './cose.ts';
import { flip, Group } from './group.ts';
import type { Key } from './keys.ts';
import {
  beijingKey,
  compromisedKey,
  formerKey,
  listHeader,
  STATUS_LIST_TYPE,
  sm2Key,
  statusList,
  TRUST_LIST_TYPE,
  TTL,
} from './lists.ts';
import { after, claims, credential, DAY, EXP, HOUR, IAT, ISS, issuer, NOW_SECONDS, root, stranger } from './people.ts';
import { packBits, set } from './rice.ts';
import {
  BASE,
  delta,
  LISTS,
  list,
  REVOKED,
  SEQUENCE,
  SNAPSHOT,
  SNAPSHOT_TYPE,
  SUSPENDED,
  snapshot,
  snapshotClaims,
  VALID,
} from './snapshots.ts';

type Change = readonly (readonly [Plain, Plain | undefined])[];

const uri = (list: number) => `https://lists.example/370200/${list}`;

/** A snapshot of these lists alone. */
const of = (...lists: readonly Plain[]) => snapshot(snapshotClaims([], [[LISTS, lists]]));

const SIZES = { [uri(1)]: 64, [uri(7)]: 100 };
const same = { ok: true, sequence: 5, sizes: SIZES, statuses: {} } as const;

export function makeSnapshots(): Group {
  const group = new Group(
    'snapshots',
    'Revocation snapshots and their deltas, signed by the issuer of the credentials.',
    {
      Signer: 'By a key of the issuer that was in force.',
      Set: 'Rice-coded gaps, of one spelling for each k.',
      Form: 'Headers, claims and lists, each in its form.',
      Delta: 'What changed since a snapshot, signed by the same key.',
      Rollback: 'A lower sequence, an earlier time, or the same sequence with other content.',
      Time: 'A snapshot of the future; an expired one is given back.',
      Use: 'A credential whose status is looked up in a snapshot.',
    },
  );
  group.snapshot(
    'Signer',
    'by the issuer',
    snapshot(),
    {
      ...same,
      statuses: {
        [uri(1)]: ['valid', 'revoked', 'suspended', 'valid', 'revoked', 'unknown', 'unknown', 'unknown'],
        [uri(7)]: ['valid', 'revoked', 'unknown'],
      },
    },
    { indexes: { [uri(1)]: [0, 1, 2, 62, 63, 64, -1, 0.5], [uri(7)]: [98, 99, 100] } },
  );
  signers(group);
  sets(group);
  forms(group);
  deltas(group);
  rollbacks(group);
  group.snapshot('Time', 'a minute ahead', snapshot(), same, { now: after(-HOUR - 60) });
  group.snapshot('Time', 'further ahead', snapshot(), 'issued_in_future', { now: after(-HOUR - 61) });
  group.snapshot('Time', 'years after its end', snapshot(), same, { now: after(1000 * DAY) });
  uses(group);
  return group;
}

function signers(group: Group): void {
  const by = (key: Key, change: Change = []) => snapshot(snapshotClaims(change), { key });
  const refuse = (code: string, comment: string, bytes: Uint8Array) => group.snapshot('Signer', comment, bytes, code);
  refuse('unknown_issuer', 'by an issuer that is not in the trust list', by(issuer, [[ISS, '120000']]));
  refuse('unknown_key', 'by a key of nobody', by(stranger));
  refuse('unknown_key', 'by the key of another issuer', by(beijingKey));
  refuse('unknown_key', 'by the root', by(root));
  refuse(
    'bad_signature',
    'by a stranger under the kid of the issuer',
    snapshot(undefined, { key: stranger, header: listHeader(issuer, SNAPSHOT_TYPE) }),
  );
  refuse('bad_signature', 'a bit of the signature flipped', flip(snapshot(), -1));
  refuse('key_compromised', 'by a key that was compromised by then', by(compromisedKey, [[IAT, NOW_SECONDS]]));
  refuse('key_not_valid', 'by a key that had ended by then', by(formerKey, [[IAT, NOW_SECONDS]]));
  refuse('unsupported_algorithm', 'by an SM2 key, without a plug-in', by(sm2Key, [[ISS, '440300']]));
  group.snapshot('Signer', 'by a key before it was compromised', by(compromisedKey), same);
  group.snapshot('Signer', 'by the second key of the issuer', by(formerKey), same);
}

function sets(group: Group): void {
  const revoked = (size: number, value: Plain) => of(list(1, size, [[REVOKED, value]]));
  const accept = (comment: string, size: number, value: Plain, wanted: readonly number[]) => {
    const indexes = [...new Set(wanted.flatMap((index) => [index - 1, index, index + 1]))];
    const statuses = indexes.map((index) => {
      if (wanted.includes(index)) return 'revoked';
      return index >= 0 && index < size ? 'valid' : 'unknown';
    });
    group.snapshot(
      'Set',
      comment,
      revoked(size, value),
      { ok: true, sequence: 5, sizes: { [uri(1)]: size }, statuses: { [uri(1)]: statuses } },
      { indexes: { [uri(1)]: indexes } },
    );
  };
  const some = [0, 1, 5, 6, 40, 63];
  for (const k of [0, 1, 2, 5, 6, 24]) accept(`with k = ${k}`, 64, set(k, ...some), some);
  const all = Array.from({ length: 50 }, (_, index) => index);
  accept('every index', 50, set(0, ...all), all);
  accept('the one index that there is', 1, set(0, 0), [0]);
  accept('the last of 2^24', 2 ** 24, set(23, 2 ** 24 - 1), [2 ** 24 - 1]);
  const far = Array.from({ length: 70 }, (_, index) => 1000 * index + (index % 7));
  accept('as many as are found by a short cut', 70_000, set(9, ...far), far);
  accept('a gap of 64 zeros', 1000, set(2, 0, 260, 261), [0, 260, 261]);
  group.snapshot(
    'Set',
    'revoked and suspended at once is revoked',
    of(
      list(1, 8, [
        [REVOKED, set(0, 3)],
        [SUSPENDED, set(0, 3)],
      ]),
    ),
    {
      ok: true,
      sequence: 5,
      sizes: { [uri(1)]: 8 },
      statuses: { [uri(1)]: ['revoked'] },
    },
    { indexes: { [uri(1)]: [3] } },
  );

  const refuse = (comment: string, value: Plain, size = 64) =>
    group.snapshot('Set', comment, revoked(size, value), 'malformed');
  const bits = (text: string) => packBits(text);
  refuse('no index', [1, 0, Buffer.alloc(0)]);
  refuse('no index, in a byte of zeros', [1, 0, Buffer.alloc(1)]);
  refuse('more indexes than there are', [0, 65, bits('1'.repeat(65))]);
  refuse('the index after the last', set(3, 64));
  refuse('an index far beyond the last', set(0, 200));
  refuse('an index beyond 2^32', [24, 1, bits(`${'0'.repeat(300)}1${'0'.repeat(24)}`)]);
  refuse('k above 24', set(25, 1));
  refuse('a negative k', [-1, 1, bits('1')]);
  refuse('k of 32, which shifts nothing', [32, 1, bits(`1${'0'.repeat(32)}`)]);
  refuse('k that is text', ['1', 2, bits('1001')]);
  refuse('a bit after the last index', [1, 2, bits('10010001')]);
  refuse('an index more than is said', [1, 1, bits('1001')]);
  refuse('a byte of zeros after the last', [1, 2, bits('1001'.padEnd(16, '0'))]);
  refuse('fewer indexes than are said', [1, 3, bits('1001')]);
  refuse('nothing but zeros', [1, 2, Buffer.alloc(4)]);
  refuse('a remainder that is cut off', [24, 1, bits('1'.padEnd(24, '0'))]);
  refuse('no bytes', [1, 2, Buffer.alloc(0)]);
  refuse('bytes that are text', [1, 2, '1001']);
  refuse('a set of two', [1, bits('1001')]);
  refuse('a set of four', [1, 2, bits('1001'), 0]);
  refuse('a set that is a map', mapFrom([[0, 1]]));
  refuse('a count above 2^32', [1, 2 ** 33, bits('1001')]);
}

function forms(group: Group): void {
  const refuse = (comment: string, bytes: Uint8Array, code = 'malformed') =>
    group.snapshot('Form', comment, bytes, code);
  for (const [comment, label, value] of [
    ['no issuer', ISS, undefined],
    ['an issuer that is a number', ISS, 370_200],
    ['no end', EXP, undefined],
    ['no issue time', IAT, undefined],
    ['an issue time with a fraction', IAT, raw('fb41d0000000200000')],
    ['an end at the issue time', EXP, NOW_SECONDS - HOUR],
    ['a time to live that is text', TTL, 'a day'],
    ['a negative time to live', TTL, -1],
    ['a sub', 2, uri(1)],
    ['an unknown claim', 99, 1],
    ['no snapshot', SNAPSHOT, undefined],
    ['a snapshot that is a list', SNAPSHOT, []],
  ] as const) {
    refuse(comment, snapshot(snapshotClaims([[label, value]])));
  }
  for (const [comment, label, value] of [
    ['no sequence', SEQUENCE, undefined],
    ['a negative sequence', SEQUENCE, -1],
    ['a sequence that is text', SEQUENCE, '5'],
    ['no lists', LISTS, undefined],
    ['lists that are a map', LISTS, mapFrom([])],
    ['a list that is bytes', LISTS, [Buffer.alloc(2)]],
    ['an unknown entry', 3, 1],
  ] as const) {
    refuse(comment, snapshot(snapshotClaims([], [[label, value]])));
  }
  refuse('a list twice', of(list(1, 64), list(1, 64)));
  refuse('lists in another order', of(list(7, 100), list(1, 64)));
  refuse('a list without number', of(list(1, 64, [[0, undefined]])));
  refuse('a list with a negative number', of(list(-1, 64)));
  refuse('a list beyond number 2^32 - 1', of(list(2 ** 32, 64)));
  refuse('a list without size', of(list(1, 64, [[1, undefined]])));
  refuse('a list of no index', of(list(1, 0)));
  refuse('a list of more than 2^24 indexes', of(list(1, 2 ** 24 + 1)));
  refuse('an unknown entry of a list', of(list(1, 64, [[5, set(0, 1)]])));
  refuse('valid again without a base', of(list(1, 64, [[VALID, set(0, 1)]])));
  const empty = { ok: true, sequence: 5, sizes: {}, statuses: {} } as const;
  group.snapshot('Form', 'no list at all', of(), empty);
  group.snapshot('Form', 'lists in which all are valid', of(list(0, 1), list(2 ** 32 - 1, 2 ** 24)), {
    ...empty,
    sizes: { [uri(0)]: 1, [uri(2 ** 32 - 1)]: 2 ** 24 },
  });
  group.snapshot('Form', 'a time to live', snapshot(snapshotClaims([[TTL, 600]])), same);
  refuse('the type of a trust list', snapshot(undefined, { header: listHeader(issuer, TRUST_LIST_TYPE) }));
  refuse('the type of a status list', snapshot(undefined, { header: listHeader(issuer, STATUS_LIST_TYPE) }));
  refuse('no type', snapshot(undefined, { header: mapFrom([[4, issuer.kid]]) }));
  refuse('no kid', snapshot(undefined, { header: mapFrom([[16, SNAPSHOT_TYPE]]) }));
  refuse('an unprotected header', snapshot(undefined, { unprotected: mapFrom([[4, issuer.kid]]) }));
  refuse('a status list', statusList());
  refuse('a credential', credential());
  refuse('no bytes', Buffer.alloc(0));
  refuse('two snapshots', Buffer.concat([snapshot(), snapshot()]));
  refuse('claims in another order', snapshot(reversedMap(snapshotClaims())));
}

function deltas(group: Group): void {
  group.snapshots('whole', snapshot());
  group.snapshots('delta', delta([list(1, 64, [[REVOKED, set(3, 9)]])]), { base: 'whole' });
  group.snapshots('later', snapshot(snapshotClaims([], [[SEQUENCE, 7]])));
  const on = { base: 'whole' };
  const asked = [0, 1, 2, 3, 63];
  const accept = (comment: string, bytes: Uint8Array, statuses: readonly string[], change: object = {}) =>
    group.snapshot(
      'Delta',
      comment,
      bytes,
      { ok: true, sequence: 6, sizes: SIZES, statuses: { [uri(1)]: statuses, [uri(7)]: ['revoked'] } },
      { ...on, indexes: { [uri(1)]: asked, [uri(7)]: [99] }, ...change },
    );
  const unchanged = ['valid', 'revoked', 'suspended', 'valid', 'revoked'];
  const one = (...change: Change) => delta([list(1, 64, change)]);
  accept('that changes nothing', delta([]), unchanged);
  accept('that names a list and changes nothing', one(), unchanged);
  accept('that revokes and suspends', one([REVOKED, set(0, 0)], [SUSPENDED, set(2, 3)]), [
    'revoked',
    'revoked',
    'suspended',
    'suspended',
    'revoked',
  ]);
  accept('that ends a suspension', one([VALID, set(1, 2)]), ['valid', 'revoked', 'valid', 'valid', 'revoked']);
  accept('that revokes what was suspended', one([REVOKED, set(1, 2)]), [
    'valid',
    'revoked',
    'revoked',
    'valid',
    'revoked',
  ]);
  accept('that would end a revocation, which none does', one([VALID, set(3, 1, 63)]), unchanged);
  accept('that would suspend what is revoked, which stays so', one([SUSPENDED, set(0, 1)]), unchanged);
  accept(
    'that says suspended and valid of one index: suspended',
    one([SUSPENDED, set(1, 2)], [VALID, set(1, 2)]),
    unchanged,
  );
  accept('held after another of the same base', delta([]), unchanged, { previous: 'whole' });
  group.snapshot(
    'Delta',
    'that adds a list',
    delta([list(9, 8, [[REVOKED, set(0, 7)]])]),
    { ok: true, sequence: 6, sizes: { ...SIZES, [uri(9)]: 8 }, statuses: { [uri(9)]: ['valid', 'revoked'] } },
    { ...on, indexes: { [uri(9)]: [6, 7] } },
  );
  const refuse = (code: string, comment: string, bytes: Uint8Array, change: object = on) =>
    group.snapshot('Delta', comment, bytes, code, change);
  refuse('wrong_list', 'without its base', delta([]), {});
  refuse('wrong_list', 'of another snapshot than the one at hand', delta([], [[SEQUENCE, 8]]), { base: 'later' });
  refuse(
    'wrong_list',
    'of a delta',
    delta(
      [],
      [
        [SEQUENCE, 8],
        [BASE, 6],
      ],
    ),
    { base: 'delta' },
  );
  refuse('wrong_list', 'by another key of the issuer', delta([], [], [], { key: formerKey }));
  refuse('wrong_list', 'of another issuer', delta([], [], [[ISS, '110000']], { key: beijingKey }));
  refuse('malformed', 'to itself', delta([], [[SEQUENCE, 5]]));
  refuse('malformed', 'to what comes later', delta([], [[BASE, 7]]));
  refuse('malformed', 'a base that is text', delta([], [[BASE, '5']]));
  refuse('malformed', 'a list that changed its size', delta([list(1, 65)]));
  refuse('malformed', 'an index outside its list', one([VALID, set(0, 64)]));
  group.snapshot('Delta', 'a whole snapshot needs no base', snapshot(), same, on);
}

function rollbacks(group: Group): void {
  const held = { previous: 'whole' };
  const next = (sequence: number, change: Change = [], map: Change = []) =>
    snapshot(snapshotClaims(change, [[SEQUENCE, sequence], ...map]));
  const at = (sequence: number) => ({ ...same, sequence });
  group.snapshot('Rollback', 'the same snapshot again', snapshot(), same, held);
  group.snapshot('Rollback', 'a lower sequence', next(4), 'rollback', held);
  group.snapshot('Rollback', 'a lower sequence, issued later', next(4, [[IAT, NOW_SECONDS]]), 'rollback', held);
  group.snapshot('Rollback', 'a greater sequence', next(6), at(6), held);
  group.snapshot(
    'Rollback',
    'a greater sequence, issued earlier',
    next(6, [[IAT, NOW_SECONDS - DAY]]),
    'rollback',
    held,
  );
  group.snapshot('Rollback', 'the same sequence with other lists', next(5, [], [[LISTS, []]]), 'rollback', held);
  group.snapshot('Rollback', 'the same sequence with another end', next(5, [[EXP, NOW_SECONDS + 1]]), 'rollback', held);
  group.snapshot('Rollback', 'the base of the delta that is held', snapshot(), 'rollback', { previous: 'delta' });
  group.snapshot(
    'Rollback',
    'of another issuer',
    snapshot(snapshotClaims([[ISS, '110000']], [[SEQUENCE, 9]]), { key: beijingKey }),
    'wrong_list',
    held,
  );
}

function uses(group: Group): void {
  const code = (number: number, index: number) => credential(claims([], [[1, [number, index]]]));
  const by = (lists: string, now?: Date) => ({ lists, ...(now && { now }) });
  group.snapshots('short', snapshot(snapshotClaims([[EXP, NOW_SECONDS + 60]])));
  group.accept('Use', 'valid by a snapshot', code(1, 0), {}, by('whole'));
  group.accept('Use', 'valid in the second list', code(7, 98), {}, by('whole'));
  group.refuse('revoked', 'Use', 'revoked by a snapshot', code(1, 1), by('whole'));
  group.refuse('revoked', 'Use', 'revoked in the second list', code(7, 99), by('whole'));
  group.refuse('suspended', 'Use', 'suspended by a snapshot', code(1, 2), by('whole'));
  group.refuse('revoked', 'Use', 'revoked by a delta', code(1, 9), by('delta'));
  group.refuse('revoked', 'Use', 'revoked by the base of a delta', code(1, 63), by('delta'));
  group.refuse('suspended', 'Use', 'suspended by the base of a delta', code(1, 2), by('delta'));
  group.refuse('status_unknown', 'Use', 'an index that the list does not have', code(1, 64), by('whole'));
  group.refuse('status_unknown', 'Use', 'a list that the snapshot does not have', code(2, 0), by('whole'));
  group.refuse('status_list_stale', 'Use', 'valid by a snapshot that has ended', code(1, 0), by('short', after(60)));
  group.refuse('revoked', 'Use', 'revoked by a snapshot that has ended', code(1, 1), by('short', after(60)));
}
