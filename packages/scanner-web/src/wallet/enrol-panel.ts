import { type DeviceKey, exportPublicKey } from '@zhengma/credential-core/present';
import { renderQr } from '@zhengma/credential-core/qr';
import { element } from '../look/element.ts';
import type { WalletWords } from './wallet-words.ts';

/** What a counter scans to bind a credential to this phone. It is no secret. */
export interface Enrolment {
  readonly text: string;
  readonly picture: HTMLImageElement;
}

/** The picture is there as soon as it is drawn. */
export function createEnrolment(key: DeviceKey): Enrolment {
  const text = writeEnrolmentText(key);
  const picture = element('img', { class: 'enrolment-code' });
  renderQr(text, { format: 'svg' }).then(async (svg) => {
    // As a picture and not as markup: nothing in it can run, and no inline style is needed.
    picture.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    await picture.decode();
    URL.revokeObjectURL(picture.src);
  });
  return { text, picture };
}

/** This phone's public key as issuing takes it: a COSE_Key in base64url, `holderKey` of the service. */
export function writeEnrolmentText(key: Pick<DeviceKey, 'algorithm' | 'publicKey'>): string {
  return btoa(String.fromCharCode(...exportPublicKey(key)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

/** Shows the enrolment code, and its text for those who apply online. */
export function renderEnrolPanel({ text, picture }: Enrolment, words: WalletWords): HTMLDetailsElement {
  picture.alt = words.enrolAlt;
  const shown = element('code', { class: 'enrolment-text' }, text);
  const copy = element('button', { class: 'button', type: 'button' }, words.copy);
  copy.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(text);
      copy.textContent = words.copied;
    } catch {
      getSelection()?.selectAllChildren(shown);
      copy.textContent = words.copyByHand;
    }
  });
  return element(
    'details',
    { class: 'panel', id: 'enrol' },
    element('summary', {}, words.enrol),
    element('p', {}, words.enrolHow),
    picture,
    element('p', {}, words.enrolOnline),
    shown,
    copy,
  );
}
