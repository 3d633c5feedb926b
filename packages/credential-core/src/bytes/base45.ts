import { malformed } from '../result.ts';

/** RFC 9285 §4.2, table 1. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:';

const VALUES = new Uint8Array(128).fill(255);
for (let value = 0; value < ALPHABET.length; value++) VALUES[ALPHABET.charCodeAt(value)] = value;

/** Bytes as Base45 (RFC 9285): two bytes in three characters, a last single byte in two. */
export function encodeBase45(bytes: Uint8Array): string {
  let text = '';
  let i = 0;
  for (; i + 1 < bytes.length; i += 2) {
    const value = (bytes[i] as number) * 256 + (bytes[i + 1] as number);
    text += ALPHABET.charAt(value % 45) + ALPHABET.charAt(Math.floor(value / 45) % 45);
    text += ALPHABET.charAt(Math.floor(value / 2025));
  }
  if (i < bytes.length) {
    const value = bytes[i] as number;
    text += ALPHABET.charAt(value % 45) + ALPHABET.charAt(Math.floor(value / 45));
  }
  return text;
}

/**
 * Base45 to bytes, from `start` to the end of `text`.
 *
 * Strict: every byte string has one spelling. Lowercase, characters outside the alphabet, a dangling character and
 * groups above 65 535 (or 255 for the last pair) are refused as `malformed` (RFC 9285 §6).
 */
export function decodeBase45(text: string, start = 0): Uint8Array {
  const length = text.length - start;
  if (length % 3 === 1) throw malformed('base45: a character is left over');
  const bytes = new Uint8Array(Math.floor(length / 3) * 2 + (length % 3 === 2 ? 1 : 0));
  let at = 0;
  for (let i = start; i < text.length; i += 3) {
    const low = digitAt(text, i);
    const middle = digitAt(text, i + 1);
    if (i + 2 < text.length) {
      const value = low + middle * 45 + digitAt(text, i + 2) * 2025;
      if (value > 65_535) throw malformed('base45: a group of three is above 65535');
      bytes[at++] = value >> 8;
      bytes[at++] = value & 255;
    } else {
      if (low + middle * 45 > 255) throw malformed('base45: the last pair is above 255');
      bytes[at++] = low + middle * 45;
    }
  }
  return bytes;
}

function digitAt(text: string, at: number): number {
  const value = VALUES[text.charCodeAt(at)];
  if (value === undefined || value === 255) throw malformed('base45: a character is outside the alphabet');
  return value;
}
