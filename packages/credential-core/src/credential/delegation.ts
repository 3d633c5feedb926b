import type { CborValue } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { allowKeys, asMap, decodeCborMap } from '../cbor/expect.ts';
import { CLAIM } from '../cose/headers.ts';
import { decodeNumericDate, encodeNumericDate } from '../cose/numeric-date.ts';
import { type BoundHeader, readBoundHeader } from '../cose/profile-header.ts';
import type { Sign1 } from '../cose/sign1.ts';
import { CredentialError } from '../errors.ts';
import type { PublicKey } from '../keys/cose-key.ts';
import { CODE_LIMITS } from '../limits.ts';
import { malformed, Refusal, requireReadable } from '../result.ts';
import { type Delegate, FIELDS } from './fields.ts';
import { type CredentialPayload, readConfirmation, writeConfirmation } from './payload.ts';

/** The media type in a delegation's `typ` header. */
export const DELEGATION_TYPE = 'application/zhengma-delegation+cwt';

/** What a holder signs to let somebody else present a credential. */
export interface DelegationContent {
  /** Who may present; the name is masked. */
  readonly delegate: Delegate;
  /** What the delegate may use the code for; absent means all that the credential may be used for. */
  readonly businessTypes?: readonly string[];
  /** `iat`, whole seconds by the holder’s clock. */
  readonly issuedAt: Date;
  /** `exp`, whole seconds; never after the credential’s own. */
  readonly expiresAt: Date;
  /** The key that signs the delegate’s presentations. */
  readonly delegateKey: PublicKey;
}

/** A delegation taken apart; nothing in it is verified. */
export interface OpenedDelegation extends BoundHeader {
  readonly message: Sign1;
  readonly content: DelegationContent;
}

const [DELEGATE, BUSINESS_TYPES] = (['delegate', 'businessTypes'] as const).map(
  (name) => FIELDS.find((field) => field.name === name) as (typeof FIELDS)[number],
) as [(typeof FIELDS)[number], (typeof FIELDS)[number]];

const TOP_LEVEL = new Set<number>([CLAIM.exp, CLAIM.iat, CLAIM.cnf, CLAIM.credential]);
const MAP_KEYS = new Set<number>([DELEGATE.key, BUSINESS_TYPES.key]);

/** @throws Refusal `malformed` or `unsupported_algorithm` */
export function openDelegation(message: Sign1): OpenedDelegation {
  const header = readBoundHeader(message, DELEGATION_TYPE);
  return { message, ...header, content: decodeDelegation(message.payload) };
}

function decodeDelegation(bytes: Uint8Array): DelegationContent {
  const claims = decodeCborMap(bytes, CODE_LIMITS);
  allowKeys(claims, TOP_LEVEL, 'delegation');
  const issuedAt = decodeNumericDate(claims.get(CLAIM.iat), 'delegation: iat');
  const expiresAt = decodeNumericDate(claims.get(CLAIM.exp), 'delegation: exp');
  if (expiresAt <= issuedAt) throw malformed('delegation: exp is not after iat');
  const map = asMap(claims.get(CLAIM.credential), 'delegation: the map is missing');
  allowKeys(map, MAP_KEYS, 'delegation');
  const delegate = DELEGATE.decode(map.get(DELEGATE.key) ?? null) as Delegate | undefined;
  if (!delegate) throw malformed('delegation: delegate has a wrong form');
  const raw = map.get(BUSINESS_TYPES.key);
  const businessTypes = raw === undefined ? undefined : (BUSINESS_TYPES.decode(raw) as readonly string[] | undefined);
  if (raw !== undefined && !businessTypes) throw malformed('delegation: businessTypes has a wrong form');
  return {
    delegate,
    issuedAt,
    expiresAt,
    delegateKey: readConfirmation(claims.get(CLAIM.cnf)),
    ...(businessTypes && { businessTypes }),
  };
}

/** @throws CredentialError `ERR_INVALID_CONTENT` naming what is wrong, never its value */
export function encodeDelegation(content: DelegationContent): Uint8Array {
  const delegate = DELEGATE.encode(content.delegate);
  if (delegate === undefined) throw new CredentialError('ERR_INVALID_CONTENT', 'delegate has a wrong form');
  const map = new Map<number, CborValue>([[DELEGATE.key, delegate]]);
  if (content.businessTypes !== undefined) {
    const businessTypes = BUSINESS_TYPES.encode(content.businessTypes);
    if (businessTypes === undefined) throw new CredentialError('ERR_INVALID_CONTENT', 'businessTypes has a wrong form');
    map.set(BUSINESS_TYPES.key, businessTypes);
  }
  const payload = encodeCbor(
    new Map<number, CborValue>([
      [CLAIM.exp, encodeNumericDate(content.expiresAt, 'expiresAt')],
      [CLAIM.iat, encodeNumericDate(content.issuedAt, 'currentDate')],
      [CLAIM.cnf, writeConfirmation(content.delegateKey)],
      [CLAIM.credential, map],
    ]),
  );
  requireReadable(() => decodeDelegation(payload));
  return payload;
}

/**
 * Whether the credential lets its holder delegate it, and the delegation stays within the credential.
 *
 * @throws Refusal `delegation_not_allowed`
 */
export function checkDelegationScope(delegation: DelegationContent, credential: CredentialPayload): void {
  const refuse = (detail: string) => new Refusal('delegation_not_allowed', detail);
  const { claims } = credential;
  if (!claims.delegable) throw refuse('the issuer does not let the holder delegate this credential');
  if (delegation.expiresAt > credential.expiresAt) throw refuse('the delegation lasts longer than the credential');
  if (delegation.expiresAt <= credential.issuedAt) throw refuse('the delegation ended before the credential began');
  if (delegation.businessTypes?.some((business) => claims.businessTypes?.includes(business) === false)) {
    throw refuse('the delegation allows business that the credential does not');
  }
}

/**
 * Whether the delegation is within its time.
 *
 * @throws Refusal `issued_in_future` or `delegation_expired`
 */
export function checkDelegationTime(delegation: DelegationContent, currentDate: Date, skewSeconds: number): void {
  const [now, skew] = [currentDate.getTime(), skewSeconds * 1000];
  if (delegation.issuedAt.getTime() > now + skew) {
    throw new Refusal('issued_in_future', 'the delegation is of the future: one of the two clocks is wrong');
  }
  if (delegation.expiresAt.getTime() <= now - skew) {
    throw new Refusal('delegation_expired', 'the delegation has expired');
  }
}
