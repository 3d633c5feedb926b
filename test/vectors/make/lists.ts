import { Buffer } from 'node:buffer';
import type { ListMaterial, TrustMaterial } from '../format.ts';
import { zlib } from './carrier.ts';
import { cbor, type Plain } from './cbor.ts';
import { type MessageParts, mapFrom, message, withEntries } from './cose.ts';
import { ed25519, ed25519Public, type Key, p256, sm2, weierstrassPublic } from './keys.ts';
import { DAY, EXP, HOUR, IAT, ISS, issuer, NOW, NOW_SECONDS, root } from './people.ts';

const TRUST_LIST = -65_538;
export const STATUS_LIST = 65_533;
export const TTL = 65_534;
export const SUB = 2;
export const TRUST_LIST_TYPE = 'application/zhengma-trust-list+cwt';
export const STATUS_LIST_TYPE = 'application/statuslist+cwt';

type Change = readonly (readonly [Plain, Plain | undefined])[];

export const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

/** A key of an issuer in the trust list, and the times of it. */
export function trustedKey(key: Key, times: Change = []): Plain {
  return withEntries(mapFrom([[0, cbor(key.coseKey)]]), times);
}

export function trustedIssuer(id: string, keys: Plain, change: Change = []): Map<Plain, Plain> {
  const entry = mapFrom([
    [0, id],
    [1, '青岛市'],
    [2, keys],
    [3, ['medical-insurance']],
    [4, ['3702']],
    [5, `https://lists.example/${id}`],
  ]);
  return withEntries(entry, change);
}

/** Keys besides the issuer's first one, each with a time of its own. */
export const formerKey = ed25519(0x12);
export const futureKey = ed25519(0x13);
export const compromisedKey = ed25519(0x14);
export const beijingKey = ed25519(0x15);
export const registryKey = ed25519(0x16);
export const p256Key = p256(0x17);
export const p256KeyHighS = p256(0x17, { highS: true });
export const sm2Key = sm2();

/** y = 1: the identity, of order 1. */
export const smallOrderKey = ed25519Public(Buffer.from(`01${'00'.repeat(31)}`, 'hex'));
/** y = p + 3, the same point as y = 3 where 3 is one: spelled beyond the prime. */
export const nonCanonicalKey = ed25519Public(Buffer.from(`f0${'ff'.repeat(30)}7f`, 'hex'));
/** y = 2 is the y-coordinate of no point. */
export const noPointKey = ed25519Public(Buffer.from(`02${'00'.repeat(31)}`, 'hex'));

export const DEFAULT_ISSUERS: readonly Plain[] = [
  trustedIssuer('370200', [
    trustedKey(issuer),
    trustedKey(formerKey, [[2, NOW_SECONDS - 1]]),
    trustedKey(futureKey, [[1, NOW_SECONDS + 1]]),
    trustedKey(compromisedKey, [[3, NOW_SECONDS]]),
    trustedKey(smallOrderKey),
    trustedKey(nonCanonicalKey),
    trustedKey(noPointKey),
  ]),
  trustedIssuer(
    '110000',
    [trustedKey(beijingKey)],
    [
      [1, '北京市'],
      [4, ['11']],
    ],
  ),
  trustedIssuer('registry', [trustedKey(registryKey)], [[3, ['birth-certificate']]]),
  trustedIssuer('440300', [trustedKey(p256Key), trustedKey(sm2Key)], [[4, ['44', '370202']]]),
];

export function trustClaims(change: Change = [], list: Change = []): Map<Plain, Plain> {
  const whole = mapFrom([
    [ISS, 'example root'],
    [EXP, NOW_SECONDS + DAY],
    [IAT, NOW_SECONDS - HOUR],
    [
      TRUST_LIST,
      withEntries(
        mapFrom([
          [0, 5],
          [1, DEFAULT_ISSUERS],
        ]),
        list,
      ),
    ],
  ]);
  return withEntries(whole, change);
}

export function trustList(payload: Plain = trustClaims(), change: Partial<MessageParts> = {}): Uint8Array {
  const key = change.key ?? root;
  return message({ key, payload, header: listHeader(key, TRUST_LIST_TYPE), ...change });
}

export function listHeader(key: Key, typ: Plain): Map<Plain, Plain> {
  return mapFrom([
    [4, key.kid],
    [16, typ],
  ]);
}

export function trustMaterial(
  list: Uint8Array = trustList(),
  receivedAt = NOW,
  keys: readonly Key[] = [root],
): TrustMaterial {
  return { list: hex(list), roots: keys.map((key) => hex(cbor(key.coseKey))), receivedAt: receivedAt.toISOString() };
}

export const STATUS_URI = 'https://lists.example/370200/1';

/** 64 indexes of 2 bits: 1 revoked, 2 suspended, 3 the value that means nothing, 63 revoked, all others valid. */
const DEFAULT_BITS = Buffer.from(`${'e4'}${'00'.repeat(14)}${'40'}`, 'hex');

export function statusMap(bits: Plain = 2, bytes: Uint8Array = DEFAULT_BITS, change: Change = []): Map<Plain, Plain> {
  return withEntries(
    mapFrom([
      ['bits', bits],
      ['lst', zlib(bytes)],
    ]),
    change,
  );
}

export function statusClaims(change: Change = []): Map<Plain, Plain> {
  const whole = mapFrom([
    [ISS, '370200'],
    [SUB, STATUS_URI],
    [EXP, NOW_SECONDS + DAY],
    [IAT, NOW_SECONDS - HOUR],
    [STATUS_LIST, statusMap()],
  ]);
  return withEntries(whole, change);
}

export function statusList(payload: Plain = statusClaims(), change: Partial<MessageParts> = {}): Uint8Array {
  const key = change.key ?? issuer;
  return message({ key, payload, header: listHeader(key, STATUS_LIST_TYPE), ...change });
}

export function listMaterial(
  lists: Readonly<Record<string, Uint8Array>> = { [STATUS_URI]: statusList() },
  { trust = 'default', receivedAt = NOW } = {},
): ListMaterial {
  const entries = Object.entries(lists).map(([uri, bytes]) => [uri, hex(bytes)]);
  return { trust, receivedAt: receivedAt.toISOString(), lists: Object.fromEntries(entries) };
}

/** Points of other curves, and of none. */
export const weierstrassKeys = {
  sm2: sm2Key,
  /** The x-coordinate is the prime: beyond the field. */
  offCurve: weierstrassPublic(
    Buffer.from(`04ffffffff00000001000000000000000000000000ffffffffffffffffffffffff${'00'.repeat(32)}`, 'hex'),
    1,
    -9,
  ),
};
