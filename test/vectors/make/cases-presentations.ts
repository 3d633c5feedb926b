import { Buffer } from 'node:buffer';
import { type Plain, tagged } from './cbor.ts';
import { embed, mapFrom, withEntries } from './cose.ts';
import { raiseS } from './edwards.ts';
import { flip, Group } from './group.ts';
import { type Key, p256 } from './keys.ts';
import { sm2Key, weierstrassKeys } from './lists.ts';
import {
  AUD,
  after,
  boundClaims,
  boundHeader,
  CLAIMS,
  CNF,
  CNONCE,
  CTI,
  cnf,
  credential,
  EXP,
  HOUR,
  IAT,
  issuer,
  NBF,
  NOW,
  NOW_SECONDS,
  presentation,
  presentationClaims,
  stranger,
} from './people.ts';

const CHALLENGE = Buffer.alloc(16, 9);
const p256Device = p256(0x51);

const shown = (change: { presentedAt?: Date; audience?: string; challenged?: boolean } = {}) => {
  const { presentedAt = NOW, audience = '*', challenged = false } = change;
  return { bearer: false, presentation: { presentedAt: presentedAt.toISOString(), audience, challenged } };
};

export function makePresentations(): Group {
  const group = new Group(
    'presentations',
    'What a device signs over the credential that it shows: the key binding token of SD-CWT.',
    {
      Binding: 'A bound credential counts only in a presentation by its device; a bearer code in none.',
      Form: 'Headers and claims of a presentation, each in its form.',
      Recipient: 'Whom it was made for, and which challenge it answers.',
      Age: 'Not older than the issuer allows, and within the time of the credential.',
      ES256: 'Devices with P-256 keys.',
      SM2: 'Devices with SM2 keys, without a plug-in.',
    },
  );
  group.accept('Binding', 'by the device, for any verifier', presentation(), shown());
  binding(group);
  form(group);
  recipients(group);
  ages(group);
  devices(group);
  return group;
}

function binding(group: Group): void {
  group.refuse('not_presented', 'Binding', 'a bound credential shown bare', credential(boundClaims()));
  group.accept('Binding', 'a bearer credential shown bare', credential());
  const byKey = (key: Key) => presentation(undefined, undefined, { key });
  group.refuse('bad_presentation', 'Binding', 'presented by another device', byKey(stranger));
  group.refuse('bad_presentation', 'Binding', 'presented by the issuer', byKey(issuer));
  group.refuse('malformed', 'Binding', 'a bearer code presented by a device', presentation(embed(credential())), {
    check: 'binding',
  });
  group.refuse('malformed', 'Binding', 'a presentation of a presentation', presentation(embed(presentation())));
  const good = presentation();
  group.refuse('bad_presentation', 'Binding', 'a bit of the device’s signature flipped', flip(good, -1));
  group.refuse(
    'bad_presentation',
    'Binding',
    'a signature of zeros by the device',
    presentation(undefined, undefined, { signature: Buffer.alloc(64) }),
  );
  group.refuse(
    'bad_presentation',
    'Binding',
    'S of the device raised by the order of the group',
    presentation(undefined, undefined, { signature: raiseS(good.subarray(-64)) }),
  );
  group.refuse(
    'bad_presentation',
    'Binding',
    'the signature of another presentation',
    presentation(undefined, undefined, {
      signature: presentation(undefined, presentationClaims([[IAT, NOW_SECONDS - 1]])).subarray(-64),
    }),
  );
  const tampered = embed(flip(credential(boundClaims()), -1));
  group.refuse(
    'bad_signature',
    'Binding',
    'a credential with a bit of its signature flipped, presented',
    presentation(tampered),
  );
  group.refuse(
    'unknown_key',
    'Binding',
    'a credential by nobody, presented',
    presentation(embed(credential(boundClaims(), { key: stranger }))),
  );
  const other = embed(credential(boundClaims([[CNF, cnf(stranger)]])));
  group.refuse('bad_presentation', 'Binding', 'a credential of another device', presentation(other));
}

