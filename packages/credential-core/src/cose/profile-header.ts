import type { CborMap, CborValue } from '../cbor/decode.ts';
import { allowKeys } from '../cbor/expect.ts';
import { CredentialError } from '../errors.ts';
import { createPublicKey, type PublicKey } from '../keys/cose-key.ts';
import type { AlgorithmName, Signer } from '../keys/signature.ts';
import { malformed, Refusal } from '../result.ts';
import { ALGORITHM, HEADER } from './headers.ts';
import { readEmbeddedSign1, type Sign1, signSign1 } from './sign1.ts';

/** The COSE numbers of each algorithm: the first is written, all are read. */
const NUMBERS: Record<AlgorithmName, readonly number[]> = {
  Ed25519: [ALGORITHM.ed25519, ALGORITHM.eddsa],
  ES256: [ALGORITHM.esp256, ALGORITHM.es256],
  SM2: [ALGORITHM.sm2],
};

const BY_NUMBER = new Map(
  Object.entries(NUMBERS).flatMap(([name, numbers]) => numbers.map((number) => [number, name as AlgorithmName])),
);

const ISSUED = new Set<number>([HEADER.alg, HEADER.kid, HEADER.typ]);
const BOUND = new Set<number>([HEADER.alg, HEADER.kcwt, HEADER.typ]);

/** The headers of what an issuer or a root signs. */
export interface IssuedHeader {
  readonly algorithm: AlgorithmName;
  /** 8 bytes; a hint to the key, see RFC 9679. */
  readonly kid: Uint8Array;
}

/** The headers of what a holder signs. */
export interface BoundHeader {
  readonly algorithm: AlgorithmName;
  /** What it is about, in whole. */
  readonly embedded: Sign1;
}

/**
 * Holds an issuer's or a root's message to the format's headers: algorithm and kid protected, the type where one is
 * expected, and nothing else. An unknown protected entry might restrict what we verify; `crit` (RFC 9052 §3.1) is one too.
 *
 * @param typ what must stand in the header (RFC 9596), so that one kind of message never passes for another
 * @throws Refusal `malformed` or `unsupported_algorithm`
 */
export function readIssuedHeader(message: Sign1, typ?: string | number): IssuedHeader {
  const header = message.protectedHeader;
  const algorithm = readAlgorithm(header);
  const kid = header.get(HEADER.kid);
  if (!(kid instanceof Uint8Array) || kid.length !== 8) throw malformed('cose: kid is not 8 bytes');
  requireHeader(header, ISSUED, typ);
  return { algorithm, kid };
}

/**
 * Holds a holder's message to the format's headers: algorithm, type, and the message that it is about.
 *
 * @throws Refusal `malformed` or `unsupported_algorithm`
 */
export function readBoundHeader(message: Sign1, typ: string | number): BoundHeader {
  const header = message.protectedHeader;
  const algorithm = readAlgorithm(header);
  requireHeader(header, BOUND, typ);
  requireEmptyUnprotected(message);
  return { algorithm, embedded: readEmbeddedSign1(header.get(HEADER.kcwt)) };
}

/** An unprotected entry would be changeable by anybody. */
export function requireEmptyUnprotected(message: Sign1): void {
  if (message.unprotectedHeader.size > 0) throw malformed('cose: the unprotected header is not empty');
}

/**
 * Signs `payload` with the headers that {@link readIssuedHeader} reads.
 *
 * @throws CredentialError `ERR_INVALID_KEY` for a kid that is not 8 bytes, a signature that is not 64, or a first signature that
 *   is not good by the public key
 */
export function signIssued(
  payload: Uint8Array,
  key: Signer & { readonly kid: Uint8Array },
  options: { readonly typ?: string | number; readonly unprotectedHeader?: CborMap } = {},
): Promise<Uint8Array> {
  if (!(key.kid instanceof Uint8Array) || key.kid.length !== 8) {
    throw new CredentialError('ERR_INVALID_KEY', "the key's kid must be 8 bytes");
  }
  const header = new Map<number, CborValue>([[HEADER.kid, key.kid]]);
  if (options.typ !== undefined) header.set(HEADER.typ, options.typ);
  return sign(payload, key, header, options.unprotectedHeader);
}

/** Signs `payload` with the headers that {@link readBoundHeader} reads. */
export function signBound(
  payload: Uint8Array,
  signer: Signer,
  embedded: CborValue,
  typ: string | number,
): Promise<Uint8Array> {
  return sign(
    payload,
    signer,
    new Map<number, CborValue>([
      [HEADER.kcwt, embedded],
      [HEADER.typ, typ],
    ]),
  );
}

/** Signers whose first signature was good by their public key. A check costs as much as a signature, so the first has to do. */
const proven = new WeakSet<Signer>();

async function sign(payload: Uint8Array, signer: Signer, header: CborMap, unprotected?: CborMap): Promise<Uint8Array> {
  const key = createPublicKey(signer);
  const signAndProve = async (message: Uint8Array) => {
    const signature = await signer.sign(message);
    // What is no signature at all is refused by its length.
    if (proven.has(signer) || signature?.length !== 64) return signature;
    if (await isContradicted(key, message, signature)) {
      throw new CredentialError('ERR_INVALID_KEY', "the key's signature is not good by its public key");
    }
    proven.add(signer);
    return signature;
  };
  const coseAlgorithm = NUMBERS[key.algorithm][0] as number;
  return signSign1(payload, { coseAlgorithm, sign: signAndProve }, header, unprotected);
}

/** Not by what nothing here can check, as SM2 is without the plug-in. */
function isContradicted(key: PublicKey, message: Uint8Array, signature: Uint8Array): Promise<boolean> {
  return key.verify(message, signature).then(
    (isGood) => !isGood,
    () => false,
  );
}

function readAlgorithm(header: CborMap): AlgorithmName {
  const algorithm = BY_NUMBER.get(header.get(HEADER.alg) as number);
  if (!algorithm) throw new Refusal('unsupported_algorithm', 'cose: the algorithm is none of the format');
  return algorithm;
}

function requireHeader(header: CborMap, known: ReadonlySet<number>, typ: string | number | undefined): void {
  if (header.get(HEADER.typ) !== typ) throw malformed('cose: this is another kind of message');
  allowKeys(header, known, 'cose: protected header');
}
