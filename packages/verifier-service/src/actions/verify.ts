import {
  peekCredential,
  type StatusList,
  type TrustList,
  type VerificationResult,
  type VerifyOptions,
  verifyCredential,
} from '@zhengma/credential-core/verify';
import { ServiceError } from '../errors.ts';
import { inSpan } from '../tracing/spans.ts';
import type { ActionDeps } from './deps.ts';
import { listRoots, publishStatusList, publishTrustList } from './publish-lists.ts';

const QR_PREFIX = 'ZM1:';

/** What the one who asks expects of the code. */
export type Expectation = Pick<VerifyOptions, 'businessType' | 'audience' | 'challenge'>;

/** A verdict, when it was given and by which trust list of this service. */
export interface Verification {
  readonly result: VerificationResult;
  readonly verifiedAt: Date;
  readonly trustList: Pick<TrustList, 'publisher' | 'sequence'>;
}

/** Verifies a QR text against the lists of this service. A credential that is not valid is an answer, not an exception. */
export function verifyText(text: string, expectation: Expectation, deps: ActionDeps): Promise<Verification> {
  return inSpan('verify', async (span) => {
    const verification = await verifyByKept(text, expectation, deps);
    const { result } = verification;
    span.setAttributes({ 'zhengma.outcome': result.ok ? 'valid' : result.code });
    return verification;
  });
}

/** By the lists that are kept, if those say all. */
async function verifyByKept(text: string, expectation: Expectation, deps: ActionDeps): Promise<Verification> {
  const { inForce, store } = deps;
  const kept = store.changes && inForce.asOf(store.changes.mark(), deps.currentDate());
  if (kept?.trust) {
    const verification = await verifyBy({ trust: kept.trust, status: kept.status }, text, expectation, deps);
    // Any other answer would be the same with one more list.
    if (verification.result.ok || verification.result.code !== 'status_unknown') return verification;
  }
  const trust = await inForce.shareTrustList(() => readTrustList(deps));
  const status = await findStatusList(text, trust, deps);
  if (kept) {
    kept.trust = trust;
    for (const [uri, list] of status) kept.status.set(uri, list);
  }
  return verifyBy({ trust, status }, text, expectation, deps);
}

async function verifyBy(
  { trust, status }: { trust: TrustList; status: ReadonlyMap<string, StatusList> },
  text: string,
  expectation: Expectation,
  deps: ActionDeps,
): Promise<Verification> {
  const verifiedAt = deps.currentDate();
  const result = await verifyCredential(text, trust, { ...expectation, currentDate: verifiedAt, status });
  return { result, verifiedAt, trustList: trust };
}

/**
 * The one QR text of a PNG, JPEG or WebP picture; a Zhengma code is preferred to others beside it. Throws `ServiceError`:
 * what `ImageReader.read` throws, `no_code_found`, and `several_codes` when it cannot be told which person's code is meant.
 */
export async function readCode(
  bytes: Uint8Array,
  operator: string,
  { images }: Pick<ActionDeps, 'images'>,
): Promise<string> {
  const texts = await images.read(bytes, operator);
  const own = texts.filter((text) => text.startsWith(QR_PREFIX));
  const [code, another] = own.length > 0 ? own : texts;
  if (code === undefined) throw new ServiceError('no_code_found', 'There is no readable QR code in the image.');
  if (another !== undefined)
    throw new ServiceError('several_codes', 'There are several QR codes in the image: send one.');
  return code;
}

/** What the code says about itself is unverified here: it only chooses which list to hold ready. */
async function findStatusList(
  text: string,
  trust: TrustList,
  deps: ActionDeps,
): Promise<ReadonlyMap<string, StatusList>> {
  const peeked = peekCredential(text);
  if (!peeked.ok || !peeked.unverified.status) return new Map();
  try {
    const { list } = peeked.unverified.status;
    const status = await deps.inForce.shareStatusList(list, () => readStatusList(list, trust, deps));
    return new Map([[status.uri, status]]);
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'status_list_not_found') return new Map();
    throw error;
  }
}

async function readTrustList(deps: ActionDeps): Promise<TrustList> {
  const [root] = await listRoots(deps);
  const published = await publishTrustList(deps);
  return deps.inForce.readTrustList(published, root as Uint8Array, deps.currentDate());
}

async function readStatusList(id: number, trust: TrustList, deps: ActionDeps): Promise<StatusList> {
  const signed = await publishStatusList(id, deps);
  return deps.inForce.readStatusList(signed, trust, signed.uri, deps.currentDate());
}
