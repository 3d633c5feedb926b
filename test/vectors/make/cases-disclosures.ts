import { Buffer } from 'node:buffer';
import { cbor, encoded, type Plain } from './cbor.ts';
import { embed, mapFrom } from './cose.ts';
import { Group } from './group.ts';
import { sha256 } from './keys.ts';
import {
  boundClaims,
  CLAIMS,
  CNF,
  credential,
  delegableClaims,
  delegated,
  delegation,
  disclosure,
  disclosureHash,
  issuer,
  MAP,
  NOW,
  presentation,
  REDACTED,
  redactedMap,
  sdHeader,
} from './people.ts';

const NAME = disclosure(1, '欧***', 2);
const NUMBER = disclosure(2, '*002X', 3);
const SCHEME = disclosure(3, 310, 5);
const CLASS = disclosure(4, 11, 6);
const DECOY = disclosure(5);
const ASSISTANCE = disclosure(6, 2304, 14);
const ALL = [NAME, NUMBER, SCHEME, CLASS];
const KEYS = [2, 3, 5, 6];
const OPEN = { region: '370202', enrolment: '1', businessTypes: ['01101', '01301'] };

/** The hashes in their own order: that of the claims would tell which is which. */
const hashes = (...disclosures: readonly Uint8Array[]): Plain =>
  disclosures.map(disclosureHash).sort((a, b) => Buffer.compare(a, b));

interface SdOptions {
  readonly hashes?: Plain;
  readonly hidden?: readonly number[];
  readonly map?: readonly (readonly [Plain, Plain | undefined])[];
  readonly claims?: readonly (readonly [Plain, Plain | undefined])[];
  readonly header?: ReadonlyMap<Plain, Plain>;
  readonly unprotected?: Plain;
}

/** A credential with redacted claims, disclosing these. */
function sd(disclosed: readonly Plain[], options: SdOptions = {}): Uint8Array {
  const { hidden = KEYS, map = [], claims = [], header = sdHeader() } = options;
  const payload = boundClaims([[MAP, redactedMap(options.hashes ?? hashes(...ALL), hidden, map)], ...claims]);
  const unprotected = options.unprotected ?? (disclosed.length === 0 ? new Map() : mapFrom([[17, disclosed]]));
  return credential(payload, { key: issuer, header, unprotected });
}

const present = (inner: Uint8Array) => presentation(embed(inner));

const shown = (undisclosed: number, claims: Readonly<Record<string, unknown>>) => ({
  bearer: false,
  undisclosed,
  claims,
  presentation: { presentedAt: NOW.toISOString(), audience: '*', challenged: false },
});

export function makeDisclosures(): Group {
  const group = new Group(
    'disclosures',
    'Claims that the holder may leave out: salted hashes in the map, as SD-CWT has them.',
    {
      Disclosure: 'What is shown has its hash in the signed map, once.',
      Redaction: 'The hashes in the signed map.',
      Salt: 'A disclosure is salt, value and key, or the salt alone.',
      Restriction: 'What restricts a credential cannot be left out.',
    },
  );
  disclosed(group);
  hostileHolder(group);
  wrongIssuer(group);
  return group;
}

function disclosed(group: Group): void {
  group.accept('Disclosure', 'nothing shown', present(sd([])), shown(4, OPEN));
  group.accept('Disclosure', 'all shown', present(sd(ALL)), shown(0, CLAIMS));
  group.accept('Disclosure', 'the name shown', present(sd([NAME])), shown(3, { ...OPEN, name: '欧***' }));
  group.accept(
    'Disclosure',
    'shown in another order',
    present(sd([CLASS, NAME])),
    shown(2, { ...OPEN, name: '欧***', personClass: '11' }),
  );
  const decoy = { hashes: hashes(...ALL, DECOY) };
  group.accept(
    'Disclosure',
    'a decoy among the hashes',
    present(sd([NAME], decoy)),
    shown(4, { ...OPEN, name: '欧***' }),
  );
  group.accept('Disclosure', 'a decoy shown', present(sd([DECOY], decoy)), shown(4, OPEN));
  const five = { hashes: hashes(...ALL, ASSISTANCE) };
  group.accept('Disclosure', 'the assistance kept back', present(sd(ALL, five)), shown(1, CLAIMS));
  group.accept(
    'Disclosure',
    'the assistance shown',
    present(sd([ASSISTANCE], five)),
    shown(4, { ...OPEN, assistance: '2304' }),
  );
  const decoys = Array.from({ length: 4 }, (_, i) => disclosure(0x40 + i));
  group.accept('Redaction', 'eight hashes', present(sd([], { hashes: hashes(...ALL, ...decoys) })), shown(8, OPEN));
  group.accept(
    'Redaction',
    'hashes in the order of the claims',
    present(sd(ALL, { hashes: ALL.map(disclosureHash) })),
    shown(0, CLAIMS),
  );
  group.refuse('not_presented', 'Disclosure', 'shown bare', sd(ALL));
  const delegable = credential(delegableClaims([[MAP, redactedMap(hashes(...ALL), KEYS, [[13, true]])]]), {
    header: sdHeader(),
    unprotected: mapFrom([[17, [NAME]]]),
  });
  group.accept('Disclosure', 'in a delegation', delegated(delegation(undefined, embed(delegable))), {
    ...shown(3, { ...OPEN, name: '欧***', delegable: true }),
    delegate: {
      name: '李**',
      relation: '2',
      grantedBy: 'holder',
      expiresAt: new Date(NOW.getTime() + 1_800_000).toISOString(),
      businessTypes: ['01101', '01301'],
    },
  });
}

