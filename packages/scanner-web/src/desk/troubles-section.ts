import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import type { Trouble } from '../receipts/receipt-queue.ts';
import { nameBusinessType } from '../words/code-tables.ts';
import type { Language } from '../words/language.ts';
import { describeInstant } from '../words/time.ts';
import { type DeskWords, deskWordsOf } from './desk-words.ts';

/** What somebody has to look at, each with why and what to do, until they have. */
export interface TroublesSection {
  readonly root: HTMLElement;
  show(troubles: readonly Trouble[], language: Language): void;
}

/** @param onDismiss somebody has dealt with it */
export function createTroublesSection(onDismiss: (id: string) => void): TroublesSection {
  let drawn: { readonly troubles: readonly Trouble[]; readonly language: Language } | undefined;
  const heading = element('h2', {});
  const means = element('p', { class: 'desk-hint' });
  const list = element('ul', { class: 'desk-list' });
  const root = element('section', { class: 'desk-section' }, heading, means, list);

  return {
    root,
    show(troubles, language) {
      // Drawn anew, a button would lose the focus that somebody is about to press it with.
      if (drawn?.troubles === troubles && drawn.language === language) return;
      drawn = { troubles, language };
      const words = deskWordsOf(language);
      root.hidden = troubles.length === 0;
      heading.replaceChildren(icon('unsure'), words.troubles.heading(troubles.length));
      means.textContent = words.troubles.means;
      list.replaceChildren(...troubles.map((trouble) => renderTrouble(trouble, language, words, onDismiss)));
    },
  };
}

function renderTrouble(
  { id, at, code, since, credential, businessType, operatorName }: Trouble,
  language: Language,
  { troubles: words }: DeskWords,
  onDismiss: (id: string) => void,
): HTMLElement {
  const { reason, next } = words.code[code];
  return element(
    'li',
    { 'data-code': code },
    element('p', { class: 'desk-reason' }, reason),
    element('p', {}, next),
    element(
      'dl',
      {},
      ...renderFact(words.verifiedAt, describeInstant(at, language)),
      ...renderFact(
        words.since[code === 'replayed' ? 'replayed' : 'changed'],
        since && describeInstant(since, language),
      ),
      ...renderFact(words.businessType, businessType && nameBusinessType(businessType, language)),
      ...renderFact(words.operator, operatorName),
      ...renderFact(words.credential, credential, 'code'),
      ...renderFact(words.receipt, id, 'code'),
    ),
    element('button', { class: 'button small', type: 'button', click: () => onDismiss(id) }, words.dismiss),
  );
}

function renderFact(label: string, value: string | undefined, kind = ''): HTMLElement[] {
  return value ? [element('div', {}, element('dt', {}, label), element('dd', { class: kind }, value))] : [];
}
