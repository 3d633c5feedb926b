import { Buffer } from 'node:buffer';
import { cbor } from './cbor.ts';
import { mapFrom, message } from './cose.ts';
import {
  addOrderTwo,
  BASE,
  challenge,
  IDENTITY,
  ORDER_EIGHT,
  publicKey,
  raiseS,
  signUnsoundly,
  type Unsound,
} from './edwards.ts';
import { flip, Group } from './group.ts';
import { ed25519, ed25519Public, type Key } from './keys.ts';
import {
  beijingKey,
  compromisedKey,
  DEFAULT_ISSUERS,
  formerKey,
  futureKey,
  nonCanonicalKey,
  noPointKey,
  p256Key,
  p256KeyHighS,
  registryKey,
  sm2Key,
  smallOrderKey,
  trustClaims,
  trustedIssuer,
  trustedKey,
  trustList,
  trustMaterial,
} from './lists.ts';
import { CLAIMS, claims, credential, IAT, ISS, issuer, NOW_SECONDS, stranger } from './people.ts';

export function makeSignatures(): Group {
  const group = new Group(
    'signatures',
    'Who signed a credential, whether the signature is right, and whether that key could sign it.',
    {
      Issuer: 'The issuer and its key are found in the trust list; the kid is a hint.',
      Signature: 'RFC 8032 §5.1.7 without cofactor, R compared byte by byte.',
      Malleability: 'Another signature that fits the same equation.',
      SmallOrder: 'Keys and nonces of small order, keys that are not canonical or no point.',
      Scope: 'The time of the key, the type and the region that the issuer may sign for.',
      ES256: 'ECDSA on P-256 (RFC 9053 §2.1); high s is accepted, so nothing may be keyed by a signature.',
      SM2: 'Without a plug-in nothing can check it.',
    },
  );
  issuers(group);
  malleability(group);
  smallOrder(group);
  scope(group);
  otherAlgorithms(group);
  return group;
}

function issuers(group: Group): void {
  group.refuse('unknown_issuer', 'Issuer', 'an issuer that is not in the list', credential(claims([[ISS, '120000']])));
  group.refuse('unknown_issuer', 'Issuer', 'an issuer with a space more', credential(claims([[ISS, '370200 ']])));
  group.refuse(
    'unknown_issuer',
    'Issuer',
    'an issuer in fullwidth digits',
    credential(claims([[ISS, '\uff13\uff17\uff10\uff12\uff10\uff10']])),
  );
  group.refuse(
    'unknown_issuer',
    'Issuer',
    'an issuer named as a property of objects',
    credential(claims([[ISS, '__proto__']])),
  );
  group.refuse(
    'unknown_issuer',
    'Issuer',
    'an issuer named as a method of objects',
    credential(claims([[ISS, 'constructor']])),
  );
  group.refuse('unknown_key', 'Issuer', 'a key that is not in the list', credential(claims(), { key: stranger }));
  group.refuse('unknown_key', 'Issuer', 'the key of another issuer', credential(claims(), { key: beijingKey }));
  group.refuse(
    'unknown_key',
    'Issuer',
    'a kid with one bit flipped',
    credential(claims(), { header: mapFrom([[4, flip(issuer.kid, 0)]]) }),
  );
  group.accept(
    'Issuer',
    'the second key of the issuer',
    credential(claims([[IAT, NOW_SECONDS - 1]]), { key: formerKey }),
  );
  const underKid = (key: Key) => ({ key, header: mapFrom([[4, issuer.kid]]) });
  group.refuse(
    'bad_signature',
    'Issuer',
    'a stranger’s signature under the kid',
    credential(claims(), underKid(stranger)),
  );
  group.refuse(
    'bad_signature',
    'Issuer',
    'the second key’s signature under the kid of the first',
    credential(claims(), underKid(formerKey)),
  );
}

