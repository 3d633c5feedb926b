import type { Buffer } from 'node:buffer';
import { inflateSync } from 'node:zlib';
import type { CredentialFailure, CredentialSuccess } from '../../vectors/format.ts';
import { algorithmOf, type Code, type Message, readCode } from './content.ts';
import { encodeCbor, type IndependentKey, readKey, Unsupported } from './keys.ts';
import { asBytes, asMap, type Item, No, need, readCbor, readText } from './read.ts';
import { findReplayKey } from './replay.ts';

/** The verdict of the independent reader, in the form of the vectors' `expect`. */
export type Verdict = CredentialSuccess | CredentialFailure;

interface Issuer {
  readonly keys: readonly { readonly key: IndependentKey; readonly times: Map<unknown, Item> }[];
  readonly types: readonly string[];
  readonly regions: readonly string[];
  readonly base: string;
}

/** What a verifier holds; lists are taken as they are, since what is compared is the codes. */
export interface Context {
  readonly issuers: ReadonlyMap<string, Issuer>;
  readonly trust: readonly [iat: number, exp: number];
  readonly lists: ReadonlyMap<string, StatusList> | undefined;
  readonly now: number;
  readonly skew: number;
  readonly stale: number;
  readonly audience: readonly string[];
  readonly challenge: Buffer | undefined;
  readonly business: string | undefined;
}

export interface StatusList {
  readonly issuer: string;
  readonly kid: Buffer;
  readonly times: readonly [iat: number, exp: number];
  readonly bits: number;
  readonly bytes: Buffer;
}

/** Lists of the vectors are small enough for the reader of codes. */
export function readList(list: Uint8Array): { header: Map<unknown, Item>; claims: Map<unknown, Item> } {
  const [header, , payload] = readCbor(list.subarray(1)) as Item[];
  return { header: asMap(readCbor(asBytes(header))), claims: asMap(readCbor(asBytes(payload))) };
}

export function readTrust(list: Uint8Array): Pick<Context, 'issuers' | 'trust'> {
  const { claims } = readList(list);
  const entries = asMap(claims.get(-65_538)).get(1) as Map<unknown, Item>[];
  const issuers = entries.map((entry): [string, Issuer] => [
    entry.get(0) as string,
    {
      keys: (entry.get(2) as Map<unknown, Item>[]).map((times) => ({
        key: readKey(asMap(readCbor(asBytes(times.get(0))))),
        times,
      })),
      types: entry.get(3) as string[],
      regions: entry.get(4) as string[],
      base: entry.get(5) as string,
    },
  ]);
  return { issuers: new Map(issuers), trust: [claims.get(6) as number, claims.get(4) as number] };
}

export function readStatusList(list: Uint8Array): StatusList {
  const { header, claims } = readList(list);
  const map = asMap(claims.get(65_533));
  return {
    issuer: claims.get(1) as string,
    kid: asBytes(header.get(4)),
    times: [claims.get(6) as number, claims.get(4) as number],
    bits: map.get('bits') as number,
    bytes: inflateSync(asBytes(map.get('lst'))),
  };
}

/** docs/format.md §10: what was found out so far decides whether a failure is the last word. */
export function verify(what: string | Uint8Array, context: Context): Verdict {
  const story: Story = { check: 'format', list: undefined };
  try {
    const code = readCode(typeof what === 'string' ? readText(what) : what);
    return judge(code, context, story);
  } catch (error) {
    const { check } = story;
    const code = codeOf(error, check);
    return { ok: false, code, check, conclusive: isConclusive(code, story, context) };
  }
}

interface Story {
  check: string;
  /** The status list that the credential names, where it is held and believed. */
  list: StatusList | undefined;
}

function codeOf(error: unknown, check: string): string {
  if (error instanceof No) return error.code;
  if (error instanceof Unsupported) return 'unsupported_algorithm';
  // cbor2 says no by errors of several kinds; after the format nothing else may be thrown.
  if (check === 'format') return 'malformed';
  throw error;
}

