import { concatBytes, equalBytes } from '../bytes/equal.ts';
import { decodeWellFormedCbor } from '../cbor/decode-well-formed.ts';
import { isUsable, PublicKey } from '../keys/cose-key.ts';
import { createEd25519Verifier } from '../keys/ed25519-verify.ts';
import { createP256Verifier } from '../keys/p256-verify.ts';
import { createPs256Verifier } from '../keys/rsa-pss-verify.ts';
import type { VerifySignature } from '../keys/signature.ts';
import { decompressPoint, readBigEndian } from '../keys/weierstrass-point.ts';
import { CODE_LIMITS } from '../limits.ts';
import { createP384Verifier } from './p384-verify.ts';
import { decodeSpki } from './spki.ts';

/** The signature algorithms of the profiles; a key has exactly one, whatever a message says. */
export type ProfileAlgorithm = 'EdDSA' | 'ES256' | 'PS256';

/** A public key in the form in which it was published. */
export type PublicKeyForm =
  /** SubjectPublicKeyInfo in DER (RFC 5280 §4.1.2.7), as in an X.509 certificate. */
  | { readonly spki: Uint8Array }
  /** RFC 7517, RFC 8037; `alg` is read, other members are not. */
  | { readonly jwk: PublicJwk }
  /** RFC 9052 §7, RFC 8230 §4. */
  | { readonly coseKey: Uint8Array };

/** The members of a JWK that are read. */
export interface PublicJwk {
  /** `OKP`, `EC` or `RSA`. */
  readonly kty?: string;
  /** `Ed25519` or `P-256`. */
  readonly crv?: string;
  /** May be missing; what does not fit the key is `ERR_INVALID_KEY`. */
  readonly alg?: string;
  /** Base64url: an Ed25519 key, or the x-coordinate of a point. */
  readonly x?: string;
  /** Base64url: the y-coordinate of a point. */
  readonly y?: string;
  /** Base64url: the modulus, 2048 to 4096 bits. */
  readonly n?: string;
  /** Base64url: the public exponent. */
  readonly e?: string;
}

/** A key that can check signatures. */
export interface CheckingKey {
  /** The one that the key has, whatever a message says. */
  readonly algorithm: ProfileAlgorithm;
  /** False for a signature that does not fit; refuses with `unsupported_algorithm` where the runtime has no such check. */
  readonly verify: VerifySignature;
}

/** @returns undefined for what is no Ed25519, P-256, P-384 (as SPKI) or RSA key of 2048 to 4096 bits */
export function readPublicKey(form: PublicKeyForm): CheckingKey | undefined {
  if ('spki' in form) return form.spki instanceof Uint8Array ? readSpki(form.spki) : undefined;
  if ('jwk' in form) return readJwk(form.jwk);
  return form.coseKey instanceof Uint8Array ? readCoseKey(form.coseKey) : undefined;
}

function readSpki(der: Uint8Array): CheckingKey | undefined {
  // A copy: the caller may fill its buffer with something else.
  const key = decodeSpki(Uint8Array.from(der));
  if (key?.kind === 'Ed25519') return createEdDsa(key.bytes);
  if (key?.kind === 'P-256') return createEs256(key.point);
  if (key?.kind === 'P-384') return createEs256OnP384(key.point);
  if (key?.kind === 'RSA') return createPs256(key.modulus, key.exponent);
  return undefined;
}

const JWK_ALGORITHMS: Record<ProfileAlgorithm, readonly unknown[]> = {
  EdDSA: [undefined, 'EdDSA', 'Ed25519'],
  ES256: [undefined, 'ES256'],
  PS256: [undefined, 'PS256'],
};

function readJwk(jwk: PublicJwk | undefined): CheckingKey | undefined {
  const [x, y, n, e] = [jwk?.x, jwk?.y, jwk?.n, jwk?.e].map(decodeBase64Url);
  let key: CheckingKey | undefined;
  if (jwk?.kty === 'OKP' && jwk.crv === 'Ed25519' && x) key = createEdDsa(x);
  if (jwk?.kty === 'EC' && jwk.crv === 'P-256' && x && y) key = createEs256(joinPoint(x, y));
  if (jwk?.kty === 'RSA' && n && e) key = createPs256(n, e);
  return key && JWK_ALGORITHMS[key.algorithm].includes(jwk?.alg) ? key : undefined;
}