function malleability(group: Group): void {
  const good = credential();
  const signed = (signature: Uint8Array) =>
    message({ key: issuer, header: mapFrom([[4, issuer.kid]]), payload: claims(), signature });
  const signature = good.subarray(-64);
  const refuse = (flag: string, comment: string, other: Uint8Array) =>
    group.refuse('bad_signature', flag, comment, signed(other));
  refuse('Signature', 'no signature', Buffer.alloc(0));
  refuse('Signature', 'a signature of 63 bytes', signature.subarray(0, 63));
  refuse('Signature', 'a signature of 65 bytes', Buffer.concat([signature, Buffer.of(0)]));
  refuse('Signature', 'a signature twice', Buffer.concat([signature, signature]));
  refuse('Signature', 'zeros', Buffer.alloc(64));
  refuse('Signature', 'ones', Buffer.alloc(64, 255));
  for (const at of [0, 31, 32, 63]) refuse('Signature', `a bit of byte ${at} flipped`, flip(signature, at));
  refuse('Signature', 'R and S exchanged', Buffer.concat([signature.subarray(32), signature.subarray(0, 32)]));
  refuse(
    'Signature',
    'the signature of another credential',
    credential(claims([[IAT, NOW_SECONDS - 1]])).subarray(-64),
  );
  for (const times of [1n, 2n, 7n]) {
    refuse('Malleability', `S raised by the order of the group times ${times}`, raiseS(signature, times));
  }
  refuse('Malleability', 'S with its highest bit set', flip(signature, 63, 0x80));
  refuse('Malleability', 'R with its sign turned', flip(signature, 31, 0x80));
  const other = (parts: readonly unknown[]) => issuer.sign(cbor(parts as never));
  const protectedBytes = cbor(
    mapFrom([
      [1, -19],
      [4, issuer.kid],
    ]),
  );
  const payload = cbor(claims());
  refuse('Signature', 'signed over the payload alone', issuer.sign(payload));
  refuse('Signature', 'signed as COSE_Sign', other(['Signature', protectedBytes, Buffer.alloc(0), payload]));
  refuse(
    'Signature',
    'signed as a countersignature',
    other(['CounterSignature', protectedBytes, Buffer.alloc(0), payload]),
  );
  refuse('Signature', 'signed with external data', other(['Signature1', protectedBytes, Buffer.of(0), payload]));
  refuse(
    'Signature',
    'signed without the protected header',
    other(['Signature1', Buffer.alloc(0), Buffer.alloc(0), payload]),
  );
  refuse('Signature', 'signed over a hash of the structure', issuer.sign(Buffer.from('Signature1')));
}

function smallOrder(group: Group): void {
  const naive = Buffer.concat([BASE, Buffer.of(1), Buffer.alloc(31)]);
  const under = (comment: string, key: Key, signature: Uint8Array) =>
    group.refuse('bad_signature', 'SmallOrder', comment, credential(claims(), { key, signature }));
  under('a key of order one, under which this fits every message', smallOrderKey, naive);
  under('a key that is not canonical', nonCanonicalKey, naive);
  under('a key that is no point', noPointKey, naive);
  const unsound = (change: Omit<Unsound, 'seed'>) => {
    const key = { ...issuer, sign: (bytes: Uint8Array) => signUnsoundly(bytes, { seed: 2, ...change }) };
    return credential(claims(), { key });
  };
  group.refuse('bad_signature', 'SmallOrder', 'R of order one, with an S that fits', unsound({ r: IDENTITY }));
  group.refuse('bad_signature', 'SmallOrder', 'R of order eight', unsound({ r: ORDER_EIGHT }));
  const mixed = addOrderTwo(publicKey(0x21));
  group.refuse(
    'bad_signature',
    'SmallOrder',
    'R with a part of order two: fits with cofactor only',
    unsound({ nonceSeed: 0x21, r: mixed }),
  );
  group.accept('Signature', 'a nonce that was chosen by hand', unsound({ nonceSeed: 0x21 }));
  mixedKey(group);
}

/** A + (0, −1): with an even k the equation without cofactor fits, with an odd one it does not. */
function mixedKey(group: Group): void {
  const a = addOrderTwo(publicKey(0x22));
  const key = ed25519Public(a);
  group.trust(
    'mixed',
    trustMaterial(trustList(trustClaims([], [[1, [...DEFAULT_ISSUERS, trustedIssuer('mixed', [trustedKey(key)])]]]))),
  );
  const sign = (isOdd: boolean) => (bytes: Uint8Array) => {
    for (let nonceSeed = 0x30; ; nonceSeed++) {
      const k = challenge(publicKey(nonceSeed), a, bytes);
      if ((k & 1n) === (isOdd ? 1n : 0n)) return signUnsoundly(bytes, { seed: 0x22, a, nonceSeed });
    }
  };
  const signed = (isOdd: boolean) =>
    credential(claims([[ISS, 'mixed']], [[1, undefined]]), { key: { ...key, sign: sign(isOdd) } });
  group.accept(
    'SmallOrder',
    'a key with a part of order two, where the equation fits',
    signed(false),
    { status: 'not_revocable' },
    { trust: 'mixed' },
  );
  group.refuse('bad_signature', 'SmallOrder', 'a key with a part of order two: fits with cofactor only', signed(true), {
    trust: 'mixed',
  });
}