const pass = (condition: unknown, code: string) => need(condition, code, code);

function isConclusive(code: string, { list }: Story, { now, trust, stale }: Context): boolean {
  if (code === 'clock_behind') return false;
  const ends = [trust[1], ...(list ? [list.times[1]] : [])];
  const isOfList = ['status_unknown', 'trust_list_stale', 'status_list_stale'].includes(code);
  const isOfTrust = ['unknown_issuer', 'unknown_key'].includes(code) && now >= trust[1];
  return !(isOfList || isOfTrust) || ends.some((end) => now - end > stale);
}

function judge(code: Code, context: Context, story: Story): CredentialSuccess {
  const { credential, shown } = code;
  story.check = 'issuer';
  const issuer = context.issuers.get(credential.issuer);
  if (!issuer) throw new No('unknown_issuer', 'issuer');
  const candidates = issuer.keys.filter(({ key }) => key.kid?.equals(credential.kid));
  pass(candidates.length > 0, 'unknown_key');
  story.check = 'signature';
  const signer = candidates.find(({ key }) => isSigned(key, credential.message));
  if (!signer) throw new No('bad_signature', 'signature');
  story.list = findList(code, issuer, context);

  story.check = 'scope';
  const why = whyNotInForce(signer.times, credential.iat);
  pass(!why, why ?? '');
  pass(issuer.types.includes('medical-insurance'), 'type_not_allowed');
  const region = credential.claims['region'] as string;
  pass(
    issuer.regions.some((prefix) => region.startsWith(prefix)),
    'region_not_allowed',
  );
  story.check = 'binding';
  checkBinding(code, context);
  story.check = 'validity';
  checkTimes(code, context, story);

  const delegate = describeDelegate(code);
  if (context.business !== undefined) {
    story.check = 'purpose';
    const allowed = [credential.claims['businessTypes'] as string[] | undefined, delegate?.businessTypes];
    pass(
      allowed.every((list) => !list || list.includes(context.business as string)),
      'business_not_allowed',
    );
  }
  const status = checkStatus(code, context, story);
  story.check = 'freshness';
  pass(!isClockBehind(context, story), 'clock_behind');
  pass(context.trust[1] > context.now, 'trust_list_stale');
  pass((story.list?.times[1] ?? Number.MAX_VALUE) > context.now, 'status_list_stale');
  return {
    ok: true,
    bearer: !credential.device,
    status,
    claims: credential.claims,
    replayKey: findReplayKey(code),
    ...(credential.undisclosed !== undefined && { undisclosed: credential.undisclosed }),
    ...(delegate && { delegate }),
    ...(shown && {
      presentation: {
        presentedAt: instant(shown.iat),
        audience: shown.audience,
        challenged: shown.challenge !== undefined,
      },
    }),
  };
}

const instant = (seconds: number) => new Date(seconds * 1000).toISOString();

function describeDelegate({ credential, delegation }: Code): CredentialSuccess['delegate'] {
  const named = credential.claims['delegate'] as { name: string; relation: string } | undefined;
  const delegate = delegation?.delegate ?? named;
  if (!delegate) return undefined;
  const businessTypes = delegation?.businessTypes ?? (credential.claims['businessTypes'] as string[] | undefined);
  return {
    ...delegate,
    grantedBy: delegation ? 'holder' : 'issuer',
    expiresAt: instant((delegation ?? credential).exp),
    ...(businessTypes && { businessTypes }),
  };
}

/** Not before, not after, compromised since. */
function whyNotInForce(times: Map<unknown, Item>, iat: number): string | undefined {
  const [from, to, since] = [1, 2, 3].map((key) => times.get(key) as number | undefined);
  if (iat < (from ?? 0) || iat > (to ?? Number.MAX_VALUE)) return 'key_not_valid';
  return iat >= (since ?? Number.MAX_VALUE) ? 'key_compromised' : undefined;
}

