import { sha256 } from '../bytes/sha256.ts';
import type { CborMap, CborValue } from '../cbor/decode.ts';
import { encodeCbor } from '../cbor/encode.ts';
import { decodeCborMap } from '../cbor/expect.ts';
import { CredentialError } from '../errors.ts';
import { CODE_LIMITS } from '../limits.ts';
import { malformed, Refusal } from '../result.ts';
import { createEd25519Verifier } from './ed25519-verify.ts';
import { createP256Verifier } from './p256-verify.ts';
import type { AlgorithmName, SignatureAlgorithm, Signer, VerifySignature } from './signature.ts';
import { isCanonical, isSmallOrder } from './small-order.ts';
import { type CurveName, decompressPoint } from './weierstrass-point.ts';

// RFC 9052 §7.1 and RFC 9053 §7.1, §7.2
const KTY = 1;
const OKP = 1;
const EC2 = 2;
const CRV = -1;
const ED25519 = 6;
const X = -2;
const Y = -3;

/** RFC 9053 table 18; no number is registered for the curve of SM2, so it has one for private use. */
const EC2_CURVES = { ES256: 1, SM2: -65_600 } as const;

const POINT_CURVES: Record<keyof typeof EC2_CURVES, CurveName> = { ES256: 'P-256', SM2: 'sm2p256v1' };

/** What is checked without anything to be brought along. */
const BUILT_IN: readonly SignatureAlgorithm[] = [
  { name: 'Ed25519', createVerifier: createEd25519Verifier },
  {
    name: 'ES256',
    createVerifier(compressed) {
      let verify: VerifySignature | undefined;
      return (message, signature) => {
        verify ??= createP256Verifier(decompress('P-256', compressed) ?? new Uint8Array());
        return verify(message, signature);
      };
    },
  },
];

/** A public key: what it is, how it is written, and how its signatures are checked. */
export class PublicKey {
  /** The one that it has: a message whose header names another is `bad_signature`. */
  readonly algorithm: AlgorithmName;
  /** Refuses with `unsupported_algorithm` where nothing here can check this key's algorithm. */
  readonly verify: VerifySignature;
  readonly #bytes: Uint8Array;
  #kid: Uint8Array | undefined;

  constructor(algorithm: AlgorithmName, bytes: Uint8Array, brought: readonly SignatureAlgorithm[] = []) {
    this.algorithm = algorithm;
    this.#bytes = bytes;
    const known = [...BUILT_IN, ...brought].find(({ name }) => name === algorithm);
    this.verify = known ? known.createVerifier(bytes) : refuseAlgorithm;
    Object.freeze(this);
  }

  // Copies, all three: what is written to them changes no key.

  /** Ed25519: 32 bytes. Others: the point, 33 bytes compressed. */
  get bytes(): Uint8Array {
    return this.#bytes.slice();
  }

  /** The deterministic COSE_Key (RFC 9052 §7): the form of pins, trust lists and `cnf`. */
  get coseKey(): Uint8Array {
    return encodeCbor(writeCoseKey(this));
  }

  /** The first 8 bytes of the SHA-256 COSE_Key thumbprint (RFC 9679 §3). A hint, not an identity. */
  get kid(): Uint8Array {
    this.#kid ??= sha256(encodeCbor(writeThumbprintInput(this))).slice(0, 8);
    return this.#kid.slice();
  }
}

/**
 * Whether any signature can ever be good by this key: no point of small order, a point of the curve. Verifying asks this by
 * itself; issuing does, so that nothing leaves that every verifier would refuse.
 */
export function isUsable({ algorithm, bytes }: PublicKey): boolean {
  if (algorithm === 'Ed25519') return isCanonical(bytes) && !isSmallOrder(bytes);
  return decompress(POINT_CURVES[algorithm], bytes) !== undefined;
}

/**
 * {@link decodeCoseKey} for a key that something is about to be bound to.
 *
 * @throws Refusal `malformed` for a key that no signature could be good by
 */
export function decodeUsableKey(coseKey: Uint8Array): PublicKey {
  const key = decodeCoseKey(coseKey);
  if (!isUsable(key)) throw malformed('key: no signature could be good by it');
  return key;
}

/**
 * Reads a COSE_Key from its bytes; see {@link readCoseKey}.
 *
 * @param brought algorithms besides those built in
 */
