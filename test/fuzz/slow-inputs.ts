import { Buffer } from 'node:buffer';
import { constants, deflateSync } from 'node:zlib';
import { classifyCode } from '@zhengma/credential-core/codes';
import {
  importKeySet,
  type TokenStatusList,
  verifyClaim169,
  verifyCwt,
  verifyHcert,
  verifyTokenStatusList,
} from '@zhengma/credential-core/profiles';
import { verifyRevocationSnapshot } from '@zhengma/credential-core/snapshot';
import {
  peekCredential,
  type StatusList,
  type TrustList,
  verifyCredential,
  verifyReceipt,
  verifyStatusList,
  verifyTrustList,
} from '@zhengma/credential-core/verify';
import { Random } from '../conformance/independent/mutate.ts';
import { base45, bomb, qrText, zlib, zlibOfBits } from '../vectors/make/carrier.ts';
import { cbor, encoded, head, indefinite, nested, type Plain } from '../vectors/make/cbor.ts';
import { embed, mapFrom, message } from '../vectors/make/cose.ts';
import { ed25519, type Key, p256 } from '../vectors/make/keys.ts';
import {
  listHeader,
  p256Key,
  STATUS_LIST,
  STATUS_LIST_TYPE,
  STATUS_URI,
  statusClaims,
  statusList,
  TRUST_LIST_TYPE,
  trustClaims,
  trustedIssuer,
  trustedKey,
  trustList,
} from '../vectors/make/lists.ts';
import {
  boundClaims,
  CNF,
  claims,
  cnf,
  credential,
  delegableClaims,
  delegation,
  delegationClaims,
  disclosure,
  disclosureHash,
  ISS,
  issuer,
  MAP,
  NOW,
  NOW_SECONDS,
  presentation,
  redactedMap,
  root,
  sdHeader,
} from '../vectors/make/people.ts';
import { makeForeignTokens, RECEIPT_TYPE, receiptClaims } from './foreign.ts';

/** Ways to keep a reader busy with at most 4 KiB. */

export const MAX_BYTES = 4096;

/** What reads, and what it is given. */
export interface Subject {
  readonly name: string;
  readonly inputs: ReadonlyMap<string, Uint8Array>;
  /** The longest input: with what is put around it, 4 KiB. */
  readonly maxBytes: number;
  /** Signs and wraps an input, which is not measured, and gives what is. */
  prepare(input: Uint8Array): () => Promise<unknown>;
}

/** Marks that each have to find their place among the others. */
const MARKS = `a${'\u0345\u0316'.repeat(63)}`;

const texts = (count: number, text = MARKS): Plain[] => Array(count).fill(text);

/** Header, signature and what else stands around a payload. */
const AROUND = 160;

const at = { currentDate: NOW };

export async function makeSubjects(): Promise<readonly Subject[]> {
  const trusted = await verifyTrustList(trustList(), [cbor(root.coseKey)], at);
  if (!trusted.ok) throw new Error(trusted.code);
  const trust = trusted.list;
  const listed = await verifyStatusList(statusList(), trust, { ...at, uri: STATUS_URI });
  if (!listed.ok) throw new Error(listed.code);
  return [
    makeCodes(trust, listed.list),
    makeSignedCodes(trust, listed.list),
    makeTrustLists(),
    makeStatusLists(trust),
    makeSnapshots(trust),
    makeReceipts(),
    ...makeProfiles(),
  ];
}

/** What somebody shows who has no key, or whose key is good for a credential of their own. */
function makeCodes(trust: TrustList, list: StatusList): Subject {
  const options = { ...at, status: new Map([[STATUS_URI, list]]) };
  return {
    name: 'codes',
    inputs: makeCodeInputs(),
    maxBytes: MAX_BYTES,
    /** As bytes where that is a message, and as text in any case; both are asked what they are, too. */
    prepare(input) {
      const text = qrText(input);
      return async () => {
        await verifyCredential(input[0] === 0xd2 ? input : text, trust, options);
        classifyCode(text);
        peekCredential(text);
      };
    },
  };
}

