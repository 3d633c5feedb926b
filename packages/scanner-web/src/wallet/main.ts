import '../look/stop-if-old.ts';
import { renderQr } from '@zhengma/credential-core/qr';
import { peekCredential } from '@zhengma/credential-core/verify';
import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { recallLanguage, rememberLanguage } from '../look/language-choice.ts';
import { nameScheme } from '../words/code-tables.ts';
import { type Language, otherLanguage } from '../words/language.ts';
import { describeInstant } from '../words/time.ts';
import { type Words, wordsOf } from '../words/words.ts';
import { readFragment } from './fragment.ts';
import '../look/look.css';
import './wallet.css';

let language = recallLanguage();

addEventListener('hashchange', showWallet);
document.addEventListener('visibilitychange', keepAwake);
showWallet();
keepAwake();

async function showWallet(): Promise<void> {
  const words = wordsOf(language);
  document.documentElement.lang = language;
  document.title = `${words.wallet.title} · ${words.brand}`;
  const content = await renderContent(words, language);
  document.body.replaceChildren(
    element(
      'header',
      {},
      element(
        'div',
        { class: 'brand' },
        element('img', { src: '/scan/icon.svg', alt: '', width: '40', height: '40' }),
        element('span', { class: 'brand-name' }, words.wallet.title),
      ),
      element(
        'button',
        { class: 'button small language', type: 'button', lang: otherLanguage(language), click: switchLanguage },
        words.languageSwitch,
      ),
    ),
    element('main', {}, ...content),
    element('footer', {}, words.notAffiliated),
  );
}

async function renderContent(words: Words, shownLanguage: Language): Promise<Node[]> {
  if (location.hash.length <= 1) return [renderMessage(words.wallet.nothing)];
  const text = readFragment(location.hash);
  const peeked = text === null ? null : await peekCredential(text);
  if (text === null || !peeked?.ok) return [renderMessage(words.wallet.unreadable)];

  const { claims, expiresAt } = peeked.unverified;
  return [
    element(
      'section',
      { class: 'card' },
      await renderCode(text, words),
      element('p', { class: 'brightness' }, words.wallet.brightness),
    ),
    element(
      'section',
      { class: 'holder' },
      element('p', { class: 'holder-name' }, claims.name ?? '', ' ', element('span', {}, claims.idNumber ?? '')),
      element('p', {}, claims.scheme ? nameScheme(claims.scheme, shownLanguage) : ''),
      element('p', {}, `${words.person.expiresAt} ${describeInstant(expiresAt, shownLanguage)}`),
      element('p', { class: 'unverified' }, icon('unsure'), element('span', {}, words.wallet.unverified)),
    ),
  ];
}

async function renderCode(text: string, words: Words): Promise<HTMLElement> {
  const svg = await renderQr(text, { format: 'svg' });
  // As a picture and not as markup: nothing in it can run, and no inline style is needed.
  const source = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  const picture = element('img', { class: 'code', src: source, alt: words.wallet.codeAlt });
  await picture.decode();
  URL.revokeObjectURL(source);
  return picture;
}

function renderMessage(sentence: string): HTMLElement {
  return element('p', { class: 'message' }, sentence);
}

function switchLanguage(): void {
  language = otherLanguage(language);
  rememberLanguage(language);
  showWallet();
}

/** A screen that goes dark in the queue costs the counter a scan; where it cannot be held, nothing is lost. */
async function keepAwake(): Promise<void> {
  if (document.hidden || !('wakeLock' in navigator)) return;
  await navigator.wakeLock.request('screen').catch(() => null);
}
