import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import type { Explanation } from '../words/words.ts';

/** What is wrong with the whole page, whatever is scanned. */
export interface Warning {
  readonly root: HTMLElement;
  /** Nothing where nothing is; with what to do it looks like a refusal. */
  show(problem: Explanation | string | undefined): void;
}

/** The line for it. */
export function createWarning(): Warning {
  const reason = element('p');
  const next = element('p');
  const root = element('div', { class: 'warning', role: 'alert' }, icon('unsure'), element('div', {}, reason, next));
  return {
    root,
    show(problem) {
      const said = typeof problem === 'object' ? problem : { reason: problem ?? '', next: '' };
      root.hidden = problem === undefined;
      root.classList.toggle('refusal', said.next !== '');
      // Setting the same text again would have it read aloud again.
      if (reason.textContent !== said.reason) reason.textContent = said.reason;
      if (next.textContent !== said.next) next.textContent = said.next;
    },
  };
}
