import { Buffer } from 'node:buffer';
import { qrText, zlib } from '../../vectors/make/carrier.ts';
import { cbor, type Plain, raw } from '../../vectors/make/cbor.ts';
import { embed, type MessageParts, mapFrom } from '../../vectors/make/cose.ts';
import { p256 } from '../../vectors/make/keys.ts';
import { p256Key } from '../../vectors/make/lists.ts';
import {
  boundClaims,
  boundHeader,
  CNF,
  claims,
  cnf,
  credential,
  delegableClaims,
  delegateDevice,
  delegation,
  delegationClaims,
  device,
  disclosure,
  disclosureHash,
  ISS,
  issuer,
  MAP,
  NOW_SECONDS,
  presentation,
  presentationClaims,
  REDACTED,
  redactedMap,
  sdHeader,
} from '../../vectors/make/people.ts';

/** Codes that are nearly right: mutated as bytes, as items, before they are signed and after. */

/** mulberry32: small, and the same on every machine. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** 0 to `count` − 1. */
  below(count: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let value = this.#state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return Math.floor((((value ^ (value >>> 14)) >>> 0) / 2 ** 32) * count);
  }

  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }

  bytes(count: number): Uint8Array {
    return Buffer.from(Array.from({ length: count }, () => this.below(256)));
  }
}

const NAME = disclosure(1, '欧***', 2);
const SCHEME = disclosure(3, 310, 5);
const p256Device = p256(0x51);

/** A code, and the mutations that were chosen for it. */
export function makeCode(random: Random): string | Uint8Array {
  const level = random.chance(12) ? 0 : 1 + random.below(3);
  const mutate = (percent: number) => level > 0 && random.chance(percent);
  const change = (payload: ReadonlyMap<Plain, Plain>): Partial<MessageParts> => ({
    payload: mutate(45) ? mutateMap(random, payload) : payload,
    ...(mutate(15) && { payloadBytes: mutateBytes(random, cbor(payload)) }),
    ...(mutate(4) && { signature: mutateBytes(random, Buffer.alloc(64, random.below(256))) }),
    ...(mutate(4) && { unprotected: mutateMap(random, new Map()) }),
  });
  const header = (map: ReadonlyMap<Plain, Plain>): Partial<MessageParts> => ({
    header: mutate(7) ? mutateMap(random, map) : map,
    ...(mutate(4) && { protectedBytes: mutateBytes(random, cbor(new Map<Plain, Plain>([[1, -19], ...map]))) }),
  });
  let bytes = build(random, change, header);
  if (mutate(15)) bytes = mutateBytes(random, bytes);
  if (random.chance(50)) return bytes;
  let carried = random.chance(25) ? zlib(bytes, { block: random.chance(50) ? 'fixed' : 'sent' }) : bytes;
  if (mutate(8)) carried = mutateBytes(random, carried);
  const text = qrText(carried);
  if (!mutate(8)) return text;
  return Buffer.from(mutateBytes(random, Buffer.from(text, 'latin1'))).toString('latin1');
}

type Change = (payload: ReadonlyMap<Plain, Plain>) => Partial<MessageParts>;

function build(random: Random, change: Change, header: Change): Uint8Array {
  const issued = (payload: ReadonlyMap<Plain, Plain>, key = issuer) =>
    credential(payload, { key, ...header(mapFrom([[4, key.kid]])), ...change(payload) });
  const shown = (inner: Uint8Array, key = device) =>
    presentation(embed(inner), undefined, {
      key,
      ...header(boundHeader(embed(inner), 294)),
      ...change(presentationClaims()),
    });
  const lent = (inner: Uint8Array) =>
    delegation(undefined, embed(inner), {
      ...header(boundHeader(embed(inner), 'application/zhengma-delegation+cwt')),
      ...change(delegationClaims()),
    });
  switch (random.below(8)) {
    case 0:
    case 1:
      return issued(claims());
    case 2:
      return issued(claims([[ISS, '440300']], [[1, undefined]]), p256Key);
    case 3:
      return shown(issued(boundClaims()));
    case 4:
      return shown(issued(boundClaims([[CNF, cnf(p256Device)]])), p256Device);
    case 5:
      return shown(lent(issued(delegableClaims())), delegateDevice);
    case 6:
      return issued(
        claims(
          [],
          [
            [2, 'A'.repeat(64)],
            [8, Array(16).fill(1101)],
          ],
        ),
      );
    default:
      return shown(redacted(random, change, header));
  }
}

