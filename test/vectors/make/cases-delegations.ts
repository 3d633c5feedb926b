import { Buffer } from 'node:buffer';
import type { CredentialSuccess } from '../format.ts';
import type { Plain } from './cbor.ts';
import { embed, mapFrom, withEntries } from './cose.ts';
import { flip, Group } from './group.ts';
import { p256 } from './keys.ts';
import { sm2Key } from './lists.ts';
import {
  after,
  boundClaims,
  boundHeader,
  CLAIMS,
  CNF,
  CTI,
  claims,
  cnf,
  credential,
  DELEGATION_TYPE,
  delegableClaims,
  delegateDevice,
  delegated,
  delegation,
  delegationClaims,
  device,
  EXP,
  HOUR,
  IAT,
  MAP,
  NBF,
  NOW,
  NOW_SECONDS,
  presentation,
  presentationClaims,
  stranger,
} from './people.ts';

const PRESENTED = { presentedAt: NOW.toISOString(), audience: '*', challenged: false };
const DELEGATE = {
  name: '李**',
  relation: '2',
  grantedBy: 'holder',
  expiresAt: after(HOUR / 2).toISOString(),
  businessTypes: ['01101', '01301'],
} as const;

const lent = (change: Partial<CredentialSuccess['delegate'] & object> = {}) => ({
  bearer: false,
  claims: { ...CLAIMS, delegable: true },
  delegate: { ...DELEGATE, ...change },
  presentation: PRESENTED,
});

export function makeDelegations(): Group {
  const group = new Group('delegations', 'Somebody else shows the code: let by the issuer, or by the holder.', {
    Issuer: 'The issuer bound the credential to the delegate’s device.',
    Holder: 'The holder signed a delegation, whose device presents it.',
    Form: 'Headers and claims of a delegation, each in its form.',
    Scope: 'No longer and for no more than the credential.',
    Time: 'Within the time of the delegation.',
    Purpose: 'What the code is scanned for.',
  });
  byIssuer(group);
  byHolder(group);
  form(group);
  scope(group);
  times(group);
  purposes(group);
  return group;
}

function byIssuer(group: Group): void {
  const map = [[10, ['李**', 2]]] as const;
  group.accept('Issuer', 'the delegate’s device presents', presentation(embed(credential(boundClaims([], map)))), {
    bearer: false,
    claims: { ...CLAIMS, delegate: { name: '李**', relation: '2' } },
    delegate: { ...DELEGATE, grantedBy: 'issuer', expiresAt: after(HOUR).toISOString() },
    presentation: PRESENTED,
  });
  const anything = boundClaims([], [...map, [8, undefined]]);
  const { businessTypes: _, ...rest } = DELEGATE;
  const { businessTypes: __, ...unlimited } = CLAIMS;
  group.accept('Issuer', 'for any business', presentation(embed(credential(anything))), {
    bearer: false,
    claims: { ...unlimited, delegate: { name: '李**', relation: '2' } },
    delegate: { ...rest, grantedBy: 'issuer', expiresAt: after(HOUR).toISOString() },
    presentation: PRESENTED,
  });
}