function form(group: Group): void {
  const withClaims = (comment: string, payload: Plain) =>
    group.refuse('malformed', 'Form', comment, presentation(undefined, payload));
  for (const [comment, change] of [
    ['no audience', [[AUD, undefined]]],
    ['no time', [[IAT, undefined]]],
    ['an empty audience', [[AUD, '']]],
    ['an audience of 65 characters', [[AUD, 'A'.repeat(65)]]],
    ['an audience that is a list', [[AUD, ['*']]]],
    ['an audience with a line end', [[AUD, 'H37020000001\n']]],
    ['an audience that turns the text around', [[AUD, '\u202e*']]],
    ['a time that is text', [[IAT, '08:00']]],
    ['a negative time', [[IAT, -1]]],
    ['a time after the year 9999', [[IAT, 253_402_300_800]]],
    ['a challenge of 7 bytes', [[CNONCE, Buffer.alloc(7)]]],
    ['a challenge of 65 bytes', [[CNONCE, Buffer.alloc(65)]]],
    ['a challenge that is text', [[CNONCE, 'challenge']]],
    ['a challenge that is null', [[CNONCE, null]]],
    ['an end of its own', [[EXP, NOW_SECONDS + HOUR]]],
    ['an id of its own', [[CTI, Buffer.alloc(8)]]],
    ['an issuer of its own', [[1, '370200']]],
    ['a device key of its own', [[CNF, cnf(stranger)]]],
    ['an unknown claim', [[99, 1]]],
  ] as const) {
    withClaims(comment, presentationClaims(change));
  }
  withClaims('claims that are an array', [NOW_SECONDS]);
  const inner = embed(credential(boundClaims()));
  const withHeader = (comment: string, change: readonly (readonly [Plain, Plain | undefined])[], code = 'malformed') =>
    group.refuse(
      code,
      'Form',
      comment,
      presentation(undefined, undefined, { header: withEntries(boundHeader(inner, 294), change) }),
    );
  withHeader('nothing inside', [[13, undefined]]);
  withHeader('bytes inside', [[13, credential(boundClaims())]]);
  withHeader('a text inside', [[13, 'credential']]);
  withHeader('a message without tag inside', [[13, embed(credential(boundClaims(), { tag: null }))]]);
  withHeader('a message under another tag inside', [[13, tagged(17, embed(credential(boundClaims(), { tag: null })))]]);
  withHeader('a tagged text inside', [[13, tagged(18, 'x')]]);
  withHeader('a message twice tagged inside', [[13, tagged(18, inner)]]);
  withHeader('a list of credentials inside', [[13, [inner]]]);
  withHeader('a kid beside the credential', [[4, issuer.kid]]);
  withHeader('a critical header beside the credential', [[2, [13]]]);
  withHeader('an unknown header beside the credential', [[99, 1]]);
  withHeader('a tag in another header', [[99, tagged(18, 0)]]);
  withHeader('an algorithm that there is not', [[1, -35]], 'unsupported_algorithm');
  withHeader('the type as text', [[16, 'application/kb+cwt']]);
  withHeader('the type of an SD-CWT', [[16, 293]]);
  withHeader('no type', [[16, undefined]]);
  const unprotected = (comment: string, map: Plain) =>
    group.refuse('malformed', 'Form', comment, presentation(undefined, undefined, { unprotected: map }));
  unprotected('an unprotected header', mapFrom([[99, 1]]));
  unprotected('the credential in the unprotected header', mapFrom([[13, inner]]));
  const around = embed(credential(boundClaims(), { unprotected: mapFrom([[99, 1]]) }));
  group.refuse('malformed', 'Form', 'an unprotected header of the credential inside', presentation(around));
  group.refuse(
    'malformed',
    'Form',
    'a credential cut off inside',
    presentation(embed(credential(boundClaims()).subarray(0, -1))),
  );
}

