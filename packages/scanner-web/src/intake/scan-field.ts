import { element } from '../look/element.ts';
import type { Language } from '../words/language.ts';
import { intakeWordsOf } from './intake-words.ts';

/** The field for scanners that write into fields only. It asks for no keyboard on the screen. */
export interface ScanField {
  readonly root: HTMLElement;
  turn(isOn: boolean): void;
  /** Takes the focus where nobody has put it anywhere. */
  focusIfFree(): void;
  speak(language: Language): void;
}

/** Turned off. */
export function createScanField(): ScanField {
  const label = element('span');
  const field = element('input', {
    type: 'text',
    inputmode: 'none',
    autocomplete: 'off',
    autocapitalize: 'off',
    spellcheck: 'false',
    'data-gun': true,
  });
  const root = element('label', { class: 'scan-field' }, label, field);
  root.hidden = true;

  function focusIfFree(): void {
    const { activeElement } = document;
    // The button for the next person has the focus because nobody else wanted it.
    const isFree = !activeElement || activeElement === document.body || activeElement.matches('.next');
    if (!root.hidden && isFree && !document.querySelector('dialog[open]')) field.focus({ preventScroll: true });
  }

  return {
    root,
    turn(isOn) {
      root.hidden = !isOn;
      focusIfFree();
    },
    focusIfFree,
    speak(language) {
      label.textContent = intakeWordsOf(language).field.label;
    },
  };
}