function makeCodeInputs(): Map<string, Uint8Array> {
  const device = p256(0x51);
  const other = p256(0x52);
  const onP256 = credential(delegableClaims([[CNF, cnf(device)]]));
  const lent = delegation(delegationClaims([[CNF, cnf(other)]]), embed(onP256), { key: device });
  const chain = presentation(embed(lent), undefined, { key: other });
  const noPoint = { ...device, coseKey: mapFrom([...device.coseKey, [-2, Buffer.alloc(32, 5)]]) };
  const onNoPoint = credential(delegableClaims([[CNF, cnf(noPoint)]]));
  const name = disclosure(1, '欧***', 2);
  const shown = Array.from({ length: 8 }, (_, at) => disclosure(at, texts(1), 2));
  const sd = credential(boundClaims([[MAP, redactedMap(shown.map(disclosureHash), [2])]]), {
    header: sdHeader(),
    unprotected: mapFrom([[17, shown]]),
  });
  const emptyBlocks = Array.from({ length: 3000 }, () => [0b010, 3] as const);
  return new Map(
    [
      ['a credential', credential()],
      ['a credential by P-256', credential(claims([[ISS, '440300']], [[1, undefined]]), { key: p256Key })],
      ['holder, delegate and issuer', presentation(embed(delegation()))],
      ['a chain of P-256 keys', chain],
      [
        'a chain of P-256 keys, wrongly signed',
        presentation(embed(lent), undefined, { key: other, signature: Buffer.alloc(64, 3) }),
      ],
      ['a chain of P-256 keys that are no points', presentation(embed(delegation(undefined, embed(onNoPoint))))],
      ['a kid of nobody', credential(claims(), { key: ed25519(0x44) })],
      ['eight disclosures of slow texts', presentation(embed(sd))],
      [
        'a presentation with a disclosure',
        presentation(
          embed(
            credential(boundClaims([[MAP, redactedMap([disclosureHash(name)], [2])]]), {
              header: sdHeader(),
              unprotected: mapFrom([[17, [name]]]),
            }),
          ),
        ),
      ],
      ['slow texts', credential(texts(15))],
      ['slow texts to the limit, compressed', zlib(credential(texts(60)))],
      [
        'slow texts as keys',
        credential(new Map(Array.from({ length: 14 }, (_, at) => [`${String.fromCharCode(97 + at)}${MARKS}`, 0]))),
      ],
      ['text that is nearly of Chinese', credential(texts(15, `${'欧'.repeat(84)}é`))],
      ['nested to the limit', credential(nested(4000))],
      ['256 items', credential(Array(256).fill(0))],
      ['127 keys', credential(new Map(Array.from({ length: 127 }, (_, at) => [at, 0])))],
      ['a long payload', credential(Buffer.alloc(3900, 7))],
      ['16 KiB, compressed', zlib(credential(Buffer.alloc(16_000, 7)))],
      ['16 KiB of zeros', bomb(16_384)],
      ['a million zeros', bomb(1_000_000)],
      [
        'codes for every block',
        Buffer.concat(Array(12).fill(zlib(Buffer.from('a'), { block: 'sent', isLast: false }))),
      ],
      ['blocks without content', zlibOfBits(emptyBlocks)],
      [
        'stored blocks without content',
        Buffer.concat([Buffer.of(0x78, 0xda), Buffer.concat(Array(800).fill(Buffer.from('000000ffff', 'hex')))]),
      ],
      ['zeros', Buffer.alloc(MAX_BYTES)],
      ['an array that is not there', encoded(Buffer.of(0xd2), head(4, 2 ** 32)).bytes],
    ].map(([comment, bytes]) => [comment as string, (bytes as Uint8Array).subarray(0, MAX_BYTES)]),
  );
}

