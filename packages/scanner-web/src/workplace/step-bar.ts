import { element, keepFocus } from '../look/element.ts';
import { nameBusinessType } from '../words/code-tables.ts';
import type { Language } from '../words/language.ts';
import { workplaceWordsOf } from './workplace-words.ts';

/** The steps of a visit to a hospital: what codes are scanned for is chosen by a press. */
export interface StepBar {
  readonly root: HTMLElement;
  /** @param steps in their order; without any there is no bar */
  show(language: Language, steps: readonly string[], chosen: string | undefined): void;
}

/** @param onChoice also by Alt and the number of a step: digits alone are what a scanner gun types */
export function createStepBar(onChoice: (code: string) => void): StepBar {
  let codes: readonly string[] = [];
  let drawn = '';
  const root = element('nav', { class: 'steps' });

  document.addEventListener('keydown', (event) => {
    const [, digit] = /^(?:Digit|Numpad)([1-9])$/.exec(event.code) ?? [];
    if (!event.altKey || event.ctrlKey || event.metaKey || digit === undefined) return;
    const code = codes[Number(digit) - 1];
    if (code === undefined) return;
    event.preventDefault();
    onChoice(code);
  });

  return {
    root,
    show(language, steps, chosen) {
      codes = steps;
      root.hidden = steps.length === 0;
      root.setAttribute('aria-label', workplaceWordsOf(language).steps);
      const drawing = JSON.stringify([language, codes]);
      if (drawing !== drawn) {
        root.replaceChildren(
          ...codes.map((code, at) =>
            element(
              'button',
              {
                class: 'button step',
                type: 'button',
                'data-step': code,
                'aria-keyshortcuts': `Alt+${at + 1}`,
                mousedown: keepFocus,
                click: () => onChoice(code),
              },
              element('small', { 'aria-hidden': 'true' }, String(at + 1)),
              element('span', {}, nameBusinessType(code, language)),
            ),
          ),
        );
      }
      drawn = drawing;
      for (const button of root.querySelectorAll('[data-step]')) {
        button.setAttribute('aria-pressed', String(button.getAttribute('data-step') === chosen));
      }
    },
  };
}
