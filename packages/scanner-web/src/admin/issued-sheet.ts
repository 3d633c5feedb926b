import { renderQr } from '@zhengma/credential-core/qr';
import { peekCredential } from '@zhengma/credential-core/verify';
import type { IssuedCredential } from '@zhengma/verifier-service/client';
import { element } from '../look/element.ts';
import { nameScheme } from '../words/code-tables.ts';
import { describeInstant } from '../words/time.ts';
import { wordsOf } from '../words/words.ts';
import type { Ways } from './panel.ts';
import { type Phrase, say, sayAttribute } from './spoken.ts';

/** The code that was issued, to be printed or scanned now: what it says of the person is what is in it, masked. */
export async function renderIssued(
  { id, text, expiresAt }: IssuedCredential,
  { onNext, toCredential }: Ways & { readonly onNext: () => void },
): Promise<HTMLElement> {
  const peeked = peekCredential(text);
  const claims = peeked.ok ? peeked.unverified.claims : undefined;
  const form = peeked.ok && peeked.unverified.holderKey ? 'phone' : 'paper';
  const facts: readonly (readonly [Phrase, Phrase | undefined])[] = [
    [(_, language) => wordsOf(language).person.name, claims?.name === undefined ? undefined : () => claims.name ?? ''],
    [
      (_, language) => wordsOf(language).person.idNumber,
      claims?.idNumber === undefined ? undefined : () => claims.idNumber ?? '',
    ],
    [(_, language) => wordsOf(language).person.region, () => claims?.region ?? ''],
    [
      (_, language) => wordsOf(language).person.scheme,
      claims?.scheme === undefined ? undefined : (_, language) => nameScheme(claims.scheme ?? '', language),
    ],
    [
      (_, language) => wordsOf(language).person.expiresAt,
      (_, language) => describeInstant(new Date(expiresAt), language),
    ],
    [({ issue }) => issue.id, () => id],
  ];
  const heading = element(
    'h2',
    { class: 'screen', tabindex: '-1' },
    say(({ issue }) => issue.done),
  );
  return element(
    'article',
    { class: 'card sheet' },
    heading,
    element(
      'h2',
      { class: 'paper' },
      say(({ issue }) => issue.paperTitle),
    ),
    await drawCode(form === 'paper' ? text : linkToWallet(text)),
    element(
      'div',
      {},
      element(
        'dl',
        { class: 'facts' },
        ...facts.flatMap(([label, value]) =>
          value ? [element('dt', {}, say(label)), element('dd', {}, say(value))] : [],
        ),
      ),
      element(
        'p',
        { class: 'advice screen' },
        say(({ issue }) => (form === 'paper' ? issue.paperKeep : issue.phoneScan)),
      ),
      element(
        'p',
        { class: 'advice paper' },
        say(({ issue }) => issue.paperHolder),
      ),
      element(
        'p',
        { class: 'hint paper' },
        say((_, language) => wordsOf(language).notAffiliated),
      ),
      element(
        'p',
        { class: 'hint screen' },
        say(({ issue }) => issue.masked),
      ),
      element(
        'p',
        { class: 'hint screen' },
        say(({ issue }) => issue.onlyNow),
      ),
      element(
        'p',
        { class: 'actions screen' },
        form === 'paper'
          ? element(
              'button',
              { class: 'button primary', type: 'button', click: () => print() },
              say(({ issue }) => issue.print),
            )
          : null,
        element(
          'button',
          { class: 'button', type: 'button', click: onNext },
          say(({ issue }) => issue.next),
        ),
        element(
          'button',
          { class: 'button', type: 'button', click: () => toCredential(id) },
          say(({ section }) => section.status),
        ),
      ),
    ),
  );
}

/** What the camera of a phone opens. No server is sent what stands behind the `#`. */
function linkToWallet(text: string): string {
  return `${location.origin}/wallet/#${encodeURIComponent(text)}`;
}

async function drawCode(text: string): Promise<HTMLImageElement> {
  const svg = await renderQr(text, { format: 'svg' });
  const picture = sayAttribute(element('img', { class: 'qr' }), 'alt', ({ issue }) => issue.alt);
  // As a picture and not as markup: nothing in it can run, and no inline style is needed.
  picture.src = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  await picture.decode();
  URL.revokeObjectURL(picture.src);
  return picture;
}
