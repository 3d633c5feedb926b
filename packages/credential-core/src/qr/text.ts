import { decodeBase45, encodeBase45 } from '../bytes/base45.ts';
import { deflateZlib } from '../bytes/deflate.ts';
import { inflateZlib } from '../bytes/inflate.ts';
import { CredentialError } from '../errors.ts';
import { MAX_CODE_BYTES, MAX_INFLATED_CODE_BYTES, MAX_QR_TEXT_LENGTH } from '../limits.ts';
import { type Failure, malformed, Refusal, toFailure } from '../result.ts';
import { type CodeSizeOptions, readMaxVersion, requireVersion } from './version.ts';

const PREFIX = 'ZM1:';

/** The first byte of a tagged COSE_Sign1, and of a zlib stream with a 32 KiB window. */
const COSE = 0xd2;
const ZLIB = 0x78;

/**
 * A COSE message as the text of a QR code: `ZM1:` and Base45, compressed when that makes it smaller. All characters are in
 * QR's alphanumeric mode.
 *
 * @param bytes a tagged COSE_Sign1 of at most 16 KiB
 * @throws TypeError when `bytes` is no Uint8Array; CredentialError `ERR_INVALID_CONTENT` when it is no COSE_Sign1,
 *   `ERR_CODE_TOO_LARGE` above 4 KiB as carried, `ERR_QR_CAPACITY` when it needs a larger version than `maxVersion`
 */
export async function encodeQrText(bytes: Uint8Array, options?: CodeSizeOptions): Promise<string> {
  const maxVersion = readMaxVersion(options);
  const text = await encodeText(bytes);
  requireVersion(text, maxVersion);
  return text;
}

/** {@link encodeQrText} for what an app keeps, and nobody draws: of any size that a reader takes. */
export async function encodeText(bytes: Uint8Array): Promise<string> {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('bytes must be a Uint8Array');
  if (bytes[0] !== COSE) throw new CredentialError('ERR_INVALID_CONTENT', 'only a tagged COSE_Sign1 goes into a code');
  const compressed = await deflateZlib(bytes);
  const carried = compressed.length < bytes.length ? compressed : bytes;
  if (carried.length > MAX_CODE_BYTES || bytes.length > MAX_INFLATED_CODE_BYTES) {
    throw new CredentialError('ERR_CODE_TOO_LARGE', `a code carries at most ${MAX_CODE_BYTES} bytes`);
  }
  return PREFIX + encodeBase45(carried);
}

/**
 * The text of a QR code back to the COSE message; nothing in it is verified.
 *
 * @returns the bytes, or a failure `not_zhengma`, `unsupported_version`, `too_large` or `malformed`
 * @throws TypeError when `text` is no string
 */
export function decodeQrText(text: string): { readonly ok: true; readonly bytes: Uint8Array } | Failure {
  if (typeof text !== 'string') throw new TypeError('text must be a string');
  try {
    return { ok: true, bytes: openQrText(text) };
  } catch (error) {
    return toFailure(error);
  }
}

/** {@link decodeQrText} for callers that handle a Refusal. */
export function openQrText(text: string): Uint8Array {
  if (!text.startsWith(PREFIX)) {
    if (/^ZM\d:/.test(text)) throw new Refusal('unsupported_version', 'a Zhengma code of another version');
    throw new Refusal('not_zhengma', 'not a Zhengma code');
  }
  if (text.length > MAX_QR_TEXT_LENGTH) throw new Refusal('too_large', 'longer than a code can be');
  const carried = decodeBase45(text, PREFIX.length);
  if (carried[0] === COSE) return carried;
  if (carried[0] !== ZLIB) throw malformed('neither a COSE_Sign1 nor a zlib stream');
  const bytes = inflateZlib(carried, MAX_INFLATED_CODE_BYTES);
  if (bytes[0] !== COSE) throw malformed('no COSE_Sign1 in the zlib stream');
  if (bytes.length <= carried.length) throw malformed('zlib where it saves nothing');
  return bytes;
}
