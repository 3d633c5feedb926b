import { decodeBase45 } from '../bytes/base45.ts';
import { inflateZlib } from '../bytes/inflate.ts';
import { MAX_INFLATED_CODE_BYTES, MAX_QR_TEXT_LENGTH } from '../limits.ts';
import { malformed, Refusal } from '../result.ts';

/**
 * The zlib stream in Base45 that EU DCC and Claim 169 carry their message in (RFC 9285, RFC 1950), which is as strict as for
 * our own codes: both formats have one spelling here.
 *
 * @throws Refusal `too_large` or `malformed`
 */
export function openCarrier(text: string, prefix: string): Uint8Array {
  if (text.length > MAX_QR_TEXT_LENGTH) throw new Refusal('too_large', 'longer than a code can be');
  const carried = decodeBase45(text, prefix.length);
  if (carried.length === 0) throw malformed('the code is empty');
  return inflateZlib(carried, MAX_INFLATED_CODE_BYTES);
}
