import { Buffer } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import {
  CHECK_NAMES,
  type StatusList,
  type TrustList,
  type VerifyOptions,
  verifyCredential,
  verifyStatusList,
  verifyTrustList,
} from '@zhengma/credential-core/verify';
import { cbor, type Plain } from '../../vectors/make/cbor.ts';
import {
  compromisedKey,
  DEFAULT_ISSUERS,
  formerKey,
  p256Key,
  STATUS_URI,
  statusClaims,
  statusList,
  trustClaims,
  trustedIssuer,
  trustedKey,
  trustList,
} from '../../vectors/make/lists.ts';
import { DAY, EXP, HOUR, IAT, issuer, NOW, NOW_SECONDS, root } from '../../vectors/make/people.ts';
import { AUDIENCES, CHALLENGES, makeCode, Random } from './mutate.ts';
import { type Context, readStatusList, readTrust, type Verdict, verify } from './verify.ts';

type Lists = ReadonlyMap<string, StatusList>;

/** What a verifier may hold: the same for the library and read by the independent reader. */
interface Holding {
  readonly trust: TrustList;
  readonly lists: Lists;
  readonly read: Pick<Context, 'issuers' | 'trust' | 'lists'>;
}

/** Issuers of other regions and types, and keys that are no longer in force. */
const OTHER_ISSUERS: readonly Plain[] = [
  trustedIssuer('370200', [trustedKey(issuer, [[3, NOW_SECONDS + 1]]), trustedKey(formerKey)], [[4, ['37', '1101']]]),
  trustedIssuer('110000', [trustedKey(compromisedKey)], [[4, ['11']]]),
  trustedIssuer('440300', [trustedKey(p256Key, [[2, NOW_SECONDS]])], [[4, ['3702']]]),
];

async function makeHoldings(): Promise<readonly Holding[]> {
  const old: readonly (readonly [Plain, Plain])[] = [
    [IAT, NOW_SECONDS - 2 * DAY],
    [EXP, NOW_SECONDS - DAY],
  ];
  return Promise.all([
    hold(trustList(), statusList()),
    hold(trustList(trustClaims([], [[1, OTHER_ISSUERS]])), statusList()),
    hold(trustList(trustClaims(old)), statusList()),
    hold(trustList(), statusList(statusClaims(old))),
    hold(trustList(trustClaims([], [[1, DEFAULT_ISSUERS.slice(1)]])), undefined),
  ]);
}

async function hold(list: Uint8Array, entries: Uint8Array | undefined): Promise<Holding> {
  const verified = await verifyTrustList(list, [cbor(root.coseKey)], { currentDate: NOW });
  if (!verified.ok) throw new Error(verified.code);
  if (!entries) return { trust: verified.list, lists: new Map(), read: { ...readTrust(list), lists: new Map() } };
  const held = await verifyStatusList(entries, verified.list, { currentDate: NOW, uri: STATUS_URI });
  if (!held.ok) throw new Error(held.code);
  return {
    trust: verified.list,
    lists: new Map([[STATUS_URI, held.list]]),
    read: { ...readTrust(list), lists: new Map([[STATUS_URI, readStatusList(entries)]]) },
  };
}

/** Seconds from the instant of most codes: each side of every limit. */
const MOMENTS = [-HOUR - 61, -HOUR - 60, -600, -61, -60, -0.5, 0, 0, 1, 59, 60, 61, 120, 121, 660, 661].concat([
  HOUR / 2,
  HOUR / 2 + 60,
  HOUR - 1,
  HOUR,
  HOUR + 59.5,
  HOUR + 60,
  DAY - 1,
  DAY,
  DAY + 1,
  9 * DAY,
]);

