import { type OpenedCode, openMessage } from '../credential/open.ts';
import { MAX_INFLATED_CODE_BYTES } from '../limits.ts';
import { openQrText } from '../qr/text.ts';

/**
 * The code taken apart, from its text or its bytes; the latter on a copy: between here and the last signature check, a caller's
 * buffer may be filled with something else, and what is read must be what is checked.
 */
export function openCode(what: string | Uint8Array): OpenedCode {
  if (typeof what === 'string') return openMessage(openQrText(what));
  return openMessage(what.length > MAX_INFLATED_CODE_BYTES ? what : Uint8Array.from(what));
}