function hostileHolder(group: Group): void {
  const refuse = (flag: string, comment: string, shown: readonly Plain[], options: SdOptions = {}) =>
    group.refuse('malformed', flag, comment, present(sd(shown, options)));
  refuse('Disclosure', 'a name of the holder’s own', [disclosure(1, '王*', 2)]);
  refuse('Disclosure', 'the name with another salt', [disclosure(9, '欧***', 2)]);
  refuse('Disclosure', 'the name under another key', [disclosure(1, '欧***', 3)]);
  refuse('Disclosure', 'the name twice', [NAME, NAME]);
  refuse('Disclosure', 'an empty list', [], { unprotected: mapFrom([[17, []]]) });
  refuse('Disclosure', 'nine of them', Array(9).fill(NAME));
  refuse('Disclosure', 'a number instead of a disclosure', [1]);
  refuse('Disclosure', 'a disclosure that is not in a byte string', [encoded(NAME)]);
  refuse('Disclosure', 'a map instead of the list', [], { unprotected: mapFrom([[17, mapFrom([])]]) });
  refuse('Disclosure', 'another unprotected header', [], { unprotected: mapFrom([[99, 1]]) });
  refuse('Disclosure', 'another unprotected header besides', [], {
    unprotected: mapFrom([
      [17, [NAME]],
      [99, 1],
    ]),
  });
  refuse('Disclosure', 'a disclosure spelled otherwise', [Buffer.concat([Buffer.of(0x98, 3), NAME.subarray(1)])], {
    hashes: hashes(Buffer.concat([Buffer.of(0x98, 3), NAME.subarray(1)])),
  });
  const signedOver = (comment: string, flag: string, bytes: Uint8Array) =>
    refuse(flag, comment, [bytes], { hashes: hashes(bytes), hidden: [2] });
  signedOver('a salt of 15 bytes', 'Salt', cbor([Buffer.alloc(15), '欧***', 2]));
  signedOver('a salt of 17 bytes', 'Salt', cbor([Buffer.alloc(17), '欧***', 2]));
  signedOver('a salt that is text', 'Salt', cbor(['0123456789abcdef', '欧***', 2]));
  signedOver('no salt', 'Salt', cbor([]));
  signedOver('a salt and a value without key', 'Salt', cbor([Buffer.alloc(16), '欧***']));
  signedOver('a fourth part', 'Salt', cbor([Buffer.alloc(16), '欧***', 2, 0]));
  signedOver('a key that is text', 'Salt', cbor([Buffer.alloc(16), '欧***', 'name']));
  signedOver('a map instead of an array', 'Salt', cbor(mapFrom([[2, '欧***']])));
  signedOver('bytes after the disclosure', 'Salt', Buffer.concat([NAME, Buffer.of(0)]));
  signedOver('a name in a wrong form', 'Salt', cbor([Buffer.alloc(16), '', 2]));
  for (const [name, key, value] of [
    ['type', 0, 1],
    ['status', 1, [1, 4]],
    ['region', 4, 370_202],
    ['enrolment', 7, 1],
    ['businessTypes', 8, [1301]],
    ['maxPresentationAgeSeconds', 9, 60],
    ['delegate', 10, ['李**', 2]],
    ['paper', 11, true],
    ['delegable', 13, true],
    ['an unknown field', 99, 1],
  ] as const) {
    signedOver(`${name} as a disclosure`, 'Restriction', disclosure(1, value, key));
  }
  const plain = credential(boundClaims(), { unprotected: mapFrom([[17, [NAME]]]) });
  group.refuse('malformed', 'Disclosure', 'beside a credential without redaction', present(plain));
}

function wrongIssuer(group: Group): void {
  const refuse = (comment: string, options: SdOptions, shown: readonly Plain[] = []) =>
    group.refuse('malformed', 'Redaction', comment, present(sd(shown, options)));
  refuse('no hashes', { hashes: [] });
  refuse('nine hashes', { hashes: hashes(...ALL, ...Array.from({ length: 5 }, (_, i) => disclosure(0x40 + i))) });
  refuse('a hash twice', { hashes: [disclosureHash(NAME), disclosureHash(NAME)] });
  refuse('a hash of 31 bytes', { hashes: [disclosureHash(NAME).subarray(1)] });
  refuse('a hash of 33 bytes', { hashes: [Buffer.concat([disclosureHash(NAME), Buffer.of(0)])] });
  refuse('a hash that is text', { hashes: ['hash'] });
  refuse('hashes that are no list', { hashes: disclosureHash(NAME) });
  refuse('a hash over the disclosure without its head', { hashes: [sha256(NAME)] }, [NAME]);
  refuse('a claim in the open and redacted', { hidden: [3, 5, 6] }, [NAME]);
  refuse('two disclosures of one claim', { hashes: hashes(NAME, disclosure(9, '王*', 2)) }, [
    NAME,
    disclosure(9, '王*', 2),
  ]);
  refuse('without device key', { claims: [[CNF, undefined]] });
  refuse('redaction that is not announced', { header: mapFrom([[4, issuer.kid]]) });
  group.refuse(
    'malformed',
    'Redaction',
    'announced and not there',
    present(credential(boundClaims(), { header: sdHeader() })),
  );
  const top = new Map<Plain, Plain>([...boundClaims(), [REDACTED, [disclosureHash(NAME)]]]);
  group.refuse(
    'malformed',
    'Redaction',
    'in the claims instead of the map',
    present(credential(top, { header: sdHeader() })),
  );
  refuse('the region redacted', { hidden: [4], hashes: hashes(disclosure(1, 370_202, 4)) });
  const tagRedacted = credential(boundClaims([[MAP, redactedMap([cbor([disclosureHash(NAME)])], [2])]]), {
    header: sdHeader(),
  });
  group.refuse('malformed', 'Redaction', 'hashes in a list in a list', present(tagRedacted));
}
