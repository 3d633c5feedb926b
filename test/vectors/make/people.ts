import { Buffer } from 'node:buffer';
import { cbor, type Plain, raw } from './cbor.ts';
import { embed, type MessageParts, mapFrom, message, withEntries } from './cose.ts';
import { ed25519, type Key, sha256 } from './keys.ts';

/** The instant at which nearly all cases happen. */
export const NOW = new Date('2026-11-22T08:00:00Z');
export const NOW_SECONDS = NOW.getTime() / 1000;

export function after(seconds: number): Date {
  return new Date(NOW.getTime() + seconds * 1000);
}

export const HOUR = 3600;
export const DAY = 86_400;

export const root = ed25519(1);
export const issuer = ed25519(2);
export const stranger = ed25519(3);
export const device = ed25519(7);
export const delegateDevice = ed25519(8);

/** Labels of the claims, as numbers so that a slip in the library's table shows. */
export const ISS = 1;
export const EXP = 4;
export const NBF = 5;
export const IAT = 6;
export const CTI = 7;
export const CNF = 8;
export const AUD = 3;
export const CNONCE = 39;
export const MAP = -65_537;

/** Nobody: a name, and an ID number (11010519491231002X) with a valid check character, masked. */
export const CREDENTIAL_MAP = mapFrom([
  [0, 1],
  [1, [1, 4]],
  [2, '欧***'],
  [3, '*002X'],
  [4, 370_202],
  [5, 310],
  [6, 11],
  [7, 1],
  [8, [1101, 1301]],
]);

/** What {@link CREDENTIAL_MAP} says. */
export const CLAIMS: Readonly<Record<string, unknown>> = {
  name: '欧***',
  idNumber: '*002X',
  region: '370202',
  scheme: '310',
  personClass: '11',
  enrolment: '1',
  businessTypes: ['01101', '01301'],
};

export function cnf(key: Key): Map<Plain, Plain> {
  return mapFrom([[1, key.coseKey]]);
}

type Change = readonly (readonly [Plain, Plain | undefined])[];

/** The claims of a credential; `map` replaces entries of its map. */
export function claims(change: Change = [], map: Change = []): Map<Plain, Plain> {
  const whole = mapFrom([
    [ISS, '370200'],
    [EXP, NOW_SECONDS + HOUR],
    [IAT, NOW_SECONDS],
    [CTI, Buffer.from('0102030405060708', 'hex')],
    [MAP, withEntries(CREDENTIAL_MAP, map)],
  ]);
  return withEntries(whole, change);
}

/** A credential, signed by the issuer under its kid. */
export function credential(payload: Plain = claims(), change: Partial<MessageParts> = {}): Uint8Array {
  const key = change.key ?? issuer;
  return message({ key, payload, header: mapFrom([[4, key.kid]]), ...change });
}

/** A credential bound to the device. */
export function boundClaims(change: Change = [], map: Change = []): Map<Plain, Plain> {
  return claims([[CNF, cnf(device)], ...change], map);
}

export function presentationClaims(change: Change = []): Map<Plain, Plain> {
  const whole = mapFrom([
    [AUD, '*'],
    [IAT, NOW_SECONDS],
  ]);
  return withEntries(whole, change);
}

/** A presentation of a message by the device. */
export function presentation(
  inner: Plain = embed(credential(boundClaims())),
  payload: Plain = presentationClaims(),
  change: Partial<MessageParts> = {},
): Uint8Array {
  return message({ key: device, payload, header: boundHeader(inner, 294), ...change });
}

export function boundHeader(inner: Plain | undefined, typ: Plain | undefined): Map<Plain, Plain> {
  return withEntries(new Map(), [
    [13, inner],
    [16, typ],
  ]);
}

export const DELEGATION_TYPE = 'application/zhengma-delegation+cwt';

export function delegationClaims(change: Change = [], map: Change = []): Map<Plain, Plain> {
  const whole = mapFrom([
    [EXP, NOW_SECONDS + HOUR / 2],
    [IAT, NOW_SECONDS],
    [CNF, cnf(delegateDevice)],
    [MAP, withEntries(mapFrom([[10, ['李**', 2]]]), map)],
  ]);
  return withEntries(whole, change);
}

/** A credential that may be delegated. */
export function delegableClaims(change: Change = [], map: Change = []): Map<Plain, Plain> {
  return boundClaims(change, [[13, true], ...map]);
}

/** A delegation of a credential by the device that it is bound to. */
export function delegation(
  payload: Plain = delegationClaims(),
  inner: Plain = embed(credential(delegableClaims())),
  change: Partial<MessageParts> = {},
): Uint8Array {
  return message({ key: device, payload, header: boundHeader(inner, DELEGATION_TYPE), ...change });
}

/** The delegate's device shows a delegation. */
export function delegated(inner: Uint8Array = delegation(), payload?: Plain, change: Partial<MessageParts> = {}) {
  return presentation(embed(inner), payload, { key: delegateDevice, ...change });
}

/** simple(59), the key under which the hashes of redacted claims stand. */
export const REDACTED = raw('f83b');

/** A salted claim (draft-ietf-spice-sd-cwt); without key and value a decoy. */
export function disclosure(salt: number, ...rest: readonly Plain[]): Uint8Array {
  return cbor([Buffer.alloc(16, salt), ...rest]);
}

/** The hash of a disclosure as it stands in the header: its byte string head is part of it. */
export function disclosureHash(bytes: Uint8Array): Uint8Array {
  return sha256(cbor(bytes));
}

/** A map in which the hashes of the disclosures stand for the claims that they hold. */
export function redactedMap(hashes: Plain, hidden: readonly number[], map: Change = []): Plain {
  const open = withEntries(CREDENTIAL_MAP, [...hidden.map((key) => [key, undefined] as const), ...map]);
  return new Map<Plain, Plain>([...open, [REDACTED, hashes]]);
}

export function sdHeader(key: Key = issuer): Map<Plain, Plain> {
  return mapFrom([
    [4, key.kid],
    [16, 293],
  ]);
}
