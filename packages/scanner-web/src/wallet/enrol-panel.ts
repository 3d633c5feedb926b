import { type DeviceKey, exportPublicKey } from '@zhengma/credential-core/present';
import { renderQr } from '@zhengma/credential-core/qr';
import { element } from '../look/element.ts';
import type { WalletWords } from './wallet-words.ts';

/** This phone's public key as issuing takes it: a COSE_Key in base64url, `holderKey` of the service. */
export function writeEnrolmentText(key: Pick<DeviceKey, 'algorithm' | 'publicKey'>): string {
  return btoa(String.fromCharCode(...exportPublicKey(key)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** What a counter needs to bind a credential to this phone. It is no secret. */
export async function renderEnrolPanel(key: DeviceKey, words: WalletWords): Promise<HTMLElement> {
  const text = writeEnrolmentText(key);
  const svg = await renderQr(text, { format: 'svg' });
  // As a picture and not as markup: nothing in it can run, and no inline style is needed.
  const source = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  const picture = element('img', { class: 'enrolment-code', src: source, alt: words.enrolAlt });
  await picture.decode();
  URL.revokeObjectURL(source);
  const copy = element('button', { class: 'button', type: 'button' }, words.copy);
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = words.copied;
  });
  return element(
    'details',
    { class: 'panel' },
    element('summary', {}, words.enrol),
    element('p', {}, words.enrolHow),
    picture,
    element('code', { class: 'enrolment-text' }, text),
    'clipboard' in navigator ? copy : null,
  );
}
