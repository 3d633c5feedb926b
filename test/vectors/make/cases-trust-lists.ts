import { Buffer } from 'node:buffer';
import { cbor, type Plain, reversedMap } from './cbor.ts';
import { mapFrom } from './cose.ts';
import { raiseS } from './edwards.ts';
import { flip, Group } from './group.ts';
import { ed25519, type Key, p256 } from './keys.ts';
import {
  DEFAULT_ISSUERS,
  hex,
  listHeader,
  STATUS_LIST_TYPE,
  sm2Key,
  statusList,
  TRUST_LIST_TYPE,
  trustClaims,
  trustedIssuer,
  trustedKey,
  trustList,
  trustMaterial,
} from './lists.ts';
import {
  after,
  credential,
  DAY,
  EXP,
  HOUR,
  IAT,
  ISS,
  issuer,
  NBF,
  NOW_SECONDS,
  presentation,
  root,
  stranger,
} from './people.ts';

const pin = (key: Key) => hex(cbor(key.coseKey));
const ISSUERS = ['370200', '110000', 'registry', '440300'];
type Change = readonly (readonly [Plain, Plain | undefined])[];

export function makeTrustLists(): Group {
  const group = new Group('trust-lists', 'Trust lists, signed by a root that the verifier has pinned.', {
    Root: 'Pinned roots, and how they are handed on.',
    Rollback: 'A lower sequence, or the same with other content.',
    Form: 'Headers, claims and issuers, each in its form.',
    Time: 'A list of the future; an expired one is given back.',
  });
  const good = { ok: true, sequence: 5, issuers: ISSUERS, roots: [pin(root)] } as const;
  group.trustList('Root', 'by the pinned root', trustList(), good);
  roots(group, good);
  rollbacks(group, good);
  trustForms(group);
  issuersForms(group);
  group.trustList('Time', 'a minute ahead', trustList(), good, { now: after(-HOUR - 60) });
  group.trustList('Time', 'further ahead', trustList(), 'issued_in_future', { now: after(-HOUR - 61) });
  group.trustList('Time', 'a second ahead, without skew', trustList(), 'issued_in_future', {
    now: after(-HOUR - 1),
    clockSkewSeconds: 0,
  });
  group.trustList('Time', 'years after its end', trustList(), good, { now: after(1000 * DAY) });
  return group;
}

type GoodTrust = { ok: true; sequence: number; issuers: readonly string[]; roots: readonly string[] };

function roots(group: Group, good: GoodTrust): void {
  const next = ed25519(0x71);
  group.trustList('Root', 'by a root that is not pinned', trustList(undefined, { key: stranger }), 'unknown_root');
  group.trustList('Root', 'where no root is pinned', trustList(), 'unknown_root', { roots: [] });
  group.trustList(
    'Root',
    'by a stranger under the kid of the root',
    trustList(undefined, { key: stranger, header: listHeader(root, TRUST_LIST_TYPE) }),
    'bad_signature',
  );
  group.trustList('Root', 'by an issuer', trustList(undefined, { key: issuer }), 'unknown_root');
  group.trustList(
    'Root',
    'by one of two roots',
    trustList(),
    { ...good, roots: [pin(next), pin(root)] },
    { roots: [pin(next), pin(root)] },
  );
  group.trustList('Root', 'a bit of the signature flipped', flip(trustList(), -1), 'bad_signature');
  group.trustList(
    'Root',
    'S raised by the order of the group',
    trustList(undefined, { signature: raiseS(trustList().subarray(-64)) }),
    'bad_signature',
  );
  const handing = trustClaims(
    [],
    [
      [0, 6],
      [2, [cbor(next.coseKey)]],
    ],
  );
  const handover = trustList(handing);
  const many = Array.from({ length: 17 }, (_, at) => cbor(ed25519(0x80 + at).coseKey));
  const hand = (to: readonly Plain[]) => trustList(trustClaims([], [[2, to]]));
  group.trustList('Root', 'that hands over to sixteen roots', hand(many.slice(1)), {
    ...good,
    roots: many.slice(1).map(hex),
  });
  group.trustList('Root', 'that hands over to seventeen roots', hand(many), 'malformed');
  group.trustList('Root', 'that hands over to another root', handover, { ...good, sequence: 6, roots: [pin(next)] });
  group.trust('handed-over', trustMaterial(handover));
  const seventh = trustClaims([], [[0, 7]]);
  group.trustList(
    'Root',
    'by the new root after the handover',
    trustList(seventh, { key: next }),
    { ...good, sequence: 7, roots: [pin(next)] },
    { previous: 'handed-over' },
  );
  group.trustList('Root', 'by the old root after the handover', trustList(seventh), 'unknown_root', {
    previous: 'handed-over',
  });
  group.trustList('Root', 'by the new root before the handover', trustList(seventh, { key: next }), 'unknown_root', {
    previous: 'default',
  });
  const again = { previous: 'handed-over' };
  group.trustList(
    'Root',
    'the handover again, by the old root',
    handover,
    { ...good, sequence: 6, roots: [pin(next)] },
    again,
  );
  group.trustList(
    'Root',
    'the handover again, by the new root',
    trustList(handing, { key: next }),
    'unknown_root',
    again,
  );
  const both = trustClaims(
    [],
    [
      [0, 6],
      [2, [cbor(root.coseKey), cbor(next.coseKey)]],
    ],
  );
  group.trustList('Root', 'that names the old and the new root', trustList(both), {
    ...good,
    sequence: 6,
    roots: [pin(root), pin(next)],
  });
  const p256Root = p256(0x72);
  group.trustList(
    'Root',
    'by a P-256 root',
    trustList(undefined, { key: p256Root }),
    { ...good, roots: [pin(p256Root)] },
    { roots: [pin(p256Root)] },
  );
  group.trustList(
    'Root',
    'by an SM2 root, without a plug-in',
    trustList(undefined, { key: sm2Key }),
    'unsupported_algorithm',
    { roots: [pin(sm2Key)] },
  );
  group.trustList('Root', 'that hands over to nobody', trustList(trustClaims([], [[2, []]])), 'malformed');
  group.trustList(
    'Root',
    'that hands over to what is no key',
    trustList(trustClaims([], [[2, [Buffer.alloc(32)]]])),
    'malformed',
  );
}

