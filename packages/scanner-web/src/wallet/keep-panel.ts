import { ask } from '../look/ask.ts';
import { element } from '../look/element.ts';
import type { KeptPerson } from './wallet-store.ts';
import type { WalletWords } from './wallet-words.ts';

const LABEL_LENGTH = 20;

/** Where the person writes. Made once: what was written stays when the page is drawn anew. */
export interface Fields {
  readonly label: HTMLInputElement;
  readonly pasted: HTMLTextAreaElement;
}

/** Both empty. */
export function createFields(): Fields {
  return {
    label: element('input', { type: 'text', id: 'label', maxlength: String(LABEL_LENGTH), autocomplete: 'off' }),
    pasted: element('textarea', { id: 'pasted', rows: '3', autocomplete: 'off', spellcheck: 'false' }),
  };
}

/**
 * Offers to keep the credential that the address brought.
 *
 * @param onKeep says whether it failed
 */
export function renderKeepPanel(
  words: WalletWords,
  label: HTMLInputElement,
  onKeep: (label: string) => Promise<'done' | 'failed'>,
): HTMLElement {
  const problem = element('p', { class: 'problem', role: 'alert' });
  label.placeholder = words.keepFor;
  return element(
    'form',
    {
      class: 'panel',
      submit: (event) => {
        event.preventDefault();
        problem.textContent = '';
        onKeep(label.value.trim()).then((outcome) => {
          if (outcome === 'failed') problem.textContent = words.notStored;
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
export function renderAddPanel(
  words: WalletWords,
  pasted: HTMLTextAreaElement,
  onAdd: (pasted: string) => boolean,
): HTMLDetailsElement {
  const problem = element('p', { class: 'problem', role: 'alert' });
  return element(
    'details',
    { class: 'panel', id: 'add' },
    element('summary', {}, words.add),
    element(
      'form',
      {
        submit: (event) => {
          event.preventDefault();
          const isTaken = onAdd(pasted.value);
          problem.textContent = isTaken ? '' : words.notACredential;
          if (isTaken) pasted.value = '';
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
  onRemove: (id: string) => Promise<'done' | 'failed'>,
): HTMLElement {
  const problem = element('p', { class: 'problem', role: 'alert' });
  const remove = async (id: string, name: string) => {
    const answer = await ask(words.confirmRemoval(name), words.removalMeans, [
      { answer: 'cancel', words: words.cancel },
      { answer: 'remove', words: words.remove, isDangerous: true },
    ]);
    if (answer === 'remove' && (await onRemove(id)) === 'failed') problem.textContent = words.notRemoved;
  };
  const rows = people.map(({ id, name }) =>
    element(
      'li',
      {},
      element('span', {}, name),
      element('button', { class: 'button', type: 'button', click: () => remove(id, name) }, words.remove),
    ),
  );
  return element(
    'details',
    { class: 'panel', id: 'manage' },
    element('summary', {}, words.manage),
    element('p', {}, words.kept),
    element('ul', { class: 'people' }, ...rows),
    problem,
  );
}
