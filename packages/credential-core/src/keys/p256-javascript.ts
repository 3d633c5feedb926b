import { sha256 } from '../bytes/sha256.ts';
import { readBigEndian, readPoint } from './weierstrass-point.ts';
import { GROUPS, invert, isSumAt } from './weierstrass-sum.ts';

const { order } = GROUPS['P-256'];

/**
 * ES256 (FIPS 186-5 §6.4.2), loaded only where the runtime has neither node:crypto nor WebCrypto.
 *
 * @param publicKey 65 bytes, an uncompressed point
 * @param signature 64 bytes
 */
export function verifyInJavaScript(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const point = readPoint('P-256', publicKey);
  const r = readBigEndian(signature.subarray(0, 32));
  const s = readBigEndian(signature.subarray(32));
  if (!point || r === 0n || s === 0n || r >= order || s >= order) return false;
  const inverse = invert(s, order);
  const hash = readBigEndian(sha256(message));
  return isSumAt('P-256', (hash * inverse) % order, (r * inverse) % order, point, r);
}
