import type { Buffer } from 'node:buffer';
import { inflateSync } from 'node:zlib';
import { algorithmOf, type Code, type Message, readCode } from './content.ts';
import { encodeCbor, type IndependentKey, readKey, Unsupported } from './keys.ts';
import { asBytes, asMap, type Item, No, readCbor, readText } from './read.ts';
import { findReplayKey } from './replay.ts';

/** The verdict of the independent reader. */
export type Verdict =
  | { readonly ok: false; readonly check: string }
  | {
      readonly ok: true;
      readonly claims: Readonly<Record<string, unknown>>;
      readonly undisclosed: number | undefined;
      readonly delegate: string | undefined;
      readonly presentedAt: number | undefined;
      readonly replayKey: string;
    };

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
  readonly audience: readonly string[];
  readonly challenge: Buffer | undefined;
  readonly business: string | undefined;
}

interface StatusList {
  readonly issuer: string;
  readonly times: readonly [iat: number, exp: number];
  readonly bits: number;
  readonly bytes: Buffer;
}

function payloadOf(list: Uint8Array): Map<unknown, Item> {
  const parts = readLarge(list.subarray(1)) as Item[];
  return asMap(readLarge(asBytes(parts[2])));
}

/** Lists of the vectors are small enough for the reader of codes. */
function readLarge(bytes: Uint8Array): Item {
  return readCbor(bytes);
}

export function readTrust(list: Uint8Array): Pick<Context, 'issuers' | 'trust'> {
  const claims = payloadOf(list);
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
  const claims = payloadOf(list);
  const map = asMap(claims.get(65_533));
  return {
    issuer: claims.get(1) as string,
    times: [claims.get(6) as number, claims.get(4) as number],
    bits: map.get('bits') as number,
    bytes: inflateSync(asBytes(map.get('lst'))),
  };
}

class Fails extends Error {
  readonly check: string;

  constructor(check: string) {
    super(check);
    this.check = check;
  }
}

function pass(condition: unknown, check: string): asserts condition {
  if (!condition) throw new Fails(check);
}

export function verify(what: string | Uint8Array, context: Context): Verdict {
  let check = 'format';
  try {
    const code = readCode(typeof what === 'string' ? readText(what) : what);
    return judge(code, context, (name) => {
      check = name;
    });
  } catch (error) {
    if (error instanceof Fails) return { ok: false, check: error.check };
    // cbor2 says no by errors of several kinds; after the format nothing but a missing plug-in may be thrown.
    if (check === 'format' || error instanceof Unsupported || error instanceof No) return { ok: false, check };
    throw error;
  }
}

function judge(code: Code, context: Context, begin: (check: string) => void): Verdict {
  const { credential, delegation, shown } = code;
  begin('issuer');
  const issuer = context.issuers.get(credential.issuer);
  pass(issuer, 'issuer');
  const candidates = issuer.keys.filter(({ key }) => key.kid?.equals(credential.kid));
  pass(candidates.length > 0, 'issuer');
  begin('signature');
  const signer = candidates.find(({ key }) => isSigned(key, credential.message));
  pass(signer, 'signature');

  const { times } = signer;
  const at = (key: number) => times.get(key) as number | undefined;
  pass(credential.iat >= (at(1) ?? 0) && credential.iat <= (at(2) ?? Number.MAX_VALUE), 'scope');
  pass(credential.iat < (at(3) ?? Number.MAX_VALUE), 'scope');
  pass(issuer.types.includes('medical-insurance'), 'scope');
  const region = credential.claims['region'] as string;
  pass(
    issuer.regions.some((prefix) => region.startsWith(prefix)),
    'scope',
  );

  begin('binding');
  checkBinding(code, context);
  checkTimes(code, context);

  const allowed = [credential.claims['businessTypes'], delegation?.businessTypes] as (string[] | undefined)[];
  if (context.business)
    pass(
      allowed.every((list) => !list || list.includes(context.business as string)),
      'purpose',
    );
  const lists = checkStatus(code, issuer, context);
  const latest = Math.max(context.trust[0], lists?.times[0] ?? 0);
  pass(context.now + context.skew >= latest, 'freshness');
  pass(context.trust[1] > context.now && (lists?.times[1] ?? Number.MAX_VALUE) > context.now, 'freshness');
  const delegate = delegation?.delegate ?? (credential.claims['delegate'] as { name: string } | undefined);
  return {
    ok: true,
    claims: credential.claims,
    undisclosed: credential.undisclosed,
    delegate: delegate?.name,
    presentedAt: shown?.iat,
    replayKey: findReplayKey(code),
  };
}

function checkBinding({ credential, delegation, shown }: Code, { audience, challenge }: Context): void {
  let { device } = credential;
  if (!device) {
    pass(!delegation && !shown && !challenge, 'binding');
    return;
  }
  pass(shown, 'binding');
  if (delegation) {
    pass(isSigned(device, delegation.message), 'binding');
    const { claims } = credential;
    pass(claims['delegable'] && delegation.exp <= credential.exp, 'binding');
    pass(delegation.exp > credential.iat, 'binding');
    const whole = claims['businessTypes'] as string[] | undefined;
    pass(!whole || !delegation.businessTypes?.some((business) => !whole.includes(business)), 'binding');
    device = delegation.device;
  }
  pass(isSigned(device, shown.message), 'binding');
  pass(shown.audience === '*' || audience.includes(shown.audience), 'binding');
  pass(challenge ? shown.challenge?.equals(challenge) : !shown.challenge, 'binding');
}

function checkTimes({ credential, delegation, shown }: Code, { now, skew }: Context): void {
  const within = (condition: boolean) => pass(condition, 'validity');
  within(credential.iat <= now + skew && (credential.nbf ?? 0) <= now + skew && credential.exp > now - skew);
  if (delegation) within(delegation.iat <= now + skew && delegation.exp > now - skew);
  if (!shown) return;
  const longest = (credential.claims['maxPresentationAgeSeconds'] as number | undefined) ?? 60;
  within(shown.iat <= now + skew && now - shown.iat <= longest + skew);
  for (const { iat, exp } of delegation ? [credential, delegation] : [credential]) {
    within(shown.iat >= iat - skew && shown.iat < exp);
  }
}

function checkStatus({ credential }: Code, issuer: Issuer, { lists }: Context): StatusList | undefined {
  if (!lists || !credential.status) return undefined;
  const [number, index] = credential.status;
  const list = lists.get(`${issuer.base}/${number}`);
  pass(list && list.issuer === credential.issuer, 'status');
  const byte = list.bytes[Math.floor((index * list.bits) / 8)];
  pass(byte !== undefined, 'status');
  pass(((byte >> ((index * list.bits) % 8)) & (2 ** list.bits - 1)) === 0, 'status');
  return list;
}

function isSigned(key: IndependentKey, message: Message): boolean {
  if (algorithmOf(message) !== key.algorithm) return false;
  const structure = ['Signature1', message.protectedBytes, new Uint8Array(), message.payload];
  return key.check(encodeCbor(structure), message.signature);
}
