import { Buffer } from 'node:buffer';
import { inflateSync } from 'node:zlib';
import type * as Base45 from '../../packages/credential-core/src/bytes/base45.ts';
import type * as Inflate from '../../packages/credential-core/src/bytes/inflate.ts';
import type * as Decode from '../../packages/credential-core/src/cbor/decode.ts';
import type * as Encode from '../../packages/credential-core/src/cbor/encode.ts';
import type * as Codes from '../../packages/credential-core/src/codes.ts';
import type * as Limits from '../../packages/credential-core/src/limits.ts';
import type * as Profiles from '../../packages/credential-core/src/profiles.ts';
import type * as Result from '../../packages/credential-core/src/result.ts';
import type * as Snapshot from '../../packages/credential-core/src/snapshot.ts';
import type * as Verify from '../../packages/credential-core/src/verify.ts';
import { readSnapshot, statusAt } from '../conformance/independent/snapshot.ts';
import { base45, bomb, qrText, zlib } from '../vectors/make/carrier.ts';
import { cbor } from '../vectors/make/cbor.ts';
import { embed, mapFrom, message } from '../vectors/make/cose.ts';
import { p256 } from '../vectors/make/keys.ts';
import {
  hex,
  listHeader,
  STATUS_LIST_TYPE,
  STATUS_URI,
  statusClaims,
  statusList,
  TRUST_LIST_TYPE,
  trustClaims,
  trustList,
} from '../vectors/make/lists.ts';
import {
  boundClaims,
  claims,
  credential,
  delegableClaims,
  delegated,
  delegation,
  delegationClaims,
  device,
  disclosure,
  disclosureHash,
  issuer,
  MAP,
  NOW,
  presentation,
  presentationClaims,
  redactedMap,
  root,
  sdHeader,
} from '../vectors/make/people.ts';
import { set } from '../vectors/make/rice.ts';
import { list, REVOKED, SUSPENDED, snapshot, snapshotClaims } from '../vectors/make/snapshots.ts';
import { makeForeignTokens, RECEIPT_TYPE, receiptClaims } from './foreign.ts';
import type { Target } from './fuzzer.ts';
import { instrument } from './instrument.ts';

/** The targets, each with the invariants that hold for whatever it is given. */

function must(condition: unknown, invariant: string): asserts condition {
  if (!condition) throw new Error(`not so: ${invariant}`);
}

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const bytesOf = (text: string) => Buffer.from(text, 'latin1');

const NAME = disclosure(1, '欧***', 2);

/** A redacted credential, with the name shown. */
function redacted(): Uint8Array {
  const payload = boundClaims([[MAP, redactedMap([disclosureHash(NAME)], [2])]]);
  return credential(payload, { header: sdHeader(), unprotected: mapFrom([[17, [NAME]]]) });
}

const CODES = [
  credential(),
  presentation(),
  delegated(),
  presentation(embed(redacted())),
  credential(claims([], [[2, 'A'.repeat(64)]])),
];

/** The first byte of an input chooses what is mutated before it is signed; the rest are its bytes. */
const RESIGNED: readonly (readonly [seed: Uint8Array, sign: (bytes: Uint8Array) => Uint8Array])[] = [
  [cbor(claims()), (payloadBytes) => credential(undefined, { payloadBytes })],
  [cbor(boundClaims()), (payloadBytes) => presentation(embed(credential(undefined, { payloadBytes })))],
  [cbor(presentationClaims()), (payloadBytes) => presentation(undefined, undefined, { payloadBytes })],
  [cbor(delegationClaims()), (payloadBytes) => delegated(delegation(undefined, undefined, { payloadBytes }))],
  [
    cbor(delegableClaims()),
    (payloadBytes) => delegated(delegation(undefined, embed(credential(undefined, { payloadBytes })))),
  ],
  [
    cbor(
      mapFrom([
        [1, -19],
        [4, issuer.kid],
      ]),
    ),
    (protectedBytes) => credential(undefined, { protectedBytes }),
  ],
  [
    cbor(
      mapFrom([
        [1, -19],
        [16, 294],
        [13, embed(credential(boundClaims()))],
      ]),
    ),
    (protectedBytes) => presentation(undefined, undefined, { protectedBytes }),
  ],
  [
    NAME,
    (bytes) =>
      presentation(
        embed(
          credential(boundClaims([[MAP, redactedMap([disclosureHash(bytes)], [2])]]), {
            header: sdHeader(),
            unprotected: mapFrom([[17, [bytes]]]),
          }),
        ),
      ),
  ],
];