function rollbacks(group: Group, good: GoodTrust): void {
  const of = (sequence: number, change: Change = []) => trustList(trustClaims(change, [[0, sequence]]));
  const held = { previous: 'default' };
  group.trustList('Rollback', 'a lower sequence', of(4), 'rollback', held);
  group.trustList('Rollback', 'sequence 0', of(0), 'rollback', held);
  group.trustList('Rollback', 'the same list again', of(5), good, held);
  group.trustList('Rollback', 'the same list again, wrongly signed', flip(of(5), -1), 'bad_signature', held);
  group.trustList(
    'Rollback',
    'the same list again, by another root',
    trustList(undefined, { key: stranger }),
    'unknown_root',
    held,
  );
  group.trustList(
    'Rollback',
    'the same sequence with another publisher',
    of(5, [[ISS, 'another root']]),
    'rollback',
    held,
  );
  group.trustList(
    'Rollback',
    'the same sequence with a later end',
    of(5, [[EXP, NOW_SECONDS + 2 * DAY]]),
    'rollback',
    held,
  );
  group.trustList('Rollback', 'the next sequence', of(6), { ...good, sequence: 6 }, held);
  group.trustList(
    'Rollback',
    'the largest sequence',
    of(Number.MAX_SAFE_INTEGER),
    { ...good, sequence: Number.MAX_SAFE_INTEGER },
    held,
  );
}

function trustForms(group: Group): void {
  const refuse = (comment: string, payload: Plain) => group.trustList('Form', comment, trustList(payload), 'malformed');
  for (const [comment, label, value] of [
    ['no publisher', ISS, undefined],
    ['a publisher that is a number', ISS, 1],
    ['a publisher of 257 bytes', ISS, 'A'.repeat(257)],
    ['a publisher with a byte order mark', ISS, '\ufeffexample root'],
    ['a publisher that is not in normal form', ISS, 'e\u0301'],
    ['no end', EXP, undefined],
    ['no issue time', IAT, undefined],
    ['an end at the issue time', EXP, NOW_SECONDS - HOUR],
    ['no list', -65_538, undefined],
    ['a list that is an array', -65_538, []],
    ['a beginning', NBF, NOW_SECONDS],
    ['an unknown claim', 99, 1],
  ] as const) {
    refuse(comment, trustClaims([[label, value]]));
  }
  for (const [comment, key, value] of [
    ['no sequence', 0, undefined],
    ['a negative sequence', 0, -1],
    ['a sequence that is text', 0, '5'],
    ['no issuers', 1, undefined],
    ['issuers that are a map', 1, mapFrom([])],
    ['roots that are null', 2, null],
    ['an unknown entry', 3, 1],
  ] as const) {
    refuse(`in the list: ${comment}`, trustClaims([], [[key, value]]));
  }
  const none = trustList(trustClaims([], [[1, []]]));
  group.trustList('Form', 'an empty list of issuers', none, { ok: true, sequence: 5, issuers: [], roots: [pin(root)] });
  const header = (comment: string, bytes: Uint8Array, code = 'malformed') =>
    group.trustList('Form', comment, bytes, code);
  header('the type of a status list', trustList(undefined, { header: listHeader(root, STATUS_LIST_TYPE) }));
  header('no type', trustList(undefined, { header: mapFrom([[4, root.kid]]) }));
  header('no kid', trustList(undefined, { header: mapFrom([[16, TRUST_LIST_TYPE]]) }));
  header(
    'a critical header',
    trustList(undefined, {
      header: mapFrom([
        [2, [4]],
        [4, root.kid],
        [16, TRUST_LIST_TYPE],
      ]),
    }),
  );
  header(
    'an algorithm that there is not',
    trustList(undefined, {
      header: mapFrom([
        [1, -35],
        [4, root.kid],
        [16, TRUST_LIST_TYPE],
      ]),
    }),
    'unsupported_algorithm',
  );
  header('an unprotected header', trustList(undefined, { unprotected: mapFrom([[4, root.kid]]) }));
  header('no tag', trustList(undefined, { tag: null }));
  header('a byte after it', Buffer.concat([trustList(), Buffer.of(0)]));
  header('cut off', trustList().subarray(0, -1));
  header('no bytes', Buffer.alloc(0));
  header('a credential', credential());
  header('a presentation', presentation());
  header('a status list', statusList());
  header('claims in another order', trustList(reversedMap(trustClaims())));
}

