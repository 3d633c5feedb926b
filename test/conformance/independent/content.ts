import type { Buffer } from 'node:buffer';
import { Simple, Tag } from 'cbor2';
import { encodeCbor, type IndependentKey, readKey } from './keys.ts';
import { asBytes, asMap, asPrintable, asTime, hash, type Item, need, needKeys, readCbor } from './read.ts';

/** What a code says, read without the library. */

export interface Message {
  readonly protectedBytes: Buffer;
  readonly header: Map<unknown, Item>;
  readonly unprotected: Map<unknown, Item>;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

export interface Credential {
  readonly message: Message;
  readonly kid: Buffer;
  readonly issuer: string;
  readonly id: string;
  readonly exp: number;
  readonly iat: number;
  readonly nbf: number | undefined;
  readonly device: IndependentKey | undefined;
  readonly status: readonly [number, number] | undefined;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly undisclosed: number | undefined;
}

export interface Delegation {
  readonly message: Message;
  readonly exp: number;
  readonly iat: number;
  readonly device: IndependentKey;
  readonly delegate: { readonly name: string; readonly relation: string };
  readonly businessTypes: readonly string[] | undefined;
}

export interface Shown {
  readonly message: Message;
  readonly iat: number;
  readonly audience: string;
  readonly challenge: Buffer | undefined;
}

export interface Code {
  readonly credential: Credential;
  readonly delegation?: Delegation;
  readonly shown?: Shown;
}

const ALGORITHMS: Readonly<Record<number, IndependentKey['algorithm']>> = {
  [-19]: 'Ed25519',
  [-8]: 'Ed25519',
  [-9]: 'ES256',
  [-7]: 'ES256',
  [-65_600]: 'SM2',
};

const DELEGATION = 'application/zhengma-delegation+cwt';

export function readCode(bytes: Uint8Array): Code {
  need(bytes.length <= 16_384, 'too many bytes', 'too_large');
  need(bytes[0] === 0xd2, 'not tagged');
  const message = readMessage(readCbor(bytes.subarray(1)));
  if (message.header.get(16) !== 294) return readHeld(message);
  const inner = readBound(message);
  const claims = asMap(readCbor(message.payload));
  needKeys(claims, 3, 6, 39);
  const challenge = claims.get(39);
  if (challenge !== undefined) need(asBytes(challenge).length >= 8 && asBytes(challenge).length <= 64, 'cnonce');
  const shown: Shown = {
    message,
    iat: asTime(claims.get(6)),
    audience: asPrintable(claims.get(3)),
    challenge: challenge === undefined ? undefined : asBytes(challenge),
  };
  return { ...readHeld(inner), shown };
}

function readHeld(message: Message): Code {
  if (message.header.get(16) !== DELEGATION) return { credential: readCredential(message) };
  const inner = readBound(message);
  const claims = asMap(readCbor(message.payload));
  needKeys(claims, 4, 6, 8, -65_537);
  const map = asMap(claims.get(-65_537));
  needKeys(map, 8, 10);
  const [iat, exp] = [asTime(claims.get(6)), asTime(claims.get(4))];
  need(exp > iat, 'no time left');
  const delegation: Delegation = {
    message,
    iat,
    exp,
    device: readDevice(claims.get(8)),
    delegate: asPerson(map.get(10)),
    businessTypes: map.has(8) ? asBusiness(map.get(8)) : undefined,
  };
  return { credential: readCredential(inner), delegation };
}

export function algorithmOf({ header }: Message): IndependentKey['algorithm'] | undefined {
  const label = header.get(1);
  // A key of an object is text: an array of a number would name the same one.
  return typeof label === 'number' ? ALGORITHMS[label] : undefined;
}

function readMessage(item: Item | undefined): Message {
  need(Array.isArray(item) && item.length === 4, 'not four parts');
  const protectedBytes = asBytes(item[0]);
  return {
    protectedBytes,
    header: protectedBytes.length === 0 ? new Map() : asMap(readCbor(protectedBytes, { tag: true })),
    unprotected: asMap(item[1]),
    payload: asBytes(item[2]),
    signature: asBytes(item[3]),
  };
}

function readBound(message: Message): Message {
  const { header, unprotected } = message;
  need(algorithmOf(message), 'algorithm', 'unsupported_algorithm');
  needKeys(header, 1, 13, 16);
  need(unprotected.size === 0, 'an unprotected header');
  const inner = header.get(13);
  need(inner instanceof Tag, 'nothing inside');
  return readMessage(inner.contents as Item);
}

function readCredential(message: Message): Credential {
  const { header, unprotected } = message;
  need(algorithmOf(message), 'algorithm', 'unsupported_algorithm');
  const kid = asBytes(header.get(4), 8);
  needKeys(header, 1, 4, 16);
  const typ = header.get(16);
  need(typ === undefined || typ === 293, 'another type');
  const isRedacted = typ === 293;
  need(isRedacted || unprotected.size === 0, 'an unprotected header');
  const claims = asMap(readCbor(message.payload, isRedacted ? { redaction: true } : {}));
  needKeys(claims, 1, 4, 5, 6, 7, 8, -65_537);
  const issuer = asPrintable(claims.get(1));
  const id = asBytes(claims.get(7), 8).toString('hex');
  const [iat, exp] = [asTime(claims.get(6)), asTime(claims.get(4))];
  const nbf = claims.has(5) ? asTime(claims.get(5)) : undefined;
  need(exp > iat && (nbf === undefined || nbf < exp), 'no time left');
  const signed = asMap(claims.get(-65_537));
  const isBound = claims.has(8);
  const restored = isRedacted ? restore(signed, unprotected) : { map: signed, undisclosed: undefined };
  const fields = readFields(restored.map, isBound || !isRedacted);
  const [delegate, paper, delegable] = [10, 11, 13].map((key) => restored.map.has(key));
  need(isBound || !(delegate || delegable), 'a delegate without device');
  need(!(isBound && paper) && !(delegable && delegate), 'a contradiction');
  const device = isBound ? readDevice(claims.get(8)) : undefined;
  return { message, kid, issuer, id, exp, iat, nbf, device, undisclosed: restored.undisclosed, ...fields };
}

function readDevice(cnf: unknown): IndependentKey {
  const map = asMap(cnf);
  needKeys(map, 1);
  return readKey(asMap(map.get(1)));
}

function restore(signed: Map<unknown, Item>, unprotected: Map<unknown, Item>) {
  const place = [...signed.keys()].find((key) => key instanceof Simple);
  const hashes = signed.get(place);
  need(Array.isArray(hashes) && hashes.length >= 1 && hashes.length <= 8, 'hashes');
  const left = new Set(hashes.map((each) => asBytes(each, 32).toString('hex')));
  need(left.size === hashes.length, 'a hash twice');
  const map = new Map([...signed].filter(([key]) => key !== place));
  if (unprotected.size === 0) return { map, undisclosed: left.size as number | undefined };
  needKeys(unprotected, 17);
  const list = unprotected.get(17);
  need(Array.isArray(list) && list.length >= 1 && list.length <= 8, 'disclosures');
  for (const each of list) {
    const bytes = asBytes(each);
    const parts = readCbor(bytes);
    need(Array.isArray(parts) && (parts.length === 1 || parts.length === 3), 'a disclosure');
    asBytes(parts[0], 16);
    need(left.delete(hash(encodeCbor(bytes)).toString('hex')), 'not signed');
    if (parts.length === 1) continue;
    const [, value, key] = parts;
    need([2, 3, 5, 6, 14].includes(key as number) && !map.has(key), 'what cannot be redacted');
    map.set(key, value as Item);
  }
  return { map, undisclosed: left.size as number | undefined };
}

type Reader = (item: Item) => unknown;

const asCode: Reader = (item) => {
  const isNumber = (text: string) => /^\d{1,9}$/.test(text) && String(Number(text)) === text;
  if (typeof item === 'number') {
    need(item >= 0 && item <= 999_999_999, 'a code');
    return String(item);
  }
  need(typeof item === 'string' && /^[A-Za-z\d]{1,12}$/.test(item) && !/\n/.test(item) && !isNumber(item), 'a code');
  return item;
};

const asDigits = (count: number) => (item: Item) => {
  need(typeof item === 'number' && item >= 0 && String(item).length <= count, 'digits');
  return String(item).padStart(count, '0');
};

const asTrue: Reader = (item) => {
  need(item === true, 'not true');
  return true;
};

function asBusiness(item: Item | undefined): string[] {
  need(Array.isArray(item) && item.length >= 1 && item.length <= 16, 'business');
  return item.map(asDigits(5));
}

function asPerson(item: Item | undefined): { name: string; relation: string } {
  need(Array.isArray(item) && item.length === 2, 'a person');
  return { name: asPrintable(item[0]), relation: asCode(item[1] as Item) as string };
}

/** docs/format.md §4. */
const FIELDS: Readonly<Record<number, readonly [string, Reader]>> = {
  2: ['name', (item) => asPrintable(item)],
  3: [
    'idNumber',
    (item) => {
      need(typeof item === 'string' && !/\s/.test(item) && /^[\dA-Z]{0,6}\*[\dA-Z]{1,4}$/.test(item), 'a number');
      return item;
    },
  ],
  4: ['region', asDigits(6)],
  5: ['scheme', asCode],
  6: ['personClass', asCode],
  7: ['enrolment', asCode],
  8: ['businessTypes', asBusiness],
  9: [
    'maxPresentationAgeSeconds',
    (item) => {
      need(typeof item === 'number' && item > 0 && item <= 86_400, 'seconds');
      return item;
    },
  ],
  10: ['delegate', asPerson],
  11: ['paper', asTrue],
  12: ['idCommitment', (item) => asBytes(item, 16).toString('hex')],
  13: ['delegable', asTrue],
  14: ['assistance', asCode],
};

/** What is wrong in what it knows comes before what it does not know, so that every reader of this version says the same. */
function readFields(map: Map<unknown, Item>, mayBeUnbound: boolean): Pick<Credential, 'claims' | 'status'> {
  const status = map.has(1) ? asStatus(map.get(1)) : undefined;
  need(mayBeUnbound, 'redacted without device');
  const type = map.get(0);
  need(typeof type === 'number' && type >= 0, 'a type');
  need(type === 1, 'another type of credential', 'unsupported_type');
  const claims: Record<string, unknown> = {};
  for (const [key, item] of map) {
    const [name, read] = (typeof key === 'number' && FIELDS[key]) || [];
    if (name && read) claims[name] = read(item);
  }
  const known = Object.keys(claims).length + 1 + (status ? 1 : 0);
  need(known === map.size, 'an unknown field', 'unsupported_type');
  need('region' in claims, 'no region');
  return { claims, status };
}

function asStatus(status: Item | undefined): readonly [number, number] {
  need(Array.isArray(status) && status.length === 2, 'status');
  const [list, index] = status as [number, number];
  need(typeof list === 'number' && list >= 0 && list < 2 ** 32, 'status');
  need(typeof index === 'number' && index >= 0 && index < 2 ** 24, 'status');
  return [list, index];
}