function redacted(random: Random, change: Change, header: Change): Uint8Array {
  const hashes = [NAME, SCHEME].map(disclosureHash).sort((a, b) => Buffer.compare(a, b));
  const payload = boundClaims([[MAP, redactedMap(hashes, [2, 5])]]);
  const disclosed = random.pick([[], [NAME], [SCHEME, NAME], [NAME, NAME], [disclosure(1, '王*', 2)]]);
  const unprotected = mapFrom(disclosed.length === 0 ? [] : [[17, disclosed]]);
  return credential(payload, { unprotected, ...header(sdHeader()), ...change(payload) });
}

const KEYS: readonly Plain[] = [
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  8,
  9,
  10,
  11,
  12,
  13,
  14,
  16,
  17,
  39,
  -1,
  -2,
  -3,
  MAP,
  'name',
  REDACTED,
];

function pickValue(random: Random, depth = 0): Plain {
  switch (random.below(depth > 2 ? 8 : 12)) {
    case 0:
      return random.below(20);
    case 1:
      return random.pick([-1, 24, 256, 1301, 65_536, 370_202, 999_999, 2 ** 24, 2 ** 32, 2 ** 53 - 1, 2n ** 53n]);
    case 2:
      return NOW_SECONDS + random.pick([-3600, -61, -60, -1, 0, 1, 60, 61, 3600]);
    case 3:
      return random.pick([
        '',
        'A',
        '欧*',
        '*002X',
        '310',
        '01',
        'é',
        'e\u0301',
        '370200',
        '\u200b',
        '*',
        'A'.repeat(65),
      ]);
    case 4:
      return random.bytes(random.pick([0, 7, 8, 9, 16, 32, 64]));
    case 5:
      return random.pick([true, false, null]);
    case 6:
      return raw(
        random.pick(['f93c00', 'f7', 'c101', 'f83b', '1801', '9f01ff', '61ff', 'fb3ff0000000000001', 'd2820101']),
      );
    case 7:
      return -random.below(40);
    case 8:
    case 9:
      return Array.from({ length: random.below(4) }, () => pickValue(random, depth + 1));
    case 10:
      return mapFrom(Array.from({ length: random.below(3) }, () => [random.pick(KEYS), pickValue(random, depth + 1)]));
    default:
      return cnf(random.pick([device, delegateDevice, p256Device]));
  }
}

/** One entry set, removed or changed inside. */
function mutateMap(random: Random, map: ReadonlyMap<Plain, Plain>): ReadonlyMap<Plain, Plain> {
  const mutated = new Map(map);
  const keys = [...mutated.keys()];
  const key = keys.length > 0 && random.chance(75) ? random.pick(keys) : random.pick(KEYS);
  const value = mutated.get(key);
  if (value instanceof Map && random.chance(80)) mutated.set(key, mutateMap(random, value));
  else if (Array.isArray(value) && random.chance(70)) mutated.set(key, mutateArray(random, value));
  else if (random.chance(20)) mutated.delete(key);
  else if (keys.length > 1 && random.chance(15)) mutated.set(key, mutated.get(random.pick(keys)) as Plain);
  else mutated.set(key, pickValue(random));
  return mutated;
}

function mutateArray(random: Random, items: readonly Plain[]): Plain {
  const mutated = [...items];
  const at = random.below(mutated.length + 1);
  if (random.chance(30)) mutated.splice(at, 1);
  else if (random.chance(40)) mutated.splice(at, 0, pickValue(random));
  else if (at < mutated.length) mutated[at] = pickValue(random);
  return mutated;
}

/** One to three steps: a bit, a byte, a piece cut out, doubled, or put in. */
function mutateBytes(random: Random, bytes: Uint8Array): Uint8Array {
  let mutated = Buffer.from(bytes);
  for (let steps = 1 + random.below(3); steps > 0; steps--) {
    const at = random.below(mutated.length + 1);
    const length = 1 + random.below(random.chance(80) ? 2 : 24);
    switch (random.below(6)) {
      case 0:
      case 1:
        if (at < mutated.length) mutated[at] = (mutated[at] as number) ^ (1 << random.below(8));
        break;
      case 2:
        if (at < mutated.length) mutated[at] = random.below(256);
        break;
      case 3:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(at + length)]);
        break;
      case 4:
        mutated = Buffer.concat([mutated.subarray(0, at), random.bytes(length), mutated.subarray(at)]);
        break;
      default:
        mutated = Buffer.concat([mutated.subarray(0, at), mutated.subarray(Math.max(0, at - length))]);
    }
  }
  return mutated;
}