function issuersForms(group: Group): void {
  const refuse = (comment: string, issuers: Plain) =>
    group.trustList('Form', comment, trustList(trustClaims([], [[1, issuers]])), 'malformed');
  const one = (comment: string, change: Change, keys: Plain = [trustedKey(issuer)]) =>
    refuse(`an issuer: ${comment}`, [trustedIssuer('370200', keys, change)]);
  refuse('an issuer twice', [...DEFAULT_ISSUERS, DEFAULT_ISSUERS[0] as Plain]);
  refuse('an issuer that is no map', ['370200']);
  for (const key of [0, 1, 2, 3, 4, 5]) one(`without entry ${key}`, [[key, undefined]]);
  one('with an unknown entry', [[6, 1]]);
  one('an empty id', [[0, '']]);
  one('an id of 65 characters', [[0, 'A'.repeat(65)]]);
  one('a name that turns the text around', [[1, '青岛\u202e市']]);
  one('an empty name', [[1, '']]);
  one('a type that is a number', [[3, [1]]]);
  one('a region that is a number', [[4, [3702]]]);
  for (const region of ['', '*', '3', '03', '3702020', '37a', '\uff13\uff17', '37\n']) {
    one(`a region that is no beginning of a region: ${JSON.stringify(region)}`, [[4, [region]]]);
  }
  for (const uri of [
    '',
    'lists.example',
    'https://',
    'https://lists.example/',
    'https://lists.example/?a',
    'https://lists.example/#a',
    'https://lists example/a',
    'file:///lists',
    'javascript:alert(1)',
    'https://lists.example/a\n',
  ]) {
    one(`a status address in a wrong form: ${JSON.stringify(uri)}`, [[5, uri]]);
  }
  one('a key that is no map', [], ['key']);
  one('a key without COSE_Key', [], [mapFrom([])]);
  one('a COSE_Key that is a map', [], [mapFrom([[0, issuer.coseKey]])]);
  one('a COSE_Key with a byte after it', [], [mapFrom([[0, Buffer.concat([cbor(issuer.coseKey), Buffer.of(0)])]])]);
  one('a COSE_Key with an algorithm', [], [mapFrom([[0, cbor(mapFrom([...issuer.coseKey, [3, -19]]))]])]);
  one('a key with an unknown entry', [], [trustedKey(issuer, [[4, 1]])]);
  one('a key with a time that is text', [], [trustedKey(issuer, [[3, 'yesterday']])]);
  one('a key with a negative time', [], [trustedKey(issuer, [[1, -1]])]);
  const keys = (count: number) => Array.from({ length: count }, (_, at) => trustedKey(ed25519(0x60 + at)));
  group.trustList(
    'Form',
    'an issuer with 16 keys',
    trustList(trustClaims([], [[1, [trustedIssuer('370200', keys(16))]]])),
    {
      ok: true,
      sequence: 5,
      issuers: ['370200'],
      roots: [pin(root)],
    },
  );
  one('17 keys', [], keys(17));
  one('a key twice', [], [trustedKey(issuer), trustedKey(issuer, [[3, NOW_SECONDS]])]);
}
