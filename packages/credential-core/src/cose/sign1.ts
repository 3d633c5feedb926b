import { concatBytes } from '../bytes/equal.ts';
import { type CborMap, CborTag, type CborValue, decodeCbor } from '../cbor/decode.ts';
import { encodeCbor, encodeHead } from '../cbor/encode.ts';
import { asArray, asBytes, asMap, decodeCborMap } from '../cbor/expect.ts';
import { CredentialError } from '../errors.ts';
import { type CborLimits, CODE_LIMITS } from '../limits.ts';
import { malformed } from '../result.ts';
import { HEADER } from './headers.ts';

/** CBOR tag 18, COSE_Sign1 (RFC 9052 §4.2), and its initial byte. */
const SIGN1 = 18;
const SIGN1_BYTE = 0xd2;

/** One message may stand in the protected header of another: a credential in a presentation. */
const EMBEDDING = { tags: [SIGN1] };

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
  if (bytes[0] !== SIGN1_BYTE) throw malformed('cose: not a tagged COSE_Sign1');
  return readParts(decodeCbor(bytes.subarray(1), limits));
}

/** The message that stands as a value in the header of another. */
export function readEmbeddedSign1(value: CborValue | undefined): Sign1 {
  if (!(value instanceof CborTag) || value.tag !== SIGN1) throw malformed('cose: no tagged COSE_Sign1 is embedded');
  return readParts(value.value);
}

function readParts(value: CborValue): Sign1 {
  const parts = asArray(value, 'cose: not an array');
  if (parts.length !== 4) throw malformed('cose: not four parts');
  const protectedBytes = asBytes(parts[0], 'cose: the protected header is no byte string');
  return {
    protectedBytes,
    protectedHeader: protectedBytes.length === 0 ? new Map() : decodeCborMap(protectedBytes, CODE_LIMITS, EMBEDDING),
    unprotectedHeader: asMap(parts[1], 'cose: the unprotected header is no map'),
    payload: asBytes(parts[2], 'cose: the payload is no byte string'),
    signature: asBytes(parts[3], 'cose: the signature is no byte string'),
  };
}

/** A taken-apart message as a value for the header of another; deterministic, so it is the same bytes again. */
export function embedSign1(message: Sign1, unprotectedHeader: CborMap = message.unprotectedHeader): CborTag {
  return new CborTag(SIGN1, [message.protectedBytes, unprotectedHeader, message.payload, message.signature]);
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
 * Signs `payload` as a tagged COSE_Sign1.
 *
 * @param header besides the algorithm, which is the key's
 * @param unprotectedHeader what a holder may change
 * @throws CredentialError `ERR_INVALID_KEY` when the signature is not 64 bytes: a signer elsewhere may be set up wrongly, and
 *   nobody could verify what it makes
 */
export async function signSign1(
  payload: Uint8Array,
  key: { readonly coseAlgorithm: number; sign(message: Uint8Array): Promise<Uint8Array> },
  header: CborMap,
  unprotectedHeader: CborMap = new Map(),
): Promise<Uint8Array> {
  const protectedBytes = encodeCbor(new Map([...header, [HEADER.alg, key.coseAlgorithm]]));
  const signature = await key.sign(encodeSigStructure(protectedBytes, payload));
  if (!(signature instanceof Uint8Array) || signature.length !== 64) {
    throw new CredentialError('ERR_INVALID_KEY', "the key's signature must be 64 bytes");
  }
  return concatBytes([Uint8Array.of(SIGN1_BYTE), encodeCbor([protectedBytes, unprotectedHeader, payload, signature])]);
}