function recipients(group: Group): void {
  const named = presentation(undefined, presentationClaims([[AUD, 'H37020000001']]));
  const at = (...audience: string[]) => ({ options: { audience } });
  group.accept('Recipient', 'for this verifier', named, shown({ audience: 'H37020000001' }), at('H37020000001'));
  group.accept(
    'Recipient',
    'for one of the names of this verifier',
    named,
    shown({ audience: 'H37020000001' }),
    at('P1', 'H37020000001'),
  );
  group.accept('Recipient', 'for any verifier, at one with a name', presentation(), shown(), at('H37020000001'));
  group.refuse('wrong_audience', 'Recipient', 'for another verifier', named, at('H37020000002'));
  group.refuse('wrong_audience', 'Recipient', 'for a verifier with a name, at one without', named);
  group.refuse('wrong_audience', 'Recipient', 'for a verifier whose name begins alike', named, at('H370200000011'));
  group.refuse(
    'wrong_audience',
    'Recipient',
    'for a verifier of one letter',
    presentation(undefined, presentationClaims([[AUD, 'A']])),
  );
  group.refuse(
    'wrong_audience',
    'Recipient',
    'for two stars',
    presentation(undefined, presentationClaims([[AUD, '**']])),
  );
  const answered = presentation(undefined, presentationClaims([[CNONCE, CHALLENGE]]));
  const challenged = (bytes: Uint8Array) => ({ options: { challenge: Buffer.from(bytes).toString('hex') } });
  group.accept('Recipient', 'in answer to the challenge', answered, shown({ challenged: true }), challenged(CHALLENGE));
  for (const length of [8, 64]) {
    const challenge = Buffer.alloc(length, 5);
    const bytes = presentation(undefined, presentationClaims([[CNONCE, challenge]]));
    group.accept(
      'Recipient',
      `in answer to a challenge of ${length} bytes`,
      bytes,
      shown({ challenged: true }),
      challenged(challenge),
    );
  }
  group.refuse(
    'wrong_challenge',
    'Recipient',
    'in answer to another challenge',
    answered,
    challenged(Buffer.alloc(16, 8)),
  );
  group.refuse(
    'wrong_challenge',
    'Recipient',
    'in answer to a longer challenge',
    answered,
    challenged(Buffer.alloc(17, 9)),
  );
  group.refuse('wrong_challenge', 'Recipient', 'in answer to a challenge that nobody gave here', answered);
  group.refuse(
    'wrong_challenge',
    'Recipient',
    'without answer to the challenge',
    presentation(),
    challenged(CHALLENGE),
  );
  group.refuse(
    'wrong_challenge',
    'Recipient',
    'a bearer code where a challenge was given',
    credential(),
    challenged(CHALLENGE),
  );
}

function ages(group: Group): void {
  const at = (seconds: number) => presentation(undefined, presentationClaims([[IAT, NOW_SECONDS + seconds]]));
  const later = { now: after(1800) };
  const seen = (seconds: number) => shown({ presentedAt: after(seconds) });
  group.accept('Age', 'as old as it may be, and the skew', at(1800 - 120), seen(1680), later);
  group.refuse('presentation_expired', 'Age', 'a second older', at(1800 - 121), later);
  group.refuse('presentation_expired', 'Age', 'half an hour old', at(0), later);
  group.accept('Age', 'made by a clock that is a minute ahead', at(1860), seen(1860), later);
  group.refuse('presentation_in_future', 'Age', 'made by a clock that is further ahead', at(1861), later);
  group.accept('Age', 'without skew, as old as it may be', at(1740), seen(1740), {
    ...later,
    options: { clockSkewSeconds: 0 },
  });
  group.refuse('presentation_expired', 'Age', 'without skew, a second older', at(1739), {
    ...later,
    options: { clockSkewSeconds: 0 },
  });
  group.refuse('presentation_in_future', 'Age', 'without skew, of the next second', at(1801), {
    ...later,
    options: { clockSkewSeconds: 0 },
  });
  group.accept('Age', 'with a skew of ten minutes', at(1800 - 660), seen(1140), {
    ...later,
    options: { clockSkewSeconds: 600 },
  });
  const limited = (seconds: number, at: number) =>
    presentation(embed(credential(boundClaims([], [[9, seconds]]))), presentationClaims([[IAT, NOW_SECONDS + at]]));
  const longest = (seconds: number) => ({ claims: { ...CLAIMS, maxPresentationAgeSeconds: seconds } });
  group.accept('Age', 'as old as the issuer allows', limited(10, 1730), { ...seen(1730), ...longest(10) }, later);
  group.refuse('presentation_expired', 'Age', 'older than the issuer allows', limited(10, 1729), later);
  group.accept(
    'Age',
    'half an hour old where the issuer allows an hour',
    limited(3600, 0),
    { ...seen(0), ...longest(3600) },
    later,
  );
  group.refuse('presentation_expired', 'Age', 'made before the credential was issued', at(-61));
  const from = (nbf: number, seconds: number) =>
    presentation(
      embed(credential(boundClaims([[NBF, NOW_SECONDS + nbf]]))),
      presentationClaims([[IAT, NOW_SECONDS + seconds]]),
    );
  const begun = { now: after(100) };
  group.refuse('presentation_expired', 'Age', 'made before the credential was valid', from(100, 39), begun);
  group.accept('Age', 'made a minute before the credential was valid', from(100, 40), seen(40), begun);
  group.refuse('not_yet_valid', 'Age', 'of a credential that is not valid yet', from(161, 101), begun);
  group.accept('Age', 'made a minute before the credential was issued', at(-60), seen(-60));
  const short = presentation(
    embed(credential(boundClaims([[EXP, NOW_SECONDS + 10]]))),
    presentationClaims([[IAT, NOW_SECONDS + 10]]),
  );
  group.refuse('presentation_expired', 'Age', 'made when the credential had ended', short, { now: after(11) });
  group.refuse('expired', 'Age', 'of a credential that has ended', at(3599), { now: after(3660) });
}

