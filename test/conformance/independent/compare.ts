import { Buffer } from 'node:buffer';
import { isDeepStrictEqual } from 'node:util';
import {
  CHECK_NAMES,
  type StatusList,
  type TrustList,
  verifyCredential,
  verifyStatusList,
  verifyTrustList,
} from '@zhengma/credential-core/verify';
import type { CredentialCase, VectorFile } from '../../vectors/format.ts';
import { cbor } from '../../vectors/make/cbor.ts';
import { STATUS_URI, statusList, trustList } from '../../vectors/make/lists.ts';
import { NOW, NOW_SECONDS, root } from '../../vectors/make/people.ts';
import { makeCode, Random } from './mutate.ts';
import { type Context, readStatusList, readTrust, type Verdict, verify } from './verify.ts';

const fromHex = (hex: string) => Buffer.from(hex, 'hex');

/** What the library holds, and the same read by the independent reader. */
async function prepare(): Promise<{ trust: TrustList; status: Map<string, StatusList>; context: Context }> {
  const [list, entries] = [trustList(), statusList()];
  const verified = await verifyTrustList(list, [cbor(root.coseKey)], { currentDate: NOW });
  if (!verified.ok) throw new Error(verified.code);
  const held = await verifyStatusList(entries, verified.list, { currentDate: NOW, uri: STATUS_URI });
  if (!held.ok) throw new Error(held.code);
  return {
    trust: verified.list,
    status: new Map([[STATUS_URI, held.list]]),
    context: {
      ...readTrust(list),
      lists: new Map([[STATUS_URI, readStatusList(entries)]]),
      now: NOW_SECONDS,
      skew: 60,
      audience: [],
      challenge: undefined,
      business: undefined,
    },
  };
}

/** The library's verdict in the independent reader's form. */
async function ask(what: string | Uint8Array, trust: TrustList, status: Map<string, StatusList>): Promise<Verdict> {
  const result = await verifyCredential(what, trust, { currentDate: NOW, status });
  if (!result.ok) return { ok: false, check: CHECK_NAMES.find((name) => result.checks[name] === 'failed') ?? '' };
  const { credential, delegate, presentation, replay } = result;
  return {
    ok: true,
    claims: { ...credential.claims },
    undisclosed: credential.undisclosed,
    delegate: delegate?.name,
    presentedAt: presentation && presentation.presentedAt.getTime() / 1000,
    replayKey: replay.key,
  };
}

export interface Comparison {
  readonly compared: number;
  readonly accepted: number;
  /** How many failed at each check: how deep the codes went. */
  readonly checks: ReadonlyMap<string, number>;
  readonly differences: readonly string[];
}

/**
 * Asks both about `count` codes. They agree when both accept and read the same claims, presenter, time and replay key, or both refuse at the
 * same check.
 */
export async function compareDecoders(count: number, seed: number): Promise<Comparison> {
  const { trust, status, context } = await prepare();
  const random = new Random(seed);
  const checks = new Map<string, number>();
  const differences: string[] = [];
  for (let i = 0; i < count; i++) {
    const code = makeCode(random);
    const [ours, theirs] = [await ask(code, trust, status), verify(code, context)];
    const name = ours.ok ? 'accepted' : ours.check;
    checks.set(name, (checks.get(name) ?? 0) + 1);
    if (isDeepStrictEqual(ours, theirs)) continue;
    const shown = typeof code === 'string' ? code : Buffer.from(code).toString('hex');
    differences.push(`library ${JSON.stringify(ours)}, independent ${JSON.stringify(theirs)}: ${shown}`);
  }
  return { compared: count, accepted: checks.get('accepted') ?? 0, checks, differences };
}

/** The independent reader's answer to a vector: the replay key, or the check that failed. */
export function judgeVector(file: VectorFile, vector: CredentialCase): { replayKey: string } | { check: string } {
  const { options = {}, text, bytes } = vector;
  const sets = file.lists[vector.lists];
  const verdict = verify(text ?? fromHex(bytes ?? ''), {
    ...readTrust(fromHex(file.trust[vector.trust]?.list ?? '')),
    lists: sets && new Map(Object.entries(sets.lists).map(([uri, list]) => [uri, readStatusList(fromHex(list))])),
    now: new Date(vector.now).getTime() / 1000,
    skew: options.clockSkewSeconds ?? 60,
    audience: options.audience ?? [],
    challenge: options.challenge === undefined ? undefined : fromHex(options.challenge),
    business: options.businessType,
  });
  return verdict.ok ? { replayKey: verdict.replayKey } : { check: verdict.check };
}