/** Half of the codes are asked about as most verifiers would, so that they get past the first checks. */
function chooseOptions(random: Random, { lists }: Holding): VerifyOptions {
  const isUsual = random.chance(50);
  const vary = <T>(usual: T, values: readonly T[]) => (isUsual || random.chance(50) ? usual : random.pick(values));
  const audience = vary<string | readonly string[] | undefined>(AUDIENCES, [undefined, [], ...AUDIENCES]);
  const challenge = vary<Uint8Array | undefined>(undefined, CHALLENGES);
  const businessType = vary<string | undefined>(undefined, ['01101', '01301', '00000', '99999']);
  const clockSkewSeconds = vary<number | undefined>(undefined, [0, 1, 60, 600]);
  const maxStaleSeconds = vary<number | undefined>(undefined, [0, HOUR, 30 * DAY]);
  return {
    currentDate: new Date(NOW.getTime() + vary(0, MOMENTS) * 1000),
    status: vary<Lists | 'not_checked'>(lists, ['not_checked', new Map()]),
    ...(audience !== undefined && { audience }),
    ...(challenge !== undefined && { challenge }),
    ...(businessType !== undefined && { businessType }),
    ...(clockSkewSeconds !== undefined && { clockSkewSeconds }),
    ...(maxStaleSeconds !== undefined && { maxStaleSeconds }),
  };
}

function readOptions({ read }: Holding, options: VerifyOptions): Context {
  const { audience = [], challenge, businessType, status } = options;
  const isEmpty = status !== 'not_checked' && [...status.keys()].length === 0;
  return {
    ...read,
    lists: status === 'not_checked' ? undefined : isEmpty ? new Map() : read.lists,
    now: options.currentDate.getTime() / 1000,
    skew: options.clockSkewSeconds ?? 60,
    stale: options.maxStaleSeconds ?? 7 * DAY,
    audience: typeof audience === 'string' ? [audience] : audience,
    challenge: challenge && Buffer.from(challenge),
    business: businessType,
  };
}

/** The library's verdict in the form of the vectors' `expect`. */
async function ask(what: string | Uint8Array, trust: TrustList, options: VerifyOptions): Promise<Verdict> {
  const result = await verifyCredential(what, trust, options);
  if (!result.ok) {
    const check = CHECK_NAMES.find((name) => result.checks[name] === 'failed') ?? '';
    return { ok: false, code: result.code, check, conclusive: result.conclusive };
  }
  const { bearer, status, credential, delegate, presentation, replay } = result;
  const { claims, undisclosed } = credential;
  const verdict = { ok: true, bearer, status, claims, replayKey: replay.key, undisclosed, delegate, presentation };
  return JSON.parse(JSON.stringify(verdict)) as Verdict;
}

export interface Comparison {
  readonly compared: number;
  readonly accepted: number;
  /** How often each code was said: how deep it went. */
  readonly codes: ReadonlyMap<string, number>;
  readonly differences: readonly string[];
}

/**
 * Asks both about `count` codes, each with lists and options chosen at random. They agree when all that they say is the same: what
 * was read and by whom it was shown, or the code, the check that failed and whether the answer is conclusive.
 */
export async function compareDecoders(count: number, seed: number): Promise<Comparison> {
  const holdings = await makeHoldings();
  const random = new Random(seed);
  const codes = new Map<string, number>();
  const differences: string[] = [];
  for (let i = 0; i < count; i++) {
    const code = makeCode(random);
    const holding = random.chance(70) ? (holdings[0] as Holding) : random.pick(holdings);
    const options = chooseOptions(random, holding);
    const [ours, theirs] = [await ask(code, holding.trust, options), verify(code, readOptions(holding, options))];
    const name = ours.ok ? 'accepted' : ours.code;
    codes.set(name, (codes.get(name) ?? 0) + 1);
    if (isDeepStrictEqual(ours, theirs)) continue;
    const shown = typeof code === 'string' ? code : Buffer.from(code).toString('hex');
    const asked = JSON.stringify({ ...options, challenge: options.challenge && Buffer.from(options.challenge) });
    differences.push(`library ${JSON.stringify(ours)}, independent ${JSON.stringify(theirs)}: ${asked} ${shown}`);
  }
  return { compared: count, accepted: codes.get('accepted') ?? 0, codes, differences };
}
