import { element, keepFocus } from '../look/element.ts';
import { icon } from '../look/icon.ts';
import type { HandOverOutcome } from './hand-over-sender.ts';
import type { WorkplaceWords } from './workplace-words.ts';

/** The button that hands a result over, and what became of it. */
export interface HandOverPanel {
  readonly root: HTMLElement;
  speak(words: WorkplaceWords['handOver']): void;
  /** Where it stands with the result on the screen. */
  mark(state: HandOverState): void;
}

export type HandOverState = 'open' | 'sending' | HandOverOutcome;

/** @param onSend the operator hands over */
export function createHandOverPanel(onSend: () => void): HandOverPanel {
  let spoken: WorkplaceWords['handOver'] | undefined;
  let state: HandOverState = 'open';
  const label = element('span');
  const key = element('small', {});
  const button = element(
    'button',
    { class: 'button hand-over', type: 'button', mousedown: keepFocus, click: onSend },
    icon('send'),
    label,
    key,
  );
  const outcome = element('p', { class: 'hand-over-outcome', role: 'status' });
  const root = element('div', { class: 'place-tool' }, button, outcome);

  function draw(): void {
    if (!spoken) return;
    label.textContent = spoken.button;
    key.textContent = spoken.key;
    const text = state === 'open' ? '' : state === 'sending' ? spoken.sending : spoken.outcome[state];
    if (outcome.textContent !== text) outcome.textContent = text;
    outcome.dataset['outcome'] = state;
    // Not `disabled`: that would take the focus away from under the keyboard.
    button.setAttribute('aria-disabled', String(state === 'sending'));
  }

  return {
    root,
    speak(words) {
      spoken = words;
      draw();
    },
    mark(next) {
      state = next;
      draw();
    },
  };
}