/** A credential of an issuer that puts anything into it; a device whose credential it is shows it. */
function makeSignedCodes(trust: TrustList, list: StatusList): Subject {
  const options = { ...at, status: new Map([[STATUS_URI, list]]), businessType: '01301' };
  return {
    name: 'codes, signed anew',
    inputs: new Map([
      ['a credential', cbor(claims())],
      ['a credential of a device', cbor(boundClaims())],
      ['16 businesses', cbor(boundClaims([], [[8, Array(16).fill(1301)]]))],
      ['slow texts', cbor(claims([], [[2, MARKS]]))],
    ]),
    maxBytes: MAX_BYTES - 3 * AROUND,
    prepare(payloadBytes) {
      const signed = credential(undefined, { payloadBytes });
      const codes = [signed, presentation(embed(signed))];
      return async () => {
        for (const code of codes) await verifyCredential(code, trust, options);
      };
    },
  };
}

const SNAPSHOT_TYPE = 'application/zhengma-revocation-snapshot+cwt';

/** A list of a root; what it says is used: a credential is verified with it, and the list after it. */
function makeTrustLists(): Subject {
  const keys = Array.from({ length: 16 }, (_, at) => p256(0x80 + at));
  const noPoints = keys.map((key, at) => ({ ...key, coseKey: mapFrom([...key.coseKey, [-2, Buffer.alloc(32, at)]]) }));
  const trusted = (some: readonly Key[]) => some.map((key) => trustedKey(key));
  const list = (issuers: Plain, more: readonly (readonly [Plain, Plain])[] = []) =>
    cbor(trustClaims([], [[1, issuers], ...more]));
  const roots = [...keys.slice(1), root].map(({ coseKey }) => cbor(coseKey));
  const next = trustList(trustClaims([], [[0, 6]]));
  const code = credential();
  return {
    name: 'trust lists',
    inputs: new Map([
      ['four issuers', cbor(trustClaims())],
      ['many P-256 keys of an issuer', list([trustedIssuer('370200', trusted(keys))])],
      ['many P-256 keys that are no points', list([trustedIssuer('370200', trusted(noPoints))])],
      ['many P-256 roots', list([trustedIssuer('370200', trusted([issuer]))], [[2, roots]])],
      ['both', list([trustedIssuer('370200', trusted(keys))], [[2, roots]])],
      ['many issuers', list(Array.from({ length: 30 }, (_, at) => trustedIssuer(`3702${at}`, [])))],
      ['many regions', list([trustedIssuer('370200', trusted([issuer]), [[4, Array(500).fill('370202')]])])],
      ['slow texts', list([trustedIssuer('370200', trusted([issuer]), [[3, texts(14)]])])],
      ['zeros', list(Array(3700).fill(0))],
      ['nested to the limit', list(nested(3500))],
    ]),
    maxBytes: MAX_BYTES - AROUND,
    prepare(payloadBytes) {
      const bytes = message({ key: root, payload: '', payloadBytes, header: listHeader(root, TRUST_LIST_TYPE) });
      return async () => {
        const result = await verifyTrustList(bytes, [cbor(root.coseKey)], at);
        if (!result.ok) return;
        await verifyCredential(code, result.list, { ...at, status: 'not_checked' });
        await verifyTrustList(next, [], { ...at, previous: result.list });
      };
    },
  };
}

/** Of 8 bits, unless it says otherwise: that may inflate to most. */
function listOf(values: Uint8Array, bits = 8, strategy: number = constants.Z_DEFAULT_STRATEGY): Uint8Array {
  const list = mapFrom([
    ['bits', bits],
    ['lst', deflateSync(values, { level: 9, strategy })],
  ]);
  return cbor(statusClaims([[STATUS_LIST, list]]));
}

/** The most that a list of 4 KiB inflates to: deflate makes a thousandth of zeros. */
const MOST_INFLATED = 3_790_000;

