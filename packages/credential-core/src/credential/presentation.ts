import type { CborValue } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { allowKeys, asText, decodeCborMap } from '../cbor/expect.ts';
import { CLAIM, CONTENT_FORMAT } from '../cose/headers.ts';
import { decodeNumericDate, encodeNumericDate } from '../cose/numeric-date.ts';
import { type BoundHeader, readBoundHeader } from '../cose/profile-header.ts';
import type { Sign1 } from '../cose/sign1.ts';
import { CODE_LIMITS } from '../limits.ts';
import { isPrintable } from '../printable.ts';
import { malformed, Refusal, requireReadable } from '../result.ts';
import type { CredentialPayload } from './payload.ts';

/**
 * A presentation: what a device signs, again every half minute, over the credential that it shows. The key binding token of
 * draft-ietf-spice-sd-cwt.
 */

/** The audience of a presentation that any verifier may accept; a code on a screen cannot know who will scan it. */
export const ANY_AUDIENCE = '*';

/** Where the issuer does not say it. */
const DEFAULT_MAX_AGE_SECONDS = 60;

const MAX_AUDIENCE_LENGTH = 64;
const CHALLENGE_BYTES = { least: 8, most: 64 } as const;

/** What a presentation says. */
export interface PresentationContent {
  /** `iat`, whole seconds by the device’s clock. */
  readonly presentedAt: Date;
  /** The verifier that it is meant for, or `*`. */
  readonly audience: string;
  /** The verifier's challenge, where there was one. */
  readonly challenge?: Uint8Array;
}

/** A presentation taken apart; nothing in it is verified. */
export interface OpenedPresentation extends BoundHeader {
  readonly message: Sign1;
  readonly content: PresentationContent;
}

const TOP_LEVEL = new Set<number>([CLAIM.aud, CLAIM.iat, CLAIM.cnonce]);

/** @throws Refusal `malformed` or `unsupported_algorithm` */
export function openPresentation(message: Sign1): OpenedPresentation {
  const header = readBoundHeader(message, CONTENT_FORMAT.kbCwt);
  return { message, ...header, content: decodePresentation(message.payload) };
}

function decodePresentation(bytes: Uint8Array): PresentationContent {
  const claims = decodeCborMap(bytes, CODE_LIMITS);
  allowKeys(claims, TOP_LEVEL, 'presentation');
  const presentedAt = decodeNumericDate(claims.get(CLAIM.iat), 'presentation: iat');
  const audience = asText(claims.get(CLAIM.aud), 'presentation: aud is no text');
  checkAudience(audience);
  const challenge = claims.get(CLAIM.cnonce);
  if (challenge === undefined) return { presentedAt, audience };
  if (!isChallenge(challenge)) throw malformed('presentation: cnonce is not 8 to 64 bytes');
  return { presentedAt, audience, challenge };
}

function checkAudience(audience: string): void {
  if (!isPrintable(audience, MAX_AUDIENCE_LENGTH)) throw malformed('presentation: aud has a wrong form');
}

/** @throws CredentialError `ERR_INVALID_CONTENT` naming what is wrong */
export function encodePresentation({ presentedAt, audience, challenge }: PresentationContent): Uint8Array {
  // As it is: half a character would be encoded as another one.
  requireReadable(() => checkAudience(audience));
  const claims = new Map<number, CborValue>([
    [CLAIM.aud, audience],
    [CLAIM.iat, encodeNumericDate(presentedAt, 'currentDate')],
  ]);
  if (challenge) claims.set(CLAIM.cnonce, challenge);
  const payload = encodeCbor(claims);
  requireReadable(() => decodePresentation(payload));
  return payload;
}

/** Whether this can be a verifier's challenge: 8 to 64 bytes. */
export function isChallenge(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length >= CHALLENGE_BYTES.least && value.length <= CHALLENGE_BYTES.most;
}

/** How old a presentation of this credential may be, in seconds. */
export function getMaxAgeSeconds({ claims }: CredentialPayload): number {
  return claims.maxPresentationAgeSeconds ?? DEFAULT_MAX_AGE_SECONDS;
}

/**
 * Whether a presentation is of now. Who shows an old one shows a copy.
 *
 * @throws Refusal `presentation_in_future` or `presentation_expired`
 */
export function checkPresentationAge(
  { presentedAt }: PresentationContent,
  credential: CredentialPayload,
  delegation: { readonly issuedAt: Date; readonly expiresAt: Date } | undefined,
  currentDate: Date,
  skewSeconds: number,
): void {
  const skew = skewSeconds * 1000;
  const age = currentDate.getTime() - presentedAt.getTime();
  if (age < -skew)
    throw new Refusal('presentation_in_future', 'presented in the future: one of the two clocks is wrong');
  if (age > getMaxAgeSeconds(credential) * 1000 + skew) {
    throw new Refusal('presentation_expired', 'an old presentation: a copy, or a code that was not renewed');
  }
  // draft-ietf-spice-sd-cwt: a presentation is made within the time of what it presents.
  const { issuedAt, notBefore = issuedAt, expiresAt } = credential;
  const begins = new Date(Math.max(issuedAt.getTime(), notBefore.getTime()));
  for (const presented of [{ issuedAt: begins, expiresAt }, ...(delegation ? [delegation] : [])]) {
    if (presentedAt.getTime() < presented.issuedAt.getTime() - skew || presentedAt >= presented.expiresAt) {
      throw new Refusal('presentation_expired', 'presented outside the time of what it presents');
    }
  }
}
