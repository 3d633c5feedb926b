import { equalBytes } from '../bytes/equal.ts';

/** What a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) holds, of the kinds that the profiles check signatures with. */
export type SpkiKey =
  | { readonly kind: 'Ed25519'; readonly bytes: Uint8Array }
  | { readonly kind: 'P-256' | 'P-384'; readonly point: Uint8Array }
  | { readonly kind: 'RSA'; readonly modulus: Uint8Array; readonly exponent: Uint8Array };

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const SEQUENCE = 0x30;

/** The contents of the AlgorithmIdentifier: RFC 8410 §3, RFC 5480 §2.1.1, RFC 3279 §2.3.1. */
const ED25519 = Uint8Array.of(6, 3, 0x2b, 0x65, 0x70);
const P256 = Uint8Array.of(6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7);
const P384 = Uint8Array.of(6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 6, 5, 0x2b, 0x81, 4, 0, 0x22);
const RSA = Uint8Array.of(6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0);

/**
 * Reads a public key in DER.
 *
 * @returns undefined for what is none, or of another kind
 */
export function decodeSpki(der: Uint8Array): SpkiKey | undefined {
  const [algorithm, bits] = readElements(readElement(der, SEQUENCE), [SEQUENCE, BIT_STRING]) ?? [];
  // The first byte of a BIT STRING counts unused bits; keys have none.
  if (!algorithm || bits?.[0] !== 0) return undefined;
  const key = bits.subarray(1);
  if (equalBytes(algorithm, ED25519)) return { kind: 'Ed25519', bytes: key };
  if (equalBytes(algorithm, P256)) return { kind: 'P-256', point: key };
  if (equalBytes(algorithm, P384)) return { kind: 'P-384', point: key };
  if (!equalBytes(algorithm, RSA)) return undefined;
  const [modulus, exponent] = readElements(readElement(key, SEQUENCE), [INTEGER, INTEGER]) ?? [];
  if (!modulus || !exponent) return undefined;
  return { kind: 'RSA', modulus: withoutSign(modulus), exponent: withoutSign(exponent) };
}

/** The contents of the one element with this tag that fills `der`. */
function readElement(der: Uint8Array, tag: number): Uint8Array | undefined {
  return readElements(der, [tag])?.[0];
}

/** The contents of the elements with these tags that fill `der`. */
function readElements(der: Uint8Array | undefined, tags: readonly number[]): Uint8Array[] | undefined {
  if (!der) return undefined;
  const contents: Uint8Array[] = [];
  let at = 0;
  for (const tag of tags) {
    if (der[at++] !== tag) return undefined;
    let length = der[at++] ?? 0;
    if (length >= 0x80) {
      const width = length - 0x80;
      if (width < 1 || width > 2) return undefined;
      length = 0;
      for (let i = 0; i < width; i++) length = length * 256 + (der[at++] ?? 0);
    }
    if (length > der.length - at) return undefined;
    contents.push(der.subarray(at, at + length));
    at += length;
  }
  return at === der.length ? contents : undefined;
}

/** A positive INTEGER with a high first bit has a zero before it. */
function withoutSign(integer: Uint8Array): Uint8Array {
  return integer[0] === 0 ? integer.subarray(1) : integer;
}