const WORDS = [
  ...[claims(), presentationClaims(), delegationClaims(), device.coseKey].flatMap((map) =>
    [...map].flatMap(([key, value]) => [cbor(key), cbor(value)]),
  ),
  ...[
    'f83b',
    'd2',
    '1bffffffffffffffff',
    '5f',
    'ff',
    'f97e00',
    'fb7ff8000000000000',
    '7f',
    'c1',
    'd83d',
    '1b001fffffffffffff',
    'efbbbf',
    'cc81',
  ].map((each) => Buffer.from(each, 'hex')),
];

/** Loads the instrumented library and prepares what a verifier holds. */
export async function makeTargets(): Promise<{ readonly branches: number; readonly targets: readonly Target[] }> {
  const { branches, load } = instrument();
  const core = await load<typeof Verify>('verify.js');
  const { Refusal } = await load<typeof Result>('result.js');
  const { CODE_LIMITS } = await load<typeof Limits>('limits.js');
  const { decodeCbor } = await load<typeof Decode>('cbor/decode.js');
  const { encodeCbor } = await load<typeof Encode>('cbor/encode.js');
  const { decodeBase45, encodeBase45 } = await load<typeof Base45>('bytes/base45.js');
  const { inflateZlib } = await load<typeof Inflate>('bytes/inflate.js');
  const { classifyCode } = await load<typeof Codes>('codes.js');
  const profiles = await load<typeof Profiles>('profiles.js');

  const roots = [cbor(root.coseKey)];
  const at = { currentDate: NOW };
  const held = await core.verifyTrustList(trustList(), roots, at);
  if (!held.ok) throw new Error(held.code);
  const trust = held.list;
  const lists = await core.verifyStatusList(statusList(), trust, { ...at, uri: STATUS_URI });
  if (!lists.ok) throw new Error(lists.code);
  const options = { ...at, status: new Map([[STATUS_URI, lists.list]]) };

  /** What a reader gives, or undefined for a refusal; anything else thrown is a finding. */
  const read = <T>(reader: () => T): T | undefined => {
    try {
      return reader();
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  };
  /** What good codes say: nothing else can be accepted, since the fuzzer has no key. */
  const describe = (result: Verify.VerificationResult) =>
    result.ok ? JSON.stringify([result.replay.key, result.credential, result.delegate]) : undefined;
  const signed = new Set<string | undefined>();
  for (const code of CODES) signed.add(describe(await core.verifyCredential(code, trust, options)));
  must(!signed.has(undefined), 'the seeds are accepted');
  const knownCodes = new Set<string>(core.VERIFICATION_CODES);

  const verifySigned = async (what: string | Uint8Array) => {
    const result = await core.verifyCredential(what, trust, options);
    if (result.ok) must(signed.has(describe(result)), 'nothing is accepted that was not signed');
    else must(knownCodes.has(result.code), 'the code is in the table');
    core.peekCredential(what);
  };

  const targets: Target[] = [
    {
      name: 'cbor',
      seeds: [...CODES.map((code) => code.subarray(1)), cbor(claims()), ...WORDS],
      maxBytes: 1024,
      words: WORDS,
      run(input) {
        for (const grants of [{}, { tags: [18], redactedClaimKeys: true }] as const) {
          const value = read(() => decodeCbor(input, CODE_LIMITS, grants));
          if (value !== undefined) must(hex(encodeCbor(value)) === hex(input), 'encode(decode(x)) = x');
        }
      },
    },
    {
      name: 'base45',
      seeds: [...CODES.slice(0, 2), zlib(CODES[4] as Uint8Array)].map((code) => bytesOf(qrText(code))),
      maxBytes: 1024,
      words: ['ZM1:', ':::', 'ZM2:', '%-+ '].map(bytesOf),
      run(input) {
        const text = latin1(input);
        const bytes = read(() => decodeBase45(text));
        if (bytes) must(encodeBase45(bytes) === text, 'one spelling for each byte string');
        const opened = core.decodeQrText(text);
        if (opened.ok) must(opened.bytes[0] === 0xd2 && opened.bytes.length <= 16_384, 'a message of at most 16 KiB');
      },
    },
    {
      name: 'inflate',
      seeds: [
        ...(['fixed', 'sent', 'stored'] as const).map((block) => zlib(CODES[4] as Uint8Array, { block })),
        bomb(20_000),
        bomb(300),
      ],
      maxBytes: 1024,
      words: [Buffer.of(0x78, 0xda), Buffer.of(0xff, 0xff), Buffer.alloc(4), Buffer.of(0, 0, 0, 1)],
      run(input) {
        const output = read(() => inflateZlib(input, 16_384));
        if (!output) return;
        must(output.length <= 16_384, 'no more than it may');
        must(inflateSync(input).equals(output), 'zlib reads the same');
      },
    },
    {
      name: 'credential',
      seeds: CODES,
      maxBytes: 2048,
      words: WORDS,
      run: (input) => verifySigned(input),
    },
    {
      name: 'text',
      seeds: [...CODES, zlib(CODES[4] as Uint8Array)].map((code) => bytesOf(qrText(code))),
      maxBytes: 2048,
      words: ['ZM1:', ' ', '$'].map(bytesOf),
      run: (input) => verifySigned(latin1(input)),
    },
    {
      name: 'resigned',
      seeds: RESIGNED.map(([seed], at) => Buffer.concat([Buffer.of(at), seed])),
      maxBytes: 1024,
      words: WORDS,
      async run(input) {
        const [, sign] = RESIGNED[(input[0] ?? 0) % RESIGNED.length] as (typeof RESIGNED)[number];
        const result = await core.verifyCredential(sign(input.subarray(1)), trust, options);
        must(result.ok || knownCodes.has(result.code), 'the code is in the table');
        if (result.ok) must(result.credential.claims.region.startsWith('3702'), 'nobody signs for another region');
      },
    },
    {
      name: 'lists',
      seeds: [
        Buffer.concat([Buffer.of(0), cbor(trustClaims())]),
        Buffer.concat([Buffer.of(1), cbor(statusClaims())]),
        Buffer.concat([Buffer.of(2), trustList()]),
        Buffer.concat([Buffer.of(3), statusList()]),
      ],
      maxBytes: 3072,
      words: WORDS,
      async run(input) {
        const kind = (input[0] ?? 0) % 4;
        const rest = input.subarray(1);
        const sign = (key: typeof root, typ: string) =>
          message({ key, payload: '', payloadBytes: rest, header: listHeader(key, typ) });
        if (kind % 2 === 0) {
          const bytes = kind === 0 ? sign(root, TRUST_LIST_TYPE) : rest;
          const result = await core.verifyTrustList(bytes, roots, at);
          if (kind === 2 && result.ok)
            must(result.list.sequence === trust.sequence, 'nothing is accepted that was not signed');
          return;
        }
        const bytes = kind === 1 ? sign(issuer, STATUS_LIST_TYPE) : rest;
        const result = await core.verifyStatusList(bytes, trust, { ...at, uri: STATUS_URI });
        if (!result.ok) return;
        must(result.list.uri === STATUS_URI, 'the list that was asked for');
        if (kind === 3)
          must(result.list.get(1) === 'revoked' && result.list.get(0) === 'valid', 'the list that was signed');
      },
    },
    {
      name: 'classify',
      seeds: [
        '1234567890123456789012345678',
        'ZM1:',
        'ZM2:',
        'HC1:6BF',
        'shc:/1',
        'https://a.example/#shlink:/x',
        'openid4vp://',
        'mdoc:x',
        '11010519491231002X',
        '91350100M000100Y43',
        'H37020000001',
        '81234567890123456789',
        '6901234567892',
        base45(zlib(cbor(mapFrom([[169, mapFrom([])]])))),
      ].map(bytesOf),
      maxBytes: 512,
      words: ['https://', 'shlink:/', 'HC1:', 'ZM1:', '0123456789'].map(bytesOf),
      run(input) {
        const { kind, label, advice } = classifyCode(latin1(input));
        must(kind && label.zh && label.en && advice.zh && advice.en, 'every kind has its words');
        classifyCode(Buffer.from(input).toString('utf8'));
      },
    },
    makeSnapshots(await load<typeof Snapshot>('snapshot.js'), trust),
    await makeReceipts(core),
    await makeProfiles(profiles),
  ];
  return { branches, targets };
}

/** Snapshots that are signed: whatever is accepted says the same to the independent reader. */
function makeSnapshots({ verifyRevocationSnapshot }: typeof Snapshot, trust: Verify.TrustList): Target {
  const issuers = new Map(trust.issuers.map(({ id, statusBaseUri }) => [id, { base: statusBaseUri }]));
  const lists = [list(0, 200, [[REVOKED, set(0, 0, 1, 2, 199)]]), list(1, 2 ** 24, [[SUSPENDED, set(20, 5, 2 ** 23)]])];
  const many = list(1, 5000, [[REVOKED, set(6, ...Array.from({ length: 60 }, (_, at) => 80 * at))]]);
  const payloads = [
    snapshotClaims(),
    ...[lists, [many]].map((each) =>
      snapshotClaims(
        [],
        [
          [
            -65_540,
            mapFrom([
              [0, 1],
              [1, each],
            ]),
          ],
        ],
      ),
    ),
  ];
  return {
    name: 'snapshots',
    seeds: [...payloads.map(cbor)],
    maxBytes: 2048,
    words: WORDS,
    async run(payloadBytes) {
      const bytes = snapshot(undefined, { payloadBytes });
      const result = await verifyRevocationSnapshot(bytes, trust, { currentDate: NOW });
      if (!result.ok) return;
      const read = readSnapshot(bytes, issuers, undefined);
      must(read.sequence === result.snapshot.sequence, 'its sequence');
      for (const [uri, held] of result.snapshot.lists) {
        must(read.sizes[uri] === held.size, 'the size of a list');
        const whole = read.lists.get(uri)?.bytes ?? Buffer.alloc(0);
        for (let index = 0; index < Math.min(held.size, 300); index++) {
          must(held.get(index) === ['valid', 'revoked', 'suspended'][statusAt(whole, index) ?? 3], 'a status');
        }
      }
    },
  };
}

/** Receipts: the first byte chooses whether the rest is signed. */
async function makeReceipts({ verifyReceipt, VERIFICATION_CODES }: typeof Verify): Promise<Target> {
  const key = p256(0x17);
  const keys = [root, key].map(({ coseKey }) => cbor(coseKey));
  const at = { currentDate: NOW };
  const sign = (payloadBytes: Uint8Array) =>
    message({ key, payload: '', payloadBytes, header: listHeader(key, RECEIPT_TYPE) });
  const payloads = [
    receiptClaims(),
    receiptClaims(
      [],
      [
        [0, 'not_revocable'],
        [8, undefined],
        [9, undefined],
      ],
    ),
  ].map(cbor);
  const signed = new Set<string>();
  for (const payload of payloads) {
    const result = await verifyReceipt(sign(payload), keys, at);
    must(result.ok, 'the seeds are accepted');
    signed.add(JSON.stringify(result.receipt));
  }
  const knownCodes = new Set<string>(VERIFICATION_CODES);
  return {
    name: 'receipts',
    seeds: payloads.flatMap((payload) => [
      Buffer.concat([Buffer.of(0), payload]),
      Buffer.concat([Buffer.of(1), sign(payload)]),
    ]),
    maxBytes: 1024,
    words: [...WORDS, ...payloads, cbor('valid'), cbor('not_revocable')],
    async run(input) {
      const isSigned = (input[0] ?? 0) % 2 === 0;
      const rest = input.subarray(1);
      const result = await verifyReceipt(isSigned ? sign(rest) : rest, keys, at);
      if (!result.ok) {
        must(knownCodes.has(result.code), 'the code is in the table');
        return;
      }
      const { receipt } = result;
      must((receipt.outcome === 'valid') === (receipt.statusList !== undefined), 'the list is named where it told');
      if (!isSigned) must(signed.has(JSON.stringify(receipt)), 'nothing is accepted that was not signed');
    },
  };
}

/** Other formats: the first byte chooses one, and whether the rest is signed. */
async function makeProfiles({
  importKeySet,
  verifyClaim169,
  verifyCwt,
  verifyHcert,
}: typeof Profiles): Promise<Target> {
  const key = p256(0x17);
  const keys = importKeySet([{ coseKey: cbor(key.coseKey), kid: key.kid }]);
  const { hcert, identity, cwt } = makeForeignTokens();
  const at = { currentDate: NOW };
  const sign = (payloadBytes: Uint8Array) =>
    message({ key, payload: '', payloadBytes, header: mapFrom([[4, key.kid]]) });
  const readers: readonly ((bytes: Uint8Array) => Promise<{ readonly ok: boolean }>)[] = [
    (bytes) => verifyHcert(`HC1:${base45(zlib(bytes))}`, keys, at),
    (bytes) => verifyClaim169(base45(zlib(bytes)), keys, at),
    (bytes) => verifyCwt(bytes, keys, { ...at, status: 'not_checked' }),
    (bytes) => verifyHcert(latin1(bytes), keys, at),
  ];
  const payloads = [hcert, identity, cwt];
  const signed = new Set<string>();
  for (const [at, payload] of payloads.entries()) {
    const result = await (readers[at] as (typeof readers)[number])(sign(cbor(payload)));
    must(result.ok, 'the seeds are accepted');
    signed.add(JSON.stringify(result));
  }
  return {
    name: 'profiles',
    seeds: payloads.flatMap((payload, at) => [
      Buffer.concat([Buffer.of(at), cbor(payload)]),
      Buffer.concat([Buffer.of(at + 4), sign(cbor(payload))]),
    ]),
    maxBytes: 1024,
    words: WORDS,
    async run(input) {
      const [choice = 0] = input;
      const [at, isSigned] = [choice % 4, choice % 8 < 3];
      const rest = input.subarray(1);
      const result = await (readers[at] as (typeof readers)[number])(isSigned ? sign(rest) : rest);
      if (!isSigned && result.ok) must(signed.has(JSON.stringify(result)), 'nothing is accepted that was not signed');
    },
  };
}