function devices(group: Group): void {
  const bound = (key: Key) => embed(credential(boundClaims([[CNF, cnf(key)]])));
  const by = (key: Key, change = {}) => presentation(bound(key), presentationClaims(), { key, ...change });
  const named = (key: Key, alg: number) => ({ key, header: withEntries(boundHeader(bound(key), 294), [[1, alg]]) });
  group.accept('ES256', 'by a P-256 device', by(p256Device), shown());
  group.accept(
    'ES256',
    'by a P-256 device that does not name the curve',
    by(p256Device, named(p256Device, -7)),
    shown(),
  );
  group.accept('ES256', 'by a P-256 device with a high s', by(p256(0x51, { highS: true })), shown());
  for (let seed = 0x52; seed < 0x56; seed++) {
    group.accept('ES256', `by P-256 device ${seed}`, by(p256(seed)), shown());
  }
  group.refuse(
    'bad_presentation',
    'ES256',
    'by another P-256 device',
    presentation(bound(p256Device), presentationClaims(), { key: p256(0x59) }),
  );
  group.refuse(
    'bad_presentation',
    'ES256',
    'by an Ed25519 device instead of a P-256 one',
    presentation(bound(p256Device)),
  );
  group.refuse(
    'bad_presentation',
    'ES256',
    'by a P-256 device instead of an Ed25519 one',
    presentation(undefined, undefined, { key: p256Device }),
  );
  group.refuse(
    'bad_presentation',
    'ES256',
    'Ed25519 in the header over a P-256 signature',
    by(p256Device, named(p256Device, -19)),
  );
  group.refuse(
    'bad_presentation',
    'ES256',
    'a P-256 signature of zeros',
    by(p256Device, { signature: Buffer.alloc(64) }),
  );
  group.refuse('bad_presentation', 'ES256', 'a key beyond the field', by(weierstrassKeys.offCurve));
  const turned = {
    ...p256Device,
    coseKey: withEntries(p256Device.coseKey, [[-3, p256Device.coseKey.get(-3) !== true]]),
  };
  group.refuse('bad_presentation', 'ES256', 'the key with the other y', by(turned));
  const noPoint = {
    ...p256Device,
    coseKey: withEntries(p256Device.coseKey, [[-2, Buffer.from(`${'00'.repeat(31)}01`, 'hex')]]),
  };
  group.refuse('bad_presentation', 'ES256', 'a key that is no point', by(noPoint));
  group.refuse('unsupported_algorithm', 'SM2', 'by an SM2 device', by(sm2Key), { check: 'binding' });
  group.refuse('bad_presentation', 'SM2', 'by an Ed25519 device instead of an SM2 one', presentation(bound(sm2Key)));
}
