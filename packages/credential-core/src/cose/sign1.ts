import { concatBytes } from '../bytes/equal.ts';
import { type CborMap, type CborValue, decodeCbor } from '../cbor/decode.ts';
import { encodeCbor, encodeHead } from '../cbor/encode.ts';
import { asArray, asBytes, asMap, decodeCborMap } from '../cbor/expect.ts';
import { CredentialError } from '../errors.ts';
import { type CborLimits, CODE_LIMITS } from '../limits.ts';
import { malformed, Refusal } from '../result.ts';
import { ALGORITHM, HEADER } from './headers.ts';

/** The initial byte of CBOR tag 18, COSE_Sign1 (RFC 9052 §4.2). */
const TAG_SIGN1 = 0xd2;

/** A COSE_Sign1 message taken apart; nothing in it is verified. */
export interface Sign1 {
  readonly protectedBytes: Uint8Array;
  readonly protectedHeader: CborMap;
  readonly unprotectedHeader: CborMap;
  readonly payload: Uint8Array;
  readonly signature: Uint8Array;
}

/**
 * Takes a tagged COSE_Sign1 apart (RFC 9052 §4.2).
 *
 * @throws Refusal `malformed` or `too_large`
 */
export function decodeSign1(bytes: Uint8Array, limits: CborLimits): Sign1 {
  if (bytes[0] !== TAG_SIGN1) throw malformed('cose: not a tagged COSE_Sign1');
  const parts = asArray(decodeCbor(bytes.subarray(1), limits), 'cose: not an array');
  if (parts.length !== 4) throw malformed('cose: not four parts');
  const protectedBytes = asBytes(parts[0], 'cose: the protected header is no byte string');
  return {
    protectedBytes,
    protectedHeader: protectedBytes.length === 0 ? new Map() : decodeCborMap(protectedBytes, CODE_LIMITS),
    unprotectedHeader: asMap(parts[1], 'cose: the unprotected header is no map'),
    payload: asBytes(parts[2], 'cose: the payload is no byte string'),
    signature: asBytes(parts[3], 'cose: the signature is no byte string'),
  };
}

/** What every signed thing of the format carries in its headers. */
export interface ProfileHeader {
  /** 8 bytes; a hint to the key, see RFC 9679. */
  readonly kid: Uint8Array;
}

/**
 * Holds a message to the format's headers: algorithm and kid protected, the type where one is expected, and nothing else
 * anywhere. An unprotected entry would be changeable by anybody; an unknown protected one might restrict what we verify.
 *
 * @param typ the media type that must stand in the header (RFC 9596), so that one kind of message never passes for another
 * @throws Refusal `malformed` or `unsupported_algorithm`
 */
export function readProfileHeader(message: Sign1, typ?: string): ProfileHeader {
  const header = message.protectedHeader;
  const algorithm = header.get(HEADER.alg);
  if (algorithm !== ALGORITHM.ed25519 && algorithm !== ALGORITHM.eddsa) {
    throw new Refusal('unsupported_algorithm', 'cose: the algorithm is not Ed25519');
  }
  const kid = header.get(HEADER.kid);
  if (!(kid instanceof Uint8Array) || kid.length !== 8) throw malformed('cose: kid is not 8 bytes');
  if (header.get(HEADER.typ) !== typ) throw malformed('cose: this is another kind of message');
  if (header.size !== (typ === undefined ? 2 : 3)) throw malformed('cose: an unknown protected header');
  if (message.unprotectedHeader.size > 0) throw malformed('cose: the unprotected header is not empty');
  return { kid };
}

/** `["Signature1", …` up to the first variable part. */
const SIG_STRUCTURE_START = concatBytes([Uint8Array.of(0x84), encodeCbor('Signature1')]);

/** The bytes that are signed: the Sig_structure of RFC 9052 §4.4. */
export function encodeSigStructure(
  protectedBytes: Uint8Array,
  payload: Uint8Array,
  externalAad: Uint8Array = new Uint8Array(),
): Uint8Array {
  return concatBytes([
    SIG_STRUCTURE_START,
    encodeHead(2, protectedBytes.length),
    protectedBytes,
    encodeHead(2, externalAad.length),
    externalAad,
    encodeHead(2, payload.length),
    payload,
  ]);
}

/**
 * Signs `payload` as a tagged COSE_Sign1 with the format's headers.
 *
 * @throws CredentialError `ERR_INVALID_KEY` when the key's kid is not 8 bytes or its signature not 64: a signer elsewhere may
 *   be set up wrongly, and nobody could verify what it makes
 */
export async function signSign1(
  payload: Uint8Array,
  key: { readonly kid: Uint8Array; sign(message: Uint8Array): Promise<Uint8Array> },
  typ?: string,
): Promise<Uint8Array> {
  requireBytes(key.kid, 8, "the key's kid");
  const header = new Map<number, CborValue>([
    [HEADER.alg, ALGORITHM.ed25519],
    [HEADER.kid, key.kid],
  ]);
  if (typ !== undefined) header.set(HEADER.typ, typ);
  const protectedBytes = encodeCbor(header);
  const signature = await key.sign(encodeSigStructure(protectedBytes, payload));
  requireBytes(signature, 64, "the key's signature");
  return concatBytes([Uint8Array.of(TAG_SIGN1), encodeCbor([protectedBytes, new Map(), payload, signature])]);
}

function requireBytes(bytes: unknown, length: number, what: string): void {
  if (bytes instanceof Uint8Array && bytes.length === length) return;
  throw new CredentialError('ERR_INVALID_KEY', `${what} must be ${length} bytes`);
}