const SLOW_LISTS: readonly (readonly [string, Uint8Array])[] = [
  ['zeros', listOf(Buffer.alloc(MOST_INFLATED))],
  ['two bytes, repeated', listOf(Buffer.alloc(MOST_INFLATED, Buffer.of(1, 2)))],
  ['seven bytes, repeated', listOf(Buffer.alloc(2_600_000, Buffer.of(1, 2, 3, 4, 5, 6, 7)))],
  ['some revoked', listOf(Buffer.from(Array.from({ length: 9000 }, (_, at) => (at * at) % 7)))],
];

function makeStatusLists(trust: TrustList): Subject {
  return {
    name: 'status lists',
    inputs: new Map([...SLOW_LISTS, ['64 indexes', cbor(statusClaims())]]),
    maxBytes: MAX_BYTES - AROUND,
    prepare(payloadBytes) {
      const bytes = message({ key: issuer, payload: '', payloadBytes, header: listHeader(issuer, STATUS_LIST_TYPE) });
      return async () => {
        const result = await verifyStatusList(bytes, trust, { ...at, uri: STATUS_URI });
        if (!result.ok) return;
        result.list.get(result.list.size - 1);
        // Most lists that are fetched are the one that is held.
        await verifyStatusList(bytes, trust, { ...at, uri: STATUS_URI, previous: result.list });
      };
    },
  };
}

function makeSnapshots(trust: TrustList): Subject {
  const list = (number: number, size: number, ...sets: [number, Plain][]) => mapFrom([[0, number], [1, size], ...sets]);
  const snapshot = (lists: Plain) =>
    cbor(
      mapFrom([
        [ISS, '370200'],
        [4, NOW_SECONDS + 3600],
        [6, NOW_SECONDS],
        [
          -65_540,
          mapFrom([
            [0, 1],
            [1, lists],
          ]),
        ],
      ]),
    );
  return {
    name: 'snapshots',
    inputs: new Map([
      ['a bit an index', snapshot([list(0, 2 ** 24, [2, [0, 28_000, Buffer.alloc(3500, 0xff)]])])],
      ['as far apart as can be', snapshot([list(0, 2 ** 24, [2, [24, 1, Buffer.alloc(3500)]])])],
      ['many lists', snapshot(Array.from({ length: 500 }, (_, at) => list(at, 8)))],
    ]),
    maxBytes: MAX_BYTES - AROUND,
    prepare(payloadBytes) {
      const bytes = message({ key: issuer, payload: '', payloadBytes, header: listHeader(issuer, SNAPSHOT_TYPE) });
      return async () => {
        const result = await verifyRevocationSnapshot(bytes, trust, at);
        if (!result.ok) return;
        for (const held of result.snapshot.lists.values()) held.get(held.size - 1);
      };
    },
  };
}

function makeReceipts(): Subject {
  return {
    name: 'receipts',
    inputs: new Map([
      ['a receipt', cbor(receiptClaims())],
      ['slow texts', cbor(receiptClaims([[1, MARKS]]))],
      ['many slow texts', cbor(texts(14))],
      ['nested to the limit', cbor(nested(3900))],
    ]),
    maxBytes: MAX_BYTES - AROUND,
    prepare(payloadBytes) {
      const header = listHeader(p256Key, RECEIPT_TYPE);
      const bytes = message({ key: p256Key, payload: '', payloadBytes, header });
      const keys = [cbor(root.coseKey), cbor(p256Key.coseKey)];
      return () => verifyReceipt(bytes, keys, at);
    },
  };
}

