import { decodeWellFormedCbor } from '../cbor/decode-well-formed.ts';
import { asMap, asText } from '../cbor/expect.ts';
import type { CborMap, CborValue } from '../cbor/value.ts';
import { CLAIM } from '../cose/headers.ts';
import { LATEST_SECONDS } from '../cose/numeric-date.ts';
import type { CborLimits } from '../limits.ts';
import { malformed } from '../result.ts';
import { readEach } from './read-each.ts';

/** The registered claims of a CWT (RFC 8392 §3.1) that the profiles look at; all are optional there. */
export interface CwtClaims {
  /** `iss` (1). */
  readonly issuer?: string;
  /** `sub` (2). */
  readonly subject?: string;
  /** `exp` (4), may have a fraction of a second; from then on the token is `expired`. */
  readonly expiresAt?: Date;
  /** `nbf` (5): before then it is `not_yet_valid`. */
  readonly notBefore?: Date;
  /** `iat` (6). */
  readonly issuedAt?: Date;
}

/** Reads the claims of a CWT, and gives the whole map besides. */
export function readCwtClaims(payload: Uint8Array, limits: CborLimits): { claims: CwtClaims; map: CborMap } {
  const map = asMap(decodeWellFormedCbor(payload, limits), 'cwt: the claims are no map');
  const texts = readEach(map, { issuer: CLAIM.iss, subject: CLAIM.sub }, (value, name) =>
    asText(value, `cwt: ${name} is no text`),
  );
  const times = readEach(map, { expiresAt: CLAIM.exp, notBefore: CLAIM.nbf, issuedAt: CLAIM.iat }, readNumericDate);
  return { claims: { ...texts, ...times }, map };
}

/** RFC 8392 §2: seconds since 1970, which may have a fraction. */
function readNumericDate(value: CborValue, name: string): Date {
  if (typeof value !== 'number' || !(value >= 0 && value <= LATEST_SECONDS)) throw malformed(`cwt: ${name} is no time`);
  return new Date(value * 1000);
}
