import { element } from '../look/element.ts';
import type { KeptPerson } from './wallet-store.ts';
import type { WalletWords } from './wallet-words.ts';

const LABEL_LENGTH = 20;

/**
 * Offers to keep the credential that the address brought.
 *
 * @param onKeep says whether it is kept
 */
export function renderKeepPanel(words: WalletWords, onKeep: (label: string) => Promise<boolean>): HTMLElement {
  const label = element('input', {
    type: 'text',
    id: 'label',
    maxlength: String(LABEL_LENGTH),
    placeholder: words.keepFor,
    autocomplete: 'off',
  });
  const problem = element('p', { class: 'problem', role: 'alert' });
  return element(
    'form',
    {
      class: 'panel',
      submit: (event) => {
        event.preventDefault();
        onKeep(label.value.trim()).then((isKept) => {
          problem.textContent = isKept ? '' : words.notStored;
        });
      },
    },
    element('p', {}, words.notKept),
    element('label', { for: 'label' }, words.keepLabel),
    label,
    problem,
    element('button', { class: 'button primary', type: 'submit' }, words.keep),
  );
}

/** Takes a credential that was sent as text. */
export function renderAddPanel(words: WalletWords, onAdd: (pasted: string) => boolean): HTMLElement {
  const pasted = element('textarea', { id: 'pasted', rows: '3', autocomplete: 'off', spellcheck: 'false' });
  const problem = element('p', { class: 'problem', role: 'alert' });
  return element(
    'details',
    { class: 'panel' },
    element('summary', {}, words.add),
    element(
      'form',
      {
        submit: (event) => {
          event.preventDefault();
          problem.textContent = onAdd(pasted.value) ? '' : words.notACredential;
        },
      },
      element('label', { for: 'pasted' }, words.addPaste),
      pasted,
      problem,
      element('button', { class: 'button primary', type: 'submit' }, words.addButton),
    ),
  );
}

/** The people on this phone, each with a way to remove them that asks first. */
export function renderPeoplePanel(
  people: readonly (KeptPerson & { readonly name: string })[],
  words: WalletWords,
  onRemove: (id: string) => void,
): HTMLElement {
  const rows = people.map(({ id, name }) =>
    element(
      'li',
      {},
      element('span', {}, name),
      element(
        'button',
        { class: 'button', type: 'button', click: () => askRemoval(name, words, () => onRemove(id)) },
        words.remove,
      ),
    ),
  );
  return element(
    'details',
    { class: 'panel' },
    element('summary', {}, words.manage),
    element('p', {}, words.kept),
    element('ul', { class: 'people' }, ...rows),
  );
}

function askRemoval(name: string, words: WalletWords, onYes: () => void): void {
  const dialog = element(
    'dialog',
    { close: () => dialog.remove() },
    element('p', { class: 'question' }, words.confirmRemoval(name)),
    element('p', {}, words.removalMeans),
    element(
      'p',
      { class: 'choices' },
      element(
        'button',
        { class: 'button', type: 'button', autofocus: true, click: () => dialog.close() },
        words.cancel,
      ),
      element(
        'button',
        {
          class: 'button danger',
          type: 'button',
          click: () => {
            dialog.close();
            onYes();
          },
        },
        words.remove,
      ),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