// RFC 9053 §7, RFC 8230 §4: labels and values of a COSE_Key
const KTY = 1;
const OKP = 1;
const EC2 = 2;
const RSA = 3;
const ED25519 = 6;
const P256 = 1;

function readCoseKey(bytes: Uint8Array): CheckingKey | undefined {
  let map: unknown;
  try {
    map = decodeWellFormedCbor(Uint8Array.from(bytes), CODE_LIMITS);
  } catch {
    return undefined;
  }
  if (!(map instanceof Map)) return undefined;
  // For RSA: −1 is n and −2 is e.
  const [kty, first, x, y] = [KTY, -1, -2, -3].map((label) => map.get(label));
  if (kty === RSA && first instanceof Uint8Array && x instanceof Uint8Array) return createPs256(first, x);
  if (!(x instanceof Uint8Array) || x.length !== 32) return undefined;
  if (kty === OKP && first === ED25519) return createEdDsa(x);
  if (kty !== EC2 || first !== P256) return undefined;
  if (typeof y === 'boolean') return createEs256(decompressPoint('P-256', x, y) ?? new Uint8Array());
  return y instanceof Uint8Array ? createEs256(joinPoint(x, y)) : undefined;
}

// A key that no signature could be good by is a slip in the caller's list, found when the list is read.

function createEdDsa(bytes: Uint8Array): CheckingKey | undefined {
  if (bytes.length !== 32 || !isUsable(new PublicKey('Ed25519', bytes))) return undefined;
  return { algorithm: 'EdDSA', verify: createEd25519Verifier(bytes) };
}

function createEs256(point: Uint8Array): CheckingKey | undefined {
  const [x, yIsOdd] = [point.subarray(1, 33), ((point[64] as number) & 1) === 1];
  if (point.length !== 65 || !equalBytes(decompressPoint('P-256', x, yIsOdd) ?? x, point)) return undefined;
  return { algorithm: 'ES256', verify: createP256Verifier(point) };
}

/** As certificates have it: RFC 7518 knows no such JWK. */
function createEs256OnP384(point: Uint8Array): CheckingKey | undefined {
  if (point.length !== 97 || point[0] !== 4 || !isOnP384(point)) return undefined;
  return { algorithm: 'ES256', verify: createP384Verifier(point) };
}

/** SEC 2 §2.5.1: y² = x³ − 3x + b */
const P384 = {
  p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
  b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
};

function isOnP384(point: Uint8Array): boolean {
  const [x, y] = [readBigEndian(point.subarray(1, 49)), readBigEndian(point.subarray(49))];
  return x < P384.p && y < P384.p && (y * y - ((x * x - 3n) * x + P384.b)) % P384.p === 0n;
}

function createPs256(modulus: Uint8Array, exponent: Uint8Array): CheckingKey | undefined {
  if (modulus.length < 256 || modulus.length > 512 || modulus[0] === 0) return undefined;
  if (exponent.length > 4 || exponent[0] === 0) return undefined;
  // An even modulus or exponent is no key's, and the exponent 1 signs nothing.
  if (![modulus.at(-1), exponent.at(-1)].every((last) => last !== undefined && last % 2 === 1)) return undefined;
  if (exponent.length === 1 && exponent[0] === 1) return undefined;
  return { algorithm: 'PS256', verify: createPs256Verifier(modulus, exponent) };
}

function joinPoint(x: Uint8Array, y: Uint8Array): Uint8Array {
  return x.length === 32 && y.length === 32 ? concatBytes([Uint8Array.of(4), x, y]) : new Uint8Array();
}

/** RFC 7515 §2: base64url without padding. */
function decodeBase64Url(text: unknown): Uint8Array | undefined {
  if (typeof text !== 'string' || !/^[\w-]+$/.test(text) || text.length % 4 === 1) return undefined;
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}
