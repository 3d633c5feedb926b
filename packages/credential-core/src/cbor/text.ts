import { malformed } from '../result.ts';
import { isInRepertoire } from './repertoire.ts';

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text from `at` up to `end`. ASCII and Chinese characters are read here, which is faster than asking the runtime for a
 * text as short as a name.
 *
 * @throws Refusal `malformed` for text that is not UTF-8, not NFC, has a character outside the repertoire, or begins with a byte order mark
 */
export function decodeText(bytes: Uint8Array, at: number, end: number): string {
  let text = '';
  for (let i = at; i < end; i++) {
    const byte = bytes[i] as number;
    if (byte < 0x80) text += String.fromCharCode(byte);
    else if (byte >= 0xe4 && byte <= 0xe9 && i + 2 < end) {
      // U+4000 to U+9FFF: ideographs, which neither decompose nor combine, so that any text of them is in NFC.
      const [second, third] = [bytes[i + 1] as number, bytes[i + 2] as number];
      if (second >> 6 !== 2 || third >> 6 !== 2) throw malformed('cbor: text that is not UTF-8');
      text += String.fromCharCode(((byte & 15) << 12) | ((second & 63) << 6) | (third & 63));
      i += 2;
    } else return decodeUnicode(bytes.subarray(at, end));
  }
  return text;
}

function decodeUnicode(bytes: Uint8Array): string {
  let text: string;
  try {
    text = UTF8.decode(bytes);
  } catch {
    throw malformed('cbor: text that is not UTF-8');
  }
  if (text.charCodeAt(0) === 0xfeff) throw malformed('cbor: text with a byte order mark');
  if (!isInRepertoire(text)) throw malformed('cbor: text with a character that the format does not have');
  if (text !== text.normalize('NFC')) throw malformed('cbor: text that is not in NFC');
  return text;
}