/** Formats whose CBOR may have any spelling, and more items than ours. */
function makeProfiles(): readonly Subject[] {
  const tokens = makeForeignTokens();
  const keys = importKeySet([{ coseKey: cbor(p256Key.coseKey), kid: p256Key.kid }]);
  const sign = (payloadBytes: Uint8Array, typ?: Plain) => {
    const header = mapFrom([[4, p256Key.kid], ...(typ === undefined ? [] : [[16, typ] as const])]);
    return message({ key: p256Key, payload: '', payloadBytes, header });
  };
  const carried = (payload: Uint8Array) => base45(deflateSync(sign(payload), { level: 9 }));
  const slow: readonly (readonly [string, Uint8Array])[] = [
    ['many items', cbor(mapFrom([...tokens.cwt, [-70_000, Array(2000).fill(0)]]))],
    ['many keys', cbor(mapFrom([...tokens.cwt, [-70_000, new Map(Array.from({ length: 1000 }, (_, at) => [at, 0]))]]))],
    ['text in chunks', cbor(indefinite(3, Array(1900).fill(cbor('a'))))],
    ['a long text', cbor(mapFrom([...tokens.cwt, [-70_000, '\u0345\u0316'.repeat(900)]]))],
    ['nested to the limit', cbor(nested(3000))],
  ];
  const withSlow = (seed: Uint8Array) => new Map([['a good one', seed], ...slow]);
  const maxBytes = MAX_BYTES - AROUND;
  const lists = new Map<string, TokenStatusList>();
  return [
    {
      name: 'HCERT',
      inputs: withSlow(cbor(tokens.hcert)),
      maxBytes,
      prepare(payload) {
        const text = `HC1:${carried(payload)}`;
        return () => verifyHcert(text, keys, at);
      },
    },
    {
      name: 'Claim 169',
      inputs: withSlow(cbor(tokens.identity)),
      maxBytes,
      prepare(payload) {
        const text = carried(payload);
        return () => verifyClaim169(text, keys, at);
      },
    },
    {
      name: 'CWT',
      inputs: withSlow(cbor(tokens.cwt)),
      maxBytes,
      prepare(payload) {
        const bytes = sign(payload);
        return () => verifyCwt(bytes, keys, { ...at, status: lists });
      },
    },
    {
      name: 'status lists of CWTs',
      inputs: new Map([...slow, ...SLOW_LISTS]),
      maxBytes,
      prepare(payload) {
        const bytes = sign(payload, STATUS_LIST_TYPE);
        return async () => {
          const result = await verifyTokenStatusList(bytes, keys, { ...at, uri: STATUS_URI });
          if (result.ok) result.list.get(result.list.size - 1);
        };
      },
    },
  ];
}

/** Lists that come by network may be larger than a code: up to 8 MiB, of 200 000 items, 2²⁴ indexes. */
export async function makeLargeLists(): Promise<ReadonlyMap<string, () => Promise<{ readonly ok: boolean }>>> {
  const trusted = await verifyTrustList(trustList(), [cbor(root.coseKey)], at);
  if (!trusted.ok) throw new Error(trusted.code);
  const sign = (list: Uint8Array) =>
    message({ key: issuer, payload: '', payloadBytes: list, header: listHeader(issuer, STATUS_LIST_TYPE) });
  const read = (list: Uint8Array) => {
    const bytes = sign(list);
    return () => verifyStatusList(bytes, trusted.list, { ...at, uri: STATUS_URI });
  };
  const noise = new Random(1);
  // Hardly compressible, and without repeats: each byte is a code of its own.
  const values = Buffer.from(Array.from({ length: 9_000_000 }, () => noise.below(64)));
  const issuers = Array.from({ length: 8000 }, (_, at) => trustedIssuer(`${at}`, [trustedKey(ed25519(at % 200))]));
  const large = trustList(trustClaims([], [[1, issuers]]));
  return new Map<string, () => Promise<{ readonly ok: boolean }>>([
    ['a status list of 2^24 indexes, all valid', read(listOf(Buffer.alloc(2 ** 22), 2))],
    ['a status list of 9 000 000 indexes that hardly compress', read(listOf(values, 8, constants.Z_HUFFMAN_ONLY))],
    ['a trust list of 8 000 issuers', () => verifyTrustList(large, [cbor(root.coseKey)], at)],
  ]);
}