export function decodeCoseKey(coseKey: Uint8Array, brought?: readonly SignatureAlgorithm[]): PublicKey {
  return readCoseKey(decodeCborMap(coseKey, CODE_LIMITS), brought);
}

/**
 * Reads a COSE_Key. One spelling only, the required members of its type with a point compressed: two pins of one key are
 * then equal bytes, and an algorithm or use that another member would restrict cannot be overlooked.
 *
 * @throws Refusal `malformed`
 */
export function readCoseKey(map: CborMap, brought?: readonly SignatureAlgorithm[]): PublicKey {
  const x = map.get(X);
  if (!(x instanceof Uint8Array) || x.length !== 32) throw malformed('key: x is not 32 bytes');
  // Copies: `slice` of a Node Buffer would be a view of memory that somebody else may write to.
  if (map.get(KTY) === OKP && map.get(CRV) === ED25519 && map.size === 3) {
    return new PublicKey('Ed25519', Uint8Array.from(x), brought);
  }
  const y = map.get(Y);
  if (map.get(KTY) === EC2 && typeof y === 'boolean' && map.size === 4) {
    for (const algorithm of ['ES256', 'SM2'] as const) {
      if (map.get(CRV) !== EC2_CURVES[algorithm]) continue;
      return new PublicKey(algorithm, Uint8Array.of(y ? 3 : 2, ...x), brought);
    }
  }
  throw malformed('key: neither an Ed25519, a P-256 nor an SM2 COSE_Key in the one form that there is');
}

/**
 * The public half of a private key.
 *
 * @throws TypeError when it is no bytes; CredentialError `ERR_INVALID_KEY` when it is no key of its algorithm
 */
export function createPublicKey({ algorithm, publicKey }: Pick<Signer, 'algorithm' | 'publicKey'>): PublicKey {
  if (!(publicKey instanceof Uint8Array)) throw new TypeError('publicKey must be a Uint8Array');
  const invalid = (detail: string) => new CredentialError('ERR_INVALID_KEY', detail);
  if (algorithm === 'Ed25519') {
    if (publicKey.length !== 32) throw invalid('an Ed25519 public key has 32 bytes');
    const key = new PublicKey(algorithm, Uint8Array.from(publicKey));
    if (!isUsable(key)) throw invalid('no signature could be good by this Ed25519 public key');
    return key;
  }
  if (!Object.hasOwn(EC2_CURVES, algorithm)) throw invalid('an algorithm that there is not');
  const [form, ...rest] = publicKey;
  const compressed =
    form === 4 && publicKey.length === 65
      ? Uint8Array.of(2 + ((rest[63] as number) & 1), ...rest.slice(0, 32))
      : Uint8Array.from(publicKey);
  const point = compressed.length === 33 ? decompress(POINT_CURVES[algorithm], compressed) : undefined;
  if (!point || (form === 4 && point.some((byte, at) => byte !== publicKey[at]))) {
    throw invalid('the public key is no point of its curve, 33 bytes compressed or 65 not');
  }
  return new PublicKey(algorithm, compressed);
}

function writeCoseKey({ algorithm, bytes }: PublicKey): Map<number, CborValue> {
  if (algorithm === 'Ed25519') {
    return new Map<number, CborValue>([
      [KTY, OKP],
      [CRV, ED25519],
      [X, bytes],
    ]);
  }
  return new Map<number, CborValue>([
    [KTY, EC2],
    [CRV, EC2_CURVES[algorithm]],
    [X, bytes.subarray(1)],
    [Y, bytes[0] === 3],
  ]);
}

/** RFC 9679 §4: the required members, and a point's y in full. What is no point has no thumbprint that a kid could match. */
function writeThumbprintInput(key: PublicKey): Map<number, CborValue> {
  const map = writeCoseKey(key);
  if (key.algorithm === 'Ed25519') return map;
  return map.set(Y, decompress(POINT_CURVES[key.algorithm], key.bytes)?.subarray(33) ?? new Uint8Array());
}

function decompress(curve: CurveName, compressed: Uint8Array): Uint8Array | undefined {
  return decompressPoint(curve, compressed.subarray(1), compressed[0] === 3);
}

async function refuseAlgorithm(): Promise<boolean> {
  throw new Refusal('unsupported_algorithm', "nothing here can check signatures of this key's algorithm");
}