function checkBinding({ credential, delegation, shown }: Code, { audience, challenge }: Context): void {
  let { device } = credential;
  if (!device) {
    pass(!delegation && !shown, 'malformed');
    pass(!challenge, 'wrong_challenge');
    return;
  }
  if (!shown) throw new No('not_presented', 'a copy');
  if (delegation) {
    pass(isSigned(device, delegation.message), 'bad_delegation');
    const whole = credential.claims['businessTypes'] as string[] | undefined;
    pass(
      credential.claims['delegable'] &&
        delegation.exp <= credential.exp &&
        delegation.exp > credential.iat &&
        (!whole || !delegation.businessTypes?.some((business) => !whole.includes(business))),
      'delegation_not_allowed',
    );
    device = delegation.device;
  }
  pass(isSigned(device, shown.message), 'bad_presentation');
  pass(shown.audience === '*' || audience.includes(shown.audience), 'wrong_audience');
  pass(challenge ? shown.challenge?.equals(challenge) : !shown.challenge, 'wrong_challenge');
}

function checkTimes({ credential, delegation, shown }: Code, context: Context, story: Story): void {
  const { now, skew } = context;
  const reached = (time: number, code: string) => {
    if (time > now + skew) throw new No(isClockBehind(context, story) ? 'clock_behind' : code, 'of the future');
  };
  reached(credential.iat, 'issued_in_future');
  reached(credential.nbf ?? 0, 'not_yet_valid');
  pass(credential.exp > now - skew, 'expired');
  if (delegation) {
    reached(delegation.iat, 'issued_in_future');
    pass(delegation.exp > now - skew, 'delegation_expired');
  }
  if (!shown) return;
  reached(shown.iat, 'presentation_in_future');
  const longest = (credential.claims['maxPresentationAgeSeconds'] as number | undefined) ?? 60;
  pass(now - shown.iat <= longest + skew, 'presentation_expired');
  pass(shown.iat >= (credential.nbf ?? 0) - skew, 'presentation_expired');
  for (const { iat, exp } of delegation ? [credential, delegation] : [credential]) {
    pass(shown.iat >= iat - skew && shown.iat < exp, 'presentation_expired');
  }
}

function isClockBehind({ now, skew, trust }: Context, { list }: Story): boolean {
  return now + skew < Math.max(trust[0], list?.times[0] ?? 0);
}

/** Believed while the trust list of today believes its signer. */
function findList({ credential }: Code, issuer: Issuer, { lists }: Context): StatusList | undefined {
  const list = credential.status && lists?.get(`${issuer.base}/${credential.status[0]}`);
  if (!list || list.issuer !== credential.issuer) return undefined;
  const isBelieved = issuer.keys.some(
    ({ key, times }) => key.kid?.equals(list.kid) && !whyNotInForce(times, list.times[0]),
  );
  return isBelieved ? list : undefined;
}

function checkStatus({ credential }: Code, { lists }: Context, story: Story): CredentialSuccess['status'] {
  if (!lists) return 'not_checked';
  story.check = 'status';
  if (!credential.status) return 'not_revocable';
  const { list } = story;
  const bit = credential.status[1] * (list?.bits ?? 1);
  const byte = list?.bytes[Math.floor(bit / 8)];
  if (!list || byte === undefined) throw new No('status_unknown', 'no list');
  const value = (byte >> (bit % 8)) & (2 ** list.bits - 1);
  pass(value !== 1, 'revoked');
  pass(value !== 2, 'suspended');
  pass(value === 0, 'status_unknown');
  return 'valid';
}

function isSigned(key: IndependentKey, message: Message): boolean {
  if (algorithmOf(message) !== key.algorithm) return false;
  const structure = ['Signature1', message.protectedBytes, new Uint8Array(), message.payload];
  return key.check(encodeCbor(structure), message.signature);
}
