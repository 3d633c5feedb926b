import { element } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import type { DeskState } from './desk-state.ts';
import { describeLength, deskWordsOf } from './desk-words.ts';

/** Says that the clock of this device is wrong, by how much, and what comes of it. */
export function createClockWarning(): { readonly root: HTMLElement; show(state: DeskState): void } {
  const reason = element('p', { class: 'desk-reason' });
  const next = element('p', {});
  const root = element(
    'div',
    { class: 'clock-warning', role: 'alert' },
    icon('unsure'),
    element('div', {}, reason, next),
  );
  return {
    root,
    show({ clockFault, language }) {
      root.hidden = clockFault === undefined;
      const words = deskWordsOf(language);
      const said = clockFault && words.clock[clockFault.direction](describeLength(clockFault.seconds, words));
      if (reason.textContent !== (said?.reason ?? '')) reason.textContent = said?.reason ?? '';
      if (next.textContent !== (said?.next ?? '')) next.textContent = said?.next ?? '';
    },
  };
}
