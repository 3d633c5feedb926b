import { type OpenedCode, openMessage } from '../credential/open.ts';
import { openQrText } from '../qr/text.ts';

/** The code taken apart, from its text or its bytes. */
export function openCode(what: string | Uint8Array): OpenedCode {
  return openMessage(typeof what === 'string' ? openQrText(what) : what);
}
