import { Point } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { concatBytes, equalBytes } from '../bytes/equal.ts';

/** A file of its own, loaded only where the runtime has no Ed25519. */

const ORDER = Point.CURVE().n;

/**
 * S·B − k·A = R, compared as bytes. noble's own `verify` multiplies by the cofactor and so accepts what OpenSSL and
 * BoringSSL refuse; this is the equation that they compute.
 */
export function verifyInJavaScript(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const r = signature.subarray(0, 32);
  const s = readLittleEndian(signature.subarray(32));
  if (s >= ORDER) return false;
  let a: Point;
  try {
    a = Point.fromBytes(publicKey);
  } catch {
    return false;
  }
  const k = readLittleEndian(sha512(concatBytes([r, publicKey, message]))) % ORDER;
  return equalBytes(Point.BASE.multiply(s, false).subtract(a.multiply(k, false)).toBytes(), r);
}

function readLittleEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] as number);
  return value;
}