function byHolder(group: Group): void {
  group.accept('Holder', 'a delegation presented by the delegate', delegated(), lent());
  group.refuse('not_presented', 'Holder', 'a delegation shown bare', delegation());
  group.refuse(
    'bad_presentation',
    'Holder',
    'a delegation presented by the holder',
    delegated(delegation(), undefined, { key: device }),
  );
  group.refuse(
    'bad_presentation',
    'Holder',
    'a delegation presented by a stranger',
    delegated(delegation(), undefined, { key: stranger }),
  );
  const byKey = (key = stranger) => delegation(undefined, undefined, { key });
  group.refuse('bad_delegation', 'Holder', 'signed by a stranger', delegated(byKey()));
  group.refuse('bad_delegation', 'Holder', 'signed by the delegate', delegated(byKey(delegateDevice)));
  group.refuse('bad_delegation', 'Holder', 'a bit of its signature flipped', delegated(flip(delegation(), -1)));
  group.refuse(
    'bad_delegation',
    'Holder',
    'a signature of zeros',
    delegated(delegation(undefined, undefined, { signature: Buffer.alloc(64) })),
  );
  group.refuse(
    'bad_delegation',
    'Holder',
    'under the name of another algorithm',
    delegated(
      delegation(undefined, undefined, {
        header: withEntries(boundHeader(embed(credential(delegableClaims())), DELEGATION_TYPE), [[1, -9]]),
      }),
    ),
  );
  const forged = embed(flip(credential(delegableClaims()), -1));
  group.refuse('bad_signature', 'Holder', 'of a forged credential', delegated(delegation(undefined, forged)));
  group.refuse(
    'malformed',
    'Holder',
    'of a bearer code',
    delegated(delegation(undefined, embed(credential(claims())))),
    { check: 'binding' },
  );
  group.refuse(
    'malformed',
    'Holder',
    'of a bearer code, shown bare',
    delegation(undefined, embed(credential(claims()))),
    { check: 'binding' },
  );
  group.refuse('malformed', 'Holder', 'of a delegation', delegated(delegation(undefined, embed(delegation()))));
  group.refuse('malformed', 'Holder', 'of a presentation', delegated(delegation(undefined, embed(presentation()))));
  group.refuse(
    'wrong_audience',
    'Holder',
    'presented for another verifier',
    delegated(delegation(), presentationClaims([[3, 'H37020000002']])),
  );
  const p256Device = p256(0x61);
  const toP256 = delegation(delegationClaims([[CNF, cnf(p256Device)]]));
  group.accept('Holder', 'to a P-256 device', delegated(toP256, undefined, { key: p256Device }), lent());
  const ofP256 = delegation(undefined, embed(credential(delegableClaims([[CNF, cnf(p256Device)]]))), {
    key: p256Device,
  });
  group.accept('Holder', 'by a P-256 device', delegated(ofP256), lent());
  const ofSm2 = delegation(undefined, embed(credential(delegableClaims([[CNF, cnf(sm2Key)]]))), { key: sm2Key });
  group.refuse('unsupported_algorithm', 'Holder', 'by an SM2 device', delegated(ofSm2), { check: 'binding' });
  const toSm2 = delegation(delegationClaims([[CNF, cnf(sm2Key)]]));
  group.refuse('unsupported_algorithm', 'Holder', 'to an SM2 device', delegated(toSm2, undefined, { key: sm2Key }), {
    check: 'binding',
  });
}

function form(group: Group): void {
  const refuse = (comment: string, payload: Plain) =>
    group.refuse('malformed', 'Form', comment, delegated(delegation(payload)));
  for (const [comment, label, value] of [
    ['no end', EXP, undefined],
    ['no issue time', IAT, undefined],
    ['no device key', CNF, undefined],
    ['no map', MAP, undefined],
    ['a device key that is none', CNF, mapFrom([[1, mapFrom([])]])],
    ['an end at the issue time', EXP, NOW_SECONDS],
    ['an id', CTI, Buffer.alloc(8)],
    ['a beginning', NBF, NOW_SECONDS],
    ['an issuer', 1, '370200'],
    ['an unknown claim', 99, 1],
    ['a map that is an array', MAP, ['李**', 2]],
  ] as const) {
    refuse(comment, delegationClaims([[label, value]]));
  }
  for (const [comment, key, value] of [
    ['no delegate', 10, undefined],
    ['a delegate that is a text', 10, '李**'],
    ['a delegate without relation', 10, ['李**']],
    ['a delegate that is null', 10, null],
    ['no business in a list', 8, []],
    ['business as text', 8, ['01301']],
    ['business that is null', 8, null],
    ['a region', 4, 370_202],
    ['a longest age', 9, 86_400],
    ['permission to delegate', 13, true],
    ['a type', 0, 1],
    ['an unknown field', 99, 1],
  ] as const) {
    refuse(`in the map: ${comment}`, delegationClaims([], [[key, value]]));
  }
  const inner = embed(credential(delegableClaims()));
  const withHeader = (comment: string, change: readonly (readonly [Plain, Plain | undefined])[], code = 'malformed') =>
    group.refuse(
      code,
      'Form',
      comment,
      delegated(delegation(undefined, undefined, { header: withEntries(boundHeader(inner, DELEGATION_TYPE), change) })),
    );
  withHeader('a kid in the header', [[4, device.kid]]);
  withHeader('no credential in the header', [[13, undefined]]);
  withHeader('no type in the header', [[16, undefined]]);
  withHeader('an algorithm that there is not', [[1, -35]], 'unsupported_algorithm');
  group.refuse(
    'malformed',
    'Form',
    'an unprotected header',
    delegated(delegation(undefined, undefined, { unprotected: mapFrom([[99, 1]]) })),
  );
}

