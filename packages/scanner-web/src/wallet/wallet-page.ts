import type { ZhengmaCode } from '@zhengma/code-element';
import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import { type Language, otherLanguage } from '../words/language.ts';
import { wordsOf } from '../words/words.ts';
import { type Enrolment, renderEnrolPanel } from './enrol-panel.ts';
import { createFields, renderAddPanel, renderKeepPanel, renderPeoplePanel } from './keep-panel.ts';
import type { KeptPerson } from './wallet-store.ts';
import { type WalletWords, walletWordsOf } from './wallet-words.ts';

/** What is to be seen. */
export interface WalletState {
  readonly language: Language;
  /** Whether this browser keeps anything; not known at first. */
  readonly storage: 'opening' | 'open' | 'none';
  readonly enrolment: Enrolment | undefined;
  readonly people: readonly (KeptPerson & { readonly name: string })[];
  /** Whether the element has a code to show. */
  readonly hasCode: boolean;
  /** Whether it is one that this phone does not keep yet. */
  readonly isNew: boolean;
  readonly isUnreadable: boolean;
}

/** What people do. */
export interface WalletHandlers {
  onLanguage(): void;
  onKeep(label: string): Promise<'done' | 'failed'>;
  /** @returns whether it is a credential */
  onAdd(pasted: string): boolean;
  onRemove(id: string): Promise<'done' | 'failed'>;
}

/** The page around the element. The element stays where it is: one that is taken out and put back signs anew. */
export interface WalletPage {
  show(state: WalletState): void;
  /** Empties what was written about the credential that is kept now. */
  clearLabel(): void;
}

/** Builds the page in `body`. */
export function createWalletPage(body: HTMLElement, code: ZhengmaCode, handlers: WalletHandlers): WalletPage {
  const fields = createFields();
  const title = element('span', { class: 'brand-name' });
  const language = element('button', { class: 'button small language', type: 'button', click: handlers.onLanguage });
  const [above, below] = [element('div', { class: 'around' }), element('div', { class: 'around' })];
  const footer = element('footer', {});
  body.replaceChildren(
    element(
      'header',
      {},
      element(
        'div',
        { class: 'brand' },
        element('img', { src: '/scan/icon.svg', alt: '', width: '40', height: '40' }),
        title,
      ),
      language,
    ),
    element('main', {}, above, code, below),
    footer,
  );

  function show(state: WalletState): void {
    const [words, own] = [wordsOf(state.language), walletWordsOf(state.language)];
    document.documentElement.lang = state.language;
    document.title = `${words.wallet.title} · ${words.brand}`;
    title.textContent = words.wallet.title;
    language.textContent = words.languageSwitch;
    language.lang = otherLanguage(state.language);
    footer.textContent = words.notAffiliated;
    code.hidden = !state.hasCode;
    // The two ways to a first credential are buttons: a closed panel would say the same once more.
    body.classList.toggle('empty', state.storage === 'open' && !state.hasCode);

    const opened = [...below.querySelectorAll('details[open]')].map(({ id }) => id);
    const add = state.storage === 'open' ? renderAddPanel(own, fields.pasted, handlers.onAdd) : null;
    const enrol = state.enrolment ? renderEnrolPanel(state.enrolment, own) : null;
    above.replaceChildren(
      ...renderMessage(state, own, words.wallet.unreadable),
      ...renderStart(state, own, enrol, add),
    );
    below.replaceChildren(
      ...[
        state.hasCode
          ? element('p', { class: 'unverified' }, icon('unsure'), element('span', {}, words.wallet.unverified))
          : null,
        state.isNew && state.storage === 'open' ? renderKeepPanel(own, fields.label, handlers.onKeep) : null,
        state.people.length > 0 ? renderPeoplePanel(state.people, own, handlers.onRemove) : null,
        add,
        enrol,
        state.storage === 'none' ? element('p', { class: 'panel' }, own.noDeviceKey) : null,
      ].filter((part) => part !== null),
    );
    for (const id of opened) below.querySelector(`#${id}`)?.setAttribute('open', '');
  }

  return {
    show,
    clearLabel() {
      fields.label.value = '';
    },
  };
}

function renderMessage({ storage, hasCode, isUnreadable }: WalletState, own: WalletWords, unreadable: string): Node[] {
  if (isUnreadable) return [element('p', { class: 'message' }, unreadable)];
  if (storage === 'opening') return hasCode ? [] : [element('p', { class: 'message opening' }, own.opening)];
  return hasCode ? [] : [element('h1', { class: 'message' }, own.empty), element('p', { class: 'how' }, own.emptyHow)];
}

/** The two ways to a first credential. */
function renderStart(
  { hasCode }: WalletState,
  own: WalletWords,
  enrol: HTMLDetailsElement | null,
  add: HTMLDetailsElement | null,
): Node[] {
  if (hasCode || !enrol || !add) return [];
  const open = (panel: HTMLDetailsElement) => {
    panel.open = true;
    panel.scrollIntoView({ block: 'start' });
    (panel.querySelector('textarea') ?? panel.querySelector('summary'))?.focus({ preventScroll: true });
  };
  return [
    element('button', { class: 'button primary', type: 'button', click: () => open(enrol) }, own.startEnrol),
    element('button', { class: 'button', type: 'button', click: () => open(add) }, own.startAdd),
  ];
}
