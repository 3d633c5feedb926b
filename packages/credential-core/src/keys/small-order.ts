import { encodeHex } from '../bytes/hex.ts';

/**
 * The 14 encodings of the eight points of small order, canonical and not (the list of "Taming the many EdDSAs",
 * Chalkias et al. 2020, table 1). As a public key, such a point lets one signature verify for any message; runtimes differ
 * in which of them they refuse, so all of them are refused here, before any runtime is asked.
 */
const SMALL_ORDER = new Set([
  '0100000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000080',
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
]);

/** The second bytes of the list: all but a few encodings are told apart by one look. */
const SECOND_BYTES = new Set([...SMALL_ORDER].map((hex) => Number.parseInt(hex.slice(2, 4), 16)));

/** Whether 32 bytes encode a point of small order. */
export function isSmallOrder(point: Uint8Array): boolean {
  return SECOND_BYTES.has(point[1] as number) && SMALL_ORDER.has(encodeHex(point));
}

/** Whether the y-coordinate of a 32-byte encoding is below p = 2^255 − 19 (RFC 8032 §5.1.3, step 1). */
export function isCanonical(point: Uint8Array): boolean {
  if (((point[31] as number) & 127) !== 127 || (point[0] as number) < 0xed) return true;
  for (let i = 1; i < 31; i++) if (point[i] !== 255) return true;
  return false;
}