function scope(group: Group): void {
  const of = (map: readonly (readonly [Plain, Plain | undefined])[], payload: Plain = delegationClaims()) =>
    delegated(delegation(payload, embed(credential(delegableClaims([], map)))));
  const refuse = (comment: string, bytes: Uint8Array) =>
    group.refuse('delegation_not_allowed', 'Scope', comment, bytes);
  refuse('of a credential that may not be delegated', of([[13, undefined]]));
  const ofDelegate = of([[10, ['王*', 1]]]);
  group.refuse('malformed', 'Scope', 'of a credential that is a delegate’s already', ofDelegate);
  refuse(
    'of a credential that is a delegate’s already and says nothing of delegating',
    of([
      [10, ['王*', 1]],
      [13, undefined],
    ]),
  );
  refuse('longer than the credential', of([], delegationClaims([[EXP, NOW_SECONDS + HOUR + 1]])));
  refuse('for business that the credential does not allow', of([], delegationClaims([], [[8, [1302]]])));
  refuse('for business one of which the credential does not allow', of([], delegationClaims([], [[8, [1301, 1302]]])));
  group.accept(
    'Scope',
    'exactly as long as the credential',
    of([], delegationClaims([[EXP, NOW_SECONDS + HOUR]])),
    lent({ expiresAt: after(HOUR).toISOString() }),
  );
  group.accept(
    'Scope',
    'for less than the credential allows',
    of([], delegationClaims([], [[8, [1301]]])),
    lent({ businessTypes: ['01301'] }),
  );
  const { businessTypes: _, ...unlimited } = CLAIMS;
  group.accept(
    'Scope',
    'for one business where the credential allows any',
    of([[8, undefined]], delegationClaims([], [[8, [1302]]])),
    {
      ...lent({ businessTypes: ['01302'] }),
      claims: { ...unlimited, delegable: true },
    },
  );
}

function times(group: Group): void {
  const at = (iat: number, exp: number, presentedAt: number) =>
    delegated(
      delegation(
        delegationClaims([
          [IAT, NOW_SECONDS + iat],
          [EXP, NOW_SECONDS + exp],
        ]),
      ),
      presentationClaims([[IAT, NOW_SECONDS + presentedAt]]),
    );
  const seen = (seconds: number) => ({ ...PRESENTED, presentedAt: after(seconds).toISOString() });
  group.accept(
    'Time',
    'in the last second of the skew',
    at(0, 600, 599),
    { ...lent({ expiresAt: after(600).toISOString() }), presentation: seen(599) },
    { now: after(659) },
  );
  group.refuse('delegation_expired', 'Time', 'after its end and the skew', at(0, 600, 600), { now: after(660) });
  group.refuse('presentation_expired', 'Time', 'presented at its end', at(0, 600, 600), { now: after(600) });
  group.refuse('presentation_expired', 'Time', 'presented long before it was made', at(60, 600, -1));
  group.refuse('delegation_not_allowed', 'Time', 'that ended before its credential began', at(-120, 0, 0), {});
  group.accept('Time', 'issued a minute ahead', at(60, 600, 0), lent({ expiresAt: after(600).toISOString() }));
  group.refuse('issued_in_future', 'Time', 'issued further ahead', at(61, 600, 0));
  group.refuse('presentation_expired', 'Time', 'with an old presentation', at(0, 1800, 0), { now: after(121) });
  group.refuse('expired', 'Time', 'of a credential that has ended', at(0, 3600, 3660), { now: after(3660) });
}

function purposes(group: Group): void {
  const scannedFor = (businessType: string) => ({ options: { businessType } });
  group.accept('Purpose', 'scanned for what is allowed', credential(), {}, scannedFor('01301'));
  group.refuse('business_not_allowed', 'Purpose', 'scanned for something else', credential(), scannedFor('01302'));
  const { businessTypes: _, ...unlimited } = CLAIMS;
  group.accept(
    'Purpose',
    'scanned for anything where all is allowed',
    credential(claims([], [[8, undefined]])),
    { claims: unlimited },
    scannedFor('02121'),
  );
  group.refuse(
    'business_not_allowed',
    'Purpose',
    'scanned without leading zero',
    credential(claims([], [[8, [13_010]]])),
    scannedFor('01301'),
  );
  const narrow = delegated(delegation(delegationClaims([], [[8, [1301]]])));
  group.accept(
    'Purpose',
    'a delegate within the delegation',
    narrow,
    lent({ businessTypes: ['01301'] }),
    scannedFor('01301'),
  );
  group.refuse('business_not_allowed', 'Purpose', 'a delegate beyond the delegation', narrow, scannedFor('01101'));
  group.refuse('business_not_allowed', 'Purpose', 'a delegate beyond the credential', delegated(), scannedFor('01302'));
}
