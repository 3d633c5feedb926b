import { Buffer } from 'node:buffer';
import { qrText, zlib } from '../../vectors/make/carrier.ts';
import { cbor, type Plain, raw } from '../../vectors/make/cbor.ts';
import { embed, type MessageParts, mapFrom } from '../../vectors/make/cose.ts';
import { type Key, p256 } from '../../vectors/make/keys.ts';
import { beijingKey, compromisedKey, formerKey, futureKey, p256Key, registryKey } from '../../vectors/make/lists.ts';
import {
  AUD,
  boundClaims,
  boundHeader,
  CNF,
  CNONCE,
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
  EXP,
  HOUR,
  IAT,
  ISS,
  issuer,
  MAP,
  NBF,
  NOW_SECONDS,
  presentation,
  presentationClaims,
  REDACTED,
  redactedMap,
  sdHeader,
  stranger,
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

/** Names and challenges of the verifiers that codes are made for. */
export const AUDIENCES = ['青岛市市立医院', 'desk 2'] as const;
export const CHALLENGES = [Buffer.alloc(8, 1), Buffer.alloc(16, 2)] as const;

type Entries = readonly (readonly [Plain, Plain | undefined])[];

/** Each of the variations with the same chance, or none of them. */
function vary(random: Random, ...variations: readonly Entries[]): Entries {
  return random.chance(60) ? [] : random.pick(variations);
}

/** Good credentials of several kinds: what is valid for one verifier is not for another. */
function varyCredential(random: Random): Entries {
  return vary(
    random,
    [[4, 110_101]],
    [[4, 370_602]],
    [[1, [1, random.below(5)]]],
    [[1, [2, 4]]],
    [[1, [1, 63 + random.below(3)]]],
    [[1, undefined]],
    [[8, undefined]],
    [[9, random.pick([1, 600])]],
    [[10, ['李**', 2]]],
    [[random.pick([15, 99]), 1]],
    [[0, 2]],
  );
}

function varyPresentation(random: Random): Entries {
  const challenge = random.pick(CHALLENGES);
  return vary(
    random,
    [[AUD, random.pick(AUDIENCES)]],
    [[AUD, 'nobody']],
    [[CNONCE, challenge]],
    [
      [AUD, random.pick(AUDIENCES)],
      [CNONCE, challenge],
    ],
    [[IAT, NOW_SECONDS + random.pick([-61, -60, 60, 61, 600])]],
  );
}

function varyDelegation(random: Random): ReadonlyMap<Plain, Plain> {
  const times = vary(random, [[EXP, NOW_SECONDS + random.pick([60, HOUR, HOUR + 1])]], [[IAT, NOW_SECONDS + 60]]);
  return delegationClaims(times, vary(random, [[8, [1101]]], [[8, [1301, 2101]]]));
}

function varyTimes(random: Random): Entries {
  return vary(
    random,
    [[NBF, NOW_SECONDS + random.pick([0, 60, 61, 600])]],
    [[IAT, NOW_SECONDS + random.pick([-600, -1, 1, 60, 61])]],
    [[EXP, NOW_SECONDS + random.pick([1, 60, 9 * 86_400])]],
  );
}

/** Keys besides the issuer's of today, each with its issuer: known for another time, another region or type, or not at all. */
const SIGNERS: readonly (readonly [key: Key, issuer: string])[] = [
  [formerKey, '370200'],
  [futureKey, '370200'],
  [compromisedKey, '370200'],
  [stranger, '370200'],
  [beijingKey, '110000'],
  [registryKey, 'registry'],
  [p256Key, '440300'],
  [issuer, '110000'],
  [issuer, 'nobody'],
];

const PREFIXES = ['ZM2:', 'ZM0:', 'ZM:', 'zm1:', 'HC1:', ' ZM1:'];

/** Of another version or format, or longer than a code can be. */
function spoilText(random: Random, text: string): string {
  return random.chance(80) ? text.replace('ZM1:', random.pick(PREFIXES)) : text.padEnd(6148 + random.below(2), '0');
}

/** A code, and the mutations that were chosen for it. */
export function makeCode(random: Random): string | Uint8Array {
  const level = random.chance(35) ? 0 : 1 + random.below(3);
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
  const text = random.chance(2) ? spoilText(random, qrText(carried)) : qrText(carried);
  if (!mutate(8)) return text;
  return Buffer.from(mutateBytes(random, Buffer.from(text, 'latin1'))).toString('latin1');
}

type Change = (payload: ReadonlyMap<Plain, Plain>) => Partial<MessageParts>;

function build(random: Random, change: Change, header: Change): Uint8Array {
  const issued = (payload: ReadonlyMap<Plain, Plain>) => {
    const [key, id] = random.chance(85) ? ([issuer, '370200'] as const) : random.pick(SIGNERS);
    const said = new Map([...payload, [ISS, id] as const]);
    return credential(said, { key, ...header(mapFrom([[4, key.kid]])), ...change(said) });
  };
  const shown = (inner: Uint8Array, key = device) =>
    presentation(embed(inner), undefined, {
      key,
      ...header(boundHeader(embed(inner), 294)),
      ...change(presentationClaims(varyPresentation(random))),
    });
  const lent = (inner: Uint8Array, key = device) =>
    delegation(undefined, embed(inner), {
      key,
      ...header(boundHeader(embed(inner), 'application/zhengma-delegation+cwt')),
      ...change(varyDelegation(random)),
    });
  const bearer = () => issued(claims(varyTimes(random), varyCredential(random)));
  const bound = (key = device) => issued(boundClaims([[CNF, cnf(key)], ...varyTimes(random)], varyCredential(random)));
  const delegable = () => issued(delegableClaims(varyTimes(random), varyCredential(random)));
  switch (random.below(12)) {
    case 0:
    case 1:
    case 2:
      return bearer();
    case 3:
    case 4:
      return shown(bound());
    case 5:
      return shown(bound(p256Device), p256Device);
    case 6:
    case 7:
      return shown(lent(delegable()), delegateDevice);
    case 8:
      return random.pick([
        () => bound(),
        () => lent(delegable()),
        () => shown(bearer()),
        () => shown(lent(bound())),
        () => shown(bound(), delegateDevice),
        () => shown(lent(delegable(), stranger), delegateDevice),
      ])();
    case 9:
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