function scope(group: Group): void {
  const issuedAt = (seconds: number) => claims([[IAT, NOW_SECONDS + seconds]]);
  group.refuse(
    'key_not_valid',
    'Scope',
    'issued after the end of the key',
    credential(issuedAt(0), { key: formerKey }),
  );
  group.refuse(
    'key_not_valid',
    'Scope',
    'issued before the beginning of the key',
    credential(issuedAt(0), { key: futureKey }),
  );
  group.accept('Scope', 'issued at the beginning of the key', credential(issuedAt(1), { key: futureKey }));
  group.refuse(
    'key_compromised',
    'Scope',
    'issued when the key was compromised',
    credential(issuedAt(0), { key: compromisedKey }),
  );
  group.refuse(
    'key_compromised',
    'Scope',
    'issued after the key was compromised',
    credential(issuedAt(1), { key: compromisedKey }),
  );
  group.accept('Scope', 'issued before the key was compromised', credential(issuedAt(-1), { key: compromisedKey }));
  const registry = claims([[ISS, 'registry']]);
  group.refuse(
    'type_not_allowed',
    'Scope',
    'an issuer of birth certificates',
    credential(registry, { key: registryKey }),
  );
  group.refuse('region_not_allowed', 'Scope', 'another city', credential(claims([], [[4, 370_102]])));
  group.refuse('region_not_allowed', 'Scope', 'another province', credential(claims([], [[4, 110_101]])));
  group.refuse(
    'region_not_allowed',
    'Scope',
    'a region that has the allowed one in its middle',
    credential(claims([], [[4, 137_020]])),
  );
  group.refuse('region_not_allowed', 'Scope', 'a region with leading zeros', credential(claims([], [[4, 3702]])));
  group.accept('Scope', 'the last region of the city', credential(claims([], [[4, 370_299]])), {
    claims: { ...CLAIMS, region: '370299' },
  });
  const beijing = claims([[ISS, '110000']], [[4, 370_202]]);
  group.refuse(
    'region_not_allowed',
    'Scope',
    'the capital for another province',
    credential(beijing, { key: beijingKey }),
  );
}

function otherAlgorithms(group: Group): void {
  const shenzhen = claims([[ISS, '440300']], [[1, undefined]]);
  const expected = { status: 'not_revocable' } as const;
  const es256 = (change = {}) => credential(shenzhen, { key: p256Key, ...change });
  const named = (key: Key, alg: number) => ({
    key,
    protectedBytes: cbor(
      mapFrom([
        [1, alg],
        [4, key.kid],
      ]),
    ),
  });
  group.accept('ES256', 'ESP256 by an issuer', es256(), expected);
  group.accept('ES256', 'ES256 without naming the curve', es256(named(p256Key, -7)), expected);
  group.accept('ES256', 'a high s', es256({ key: p256KeyHighS }), expected);
  const signature = es256().subarray(-64);
  const refuse = (comment: string, other: Uint8Array) =>
    group.refuse('bad_signature', 'ES256', comment, es256({ signature: other }));
  const zeros = Buffer.alloc(32);
  const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
  const [r, s] = [signature.subarray(0, 32), signature.subarray(32)];
  refuse('r and s of zero', Buffer.alloc(64));
  refuse('an r of zero', Buffer.concat([zeros, s]));
  refuse('an s of zero', Buffer.concat([r, zeros]));
  refuse('an r that is the order', Buffer.concat([order, s]));
  refuse('an s that is the order', Buffer.concat([r, order]));
  refuse('r and s of ES256 exchanged', Buffer.concat([s, r]));
  refuse('a signature in DER', Buffer.concat([Buffer.from('30440220', 'hex'), r, Buffer.from('0220', 'hex'), s]));
  refuse('a signature of 63 bytes by P-256', signature.subarray(1));
  refuse('a signature of 65 bytes by P-256', Buffer.concat([signature, Buffer.of(0)]));
  refuse('a bit of s flipped', flip(signature, 63));
  group.refuse('bad_signature', 'ES256', 'Ed25519 in the header over a P-256 signature', es256(named(p256Key, -19)));
  group.refuse('unsupported_algorithm', 'SM2', 'a signature by SM2', credential(shenzhen, { key: sm2Key }), {
    check: 'signature',
  });
  group.refuse(
    'bad_signature',
    'SM2',
    'Ed25519 in the header under the kid of an SM2 key',
    credential(shenzhen, named(sm2Key, -19)),
  );
  group.refuse(
    'bad_signature',
    'SM2',
    'ES256 in the header under the kid of an SM2 key',
    credential(shenzhen, named(sm2Key, -9)),
  );
  group.refuse('unknown_key', 'ES256', 'a P-256 key of nobody', credential(shenzhen, { key: ed25519(0x44) }));
}
