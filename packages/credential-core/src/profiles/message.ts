import { decodeWellFormedCbor } from '../cbor/decode-well-formed.ts';
import { asArray, asBytes, asMap } from '../cbor/expect.ts';
import { type CborMap, CborTag, type CborValue } from '../cbor/value.ts';
import { ALGORITHM, HEADER } from '../cose/headers.ts';
import { type CborLimits, MAX_INFLATED_CODE_BYTES } from '../limits.ts';
import { malformed, Refusal } from '../result.ts';
import type { ProfileAlgorithm } from './public-key.ts';

/** For foreign messages, which may carry a small photo. */
export const MESSAGE_LIMITS: CborLimits = {
  bytes: MAX_INFLATED_CODE_BYTES,
  textBytes: MAX_INFLATED_CODE_BYTES,
  depth: 16,
  items: 2048,
};

/** A COSE_Sign1 of another format, taken apart; nothing in it is verified. */
export interface ForeignMessage {
  readonly algorithm: ProfileAlgorithm;
  readonly kid: Uint8Array | undefined;
  readonly protectedHeader: CborMap;
  readonly protectedBytes: Uint8Array;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/** RFC 8392 §6: a CWT may carry this tag around that of its COSE message. */
const CWT = 61;
const COSE_SIGN1 = 18;

/** RFC 9052 §2, table 1. */
const OTHER_MESSAGES = new Map([
  [16, 'encrypted'],
  [96, 'encrypted'],
  [17, 'protected by a MAC'],
  [97, 'protected by a MAC'],
  [98, 'signed by several'],
]);

const ALGORITHMS = new Map<CborValue | undefined, ProfileAlgorithm>([
  [ALGORITHM.ed25519, 'EdDSA'],
  [ALGORITHM.eddsa, 'EdDSA'],
  [ALGORITHM.esp256, 'ES256'],
  [ALGORITHM.es256, 'ES256'],
  [ALGORITHM.ps256, 'PS256'],
]);

/**
 * Takes apart a COSE_Sign1 (RFC 9052 §4.2) with or without its tag, and that of CWT. Kid and algorithm are the protected ones
 * where there are any, else the unprotected ones (eu-dcc-hcert-spec §3.3.3): neither decides anything, since a key has one
 * algorithm and the signature must fit the key.
 *
 * @throws Refusal `malformed`, `too_large`, `encrypted` or `unsupported_algorithm`
 */
export function openMessage(bytes: Uint8Array, limits: CborLimits): ForeignMessage {
  const parts = asArray(untag(decodeWellFormedCbor(bytes, limits)), 'cose: not an array');
  if (parts.length !== 4) throw malformed('cose: not four parts');
  const protectedBytes = asBytes(parts[0], 'cose: the protected header is no byte string');
  const protectedHeader: CborMap =
    protectedBytes.length === 0
      ? new Map()
      : asMap(decodeWellFormedCbor(protectedBytes, MESSAGE_LIMITS), 'cose: the protected header is no map');
  const unprotectedHeader = asMap(parts[1], 'cose: the unprotected header is no map');
  if (protectedHeader.has(HEADER.crit) || unprotectedHeader.has(HEADER.crit)) {
    throw malformed('cose: a header that must be understood, and is not');
  }
  const find = (label: number) => protectedHeader.get(label) ?? unprotectedHeader.get(label);
  const algorithm = ALGORITHMS.get(find(HEADER.alg));
  if (!algorithm) throw new Refusal('unsupported_algorithm', 'cose: the algorithm is neither EdDSA, ES256 nor PS256');
  const kid = find(HEADER.kid);
  return {
    algorithm,
    kid: kid === undefined ? undefined : asBytes(kid, 'cose: kid is no byte string'),
    protectedHeader,
    protectedBytes,
    payload: asBytes(parts[2], 'cose: the payload is no byte string'),
    signature: asBytes(parts[3], 'cose: the signature is no byte string'),
  };
}

function untag(value: CborValue): CborValue {
  const inner = value instanceof CborTag && value.tag === CWT ? value.value : value;
  if (!(inner instanceof CborTag)) return inner;
  if (inner.tag === COSE_SIGN1) return inner.value;
  const kind = OTHER_MESSAGES.get(inner.tag);
  if (kind) throw new Refusal(kind === 'encrypted' ? kind : 'unsupported_algorithm', `cose: the message is ${kind}`);
  throw malformed('cose: not a COSE_Sign1');
}
